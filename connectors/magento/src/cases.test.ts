import { readFileSync } from "node:fs";
import {
  canonicalJson,
  DEFAULT_STORE_SETTINGS,
  type Json,
  netOfLine,
  type OrderState,
  orderState,
  PayloadError,
  refundedNet,
} from "@upline/core";
import { expect, test } from "vitest";
import { adjusted, document, ITEMS, item, row, told } from "../fixtures/facts.ts";
import { moduleBody } from "../fixtures/recorded.ts";
import { normalise } from "./normalise.ts";

/** Bodies that were read wrongly once, each with the right value, and others of their kind. */

const recordedCase = (name: string) => readFileSync(new URL(`../fixtures/cases/${name}.json`, import.meta.url), "utf8");

const say = (body: string) => normalise({ topic: "order.updated", body, settings: DEFAULT_STORE_SETTINGS });

function stateOf(body: string): OrderState {
  const said = say(body);
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
}

/** Net and refunded net by SKU. */
function money(state: OrderState): Record<string, [bigint, bigint]> {
  const back = refundedNet(state);
  return Object.fromEntries(state.lines.map((line) => [line.sku, [netOfLine(line), back.get(line.lineId) ?? 0n]]));
}

test("a number of 300 digits is cut, and what is stored can be read again", () => {
  const state = stateOf(recordedCase("magento-increment-id-300"));
  expect(state.orderName).toBe(`#${"9".repeat(254)}`);
  expect(orderState.parse(JSON.parse(canonicalJson(state as unknown as Json)))).toStrictEqual(state);
});

test("a body that says an order changed and holds none is a dead letter", () => {
  for (const [body, path] of [
    [recordedCase("module-order-updated-without-order"), "data.order"],
    ['{"type":"creditmemo.created","data":{}}', "data.creditmemo"],
  ] as const) {
    expect(() => say(body), path).toThrow(expect.toSatisfy((error) => error instanceof PayloadError && error.path === path));
  }
});

test("an adjustment counts as any goodwill does, up to the last cent", () => {
  const kept = (amount: number) => {
    const state = stateOf(told({ creditmemos: [adjusted(21, amount)] }).body);
    return 10000n - [...refundedNet(state).values()].reduce((all, part) => all + part, 0n);
  };
  expect([20, 50, 99.99, 100].map(kept)).toStrictEqual([8000n, 5000n, 1n, 0n]);
});

test("an adjustment and its mirror image give nothing back; a memo that names nothing gives its total", () => {
  const pair = document(21, [], 0, { base_adjustment_positive: 20, base_adjustment_negative: 20, base_adjustment: 0 });
  expect(money(stateOf(told({ creditmemos: [pair] }).body))).toStrictEqual({ A: [6000n, 0n], B: [4000n, 0n] });
  expect(money(stateOf(told({ creditmemos: [document(21, [], 20)] }).body))).toStrictEqual({
    A: [6000n, 1200n],
    B: [4000n, 800n],
  });
  const shipping = document(21, [], 15, { base_shipping_amount: 15 });
  expect(money(stateOf(told({ creditmemos: [shipping] }).body))).toStrictEqual({ A: [6000n, 0n], B: [4000n, 0n] });
});

test("an amount is a part of what was invoiced, not of the whole order", () => {
  const state = stateOf(told({ invoice: document(20, [row(1, 60)], 60), creditmemos: [adjusted(21, 30)] }).body);
  expect(money(state)).toStrictEqual({ A: [6000n, 3000n] });
});

test("documents that are listed twice are one, the later account of it", () => {
  const invoice = document(20, [row(1, 60), row(2, 40)], 100);
  const body = (memos: object[]) =>
    moduleBody({ order: JSON.parse(told({}).body).data.order, invoices: [invoice, invoice], creditmemos: memos as never[] });
  const memo = document(21, [row(2, 40)], 40);
  const undone = { ...memo, state: 3, updated_at: "2026-11-22 09:00:00" };
  expect(money(stateOf(body([memo, memo])))).toStrictEqual({ A: [6000n, 0n], B: [4000n, 4000n] });
  for (const memos of [
    [memo, undone],
    [undone, memo],
  ])
    expect(money(stateOf(body(memos)))).toStrictEqual({ A: [6000n, 0n], B: [4000n, 0n] });
});

test("the estimate of an order with a free bundle leaves the net with what was paid for", () => {
  // REST takes the discount off the children's row totals; the bundle's own row repeats their sum.
  const items = [
    item(1, "BUNDLE", 60, { product_type: "bundle", base_discount_amount: 0 }),
    item(2, "PART-A", 0, { parent_item_id: 1, base_discount_amount: 40 }),
    item(3, "PART-B", 0, { parent_item_id: 1, base_discount_amount: 20 }),
    item(4, "A", 40, { base_discount_amount: 0 }),
  ];
  const body = JSON.parse(told({ over: { state: "new", items, base_discount_amount: -60, base_grand_total: 40 } }).body).data;
  const state = stateOf(moduleBody({ order: body.order }));
  expect(money(state)).toStrictEqual({ "PART-A": [0n, 0n], "PART-B": [0n, 0n], A: [4000n, 0n] });
});

test("a row below zero is a discount of the whole order, and comes back with its goods", () => {
  const items = [...ITEMS, item(3, "REBATE", -10)];
  const rows = [row(1, 60), row(2, 40), row(3, -10)];
  const invoice = document(20, rows, 90);
  const over = { items, base_grand_total: 90, base_subtotal: 90 };
  expect(money(stateOf(told({ over, invoice }).body))).toStrictEqual({ A: [5400n, 0n], B: [3600n, 0n], REBATE: [0n, 0n] });
  const memo = document(21, [row(2, 40), row(3, -4)], 36);
  expect(money(stateOf(told({ over, invoice, creditmemos: [memo] }).body)).B).toStrictEqual([3600n, 3600n]);
});

test("a credit memo whose row has lost its item takes its own net", () => {
  const bySku = document(21, [row(9, 40, { order_item_id: 0, sku: "B" })], 40);
  expect(money(stateOf(told({ creditmemos: [bySku] }).body))).toStrictEqual({ A: [6000n, 0n], B: [4000n, 4000n] });
});

test("statuses of a store's own go before the state", () => {
  expect(stateOf(told({ over: { status: "chargeback" } }).body).stage).toStrictEqual({ kind: "void", reason: "chargeback" });
  expect(stateOf(told({ over: { status: "Disputed" } }).body).stage).toStrictEqual({ kind: "pending" });
});

test("the buyer's address, account and telephone are handed on", () => {
  const over = { customer_id: 12, customer_email: "Anna@Example.com", billing_address: { telephone: "0049 151 234567" } };
  expect(stateOf(told({ over }).body).buyerIdentities).toStrictEqual([
    { kind: "email", value: "anna@example.com" },
    { kind: "customer", value: "12" },
    { kind: "phone", value: "+49151234567" },
  ]);
});
