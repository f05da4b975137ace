import { compareRevisions, DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { moduleBody, recorded, recordedStages } from "../fixtures/recorded.ts";
import { normalise } from "./normalise.ts";

type Fields = Record<string, unknown>;

const say = (body: string) => normalise({ topic: "order.updated", body, settings: DEFAULT_STORE_SETTINGS });
const stateOf = (body: string): OrderState => {
  const said = say(body);
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};
const stage = (name: string) => stateOf(recordedStages.find((one) => one.name === name)!.body);
const net = (state: OrderState) => state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
const back = (state: OrderState) => [...refundedNet(state).values()].reduce((sum, part) => sum + part, 0n);

const row = (
  order_item_id: number,
  qty: number,
  total: number | string | null,
  discount: number | string = 0,
  compensation: number | string = 0,
) => ({
  order_item_id,
  qty,
  base_row_total: total,
  base_discount_amount: discount,
  base_discount_tax_compensation_amount: compensation,
});
const invoice = (items: Fields[], over: Fields = {}): Fields => ({
  entity_id: 71,
  state: 2,
  base_grand_total: 100,
  created_at: "2026-11-20 09:00:00",
  updated_at: "2026-11-20 09:00:00",
  items,
  ...over,
});
const item = (item_id: number, over: Fields = {}): Fields => ({
  item_id,
  product_id: 500 + item_id,
  product_type: "simple",
  sku: `S${item_id}`,
  name: `S${item_id}`,
  qty_ordered: 1,
  ...over,
});
const order = (items: Fields[], over: Fields = {}): Fields => ({
  entity_id: 70,
  increment_id: "000000070",
  state: "processing",
  status: "processing",
  base_currency_code: "USD",
  base_grand_total: 100,
  created_at: "2026-11-20 08:59:59",
  updated_at: "2026-11-20 09:00:00",
  items,
  ...over,
});

test("order 02: configurable, both bundles and the virtual product count once each", () => {
  const wanted = [
    ["SKU-CONF-BLUE", "5", "3", 2, 9000n],
    ["SKU-PART-A", "8", "6", 2, 3600n],
    ["SKU-PART-B", "8", "7", 4, 1800n],
    ["SKU-BUNDLE-FIX", "9", "9", 1, 9000n],
    ["SKU-VIRT", "2", "2", 1, 2700n],
  ];
  for (const name of ["order-02-complex-pending", "order-02-complex-partially-refunded"]) {
    const { lines } = stage(name);
    expect(
      lines.map((line) => [line.sku, line.productId, line.variantId, line.quantity, netOfLine(line)]),
      name,
    ).toStrictEqual(wanted);
  }
});

test("order 02: one configurable and half of the dynamic bundle given back: 45 + 18 + 9", () => {
  const [memo] = stage("order-02-complex-partially-refunded").refunds;
  expect(memo).toStrictEqual({
    refundId: "3",
    at: "2026-11-23T16:37:31Z",
    amountMinor: 11140n,
    proratedMinor: 0n,
    detail: "full",
    lines: [
      { lineId: "12", netMinor: 4500n },
      { lineId: "15", netMinor: 1800n },
      { lineId: "16", netMinor: 900n },
    ],
  });
});

test("order 01: earned as far as invoiced; adjustments scale nothing, and closed is not waited for", () => {
  const partly = stage("order-01-simple-partially-invoiced");
  expect([partly.stage, partly.lines[0]?.quantity, net(partly), partly.totalMinor]).toStrictEqual([
    { kind: "earned" },
    1,
    9000n,
    33900n,
  ]);
  const all = stage("order-01-simple-after-full-refund");
  expect(all.refunds.map(({ refundId, amountMinor, proratedMinor }) => [refundId, amountMinor, proratedMinor])).toStrictEqual([
    ["1", 10550n, 0n],
    ["2", 22200n, 0n],
  ]);
  expect([all.platformStatus, back(all)]).toStrictEqual(["complete", 27000n]);
});

test("list envelopes are read as lists, and credit_memos as creditmemos", () => {
  const body = JSON.stringify({
    order: recorded("order-01-simple-after-full-refund"),
    invoices: recorded("invoices-list-by-order"),
    credit_memos: [recorded("creditmemo-01a-partial"), recorded("creditmemo-01b-rest")],
  });
  const { revision: one, ...state } = stateOf(body);
  const { revision: other, ...wanted } = stage("order-01-simple-after-full-refund");
  expect(state).toStrictEqual(wanted);
  expect(one.at).toBe(other.at);
});

test("the documents are the money: an order that has some, told without them, is only a hint", () => {
  const hint = { kind: "hint", entity: "order", id: "2" };
  expect(say(JSON.stringify(recorded("order-01-simple-complete")))).toStrictEqual(hint);
  expect(
    say(JSON.stringify({ order: recorded("order-01-simple-partially-refunded"), invoices: recorded("invoices-list-by-order") })),
  ).toStrictEqual(hint);
  expect(say(JSON.stringify(recorded("order-01-simple-pending"))).kind).toBe("order");
  expect(say('{"type":"invoice.created","data":{"invoice":{"entity_id":5,"order_id":"2"}}}')).toStrictEqual(hint);
});

test("prices that include tax: the compensation belongs to the net, in documents and in every reading of order items", () => {
  // 3 × 100 with 20 % inside (250 without), 10 % off the taxed price: 30, of which 5 is tax. Net 225.
  const invoiced = stateOf(
    moduleBody({ order: order([item(1, { qty_ordered: 3 })]), invoices: [invoice([row(1, 3, 250, 30, 5)])] }),
  );
  expect([
    net(invoiced),
    invoiced.lines[0]?.grossMinor,
    invoiced.lines[0]?.discountMinor,
    invoiced.lines[0]?.includedTaxMinor,
  ]).toStrictEqual([22500n, 25000n, 2500n, 0n]);
  const header = { state: "new", base_subtotal: 250, base_discount_amount: -30, base_discount_tax_compensation_amount: 5 };
  const money = { base_discount_amount: 30, base_discount_tax_compensation_amount: 5 };
  for (const base_row_total of [220, 250, 270]) {
    const pending = stateOf(moduleBody({ order: order([item(1, { base_row_total, ...money })], header) }));
    expect([pending.stage.kind, net(pending)], `row total ${base_row_total}`).toStrictEqual(["pending", 22500n]);
  }
});

test("the estimate takes a discount on shipping out of the header's, and spreads what no reading of the items gives", () => {
  const header = { state: "new", base_subtotal: 300, base_discount_amount: -32.5, base_shipping_discount_amount: 2.5 };
  const items = [
    item(1, { base_row_total: 180, base_discount_amount: 20 }),
    item(2, { base_row_total: 90, base_discount_amount: 10 }),
  ];
  expect(net(stateOf(moduleBody({ order: order(items, header) })))).toBe(27000n);
  const strange = [
    item(1, { base_row_total: 222.22, base_discount_amount: 20 }),
    item(2, { base_row_total: 111.11, base_discount_amount: 10 }),
  ];
  const spread = stateOf(moduleBody({ order: order(strange, header) }));
  expect(spread.lines.map(netOfLine)).toStrictEqual([18000n, 9000n]);
});

test("parent and child lines of newer versions: a row total of zero where others have none", () => {
  const items = [
    item(1, { product_type: "configurable", sku: "V" }),
    item(2, { parent_item_id: 1, sku: "V" }),
    item(3, { product_type: "bundle" }),
    item(4, { parent_item_id: 3 }),
    item(5, { parent_item_id: "3" }),
  ];
  const rows = [row(1, 1, 50, 5), row(2, 1, 0), row(3, 1, 60), row(4, 1, 40, 4), row(5, 2, 0)];
  const { lines } = stateOf(moduleBody({ order: order(items), invoices: [invoice(rows)] }));
  expect(lines.map((line) => [line.lineId, line.variantId, line.productId, netOfLine(line)])).toStrictEqual([
    ["1", "502", "501", 4500n],
    ["4", "504", "503", 3600n],
    ["5", "505", "503", 0n],
  ]);
});

test("invoices and credit memos that are open or cancelled are no money", () => {
  const invoices = [
    invoice([row(1, 1, 90)]),
    invoice([row(1, 1, 80)], { entity_id: 72, state: 1 }),
    invoice([row(1, 1, 70)], { entity_id: 73, state: 3 }),
  ];
  const creditmemos = [
    invoice([row(1, 1, 20)], { entity_id: 81, state: 3 }),
    invoice([row(1, 1, 10)], { entity_id: "82", state: "2", base_grand_total: 10 }),
  ];
  const state = stateOf(moduleBody({ order: order([item(1)]), invoices, creditmemos }));
  expect([net(state), back(state), state.refunds.map(({ refundId }) => refundId)]).toStrictEqual([9000n, 1000n, ["82"]]);
});

test("the state decides, the status is only shown", () => {
  const paid = [invoice([row(1, 1, 90)])];
  const of = (state: string, invoices: Fields[]) =>
    stateOf(moduleBody({ order: order([item(1, { base_row_total: 90 })], { state, status: "fraud" }), invoices })).stage;
  for (const state of ["new", "pending_payment", "payment_review", "holded"]) {
    expect([of(state, []), of(state, paid)], state).toStrictEqual([{ kind: "pending" }, { kind: "pending" }]);
  }
  for (const state of ["processing", "complete", "a shop's own"])
    expect([of(state, []), of(state, paid)], state).toStrictEqual([{ kind: "pending" }, { kind: "earned" }]);
  for (const state of ["canceled", "closed"])
    expect([of(state, []), of(state, paid)], state).toStrictEqual([{ kind: "void", reason: "cancelled" }, { kind: "earned" }]);
  expect(stateOf(moduleBody({ order: order([item(1)], { status: "pending" }) })).platformStatus).toBe("processing (pending)");
});

test("base currency, exact decimals: rows are added before they are rounded", () => {
  const rows = [row(1, 1, 33.3333), row(1, 1, 33.3333), row(1, 1, "33.3334", "0.0000")];
  const money = (base_currency_code: string) =>
    net(
      stateOf(
        moduleBody({
          order: order([item(1)], { base_currency_code, order_currency_code: "EUR", base_to_order_rate: 0.9 }),
          invoices: rows.map((one, index) => invoice([one], { entity_id: 71 + index })),
        }),
      ),
    );
  expect(["USD", "JPY", "KWD"].map(money)).toStrictEqual([10000n, 100n, 100000n]);
  const noise = stateOf(moduleBody({ order: order([item(1)]), invoices: [invoice([row(1, 1, 13.330000000000002)])] }));
  expect(net(noise)).toBe(1333n);
});

test("gift cards earn nothing", () => {
  const state = stateOf(
    moduleBody({ order: order([item(1, { product_type: "giftcard" })]), invoices: [invoice([row(1, 1, 50)])] }),
  );
  expect([state.lines[0]?.kind, net(state)]).toStrictEqual(["gift-card", 0n]);
});

test("evidence: the module's attribute, the store's own ones, the coupon; an empty PHP array is nothing", () => {
  expect(stage("order-01-simple-pending").evidence).toStrictEqual([
    { source: "cart-attribute", code: "ALICE42", where: "extension_attributes.referral_code" },
    { source: "discount-code", code: "SAVE10", where: "coupon_code" },
  ]);
  const of = (extension_attributes: unknown) =>
    stateOf(moduleBody({ order: order([item(1)], { extension_attributes }) })).evidence;
  expect(of([])).toStrictEqual([]);
  expect(of(null)).toStrictEqual([]);
  expect(of({ referral_code: "  ", ref: 7, ref_code: "7" })).toStrictEqual([
    { source: "cart-attribute", code: "7", where: "extension_attributes.ref_code" },
  ]);
});

test("buyer: the address, else the account", () => {
  const buyer = (over: Fields) => stateOf(moduleBody({ order: order([item(1)], over) })).buyer;
  expect(stage("order-01-simple-pending").buyer).toBe("email:guest@example.com");
  expect(buyer({ customer_id: "12", customer_email: "a@example.com" })).toBe("email:a@example.com");
  expect(buyer({ customer_id: "12" })).toBe("customer:12");
  expect(buyer({})).toBe(null);
});

test("what cannot be understood names the field", () => {
  const path = (body: string) => {
    try {
      say(body);
    } catch (error) {
      assert.ok(error instanceof PayloadError);
      return error.path;
    }
    return expect.fail("was read");
  };
  expect(path(moduleBody({ order: order([item(1)], { base_grand_total: "1,5" }) }))).toBe("order.base_grand_total");
  expect(path(moduleBody({ order: order([item(1)], { base_currency_code: null }) }))).toBe("order.base_currency_code");
  expect(path(moduleBody({ order: order([item(1)]), invoices: [invoice([row(1, 1, "x")])] }))).toBe(
    "invoices[0].items[0].base_row_total",
  );
  expect(path(moduleBody({ order: order([item(1)]), invoices: [invoice([row(9, 1, 5)])] }))).toBe("order.items");
  expect(path(JSON.stringify({ order: order([item(1)]), invoices: "none" }))).toBe("invoices");
  expect(path(moduleBody({ order: order([item(1)], { created_at: "soon" }) }))).toBe("order.created_at");
});

test("other bodies", () => {
  expect(say('{"type":"customer.updated","data":{"customer":{"id":"9007199254740993"}}}')).toStrictEqual({
    kind: "hint",
    entity: "customer",
    id: "9007199254740993",
  });
  expect(say('{"type":"store.disconnected","data":{}}')).toStrictEqual({ kind: "shop", event: "store.disconnected" });
  expect(say('{"type":"test","data":{}}').kind).toBe("ignored");
});

test("stages that fall into one second are ordered by their documents, whatever arrives when", () => {
  const held = recordedStages.map(({ body }) => stateOf(body));
  const life = held.filter(({ orderId }) => orderId === "2");
  life.slice(1).forEach((state, index) => {
    assert.ok(compareRevisions(state.revision, life[index]!.revision) > 0, `stage ${index + 1}`);
  });
  const newest = (arrived: readonly OrderState[]) => {
    const byId = new Map<string, OrderState>();
    for (const state of arrived) {
      const other = byId.get(state.orderId);
      if (!other || compareRevisions(state.revision, other.revision) > 0) byId.set(state.orderId, state);
    }
    return Object.fromEntries(byId);
  };
  fc.assert(
    fc.property(fc.shuffledSubarray([...held, ...held], { minLength: held.length * 2 }), (arrived) => {
      expect(newest(arrived)).toStrictEqual({ 2: life.at(-1), 4: held.at(-1) });
    }),
    runs(100),
  );
});

test("the module's own time decides within a second, and a document's time counts for its order", () => {
  const at = (timestamp: string | undefined, over: Fields = {}) =>
    stateOf(moduleBody({ order: order([item(1)], over), ...(timestamp ? { timestamp } : {}) })).revision;
  assert.ok(compareRevisions(at("2026-11-20T09:00:00.3Z"), at("2026-11-20T09:00:00.25Z")) > 0);
  assert.ok(compareRevisions(at("2026-11-20T09:00:00.25Z", { state: "new" }), at(undefined)) > 0);
  const late = stateOf(
    moduleBody({ order: order([item(1)]), invoices: [invoice([row(1, 1, 90)], { updated_at: "2026-11-20 09:00:07" })] }),
  );
  expect(late.revision.at).toBe("2026-11-20T09:00:07Z");
});

test("any split of an order into invoices and of its refund into credit memos nets to the cent", () => {
  const cents = fc.integer({ min: 0, max: 500_000 }).map((value) => value / 100);
  fc.assert(
    fc.property(fc.array(fc.tuple(cents, cents), { minLength: 1, maxLength: 6 }), (parts) => {
      const rows = parts.map(([total, discount]) => row(1, 1, total, Math.min(total, discount)));
      const documents = (first: number) => rows.map((one, index) => invoice([one], { entity_id: first + index }));
      const state = stateOf(moduleBody({ order: order([item(1)]), invoices: documents(100), creditmemos: documents(200) }));
      const wanted = rows.reduce(
        (sum, one) => sum + Math.round(Number(one.base_row_total) * 100) - Math.round(Number(one.base_discount_amount) * 100),
        0,
      );
      expect(net(state)).toBe(BigInt(wanted));
      expect(back(state)).toBe(BigInt(wanted));
    }),
    runs(200),
  );
});
