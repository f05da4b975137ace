import { readFileSync } from "node:fs";
import { DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, PayloadError, refundedNet } from "@upline/core";
import { expect, test } from "vitest";
import { A, B, B_GONE, back, byAmount, line, refund, told } from "../fixtures/facts.ts";
import { normalise } from "./normalise.ts";

/** Bodies that were read wrongly once, each with the right value, and others of their kind. */

const recordedCase = (name: string) => readFileSync(new URL(`../fixtures/cases/${name}.json`, import.meta.url), "utf8");

const say = (body: string, topic = "orders/updated") => normalise({ topic, body, settings: DEFAULT_STORE_SETTINGS });

function stateOf(body: string): OrderState {
  const said = say(body);
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
}

/** Net and refunded net by SKU. */
function money(state: OrderState): Record<string, [bigint, bigint]> {
  const given = refundedNet(state);
  return Object.fromEntries(state.lines.map((sold) => [sold.sku ?? sold.name, [netOfLine(sold), given.get(sold.lineId) ?? 0n]]));
}

test("a line id that stands twice is refused with the field's name, mapped or not", () => {
  for (const name of ["shopify-duplicate-line-id-mapped", "shopify-duplicate-line-id-unmapped"]) {
    expect(() => say(recordedCase(name)), name).toThrow(
      expect.toSatisfy((error) => error instanceof PayloadError && error.path === "$.line_items[1].id"),
    );
  }
});

test("a refund that is listed twice counts once", () => {
  expect(money(stateOf(recordedCase("shopify-refund-twice-in-list")))).toStrictEqual({ "UP-A": [10000n, 1000n] });
});

test("of a refund that is listed twice the account counts whose money has moved; pieces are not put back twice", () => {
  const made = refund(21, "40.00", [back(2, "40.00")]);
  const waiting = refund(21, null, [back(2, "40.00")], {
    transactions: [{ status: "pending", amount: "40.00", currency: "EUR" }],
  });
  for (const refunds of [
    [made, waiting],
    [waiting, made],
  ])
    expect(money(stateOf(told([A, B_GONE], refunds).body)).B).toStrictEqual([4000n, 4000n]);
  const three = line(2, "B", "10.00", { quantity: 3, current_quantity: 1 });
  const oneBack = refund(21, "10.00", [back(2, "10.00")]);
  expect(money(stateOf(told([A, three], [oneBack, oneBack]).body)).B, "one of three edited away").toStrictEqual([2000n, 1000n]);
});

test("one transaction or adjustment told twice is one", () => {
  const once = byAmount(21, "20.00");
  const [transaction] = once.transactions as object[];
  const [adjustment] = once.order_adjustments as object[];
  const twice = { ...once, transactions: [transaction, transaction], order_adjustments: [adjustment, adjustment] };
  expect(stateOf(told([A, B], [twice]).body).refunds[0]?.proratedMinor).toBe(2000n);
});

test("an exchange uses the credit of what came back up, so that goodwill after it counts", () => {
  const C = line(3, "C", "40.00");
  const returned = refund(21, null, [back(2, "40.00")]);
  const state = stateOf(told([A, B_GONE, C], [returned, byAmount(22, "10.00")], { current_total_price: "100.00" }).body);
  // 10.00 of the 100.00 that the buyer still has: 6.00 from A and 4.00 from C.
  expect(money(state)).toStrictEqual({ A: [6000n, 600n], B: [4000n, 4000n], C: [4000n, 400n] });
  const cheaper = line(3, "C", "25.00");
  const difference = stateOf(
    told([A, B_GONE, cheaper], [returned, byAmount(22, "15.00")], { current_total_price: "85.00" }).body,
  );
  expect(money(difference), "the difference is paid out").toStrictEqual({ A: [6000n, 0n], B: [4000n, 4000n], C: [2500n, 0n] });
});

test("money for goods that an edit took off takes nothing from what stands", () => {
  const edited = { current_total_price: "60.00" };
  const paidBack = stateOf(told([A, B_GONE], [byAmount(21, "40.00")], edited).body);
  expect(money(paidBack)).toStrictEqual({ A: [6000n, 0n], B: [0n, 0n] });
  const goodwillToo = stateOf(told([A, B_GONE], [byAmount(21, "40.00"), byAmount(22, "6.00")], edited).body);
  expect(money(goodwillToo)).toStrictEqual({ A: [6000n, 600n], B: [0n, 0n] });
});

test("a refund that was told by itself and failed later is named as not made", () => {
  const alone = say(JSON.stringify({ ...refund(21, "40.00", [back(2, "40.00")]), order_id: 70 }), "refunds/create");
  expect(alone.kind).toBe("refund");
  const failed = refund(21, null, [back(2, "40.00")], {
    transactions: [{ status: "failure", amount: "40.00", currency: "EUR" }],
  });
  const state = stateOf(told([A, B_GONE], [failed]).body);
  expect([state.refunds, state.refundsNotMade]).toStrictEqual([[], ["21"]]);
});

test("a tip without its mark is known by what the order says was tipped, or by its name", () => {
  const tip = { ...line(3, "", "5.00"), variant_id: null, product_id: null, name: "Thank you" };
  const state = stateOf(told([A, B, tip], [], { total_tip_received: "5.00", total_price: "105.00" }).body);
  expect(state.lines.map(({ kind }) => kind)).toStrictEqual(["product", "product", "tip"]);
  expect(stateOf(told([A, { ...tip, name: "Tip" }]).body).lines[1]?.kind).toBe("tip");
  const own = { ...tip, name: "Wrapping" };
  expect(stateOf(told([A, own]).body).lines[1]?.kind, "a custom line that nobody calls a tip").toBe("product");
  expect(
    stateOf(told([line(1, "A", "5.00")], [], { total_tip_received: "5.00" }).body).lines[0]?.kind,
    "an article of that price",
  ).toBe("product");
});
