import { compareRevisions, DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { pluginBody, refundLine, restOrder, restRefund } from "../fixtures/plugin.ts";
import { recordedDeliveries, recordedDelivery, recordedRest } from "../fixtures/recorded.ts";
import { normalise } from "./normalise.ts";

const settings = DEFAULT_STORE_SETTINGS;
const say = (body: string, topic = "order.updated") => normalise({ topic, body, settings });
const stateOf = (body: string): OrderState => {
  const said = say(body);
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};
const recorded = (seq: number) => stateOf(recordedDelivery(seq).rawBody);
const nets = (state: OrderState) => Object.fromEntries(state.lines.map((line) => [line.sku ?? line.name, netOfLine(line)]));
const backBySku = (state: OrderState) => {
  const back = refundedNet(state);
  return Object.fromEntries(state.lines.map((line) => [line.sku ?? line.name, back.get(line.lineId)]));
};
const line = { id: 1, sku: "A", product_id: 7, quantity: 2, subtotal: "20.00", total: "18.00", total_tax: "3.42" };
const order = (over = {}) => JSON.stringify(restOrder([line], { total: "21.42", ...over }));

/** What every recorded delivery says, in order of arrival. */
const EXPECTED: Readonly<Record<number, string>> = {
  15: "order 29 earned",
  16: "order 29 earned",
  17: "hint product 11",
  18: "order 30 pending",
  19: "order 30 pending",
  20: "order 31 earned",
  21: "order 31 earned",
  22: "order 29 earned",
  23: "hint product 11",
  24: "order 29 earned",
  25: "order 29 earned",
  26: "order 29 earned",
  27: "order 30 earned",
  28: "order 30 void",
  29: "hint order 31",
  30: "order 31 earned",
  33: "order 35 earned",
  34: "order 37 earned",
  35: "hint customer 2",
  36: "hint customer 2",
  37: "order 37 earned",
  155: "hint coupon 66",
  156: "hint product 66",
  173: "order 29 earned",
  186: "hint coupon 76",
  187: "hint product 76",
  188: "hint order 76",
  191: "order 78 earned",
  192: "order 78 earned",
  193: "hint product 11",
  194: "ignored",
  198: "ignored",
  199: "ignored",
  200: "order 81 earned",
  201: "order 81 earned",
  202: "hint product 11",
};

for (const { seq, file, rawBody, headers, signatureValid } of recordedDeliveries) {
  if (signatureValid === null) continue;
  test(`${file} reads as ${EXPECTED[seq]}`, () => {
    const said = say(rawBody, headers["x-wc-webhook-topic"]);
    const text =
      said.kind === "order"
        ? `order ${said.state.orderId} ${said.state.stage.kind}`
        : said.kind === "hint"
          ? `hint ${said.entity} ${said.id}`
          : said.kind;
    expect(text).toBe(EXPECTED[seq]);
  });
}

test("the commission base is Σ line_items[].total, to the cent, whatever shipping, fees and tax are", () => {
  expect(nets(recorded(15))).toStrictEqual({ "STK-001": 8982n, "GRN-030": 2696n });
  expect(nets(recorded(18))).toStrictEqual({ "SRM-001": 3200n });
  expect(nets(recorded(20))).toStrictEqual({ "TEE-L": 3966n, "EBK-001": 833n, Handling: 0n });
  expect(nets(recorded(33))).toStrictEqual({ "TEE-M": 1710n, "GRN-030": 5391n });
  expect(nets(recorded(34))).toStrictEqual({ "EBK-001": 999n });
  expect(nets(recorded(191))).toStrictEqual({ "STK-001": 4990n });
});

test("order 31 adds up: variation, fee, shipping, tax", () => {
  const state = recorded(20);
  expect(state.totalMinor).toBe(6532n);
  const [tee, book, fee] = state.lines;
  expect([tee?.variantId, tee?.productId, tee?.grossMinor, tee?.discountMinor, tee?.quantity]).toStrictEqual([
    "18",
    "15",
    4300n,
    334n,
    2,
  ]);
  expect([book?.variantId, book?.productId, book?.grossMinor, book?.discountMinor]).toStrictEqual(["14", "14", 999n, 166n]);
  expect([fee?.kind, fee?.grossMinor, fee?.lineId]).toStrictEqual(["fee", 200n, "40"]);
});

test("a refund's summary is prorated; its full account names the line", () => {
  const summary = recorded(24);
  expect(summary.refunds).toStrictEqual([
    { refundId: "32", at: "2026-11-23T16:35:10Z", amountMinor: 5345n, lines: [], proratedMinor: 5345n, detail: "summary" },
  ]);
  // 116.78 × 53.45 ÷ 141.57 = 44.09, by weight over both lines.
  expect(backBySku(summary)).toStrictEqual({ "STK-001": 3391n, "GRN-030": 1018n });

  const full = stateOf(
    pluginBody(
      recordedRest("order-after-partial-refunds") as never,
      recordedRest("refunds-list-partial") as never,
      "2026-11-23T16:35:18.000Z",
    ),
  );
  expect(full.refunds).toStrictEqual([
    {
      refundId: "32",
      at: "2026-11-23T16:35:10Z",
      amountMinor: 5345n,
      lines: [{ lineId: "30", netMinor: 4491n }],
      proratedMinor: 0n,
      detail: "full",
    },
    { refundId: "33", at: "2026-11-23T16:35:17Z", amountMinor: 1000n, lines: [], proratedMinor: 1000n, detail: "full" },
  ]);
  // 44.91 from the kit; then 71.87 net of 88.12 is left, of which 10.00 takes 8.16, by weight.
  expect(backBySku(full)).toStrictEqual({ "STK-001": 5001n, "GRN-030": 306n });
});

test("all refunds together give back everything, with summaries and with full accounts", () => {
  const everything = { "STK-001": 8982n, "GRN-030": 2696n };
  expect(backBySku(recorded(26))).toStrictEqual(everything);
  const full = pluginBody(
    recordedRest("order-after-full-refund") as never,
    recordedRest("refunds-list-full") as never,
    "2026-11-23T16:35:32.000Z",
  );
  expect(backBySku(stateOf(full))).toStrictEqual(everything);
});

test("set to refunded directly: the refund without lines takes all, though date_paid was never set", () => {
  expect(backBySku(recorded(33))).toStrictEqual({ "TEE-M": 1710n, "GRN-030": 5391n });
  const full = pluginBody(
    recordedRest("order-status-set-refunded") as never,
    recordedRest("refunds-of-status-refunded") as never,
    "2026-11-23T16:36:25.000Z",
  );
  expect(backBySku(stateOf(full))).toStrictEqual({ "TEE-M": 1710n, "GRN-030": 5391n });
});

test("a deleted refund is gone though the status stays refunded", () => {
  const state = recorded(173);
  expect([state.platformStatus, state.stage]).toStrictEqual(["refunded", { kind: "earned" }]);
  expect(state.refunds.map(({ refundId }) => refundId)).toStrictEqual(["32", "33"]);
});

test("bodies of the plugin, of the client and of lenient senders say the same", () => {
  const one = restRefund(91, "10.71", [refundLine(1, "-9.00", "-1.71")]);
  const wanted = stateOf(pluginBody(restOrder([line], { total: "21.42" }), [one], "2026-11-20T10:00:00.000Z"));
  const lenient = [JSON.stringify({ order: restOrder([line], { total: "21.42" }), refunds: [one] }), order({ refunds: [one] })];
  for (const body of lenient) expect({ ...stateOf(body), revision: null }).toStrictEqual({ ...wanted, revision: null });
  expect(wanted.refunds[0]?.lines).toStrictEqual([{ lineId: "1", netMinor: 900n }]);
});

test("a refund that only the order's summary knows still counts, and a full account replaces a summary", () => {
  const summaries = [
    { id: 91, reason: "", total: "-10.71" },
    { id: 92, reason: "", total: "-1.00" },
  ];
  const state = stateOf(
    pluginBody(
      restOrder([line], { total: "21.42", refunds: summaries }),
      [restRefund(91, "10.71", [refundLine(1, "-9.00", "-1.71")])],
      "2026-11-20T10:00:00.000Z",
    ),
  );
  expect(state.refunds.map(({ refundId, detail, proratedMinor }) => [refundId, detail, proratedMinor])).toStrictEqual([
    ["91", "full", 0n],
    ["92", "summary", 100n],
  ]);
});

test("what of a refund names no line is prorated: goodwill on top, lines that cannot be told, but no rounding", () => {
  const refund = (amount: string, lines: object[], over = {}) =>
    stateOf(
      pluginBody(
        restOrder([line, { ...line, id: 2 }], { total: "42.84" }),
        [restRefund(91, amount, lines as never, over)],
        "2026-11-20T10:00:00.000Z",
      ),
    ).refunds[0];
  expect(refund("15.71", [refundLine(1, "-9.00", "-1.71")])?.proratedMinor).toBe(500n);
  expect(refund("10.72", [refundLine(1, "-9.00", "-1.71")])?.proratedMinor, "a cent more than the line is rounding").toBe(0n);
  expect(refund("10.00", [refundLine(1, "-9.00", "-1.71")])?.proratedMinor, "less than its lines").toBe(0n);
  expect(
    refund("16.54", [refundLine(1, "-9.00", "-1.71")], { shipping_lines: [{ total: "-4.90", total_tax: "-0.93" }] })
      ?.proratedMinor,
  ).toBe(0n);
  expect(
    refund("12.71", [refundLine(1, "-9.00", "-1.71")], { fee_lines: [{ total: "-2.00", total_tax: "" }] })?.proratedMinor,
  ).toBe(0n);
  // Without _refunded_item_id, two lines of one product cannot be told apart.
  const untold = refund("10.71", [refundLine(1, "-9.00", "-1.71", { meta_data: [], product_id: 7, variation_id: 0 })]);
  expect([untold?.lines, untold?.proratedMinor]).toStrictEqual([[], 1071n]);
  // A line that is no longer in the order takes nothing from the others.
  const gone = refund("10.71", [refundLine(77, "-9.00", "-1.71")]);
  expect([gone?.lines, gone?.proratedMinor]).toStrictEqual([[], 0n]);
  expect(refund("21.42", [refundLine(1, "-9.00", "-1.71"), refundLine(1, "-9.00", "-1.71")])?.lines).toStrictEqual([
    { lineId: "1", netMinor: 1800n },
  ]);
});

test("a gateway's refund without _refunded_item_id finds the only line of its product", () => {
  const item = refundLine(0, "-9.00", "-1.71", { meta_data: [], product_id: 7, variation_id: 0 });
  const state = stateOf(
    pluginBody(restOrder([line], { total: "21.42" }), [restRefund(91, "10.71", [item])], "2026-11-20T10:00:00.000Z"),
  );
  expect(state.refunds[0]?.lines).toStrictEqual([{ lineId: "1", netMinor: 900n }]);
});

test("amounts have the store's decimals, not the currency's; the float price is never read", () => {
  const money = (currency: string, subtotal: string, total: string) =>
    stateOf(JSON.stringify(restOrder([{ ...line, subtotal, total, price: 1e99 } as never], { currency, total }))).lines[0];
  expect(netOfLine(money("JPY", "65", "65")!)).toBe(65n);
  expect(netOfLine(money("JPY", "55.0000", "49.9000")!)).toBe(50n);
  expect(netOfLine(money("KWD", "39.430", "39.430")!)).toBe(39430n);
  expect(netOfLine(money("KWD", "39.43", "39.43")!)).toBe(39430n);
  expect(netOfLine(money("EUR", "20", "17.9950")!)).toBe(1800n);
  expect(
    [money("EUR", "18.00", "25.00")?.grossMinor, money("EUR", "18.00", "25.00")?.discountMinor],
    "a raised total",
  ).toStrictEqual([2500n, 0n]);
  expect(netOfLine(money("EUR", "-5.00", "-5.00")!)).toBe(0n);
});

test("stages, by WooCommerce's own words", () => {
  const stage = (status: string, over = {}) => stateOf(order({ status, ...over })).stage;
  expect(stage("pending")).toStrictEqual({ kind: "pending" });
  expect(stage("on-hold")).toStrictEqual({ kind: "pending" });
  expect(stage("processing", { date_paid_gmt: null }), "cash on delivery").toStrictEqual({ kind: "earned" });
  expect(stage("completed")).toStrictEqual({ kind: "earned" });
  expect(stage("refunded", { refunds: [] })).toStrictEqual({ kind: "earned" });
  expect(stage("cancelled")).toStrictEqual({ kind: "void", reason: "cancelled" });
  expect(stage("failed")).toStrictEqual({ kind: "void", reason: "failed" });
  expect(stage("trash")).toStrictEqual({ kind: "void", reason: "trashed" });
  expect(stage("packed")).toStrictEqual({ kind: "earned" });
  expect(stage("packed", { date_paid_gmt: null })).toStrictEqual({ kind: "pending" });
  expect(stateOf(JSON.stringify(recordedRest("order-get-trashed"))).stage).toStrictEqual({ kind: "void", reason: "trashed" });
  for (const status of ["checkout-draft", "auto-draft", "draft"]) expect(say(order({ status })).kind).toBe("ignored");
});

test("the topic, which nobody signed, changes no effect", () => {
  const topics = [
    "order.created",
    "order.deleted",
    "product.deleted",
    "coupon.deleted",
    "order.restored",
    "",
    "action.woocommerce_order_refunded",
  ];
  for (const { rawBody, signatureValid } of recordedDeliveries) {
    if (signatureValid === null) continue;
    const said = topics.map((topic) => say(rawBody, topic));
    if (said[0]?.kind === "hint") assert.ok(said.every(({ kind }) => kind === "hint"));
    else for (const other of said) expect(other).toStrictEqual(said[0]);
  }
});

test("only the plugin's own body says that an order is gone for good", () => {
  const gone = restOrder([], { id: 31, status: "deleted", total: "0" });
  expect(say(pluginBody({ id: 31, status: "deleted" }, [], "2026-11-20T10:00:00Z"))).toStrictEqual({
    kind: "deleted",
    orderId: "31",
  });
  expect(say(JSON.stringify(gone)).kind).toBe("order");
  expect(say('{"id":31}', "order.deleted")).toStrictEqual({ kind: "hint", entity: "order", id: "31" });
});

test("custom topics, subscriptions, the plugin's other bodies", () => {
  expect(say('{"action":"woocommerce_order_refunded","arg":29}')).toStrictEqual({ kind: "hint", entity: "order", id: "29" });
  expect(say('{"action":"woocommerce_before_delete_order","arg":"29"}')).toStrictEqual({
    kind: "hint",
    entity: "order",
    id: "29",
  });
  expect(say('{"action":"init","arg":null}').kind).toBe("ignored");
  expect(say(order({ billing_period: "month" })).kind).toBe("ignored");
  expect(say('{"type":"stock.updated","timestamp":"2026-11-20T10:00:00Z","data":{"product":{"id":11}}}')).toStrictEqual({
    kind: "hint",
    entity: "product",
    id: "11",
  });
  expect(say('{"type":"store.disconnected","timestamp":"2026-11-20T10:00:00Z","data":{}}')).toStrictEqual({
    kind: "shop",
    event: "store.disconnected",
  });
  expect(say('{"type":"test","timestamp":"2026-11-20T10:00:00Z","data":{}}').kind).toBe("ignored");
});

test("an order that cannot be understood names the field", () => {
  const path = (body: string) => {
    try {
      say(body);
    } catch (error) {
      assert.ok(error instanceof PayloadError);
      return error.path;
    }
    return expect.fail("was read");
  };
  expect(path(order({ total: "12,50" }))).toBe("order.total");
  expect(path(order({ currency: "euro" }))).toBe("order.currency");
  expect(path(order({ line_items: [{ ...line, total: "abc" }] }))).toBe("order.line_items[0].total");
  expect(path(order({ line_items: undefined }))).toBe("order.line_items");
  expect(path(order({ date_created_gmt: "yesterday" }))).toBe("order.date_created_gmt");
  expect(path(order({ id: -1 }))).toBe("order.id");
  expect(path(order({ refunds: [{ id: 1 }] }))).toBe("order.refunds.total");
  expect(path(order({ refunds: [7] }))).toBe("order.refunds");
});

test("PHP's empty arrays and strange metas do not matter", () => {
  const state = stateOf(
    order({
      billing: [],
      meta_data: [null, { key: "_ref_code", value: ["x"] }, { key: 5 }],
      coupon_lines: null,
      fee_lines: null,
    }),
  );
  expect([state.buyer, state.evidence]).toStrictEqual([null, []]);
});

test("buyer: the address where there is one, else the account", () => {
  expect(recorded(34).buyer ?? "").toMatch(/^email:/);
  expect(stateOf(order({ customer_id: 2, billing: { email: "" } })).buyer).toBe("customer:2");
  expect(recorded(15).buyer).toBe("email:anna@example.com");
  expect(stateOf(order({ billing: { email: "" } })).buyer).toBe(null);
});

test("times are UTC; the store's own zone is never read", () => {
  const state = recorded(24);
  expect([state.placedAt, state.revision.at, state.orderName]).toStrictEqual([
    "2026-11-23T16:33:23Z",
    "2026-11-23T16:35:10Z",
    "#29",
  ]);
  expect(stateOf(order({ date_modified_gmt: null })).revision.at).toBe("2026-11-20T09:00:00Z");
});

test("within one second: refunds, then progress, then content; the plugin's bodies come after, by their time", () => {
  const refund = { id: 91, reason: "", total: "-1.00" };
  const ascending = [
    order({ status: "pending" }),
    order({ status: "processing" }),
    order({ status: "completed" }),
    order({ status: "processing", refunds: [refund] }),
    order({ status: "processing", refunds: [{ ...refund, total: "-12.00" }] }),
    order({ status: "refunded", refunds: [{ ...refund, id: 92 }, refund] }),
    pluginBody(restOrder([line], { total: "21.42", status: "pending" }), [], "2026-11-20T09:00:00Z"),
    pluginBody(restOrder([line], { total: "21.42", status: "pending" }), [], "2026-11-20T09:00:00.2Z"),
    pluginBody(restOrder([line], { total: "21.42" }), [], "2026-11-20T10:00:00.200001+01:00"),
    pluginBody(restOrder([line], { total: "21.42" }), [], "2026-11-20T09:00:00.21Z"),
    order({ date_modified_gmt: "2026-11-20T09:00:01", status: "pending" }),
  ].map((body) => stateOf(body).revision);
  ascending.forEach((a, i) => {
    ascending.forEach((b, j) => {
      expect(Math.sign(compareRevisions(a, b)), `${i} against ${j}`).toBe(Math.sign(i - j));
    });
  });
});

test("the same content is the same revision, in any order of keys and under any address of the store", () => {
  const shuffle = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffle)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, shuffle(member)]),
          )
        : value;
  const body = recordedDelivery(24).rawBody;
  const other = JSON.stringify({
    ...(shuffle(JSON.parse(body)) as object),
    _links: {},
    payment_url: "https://elsewhere.example",
  });
  expect(stateOf(other).revision).toStrictEqual(recorded(24).revision);
  expect(stateOf(body.replace("ANNA77", "ANNA78")).revision).not.toStrictEqual(recorded(24).revision);
});

test("whatever the order and duplication of the recorded deliveries, the newest state of each order is the same", () => {
  const states = recordedDeliveries
    .filter(({ signatureValid }) => signatureValid)
    .map(({ rawBody, headers }) => say(rawBody, headers["x-wc-webhook-topic"]))
    .flatMap((said) => (said.kind === "order" ? [said.state] : []));
  const newest = (arrived: readonly OrderState[]) => {
    const held = new Map<string, OrderState>();
    for (const state of arrived) {
      const other = held.get(state.orderId);
      if (!other || compareRevisions(state.revision, other.revision) > 0) held.set(state.orderId, state);
    }
    return Object.fromEntries([...held].sort(([a], [b]) => Number(a) - Number(b)));
  };
  const wanted = newest(states);
  expect(Object.values(wanted).map((state) => [state.orderId, state.platformStatus, state.refunds.length])).toStrictEqual([
    ["29", "refunded", 3],
    ["30", "cancelled", 0],
    ["31", "processing", 0],
    ["35", "refunded", 1],
    ["37", "processing", 0],
    ["78", "processing", 0],
    ["81", "processing", 0],
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray([...states, ...states], { minLength: states.length * 2 }), (arrived) => {
      expect(newest(arrived)).toStrictEqual(wanted);
    }),
    runs(100),
  );
});

test("a renewal, a resubscription and a switch are on subscription, an order that says nothing of one is not", () => {
  for (const key of ["_subscription_renewal", "_subscription_resubscribe", "_subscription_switch"])
    expect(stateOf(order({ meta_data: [{ id: 1, key, value: "77" }] })).subscription).toBe(true);
  expect(stateOf(order({ created_via: "subscription" })).subscription).toBe(true);
  for (const said of [{}, { created_via: "checkout" }, { meta_data: [null] }])
    expect(stateOf(order(said))).not.toHaveProperty("subscription");
});
