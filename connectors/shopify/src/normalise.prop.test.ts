import {
  canonicalJson,
  DEFAULT_STORE_SETTINGS,
  formatAmount,
  type Json,
  netOfLine,
  type OrderState,
  orderState,
  PayloadError,
  refundedNet,
} from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { fixtures, sign } from "../fixtures/load.ts";
import { normalise } from "./normalise.ts";
import { shopOfBody } from "./shop.ts";
import { verify } from "./verify.ts";

const settings = DEFAULT_STORE_SETTINGS;
const RUNS = runs(200);
const currency = fc.constantFrom("EUR", "JPY", "KWD");

/** A line whose parts are drawn: unit price, pieces, discount and included tax, and how many pieces are refunded and edited away. */
const line = fc
  .record({
    price: fc.integer({ min: 0, max: 500_000 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    off: fc.integer({ min: 0, max: 100 }),
    tax: fc.integer({ min: 0, max: 25 }),
  })
  .chain((one) => fc.record({ one: fc.constant(one), refunded: fc.integer({ min: 0, max: one.quantity }) }))
  .chain(({ one, refunded }) =>
    fc.record({
      one: fc.constant(one),
      refunded: fc.constant(refunded),
      edited: fc.integer({ min: 0, max: one.quantity - refunded }),
    }),
  );

interface Drawn {
  one: { price: number; quantity: number; off: number; tax: number };
  refunded: number;
  edited: number;
}

/** The order that Shopify would send for the drawn lines, and the amounts it was made from. */
function orderOf(drawn: readonly Drawn[], money: string, included: boolean) {
  const text = (minor: number) => formatAmount(BigInt(minor), money);
  const set = (minor: number) => ({ shop_money: { amount: text(minor), currency_code: money } });
  const amounts = drawn.map(({ one }) => {
    const gross = one.price * one.quantity;
    const discount = Math.floor((gross * one.off) / 100);
    return { gross, discount, tax: Math.floor(((gross - discount) * one.tax) / (100 + one.tax)) };
  });
  const total = amounts.reduce((all, { gross, discount, tax }) => all + gross - discount + (included ? 0 : tax), 0);
  const at = "2026-11-02T10:15:00Z";
  const returned = drawn.flatMap(({ one, refunded }, index) => {
    const { gross, discount, tax } = amounts[index] as (typeof amounts)[number];
    const share = (minor: number) => Math.floor((minor * refunded) / one.quantity);
    return refunded === 0
      ? []
      : [
          {
            id: 900 + index,
            line_item_id: 100 + index,
            quantity: refunded,
            subtotal_set: set(share(gross - discount)),
            total_tax_set: set(share(tax)),
          },
        ];
  });
  const order = {
    id: 9007199254,
    currency: money,
    taxes_included: included,
    financial_status: "paid",
    updated_at: at,
    processed_at: at,
    total_price_set: set(total),
    line_items: drawn.map(({ one, refunded, edited }, index) => {
      const { discount, tax } = amounts[index] as (typeof amounts)[number];
      const allocations = [Math.floor(discount / 3), discount - Math.floor(discount / 3)].map((part) => ({
        amount_set: set(part),
      }));
      return {
        id: 100 + index,
        quantity: one.quantity,
        current_quantity: one.quantity - refunded - edited,
        price_set: set(one.price),
        total_discount: text(0),
        discount_allocations: allocations,
        tax_lines: [{ price_set: set(tax) }],
      };
    }),
    refunds: returned.length > 0 ? [{ id: 7, processed_at: at, refund_line_items: returned, transactions: [] }] : [],
  };
  return { order, amounts };
}

const stateOf = (order: unknown): OrderState => {
  const said = normalise({ topic: "orders/updated", body: JSON.stringify(order), settings });
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};

test("any order: net is price × quantity − discounts − included tax, for the part that stands", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), currency, fc.boolean(), (drawn, money, included) => {
      const { order, amounts } = orderOf(drawn, money, included);
      const state = stateOf(order);
      orderState.parse(state);
      state.lines.forEach((found, index) => {
        const { one, edited } = drawn[index] as Drawn;
        const { gross, discount, tax } = amounts[index] as (typeof amounts)[number];
        const net = gross - discount - (included ? tax : 0);
        if (edited === 0) expect(netOfLine(found)).toBe(BigInt(net));
        // Three parts, each rounded once: never further from the true share than that.
        const share = (net * (one.quantity - edited)) / one.quantity;
        assert.ok(Math.abs(Number(netOfLine(found)) - share) <= 1.5, `${netOfLine(found)} for ${share}`);
      });
    }),
    RUNS,
  );
});

test("any refunds: never more than the net, and every piece refunded takes all of it", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), currency, fc.boolean(), (drawn, money, included) => {
      const everything = drawn.map(({ one }) => ({ one, refunded: one.quantity, edited: 0 }));
      for (const lines of [drawn, everything]) {
        const state = stateOf(orderOf(lines, money, included).order);
        const back = refundedNet(state);
        for (const one of state.lines) {
          const returned = back.get(one.lineId) ?? 0n;
          assert.ok(returned >= 0n && returned <= netOfLine(one));
          if (lines === everything) expect(returned).toBe(netOfLine(one));
        }
      }
    }),
    RUNS,
  );
});

test("the order of keys and unknown fields change nothing, the tie included", () => {
  const orders = fixtures.filter(({ expect }) => expect.kind === "order" && !expect.orderId?.startsWith("9007"));
  fc.assert(
    fc.property(fc.constantFrom(...orders), fc.nat(), fc.jsonValue(), ({ body }, seed, unknown) => {
      const order = JSON.parse(body);
      expect(stateOf({ ...(shuffled(order, seed) as object), zz_new: unknown })).toStrictEqual(stateOf(order));
    }),
    RUNS,
  );
});

test("whatever the body, it is read or refused, and nothing else happens", () => {
  const topics = fc.constantFrom(
    "orders/paid",
    "orders/delete",
    "refunds/create",
    "orders/edited",
    "products/update",
    "customers/redact",
    "x",
  );
  const bodies = fc.oneof(fc.string(), fc.json(), fc.tuple(fc.constantFrom(...fixtures), fc.nat(), fc.jsonValue()).map(spoiled));
  fc.assert(
    fc.property(topics, bodies, (topic, body) => {
      shopOfBody(body, topic);
      try {
        const said = normalise({ topic, body, settings });
        if (said.kind === "order") orderState.parse(JSON.parse(canonicalJson(said.state as unknown as Json)));
      } catch (error) {
        assert.ok(error instanceof PayloadError, String(error));
      }
    }),
    RUNS,
  );
});

test("any body under any secret verifies, and under no other", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      (rawBody, secret, other) => {
        const headers = sign(rawBody, { secret, topic: "orders/paid" });
        const verdict = (secrets: string[]) =>
          verify({ header: (name) => headers[name], rawBody, secrets, now: new Date(0) }).kind;
        expect(verdict([other, secret])).toBe("signed");
        if (!sameKey(other, secret)) expect(verdict([other])).toBe("refused");
      },
    ),
    RUNS,
  );
});

/** HMAC pads keys with zero bytes, so "a" and "a\0" are one key. */
const sameKey = (a: string, b: string) => a.replace(/\0+$/, "") === b.replace(/\0+$/, "");

/** The same value with the members of every object in another order. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member, seed)] as const);
  const turn = entries.length === 0 ? 0 : seed % entries.length;
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)].reverse());
}

/** A real body with one of its fields, at any depth, replaced by anything. */
function spoiled([{ body }, at, value]: [{ body: string }, number, unknown]): string {
  let count = 0;
  const size = body.split(":").length;
  return JSON.stringify(JSON.parse(body, (_key, member) => (count++ === at % size ? value : member)));
}
