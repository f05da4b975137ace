import { readFileSync } from "node:fs";
import { DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet, type StoreSettings } from "@upline/core";
import { expect, test } from "vitest";
import { A, B, told } from "../fixtures/facts.ts";
import { refundLine, restRefund } from "../fixtures/plugin.ts";
import { normalise } from "./normalise.ts";

/** Bodies that were read wrongly once, each with the right value, and others of their kind. */

const recordedCase = (name: string) => readFileSync(new URL(`../fixtures/cases/${name}.json`, import.meta.url), "utf8");

function stateOf(body: string, settings: StoreSettings = DEFAULT_STORE_SETTINGS): OrderState {
  const said = normalise({ topic: "order.updated", body, settings });
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
}

/** Net and refunded net by SKU, of the lines that have one. */
function money(state: OrderState): Record<string, [bigint, bigint]> {
  const back = refundedNet(state);
  return Object.fromEntries(
    state.lines.flatMap((line) => (line.sku ? [[line.sku, [netOfLine(line), back.get(line.lineId) ?? 0n]]] : [])),
  );
}

const fee = (id: number, name: string, total: string, total_tax = "0.00") => ({ id, name, total, total_tax });
const back = (id: number, amount: string, line: number, total: string, over = {}) =>
  restRefund(id, amount, [refundLine(line, total, "0.00")], over);
const A120 = { ...A, subtotal: "120.00", total: "120.00" };
const B80 = { ...B, subtotal: "80.00", total: "80.00" };
const POINTS = { total: "150.00", fee_lines: [fee(8, "Points", "-50.00")] };

test("a line that was refunded and then edited away takes nothing from the others", () => {
  const bodies = [1, 2, 3].map((step) => stateOf(recordedCase(`woo-refunded-line-then-edited-away-${step}`)));
  expect(bodies.map(money)).toStrictEqual([
    { "STK-001": [5000n, 0n], "GRN-030": [2000n, 0n] },
    { "STK-001": [5000n, 5000n], "GRN-030": [2000n, 0n] },
    { "GRN-030": [2000n, 0n] },
  ]);
});

test("nor does it make a later amount larger than it is", () => {
  const gone = restRefund(21, "60.00", [refundLine(1, "-60.00", "0.00")]);
  const state = stateOf(told([B], [gone, restRefund(22, "10.00")], { total: "40.00" }).body);
  expect(money(state)).toStrictEqual({ B: [4000n, 1000n] });
});

test("the same where the account of the refund was kept from before the edit", () => {
  const before = stateOf(told([A, B], [restRefund(21, "71.40", [refundLine(1, "-60.00", "-11.40")])]).body);
  const after = stateOf(told([B], [], { total: "40.00" }).body);
  expect(money({ ...after, refunds: before.refunds })).toStrictEqual({ B: [4000n, 0n] });
});

test("a body that says an order changed and holds none is a dead letter", () => {
  const read = () =>
    normalise({ topic: "", body: recordedCase("plugin-order-updated-without-order"), settings: DEFAULT_STORE_SETTINGS });
  expect(read).toThrow(expect.toSatisfy((error) => error instanceof PayloadError && error.path === "data.order"));
});

test("a fee below zero lowers the net: nobody received that money", () => {
  expect(money(stateOf(told([{ ...A, subtotal: "200.00", total: "200.00" }], [], POINTS).body))).toStrictEqual({
    A: [15000n, 0n],
  });
  const whole = stateOf(told([A120, B80], [], POINTS).body);
  expect(money(whole)).toStrictEqual({ A: [9000n, 0n], B: [6000n, 0n] });
  expect(whole.lines.map(({ lineId, discountMinor }) => [lineId, discountMinor])).toStrictEqual([
    ["1", 3000n],
    ["2", 2000n],
    ["8", 0n],
  ]);
});

test("and what comes back with the goods it lowered, comes back with them", () => {
  // B's 80.00 less its 20.00 of the points: 60.00 paid back.
  const withFee = back(21, "60.00", 2, "-80.00", { fee_lines: [fee(20, "", "20.00")] });
  expect(money(stateOf(told([A120, B80], [withFee], POINTS).body))).toStrictEqual({ A: [9000n, 0n], B: [6000n, 6000n] });
  const half = back(21, "30.00", 2, "-40.00", { fee_lines: [fee(20, "", "10.00")] });
  expect(money(stateOf(told([A120, B80], [half], POINTS).body))).toStrictEqual({ A: [9000n, 0n], B: [6000n, 3000n] });
  // Paid back at its full 80.00: of the 150.00 the shop keeps 70.00.
  const full = back(21, "80.00", 2, "-80.00");
  expect(money(stateOf(told([A120, B80], [full], POINTS).body))).toStrictEqual({ A: [9000n, 2000n], B: [6000n, 6000n] });
});

test("a cent that does not divide goes to the largest remainder", () => {
  const lines = [1, 2, 3].map((id) => ({ ...A, id, sku: `S${id}`, subtotal: "10.00", total: "10.00" }));
  const state = stateOf(told(lines, [], { total: "29.99", fee_lines: [fee(8, "Bulk", "-0.01")] }).body);
  expect(money(state)).toStrictEqual({ S1: [999n, 0n], S2: [1000n, 0n], S3: [1000n, 0n] });
});

test("a line of negative price is a discount of the whole order", () => {
  const rebate = { ...A, id: 9, sku: "REBATE", subtotal: "-10.00", total: "-10.00" };
  const state = stateOf(told([A, B, rebate], [], { total: "90.00" }).body);
  expect(money(state)).toStrictEqual({ A: [5400n, 0n], B: [3600n, 0n], REBATE: [0n, 0n] });
});

test("a fee that the store names as a means of payment lowers nothing", () => {
  const settings = { ...DEFAULT_STORE_SETTINGS, paymentFees: ["via wallet"] };
  const wallet = { total: "150.00", fee_lines: [fee(8, " Via Wallet", "-50.00")] };
  expect(money(stateOf(told([A120, B80], [], wallet).body, settings))).toStrictEqual({ A: [12000n, 0n], B: [8000n, 0n] });
  const amount = stateOf(told([A120, B80], [restRefund(21, "100.00")], wallet).body, settings);
  expect(money(amount)).toStrictEqual({ A: [12000n, 6000n], B: [8000n, 4000n] });
  const withFee = back(21, "60.00", 2, "-80.00", { fee_lines: [fee(20, "", "20.00")] });
  expect(money(stateOf(told([A120, B80], [withFee], wallet).body, settings))).toStrictEqual({
    A: [12000n, 0n],
    B: [8000n, 8000n],
  });
});

test("beside fees below zero a fee that was charged comes back as any other", () => {
  const both = { total: "155.00", fee_lines: [fee(8, "Points", "-50.00"), fee(7, "Wrapping", "5.00")] };
  const wrapping = restRefund(21, "5.00", [], { fee_lines: [fee(20, "Wrapping", "-5.00")] });
  expect(money(stateOf(told([A120, B80], [wrapping], both).body))).toStrictEqual({ A: [9000n, 0n], B: [6000n, 0n] });
});

test("a tip that is no article of the shop is no sale", () => {
  const tip = { ...A, id: 3, product_id: 0, sku: "", name: "Trinkgeld", subtotal: "5.00", total: "5.00" };
  expect(stateOf(told([A, tip]).body).lines.map(({ kind }) => kind)).toStrictEqual(["product", "tip"]);
});

test("a refund whose line cannot be told takes its own net, from the lines that it may be", () => {
  // Shipping of 20.00 is a part of the total, not of what came back.
  const over = { total: "120.00", shipping_lines: [{ id: 5, total: "20.00", total_tax: "0.00" }] };
  const lost = (product_id: number) =>
    restRefund(21, "30.00", [refundLine(0, "-30.00", "0.00", { meta_data: [], product_id, variation_id: 0 })]);
  expect(money(stateOf(told([A, B], [lost(0)], over).body))).toStrictEqual({ A: [6000n, 1800n], B: [4000n, 1200n] });
  const twins = [A, { ...B, product_id: A.product_id }, { ...B, id: 3, sku: "C" }];
  expect(money(stateOf(told(twins, [lost(A.product_id)], { total: "140.00" }).body))).toStrictEqual({
    A: [6000n, 1800n],
    B: [4000n, 1200n],
    C: [4000n, 0n],
  });
});

test("statuses of a store's own: a chargeback takes all back, a dispute waits, whatever the payment date says", () => {
  const stage = (status: string, statuses?: StoreSettings["statuses"]) =>
    stateOf(told([A, B], [], { status }).body, statuses ? { ...DEFAULT_STORE_SETTINGS, statuses } : DEFAULT_STORE_SETTINGS).stage;
  expect(stage("chargeback")).toStrictEqual({ kind: "void", reason: "chargeback" });
  expect(stage("disputed")).toStrictEqual({ kind: "pending" });
  expect(stage("partially-paid")).toStrictEqual({ kind: "pending" });
  expect(stage("verloren", { verloren: "chargeback" })).toStrictEqual({ kind: "void", reason: "chargeback" });
  expect(stage("on-hold", { "on-hold": "earned" })).toStrictEqual({ kind: "earned" });
  expect(stage("Partially_Paid")).toStrictEqual({ kind: "pending" });
  expect(stage("packed")).toStrictEqual({ kind: "earned" });
  expect(stage("constructor", { packed: "pending" })).toStrictEqual({ kind: "earned" });
});

test("what people read is cut and cleaned, what decides is refused", () => {
  const state = stateOf(told([{ ...A, name: `${"ä".repeat(400)}\u0000` } as typeof A, B], [], { number: "9".repeat(300) }).body);
  expect([state.lines[0]?.name.length, state.orderName.length]).toStrictEqual([255, 255]);
  expect(stateOf(told([{ ...A, name: "Kit\u0000" } as typeof A, B]).body).lines[0]?.name).toBe("Kit");
  const path = (lines: (typeof A)[], over = {}) => {
    try {
      stateOf(told(lines, [], over).body);
      return "was read";
    } catch (error) {
      return (error as PayloadError).path;
    }
  };
  expect(path([A, B], { date_created_gmt: "1969-12-31T23:59:59" })).toBe("order.placedAt");
  expect(path([{ ...A, total: "1e15", subtotal: "1e15" }, B])).toMatch(/^order\..*Minor$/);
  expect(path([{ ...A, quantity: 1e12 }, B])).toBe("order.lines[0].quantity");
  expect(path([A, B], { fee_lines: [fee(2, "Handling", "1.00")] })).toBe("order.fee_lines[0].id");
});

test("the buyer's address, account and telephone are handed on, each once", () => {
  const { buyerIdentities } = stateOf(
    told([A, B], [], { customer_id: 12, billing: { email: "ANNA@Example.com ", phone: "+49 (151) 234-567" } }).body,
  );
  expect(buyerIdentities).toStrictEqual([
    { kind: "email", value: "anna@example.com" },
    { kind: "customer", value: "12" },
    { kind: "phone", value: "+49151234567" },
  ]);
});
