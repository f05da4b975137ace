import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { closePeriod } from "../period/close.ts";
import { explainSources } from "../period/explain-source.ts";
import { closeOf, networkOf, rowsOf } from "../period/testing.ts";
import { payoutCeiling } from "./ceiling.ts";
import { diffPlans } from "./diff.ts";
import { explainStep } from "./explain.ts";
import { parsePlan } from "./parse.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

/** Bases that other bonuses' pay is taken off, and of which a part counts; amounts are golden cases. */

const profit = {
  ...{ id: "profit", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.25" } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
};
const fast = {
  ...{ id: "fast", kind: "fast-start", snapshot: "order", window: { kind: "first-order" }, base: "net", replaces: [] },
  ...{ rates: { "*": ["0.1"] }, compression: "none", unqualifiedEarner: "none" },
};
const levels = {
  ...{ id: "levels", kind: "unilevel", snapshot: "order", rates: { "*": ["0.10"] }, levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
  base: { of: "net", less: ["profit"], partOf: { window: "fast", share: "0.30" } },
};
const plan = (...bonuses: object[]) => parsePlan(planOf({ bonuses: bonuses as never }));

test("an order's explanation tells what was taken off and which part counts", () => {
  const order = { lines: [lineOf({ netMinor: 10_001n })], upline: [distributorOf("a")], firstOrder: true };
  const { walk } = computeCommissions(orderOf(plan(levels, profit, fast), order));
  expect(walk.filter(({ bonusId }) => bonusId === "levels").map(explainStep)).toStrictEqual([
    'paid on net: 100.01 less 25.00 that "profit" paid = 75.01 USD; 30% of it counts while "fast" runs: 22.503 USD',
    "level 1: no rank earns 10% of 22.50 = 2.25 USD",
  ]);
  const later = computeCommissions(orderOf(plan({ ...levels, base: { of: "pv" } }, fast), { ...order, firstOrder: false }));
  expect(later.walk.filter(({ bonusId }) => bonusId === "levels").map(explainStep)).toStrictEqual([
    "paid on money for PV: 0.00 USD",
    "level 1: 10% of 0.00 rounds to nothing",
  ]);
});

test("the pay of an unqualified owner that stays with the company is nobody's, and nothing is taken off for it", () => {
  const strict = { ...profit, ownerMustBeActive: true, unqualifiedEarner: "company" };
  const order = { lines: [lineOf({ netMinor: 10_000n })], upline: [distributorOf("a", { status: "left" }), distributorOf("b")] };
  const second = { ...levels, levelOne: "sponsor" };
  const { entries } = computeCommissions(orderOf(plan(strict, fast, second), order));
  expect(entries.map(({ bonusId, earner, amountMinor }) => [bonusId, earner, amountMinor])).toStrictEqual([
    ["profit", null, 2500n],
    ["levels", "b", 1000n],
  ]);
});

test("each line of an order has its own deductions, also those that a close takes off", () => {
  const both = plan(levels, { ...levels, id: "closed", snapshot: "close", base: { of: "cv", less: ["profit"] } }, profit, fast);
  const lines = [
    lineOf({ lineId: "1", netMinor: 10_000n, cv: 1_000_000n }),
    lineOf({ lineId: "2", netMinor: 1_000n, cv: 10_550n }),
  ];
  const { entries, deductions } = computeCommissions(orderOf(both, { lines, upline: [distributorOf("a")] }));
  const paid = entries.filter(({ bonusId }) => bonusId === "levels").map(({ lineId, amountMinor }) => [lineId, amountMinor]);
  expect(paid).toStrictEqual([
    ["1", 750n],
    ["2", 75n],
  ]);
  // The second line paid 2.50 and its CV is worth 1.055: no more than its whole cents are taken off.
  expect(deductions).toStrictEqual({ closed: { "1": 2500n, "2": 105n } });
});

test("a close that does not know what orders paid is refused, and one that does tells what was left", () => {
  const closed = { ...levels, snapshot: "close", levelOne: "sponsor", base: { of: "net", less: ["profit"] } };
  const orders = { ...rowsOf([{ owner: 1, volume: 0 }]), netMinor: Float64Array.of(10_000) };
  const input = closeOf(plan(closed, profit), networkOf([-1, 0]), [], { orders });
  expect(() => closePeriod(input)).toThrow(
    '"levels" takes off what other bonuses paid on orders, and the input has no orders.lessMinor.levels',
  );
  const told = { ...input, orders: { ...orders, lessMinor: { levels: Float64Array.of(2500) } } };
  expect(explainSources(told, closePeriod(told), [1]).map(({ text }) => text)).toStrictEqual([
    "paid on net: of 100.00 75.00 USD count, after what orders were paid and where a part counts",
    "level 1: no rank earns 10% of 75.00 = 7.50 USD",
  ]);
});

test("a part that counts lowers the ceiling of orders in the window, and other bases than CV and net have none", () => {
  const start = { ...fast, rates: { "*": ["0.5"] } };
  const worst = (base: object) => payoutCeiling(plan({ ...levels, base }, start));
  // With the window open 50 % and 3 %, without it 10 %.
  expect(worst({ of: "net", partOf: { window: "fast", share: "0.30" } }).ofNet).toStrictEqual({ num: 53n, den: 100n });
  expect(worst({ of: "net" }).ofNet).toStrictEqual({ num: 3n, den: 5n });
  const priced = worst({ of: "retail" });
  expect([priced.ofNet, priced.bonuses[0]?.why]).toStrictEqual([
    null,
    "it is a share of the price before discounts, which may be any number of times the net",
  ]);
  expect(worst({ of: "pv" }).ofCv).toBeNull();
});

test("a newer version's base is told in words", () => {
  const before = plan({ ...levels, base: "net" }, profit, fast);
  const after = plan({ ...levels, base: { of: "net", less: ["profit"] }, appliesTo: { orders: "others" } }, profit, fast);
  expect(diffPlans(before, after).map(({ text }) => text)).toStrictEqual([
    'bonus "levels", applies to: new, orders "others"',
    'bonus "levels", base: "net" becomes net less what "profit" paid',
  ]);
});
