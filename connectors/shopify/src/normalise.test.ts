import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRevisions, DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet } from "@upline/core";
import { fixture, fixtures } from "../fixtures/load.ts";
import { normalise } from "./normalise.ts";

const settings = DEFAULT_STORE_SETTINGS;
const stateIn = (body: string, topic = "orders/updated"): OrderState => {
  const said = normalise({ topic, body, settings });
  assert.equal(said.kind, "order");
  return (said as { state: OrderState }).state;
};
const stateOf = (name: string) => stateIn(fixture(name).body, fixture(name).topic);
/** A fixture's body with top-level fields changed; ids in these fixtures fit a double. */
const changed = (name: string, fields: object) => JSON.stringify({ ...JSON.parse(fixture(name).body), ...fields });
const netBySku = (state: OrderState) => Object.fromEntries(state.lines.map((line) => [line.sku, netOfLine(line)]));

test("an order, whole", () => {
  const { revision, ...state } = stateOf("order-created-paid");
  assert.equal(revision.at, "2026-11-02T09:15:00.000Z");
  assert.deepEqual(state, {
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
    evidence: [
      { source: "discount-code", code: "MAYA21", where: "discount_applications[0]" },
      { source: "cart-attribute", code: "MAYA21", where: "note_attributes._ref_code" },
      { source: "line-property", code: "MAYA21", where: "line_items.9007199254740993201._ref_code" },
      { source: "landing-site", code: "MAYA21", where: "landing_site.ref" },
    ],
  });
});

test("included tax comes off the net, tax on top was never in it", () => {
  assert.deepEqual(netBySku(stateOf("order-taxes-included")), { "SERUM-30": 4500n, "BALM-15": 3600n });
  assert.equal(stateOf("order-pending-payment").lines[0]?.includedTaxMinor, 0n);
});

test("the shop's money counts, not the buyer's; a set in another currency is refused", () => {
  const state = stateOf("order-presentment-currency");
  assert.equal(state.currency, "USD");
  assert.equal(state.totalMinor, 7700n);
  assert.deepEqual(
    state.refunds.map(({ amountMinor, proratedMinor }) => [amountMinor, proratedMinor]),
    [[3600n, 0n]],
  );
  assert.throws(
    () => stateIn(changed("order-jpy", { currency: "EUR" })),
    (error) => error instanceof PayloadError && error.path === "$.line_items[0].price_set.shop_money",
  );
});

test("currencies keep their own minor unit", () => {
  assert.equal(stateOf("order-jpy").totalMinor, 11940n);
  assert.equal(stateOf("order-kwd").totalMinor, 21300n);
});

test("gift cards and tips are told apart; foreign lines stay products without anything to map by", () => {
  assert.deepEqual(
    stateOf("order-gift-card-and-tip").lines.map(({ kind }) => kind),
    ["gift-card", "product", "tip"],
  );
  const [, protection, excise] = stateOf("order-foreign-lines").lines;
  assert.deepEqual([protection?.kind, protection?.sku], ["product", "ROUTEINS10"]);
  assert.deepEqual(
    [excise?.kind, excise?.variantId, excise?.productId, excise?.sku, excise && netOfLine(excise)],
    ["product", null, null, null, 0n],
  );
});

test("the title of a draft order's manual discount is no code", () => {
  assert.deepEqual(stateOf("order-draft-manual-discount").evidence, [
    { source: "cart-attribute", code: "MAYA21", where: "note_attributes._ref_code" },
  ]);
});

test("nobody's name, address or e-mail gets into a state", () => {
  for (const { body, topic, expect } of fixtures) {
    if (expect.kind !== "order") continue;
    const text = JSON.stringify(stateIn(body, topic), (_key, value) => (typeof value === "bigint" ? String(value) : value));
    assert.doesNotMatch(text, /@|Example|Road|203\.0\.113/);
  }
  assert.equal(stateOf("order-pos-no-customer").buyer, null);
});

test("stages: only what is paid in full earns", () => {
  const stage = (fields: object) => {
    const { stage: found } = stateIn(changed("order-jpy", fields));
    return found.kind === "void" ? found.reason : found.kind;
  };
  for (const status of ["paid", "partially_refunded", "refunded"])
    assert.equal(stage({ financial_status: status }), "earned", status);
  for (const status of ["pending", "authorized", "partially_paid", "expired", "a_word_of_tomorrow", null]) {
    assert.equal(stage({ financial_status: status }), "pending", String(status));
  }
  assert.equal(stage({ financial_status: "voided" }), "cancelled");
  assert.equal(stage({ cancelled_at: "2026-11-08T10:00:01-05:00" }), "cancelled");
  assert.equal(stage({ test: true, cancelled_at: "2026-11-08T10:00:01-05:00" }), "test");
});

test("people see the platform's own words", () => {
  assert.equal(stateOf("order-cancelled-refunded").platformStatus, "refunded, cancelled (customer)");
  assert.equal(stateOf("order-test").platformStatus, "paid, test");
});

test("an edit without refund shrinks its line in proportion, and the total is today's", () => {
  const state = stateOf("order-edited");
  assert.equal(state.totalMinor, 9400n);
  assert.deepEqual(
    state.lines.map(({ quantity, grossMinor, discountMinor }) => [quantity, grossMinor, discountMinor]),
    [
      [2, 6000n, 600n],
      [1, 2000n, 0n],
      [1, 1500n, 0n],
    ],
  );
});

test("after an edit, what was refunded is put back on today's total; without one the original total stands", () => {
  const order = JSON.parse(fixture("order-edited").body);
  const soap = { line_item_id: 16820019, quantity: 1, subtotal: "20.00", total_tax: "0.00" };
  order.refunds = [{ id: 9, processed_at: "2026-11-08T15:00:00Z", refund_line_items: [soap], transactions: [] }];
  order.line_items[1].current_quantity = 0;
  order.current_total_price_set = null;
  order.current_total_price = "74.00";
  assert.equal(stateIn(JSON.stringify(order)).totalMinor, 9400n);
  assert.equal(
    stateIn(changed("order-amount-only-refund", { current_total_price_set: null, current_total_price: "81.00" })).totalMinor,
    9000n,
  );
});

test("a discount above the price takes the price", () => {
  const [line] = stateIn(changed("order-foreign-lines", {})).lines.slice(2);
  const item = JSON.parse(fixture("order-foreign-lines").body).line_items[2];
  const [over] = stateIn(changed("order-foreign-lines", { line_items: [{ ...item, price_set: null, price: "1.00" }] })).lines;
  assert.deepEqual([line?.discountMinor, over?.grossMinor, over?.discountMinor], [1000000n, 100n, 100n]);
});

test("a refunded piece is not also taken for one removed by an edit", () => {
  const [line] = stateOf("order-partial-refund").lines;
  assert.deepEqual([line?.quantity, line?.grossMinor, line?.includedTaxMinor], [3, 6000n, 1000n]);
  assert.equal(stateOf("order-pending-refund").lines[0]?.quantity, 2, "nor one whose money is on its way");
});

test("money that follows goods taken off by an edit takes nothing more", () => {
  const state = stateOf("order-edited-then-paid-back");
  assert.deepEqual(
    state.refunds.map(({ amountMinor, proratedMinor, lines }) => [amountMinor, proratedMinor, lines.length]),
    [
      [3000n, 0n, 1],
      [0n, 0n, 0],
    ],
  );
});

test("a kept restocking fee leaves the goods refunded, and paying it out later changes nothing", () => {
  const order = JSON.parse(fixture("order-edited-then-paid-back").body);
  const [goods, money] = order.refunds;
  goods.transactions = [{ ...money.transactions[0], amount: "25.00" }];
  money.transactions[0].amount = "5.00";
  money.order_adjustments[0].amount_set.shop_money.amount = "-5.00";
  assert.equal(
    [...refundedNet(stateIn(JSON.stringify(order))).values()].reduce((a, b) => a + b),
    3000n,
  );
});

test("an adjustment and its mirror image give nothing back", () => {
  const order = JSON.parse(fixture("order-partial-refund").body);
  const pair = JSON.parse(fixture("order-amount-only-refund").body).refunds[0].order_adjustments[0];
  const adjustment = (amount: string) => ({ ...pair, amount, amount_set: null, tax_amount_set: null });
  order.refunds[0].order_adjustments = [adjustment("20.00"), adjustment("-20.00")];
  assert.equal(stateIn(JSON.stringify(order)).refunds[0]?.proratedMinor, 0n);
});

test("an amount without adjustments is what the transaction moved", () => {
  const order = JSON.parse(fixture("order-amount-only-refund").body);
  order.refunds[0].order_adjustments = [];
  assert.equal(stateIn(JSON.stringify(order)).refunds[0]?.proratedMinor, 900n);
});

test("a refund that failed never happened; one that failed first and then went through did", () => {
  const refundsAfter = (...statuses: string[]) => {
    const order = JSON.parse(fixture("order-pending-refund").body);
    const [transaction] = order.refunds[0].transactions;
    order.refunds[0].transactions = statuses.map((status) => ({ ...transaction, status }));
    return stateIn(JSON.stringify(order)).refunds.length;
  };
  assert.equal(refundsAfter("failure"), 0);
  assert.equal(refundsAfter("failure", "success"), 1);
  assert.equal(refundsAfter("success", "pending"), 0);
});

test("a refund reads the same by itself and in its order, unless it says that it is a summary", () => {
  for (const { body, expect } of fixtures) {
    if (expect.kind !== "order") continue;
    const inOrder = new Map(stateIn(body).refunds.map((one) => [one.refundId, one]));
    for (const raw of JSON.parse(body).refunds) {
      const alone = normalise({ topic: "refunds/create", body: JSON.stringify(raw), settings });
      if (alone.kind !== "refund" || alone.refund.detail === "summary") continue;
      assert.deepEqual(alone.refund, inOrder.get(alone.refund.refundId));
    }
  }
});

test("a refund alone whose tax cannot be told waits for its order", () => {
  const refund = JSON.parse(fixture("refund-created").body);
  refund.transactions[0].amount = "15.00";
  assert.deepEqual(normalise({ topic: "refunds/create", body: JSON.stringify(refund), settings }), {
    kind: "ignored",
    reason: "the refund does not say whether its prices include tax",
  });
});

test("the shape decides: a topic is an unsigned header", () => {
  const order = fixture("order-created-paid").body;
  for (const topic of ["orders/delete", "products/delete", "refunds/create", "customers/redact", "app/uninstalled", ""]) {
    assert.equal(normalise({ topic, body: order, settings }).kind, "order", topic);
  }
  assert.equal(normalise({ topic: "orders/delete", body: fixture("refund-created").body, settings }).kind, "refund");
  assert.throws(() => normalise({ topic: "orders/delete", body: fixture("product-updated").body, settings }), PayloadError);
  assert.throws(() => normalise({ topic: "orders/paid", body: fixture("order-deleted").body, settings }), PayloadError);
});

test("every other topic", () => {
  const say = (topic: string, value: unknown) => normalise({ topic, body: JSON.stringify(value), settings });
  assert.deepEqual(normalise({ ...fixture("order-edit-hint"), settings }), { kind: "hint", entity: "order", id: "6811000015" });
  assert.deepEqual(normalise({ ...fixture("product-updated"), settings }), {
    kind: "hint",
    entity: "product",
    id: "9007199254740997001",
  });
  assert.deepEqual(normalise({ ...fixture("customers-redact"), settings }), { kind: "shop", event: "customers/redact" });
  assert.deepEqual(say("products/delete", { id: 7 }), { kind: "hint", entity: "product", id: "7" });
  assert.deepEqual(say("customers/update", { id: 7 }), { kind: "hint", entity: "customer", id: "7" });
  assert.deepEqual(say("order_transactions/create", { id: 1, order_id: 7 }), { kind: "hint", entity: "order", id: "7" });
  assert.deepEqual(say("SHOP/UPDATE", { id: 7 }), { kind: "shop", event: "shop/update" });
  assert.equal(say("carts/update", { id: "x", line_items: [] }).kind, "ignored");
  assert.equal(say("draft_orders/create", { id: 7, line_items: [] }).kind, "ignored");
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
    assert.throws(
      () => stateIn(changed("order-jpy", fields)),
      (error) => error instanceof PayloadError && error.path === path && !error.message.includes("4,90"),
      path,
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
  assert.equal(state.orderName, "5");
  assert.deepEqual(state.lines, [
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
