import { DEFAULT_STORE_SETTINGS, type OrderState } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, assert, beforeAll, beforeEach, expect, test } from "vitest";
import { type AdminShop, bodyOf, startAdminShop, TOKEN } from "../fixtures/admin-server.ts";
import { fixtures } from "../fixtures/load.ts";
import { normalise } from "./normalise.ts";
import { readerAt } from "./reader.ts";

const settings = DEFAULT_STORE_SETTINGS;
let shop: AdminShop;
beforeAll(async () => {
  shop = await startAdminShop();
});
beforeEach(() => shop.orders.clear());
afterAll(() => shop.close());

const reader = () =>
  readerAt({
    url: shop.url,
    callOut: openOutgoing({ allowPrivate: true }),
    tokenOf: async () => ({ accessToken: TOKEN, scopes: ["read_orders", "read_all_orders", "read_customers"] }),
  });

function stateOf(body: string): OrderState {
  const said = normalise({ topic: "orders/updated", body, settings });
  assert.ok(said.kind === "order");
  return said.state;
}

/** Addresses need leave that the app does not ask for: an order that is asked for comes without them. */
const withoutAddresses = ({ buyerIdentities, ...state }: OrderState) => ({
  ...state,
  buyerIdentities: buyerIdentities?.filter(({ kind }) => kind === "customer"),
});

async function expectSame(body: string): Promise<void> {
  const order = bodyOf(body);
  shop.orders.set(String(order.id), order);
  const found = await reader().order(String(order.id));
  assert.ok(found.kind === "order");
  expect(withoutAddresses(stateOf(found.body))).toStrictEqual(withoutAddresses(stateOf(body)));
}

/** A body that leaves out what every order has says nothing that could be the same. */
const recorded = fixtures.filter(({ expect, body }) => expect.kind === "order" && bodyOf(body).name && bodyOf(body).created_at);

test("every recorded order reads the same from its webhook and from the Admin API, revision and tie among it", async () => {
  expect(recorded.length).toBeGreaterThan(18);
  for (const { name, body } of recorded) {
    const order = bodyOf(body);
    shop.orders.set(String(order.id), order);
    const found = await reader().order(String(order.id));
    assert.ok(found.kind === "order", name);
    expect(withoutAddresses(stateOf(found.body)), name).toStrictEqual(withoutAddresses(stateOf(body)));
  }
});

const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };
const amountIn = (currency: string) => (minor: number) => {
  const decimals = DECIMALS[currency] ?? 2;
  const digits = String(Math.abs(minor)).padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return minor < 0 ? `-${text}` : text;
};

const drawnLine = fc.record({
  kind: fc.constantFrom("product", "product", "product", "gift-card", "custom", "tip"),
  price: fc.integer({ min: 1, max: 90_000 }),
  quantity: fc.integer({ min: 1, max: 4 }),
  off: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 2 }),
  tax: fc.constantFrom(0, 7, 19),
  refunded: fc.integer({ min: 0, max: 4 }),
  edited: fc.integer({ min: 0, max: 2 }),
  property: fc.option(fc.constantFrom("MAYA21", "greg1"), { nil: null }),
});
const drawnOrder = fc.record({
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  seen: fc.constantFrom(null, "USD"),
  taxesIncluded: fc.boolean(),
  status: fc.constantFrom("paid", "partially_refunded", "refunded", "pending", "voided", "authorized", "partially_paid"),
  lines: fc.array(drawnLine, { minLength: 1, maxLength: 13 }),
  adjustment: fc.option(fc.integer({ min: -500, max: 500 }), { nil: null }),
  shipping: fc.option(fc.record({ amount: fc.integer({ min: 1, max: 900 }), tax: fc.integer({ min: 0, max: 90 }) }), {
    nil: null,
  }),
  transaction: fc.constantFrom("success", "success", "pending", "failure"),
  cancelled: fc.boolean(),
  draft: fc.boolean(),
  customer: fc.boolean(),
  /** Of a tip that is called otherwise only its worth tells it. */
  tipName: fc.constantFrom("Tip", "Danke"),
  landing: fc.constantFrom(null, "/", "/products/x?ref=MAYA21", "/discount/A?redirect=/x?ref=GREG1"),
  refunds: fc.integer({ min: 0, max: 7 }),
});
type Drawn = typeof drawnOrder extends fc.Arbitrary<infer T> ? T : never;

/** The webhook's body of a drawn order, as Shopify writes it. */
function bodyOfDrawn(drawn: Drawn): string {
  const { currency, seen } = drawn;
  const text = amountIn(currency);
  const both = (minor: number) => ({
    shop_money: { amount: text(minor), currency_code: currency },
    presentment_money: { amount: seen === null ? text(minor) : amountIn("USD")(minor), currency_code: seen ?? currency },
  });
  let subtotal = 0;
  let tips = 0;
  const lines = drawn.lines.map((line, index) => {
    const isTip = line.kind === "tip" && !drawn.lines.slice(0, index).some(({ kind }) => kind === "tip");
    const isArticle = line.kind === "product" || line.kind === "gift-card";
    const quantity = isTip ? 1 : line.quantity;
    // No other line costs as much.
    const price = isTip ? 100_000 + line.price : line.price;
    const gross = price * quantity;
    const offs = isTip ? [] : line.off.map((percent) => Math.floor((gross * percent) / 100));
    const rest = gross - offs.reduce((sum, off) => sum + off, 0);
    if (isTip) tips += gross;
    else subtotal += rest;
    const tax = isTip ? 0 : Math.floor((rest * line.tax) / (drawn.taxesIncluded ? 100 + line.tax : 100));
    const refunded = isTip ? 0 : Math.min(line.refunded, quantity);
    const current = quantity - refunded - (isTip ? 0 : Math.min(line.edited, quantity - refunded));
    return {
      refunded,
      rest,
      tax,
      body: {
        id: `${9007199254740993n + BigInt(index)}`,
        name: isTip ? drawn.tipName : `Line ${index}`,
        title: isTip ? drawn.tipName : `Line ${index}`,
        sku: isArticle ? `SKU-${index}` : isTip ? "" : null,
        variant_id: isArticle ? String(100 + index) : null,
        product_id: isArticle ? String(200 + index) : null,
        gift_card: line.kind === "gift-card",
        quantity,
        current_quantity: current,
        price: text(price),
        price_set: both(price),
        total_discount: text(0),
        discount_allocations: offs.map((off) => ({ amount: text(off), amount_set: both(off) })),
        tax_lines: tax === 0 ? [] : [{ price: text(tax), price_set: both(tax) }],
        properties: line.property === null ? [] : [{ name: "_ref_code", value: line.property }],
        ...(isTip ? { tip_payment_gateway: "shopify_payments" } : {}),
      },
    };
  });
  const at = (hour: number) => `2026-11-02T${String(hour).padStart(2, "0")}:15:00-05:00`;
  const returned = lines.filter(({ refunded }) => refunded > 0);
  const refunds = Array.from({ length: drawn.refunds }, (_, index) => ({
    id: String(8_000_000_000_000 + index),
    created_at: at(9 + index),
    processed_at: at(9 + index),
    // The first names the goods, the others money alone.
    refund_line_items:
      index > 0
        ? []
        : returned.map(({ refunded, rest, tax, body }) => ({
            line_item_id: body.id,
            quantity: refunded,
            subtotal: Number(text(Math.floor((rest * refunded) / body.quantity))),
            subtotal_set: both(Math.floor((rest * refunded) / body.quantity)),
            total_tax_set: both(Math.floor((tax * refunded) / body.quantity)),
          })),
    refund_shipping_lines: drawn.shipping === null ? [] : [{ subtotal_amount_set: both(drawn.shipping.amount) }],
    order_adjustments: [
      ...(drawn.shipping === null
        ? []
        : [
            {
              id: String(7000 + index * 2),
              kind: "shipping_refund",
              reason: "Shipping refund",
              amount_set: both(-drawn.shipping.amount),
              tax_amount_set: both(-drawn.shipping.tax),
            },
          ]),
      ...(drawn.adjustment === null
        ? []
        : [
            {
              id: String(7001 + index * 2),
              kind: "refund_discrepancy",
              reason: "Refund discrepancy",
              amount_set: both(drawn.adjustment),
              tax_amount_set: both(0),
            },
          ]),
    ],
    total_duties_set: index === 1 ? both(77) : both(0),
    transactions: [
      {
        id: String(6000 + index),
        kind: "refund",
        status: drawn.transaction,
        amount: seen === null ? text(900) : amountIn("USD")(900),
        currency: seen ?? currency,
      },
    ],
  }));
  const taxes = drawn.taxesIncluded ? 0 : lines.reduce((sum, { tax }) => sum + tax, 0);
  return JSON.stringify({
    id: "9007199254740993118",
    name: "#1001",
    created_at: at(8),
    processed_at: at(8),
    updated_at: at(20),
    cancelled_at: drawn.cancelled ? at(19) : null,
    cancel_reason: drawn.cancelled ? "customer" : null,
    financial_status: drawn.status,
    test: false,
    currency,
    presentment_currency: seen ?? currency,
    taxes_included: drawn.taxesIncluded,
    subtotal_price_set: both(subtotal),
    total_price_set: both(subtotal + tips + taxes),
    current_total_price_set: both(Math.floor((subtotal + tips + taxes) / 2)),
    total_tip_received: text(tips),
    source_name: drawn.draft ? "shopify_draft_order" : "web",
    customer: drawn.customer ? { id: "7712004455661" } : null,
    landing_site: drawn.landing,
    note_attributes: drawn.draft ? [{ name: "ref", value: "ANNA77" }] : [],
    discount_codes: drawn.draft ? [{ code: "Staff's favour", amount: "1.00", type: "fixed_amount" }] : [],
    discount_applications: drawn.draft
      ? [{ type: "manual", title: "Staff's favour" }]
      : [{ type: "discount_code", code: "MAYA21" }],
    line_items: lines.map(({ body }) => body),
    refunds,
  });
}

test("any order reads the same from its webhook and from the Admin API", async () => {
  await fc.assert(
    fc.asyncProperty(drawnOrder, (drawn) => expectSame(bodyOfDrawn(drawn))),
    runs(150),
  );
}, 120_000);
