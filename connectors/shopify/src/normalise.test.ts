import { compareRevisions, DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet } from "@upline/core";
import { assert, expect, test } from "vitest";
import { fixture, fixtures } from "../fixtures/load.ts";
import { normalise } from "./normalise.ts";

const settings = DEFAULT_STORE_SETTINGS;
const stateIn = (body: string, topic = "orders/updated"): OrderState => {
  const said = normalise({ topic, body, settings });
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};
const stateOf = (name: string) => stateIn(fixture(name).body, fixture(name).topic);
/** A fixture's body with top-level fields changed; ids in these fixtures fit a double. */
const changed = (name: string, fields: object) => JSON.stringify({ ...JSON.parse(fixture(name).body), ...fields });
const netBySku = (state: OrderState) => Object.fromEntries(state.lines.map((line) => [line.sku, netOfLine(line)]));

test("an order, whole", () => {
  const { revision, ...state } = stateOf("order-created-paid");
  expect(revision.at).toBe("2026-11-02T09:15:00.000Z");
  expect(state).toStrictEqual({
    platform: "shopify",
    orderId: "9007199254740993118",
    orderName: "#1101",
    placedAt: "2026-11-02T09:15:00.000Z",
    stage: { kind: "earned" },
    platformStatus: "paid",
    currency: "EUR",
    totalMinor: 11175n,
    lines: [
      {
        lineId: "9007199254740993201",
        kind: "product",
        variantId: "51120099001",
        productId: "9120099001",
        sku: "KIT-STARTER",
        name: "Starter Kit",
        quantity: 1,
        grossMinor: 4990n,
        discountMinor: 499n,
        includedTaxMinor: 0n,
      },
      {
        lineId: "9007199254740993202",
        kind: "product",
        variantId: "51120099044",
        productId: "9120099044",
        sku: "SHAKE-VAN",
        name: "Vanilla Shake",
        quantity: 2,
        grossMinor: 4900n,
        discountMinor: 490n,
        includedTaxMinor: 0n,
      },
    ],
    refunds: [],
    buyer: "customer:9007199254740995001",
    buyerIdentities: [
      { kind: "email", value: "ines@example.com" },
      { kind: "customer", value: "9007199254740995001" },
    ],
    evidence: [
      { source: "discount-code", code: "MAYA21", where: "discount_applications[0]" },
      { source: "cart-attribute", code: "MAYA21", where: "note_attributes._ref_code" },
      { source: "line-property", code: "MAYA21", where: "line_items.9007199254740993201._ref_code" },
      { source: "landing-site", code: "MAYA21", where: "landing_site.ref" },
    ],
  });
});

test("included tax comes off the net, tax on top was never in it", () => {
  expect(netBySku(stateOf("order-taxes-included"))).toStrictEqual({ "SERUM-30": 4500n, "BALM-15": 3600n });
  expect(stateOf("order-pending-payment").lines[0]?.includedTaxMinor).toBe(0n);
});

test("the shop's money counts, not the buyer's; a set in another currency is refused", () => {
  const state = stateOf("order-presentment-currency");
  expect(state.currency).toBe("USD");
  expect(state.totalMinor).toBe(7700n);
  expect(state.refunds.map(({ amountMinor, proratedMinor }) => [amountMinor, proratedMinor])).toStrictEqual([[3600n, 0n]]);
  expect(() => stateIn(changed("order-jpy", { currency: "EUR" }))).toThrow(
    expect.toSatisfy((error) => error instanceof PayloadError && error.path === "$.line_items[0].price_set.shop_money"),
  );
});

test("currencies keep their own minor unit", () => {
  expect(stateOf("order-jpy").totalMinor).toBe(11940n);
  expect(stateOf("order-kwd").totalMinor).toBe(21300n);
});

test("gift cards and tips are told apart; foreign lines stay products without anything to map by", () => {
  expect(stateOf("order-gift-card-and-tip").lines.map(({ kind }) => kind)).toStrictEqual(["gift-card", "product", "tip"]);
  const [, protection, excise] = stateOf("order-foreign-lines").lines;
  expect([protection?.kind, protection?.sku]).toStrictEqual(["product", "ROUTEINS10"]);
  expect([excise?.kind, excise?.variantId, excise?.productId, excise?.sku, excise && netOfLine(excise)]).toStrictEqual([
    "product",
    null,
    null,
    null,
    0n,
  ]);
});

test("the title of a draft order's manual discount is no code", () => {
  expect(stateOf("order-draft-manual-discount").evidence).toStrictEqual([
    { source: "cart-attribute", code: "MAYA21", where: "note_attributes._ref_code" },
  ]);
});

test("beside the identities, which are not stored, nobody's name, address or e-mail gets into a state", () => {
  for (const { body, topic, expect: expected } of fixtures) {
    if (expected.kind !== "order") continue;
    const { buyerIdentities: _, ...state } = stateIn(body, topic);
    const text = JSON.stringify(state, (_key, value) => (typeof value === "bigint" ? String(value) : value));
    expect(text).not.toMatch(/@|Example|Road|203\.0\.113/);
  }
  expect(stateOf("order-pos-no-customer").buyer).toBe(null);
});

test("stages: only what is paid in full earns", () => {
  const stage = (fields: object) => {
    const { stage: found } = stateIn(changed("order-jpy", fields));
    return found.kind === "void" ? found.reason : found.kind;
  };
  for (const status of ["paid", "partially_refunded", "refunded"])
    expect(stage({ financial_status: status }), status).toBe("earned");
  for (const status of ["pending", "authorized", "partially_paid", "expired", "a_word_of_tomorrow", null]) {
    expect(stage({ financial_status: status }), String(status)).toBe("pending");
  }
  expect(stage({ financial_status: "voided" })).toBe("cancelled");
  expect(stage({ cancelled_at: "2026-11-08T10:00:01-05:00" })).toBe("cancelled");
  expect(stage({ test: true, cancelled_at: "2026-11-08T10:00:01-05:00" })).toBe("test");
});

test("people see the platform's own words", () => {
  expect(stateOf("order-cancelled-refunded").platformStatus).toBe("refunded, cancelled (customer)");
  expect(stateOf("order-test").platformStatus).toBe("paid, test");
});

test("an edit without refund shrinks its line in proportion, and the total is today's", () => {
  const state = stateOf("order-edited");
  expect(state.totalMinor).toBe(9400n);
  expect(state.lines.map(({ quantity, grossMinor, discountMinor }) => [quantity, grossMinor, discountMinor])).toStrictEqual([
    [2, 6000n, 600n],
    [1, 2000n, 0n],
    [1, 1500n, 0n],
  ]);
});

test("after an edit, what was refunded is put back on today's total; without one the original total stands", () => {
  const order = JSON.parse(fixture("order-edited").body);
  const soap = { line_item_id: 16820019, quantity: 1, subtotal: "20.00", total_tax: "0.00" };
  order.refunds = [{ id: 9, processed_at: "2026-11-08T15:00:00Z", refund_line_items: [soap], transactions: [] }];
  order.line_items[1].current_quantity = 0;
  order.current_total_price_set = null;
  order.current_total_price = "74.00";
  expect(stateIn(JSON.stringify(order)).totalMinor).toBe(9400n);
  expect(
    stateIn(changed("order-amount-only-refund", { current_total_price_set: null, current_total_price: "81.00" })).totalMinor,
  ).toBe(9000n);
});

test("a discount above the price takes the price", () => {
  const [line] = stateIn(changed("order-foreign-lines", {})).lines.slice(2);
  const item = JSON.parse(fixture("order-foreign-lines").body).line_items[2];
  const [over] = stateIn(changed("order-foreign-lines", { line_items: [{ ...item, price_set: null, price: "1.00" }] })).lines;
  expect([line?.discountMinor, over?.grossMinor, over?.discountMinor]).toStrictEqual([1000000n, 100n, 100n]);
});

test("a refunded piece is not also taken for one removed by an edit", () => {
  const [line] = stateOf("order-partial-refund").lines;
  expect([line?.quantity, line?.grossMinor, line?.includedTaxMinor]).toStrictEqual([3, 6000n, 1000n]);
  expect(stateOf("order-pending-refund").lines[0]?.quantity, "nor one whose money is on its way").toBe(2);
});

test("money that follows goods taken off by an edit takes nothing more", () => {
  const state = stateOf("order-edited-then-paid-back");
  expect(state.refunds.map(({ amountMinor, proratedMinor, lines }) => [amountMinor, proratedMinor, lines.length])).toStrictEqual([
    [3000n, 0n, 1],
    [0n, 0n, 0],
  ]);
});

test("a kept restocking fee leaves the goods refunded, and paying it out later changes nothing", () => {
  const order = JSON.parse(fixture("order-edited-then-paid-back").body);
  const [goods, money] = order.refunds;
  goods.transactions = [{ ...money.transactions[0], amount: "25.00" }];
  money.transactions[0].amount = "5.00";
  money.order_adjustments[0].amount_set.shop_money.amount = "-5.00";
  expect([...refundedNet(stateIn(JSON.stringify(order))).values()].reduce((a, b) => a + b)).toBe(3000n);
});

test("an adjustment and its mirror image give nothing back", () => {
  const order = JSON.parse(fixture("order-partial-refund").body);
  const pair = JSON.parse(fixture("order-amount-only-refund").body).refunds[0].order_adjustments[0];
  const adjustment = (amount: string) => ({ ...pair, amount, amount_set: null, tax_amount_set: null });
  order.refunds[0].order_adjustments = [adjustment("20.00"), adjustment("-20.00")];
  expect(stateIn(JSON.stringify(order)).refunds[0]?.proratedMinor).toBe(0n);
});

test("an amount without adjustments is what the transaction moved", () => {
  const order = JSON.parse(fixture("order-amount-only-refund").body);
  order.refunds[0].order_adjustments = [];
  expect(stateIn(JSON.stringify(order)).refunds[0]?.proratedMinor).toBe(900n);
});

test("a refund that failed never happened; one that failed first and then went through did", () => {
  const refundsAfter = (...statuses: string[]) => {
    const order = JSON.parse(fixture("order-pending-refund").body);
    const [transaction] = order.refunds[0].transactions;
    order.refunds[0].transactions = statuses.map((status) => ({ ...transaction, status }));
    return stateIn(JSON.stringify(order)).refunds.length;
  };
  expect(refundsAfter("failure")).toBe(0);
  expect(refundsAfter("failure", "success")).toBe(1);
  expect(refundsAfter("success", "pending")).toBe(0);
});

test("a refund reads the same by itself and in its order, unless it says that it is a summary", () => {
  for (const { body, expect: expected } of fixtures) {
    if (expected.kind !== "order") continue;
    const inOrder = new Map(stateIn(body).refunds.map((one) => [one.refundId, one]));
    for (const raw of JSON.parse(body).refunds) {
      const alone = normalise({ topic: "refunds/create", body: JSON.stringify(raw), settings });
      if (alone.kind !== "refund" || alone.refund.detail === "summary") continue;
      expect(alone.refund).toStrictEqual(inOrder.get(alone.refund.refundId));
    }
  }
});

test("a refund alone whose tax cannot be told waits for its order", () => {
  const refund = JSON.parse(fixture("refund-created").body);
  refund.transactions[0].amount = "15.00";
  expect(normalise({ topic: "refunds/create", body: JSON.stringify(refund), settings })).toStrictEqual({
    kind: "ignored",
    reason: "the refund does not say whether its prices include tax",
  });
});

test("the shape decides: a topic is an unsigned header", () => {
  const order = fixture("order-created-paid").body;
  for (const topic of ["orders/delete", "products/delete", "refunds/create", "customers/redact", "app/uninstalled", ""]) {
    expect(normalise({ topic, body: order, settings }).kind, topic).toBe("order");
  }
  expect(normalise({ topic: "orders/delete", body: fixture("refund-created").body, settings }).kind).toBe("refund");
  expect(() => normalise({ topic: "orders/delete", body: fixture("product-updated").body, settings })).toThrow(PayloadError);
  expect(() => normalise({ topic: "orders/paid", body: fixture("order-deleted").body, settings })).toThrow(PayloadError);
});

test("every other topic", () => {
  const say = (topic: string, value: unknown) => normalise({ topic, body: JSON.stringify(value), settings });
  expect(normalise({ ...fixture("order-edit-hint"), settings })).toStrictEqual({
    kind: "hint",
    entity: "order",
    id: "6811000015",
  });
  expect(normalise({ ...fixture("product-updated"), settings })).toStrictEqual({
    kind: "hint",
    entity: "product",
    id: "9007199254740997001",
  });
  expect(normalise({ ...fixture("customers-redact"), settings })).toStrictEqual({ kind: "shop", event: "customers/redact" });
  expect(say("products/delete", { id: 7 })).toStrictEqual({ kind: "hint", entity: "product", id: "7" });
  expect(say("customers/update", { id: 7 })).toStrictEqual({ kind: "hint", entity: "customer", id: "7" });
  expect(say("order_transactions/create", { id: 1, order_id: 7 })).toStrictEqual({ kind: "hint", entity: "order", id: "7" });
  expect(say("SHOP/UPDATE", { id: 7 })).toStrictEqual({ kind: "shop", event: "shop/update" });
  expect(say("carts/update", { id: "x", line_items: [] }).kind).toBe("ignored");
  expect(say("draft_orders/create", { id: 7, line_items: [] }).kind).toBe("ignored");
});

test("what is missing is named by its path and never quoted", () => {
  const wrong: [object, string][] = [
    [{ id: "gid://shopify/Order/1" }, "$.id"],
    [{ updated_at: "yesterday" }, "$.updated_at"],
    [{ taxes_included: null }, "$.taxes_included"],
    [{ line_items: [{ id: 5, quantity: 1 }] }, "$.line_items[0].price"],
    [{ line_items: [{ id: 5, quantity: 1, price: "4,90" }] }, "$.line_items[0].price"],
    [{ line_items: [{ id: 5, quantity: 1.5, price: "4" }] }, "$.line_items[0].quantity"],
    [{ line_items: [{ id: 5, quantity: 1, price: "-4" }] }, "$.line_items[0].price"],
    [{ processed_at: null, created_at: null }, "$.processed_at"],
  ];
  for (const [fields, path] of wrong) {
    expect(() => stateIn(changed("order-jpy", fields)), path).toThrow(
      expect.toSatisfy((error) => error instanceof PayloadError && error.path === path && !error.message.includes("4,90")),
    );
  }
});

test("nulls and missing fields are common", () => {
  const bare = {
    id: 5,
    financial_status: "paid",
    currency: "EUR",
    taxes_included: false,
    updated_at: "2026-11-02T10:15:00Z",
    created_at: "2026-11-02T10:15:00Z",
  };
  const state = stateIn(
    JSON.stringify({
      ...bare,
      total_price: "9.80",
      line_items: [{ id: 6, quantity: 2, price: "4.90", properties: null, tax_lines: null, sku: "" }],
    }),
  );
  expect(state.orderName).toBe("5");
  expect(state.lines).toStrictEqual([
    {
      lineId: "6",
      kind: "product",
      variantId: null,
      productId: null,
      sku: null,
      name: "",
      quantity: 2,
      grossMinor: 980n,
      discountMinor: 0n,
      includedTaxMinor: 0n,
    },
  ]);
});

test("within one second the state that has come further is the newer one", () => {
  const updated_at = "2026-11-08T10:00:00Z";
  const revision = (name: string, fields: object = {}) => stateIn(changed(name, { updated_at, ...fields })).revision;
  const steps = [
    revision("order-jpy", { financial_status: "pending" }),
    revision("order-jpy"),
    revision("order-partial-refund"),
    revision("order-cancelled-refunded", { cancelled_at: null }),
    revision("order-jpy", { cancelled_at: updated_at }),
  ];
  steps.slice(1).forEach((step, index) => {
    assert.ok(compareRevisions(step, steps[index] as typeof step) > 0, `step ${index + 1}`);
  });
  const succeeded = JSON.parse(fixture("order-pending-refund").body).refunds;
  succeeded[0].transactions[0].status = "success";
  assert.ok(
    compareRevisions(revision("order-pending-refund", { refunds: succeeded }), revision("order-pending-refund")) > 0,
    "a refund that went through",
  );
});

test("an order that a subscription's contract made is on subscription, at its beginning and when it bills again", () => {
  for (const source_name of ["subscription_contract", "subscription_contract_checkout_one"])
    expect(stateIn(changed("order-jpy", { source_name })).subscription).toBe(true);
  for (const source_name of ["web", null, 580111]) {
    expect(stateIn(changed("order-jpy", { source_name }))).not.toHaveProperty("subscription");
  }
});
