import { assert, expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { formatAmount } from "../money.ts";
import type { UplineDistributor } from "../order-facts.ts";
import { explainStep } from "./explain.ts";
import { parsePlan } from "./parse.ts";
import type { Bonus, Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "./testing.ts";

const ranks = ["bronze", "silver", "gold"].map((id) => rankOf(id));
const planWith = (bonus: Bonus, more: Partial<Plan> = {}): Plan => parsePlan(planOf({ ranks, bonuses: [bonus], ...more }));
const line = (...list: (readonly [string, string | null, Partial<UplineDistributor>?])[]): UplineDistributor[] =>
  list.map(([id, rank, more]) => distributorOf(id, { rank, ...more }));

function paid(plan: Plan, upline: UplineDistributor[], more: Parameters<typeof orderOf>[1] = {}): string[] {
  return computeCommissions(
    orderOf(plan, { lines: [lineOf({ cv: 100_0000n, netMinor: 10_000n })], upline, ...more }),
  ).entries.map((entry) => `${entry.earner ?? "company"} L${entry.level} ${formatAmount(entry.amountMinor, "USD")}`);
}

test("infinity, blocked: ends at an equal or higher rank, unless the sale is close enough under them", () => {
  const infinity = (levelsUnder: number): Bonus => ({
    id: "infinity",
    kind: "infinity",
    snapshot: "order",
    base: "cv",
    rates: { silver: "0.02", gold: "0.03" },
    belowLevel: 2,
    pay: { mode: "blocked", levelsUnder },
  });
  const upline = line(["a", "bronze"], ["b", "silver"], ["c", "silver"], ["d", "gold"], ["e", "gold"]);
  expect(paid(planWith(infinity(0)), upline)).toStrictEqual(["d L4 3.00"]);
  expect(paid(planWith(infinity(2)), upline)).toStrictEqual(["c L3 2.00", "d L4 3.00"]);
});

test("infinity, differential and additive: what is paid never exceeds the highest share or the budget", () => {
  const rates = { bronze: "0.01", silver: "0.02", gold: "0.03" };
  const upline = line(["a", "gold"], ["b", "bronze"], ["c", "silver"], ["d", "bronze"], ["e", "gold"]);
  const differential: Bonus = {
    id: "infinity",
    kind: "infinity",
    snapshot: "order",
    base: "cv",
    rates,
    belowLevel: 1,
    pay: { mode: "differential" },
  };
  expect(paid(planWith(differential), upline)).toStrictEqual(["b L2 1.00", "c L3 1.00", "e L5 1.00"]);
  const additive: Bonus = {
    ...differential,
    snapshot: "order",
    belowLevel: 0,
    pay: { mode: "additive-until-max", budget: "0.045" },
  };
  expect(paid(planWith(additive), upline)).toStrictEqual(["b L2 1.00", "c L3 2.00", "e L5 1.50"]);
});

test("pass-up: the first of a sponsor pay one higher, by cascade further", () => {
  const passUp = (cascades: boolean): Plan =>
    planWith({ id: "pass-up", kind: "pass-up", snapshot: "order", base: "cv", rates: { "*": "0.10" }, count: 2, cascades });
  const upline = line(
    ["seller", null, { enrolmentNumber: 2 }],
    ["sponsor", null, { enrolmentNumber: 1 }],
    ["second", null, { enrolmentNumber: 3 }],
    ["third", null],
  );
  expect(paid(passUp(false), upline)).toStrictEqual(["second L1 10.00"]);
  expect(paid(passUp(true), upline)).toStrictEqual(["third L1 10.00"]);
  const third = line(["seller", null, { enrolmentNumber: 3 }], ["sponsor", null]);
  expect(paid(passUp(false), third)).toStrictEqual(["sponsor L1 10.00"]);
});

test("fast start by days: inside the window it replaces what it names, afterwards not", () => {
  const fast: Bonus = {
    id: "fast",
    kind: "fast-start",
    snapshot: "order",
    window: { kind: "days-after-enrolment", days: 30 },
    base: "net",
    rates: { "*": ["0.20"] },
    compression: "none",
    unqualifiedEarner: "none",
    replaces: ["retail"],
  };
  const retail: Bonus = {
    id: "retail",
    kind: "retail",
    pays: { mode: "percent", base: "net", rates: { "*": "0.10" } },
    ownerMustBeActive: false,
    unqualifiedEarner: "none",
  };
  const plan = parsePlan(planOf({ bonuses: [fast, retail] }));
  const upline = line(["a", null, { enrolledAt: "2026-05-10T00:00:00Z" }]);
  expect(paid(plan, upline, { placedAt: "2026-06-08T23:59:59Z" })).toStrictEqual(["a L1 20.00"]);
  expect(paid(plan, upline, { placedAt: "2026-06-09T00:00:00Z" })).toStrictEqual(["a L0 10.00"]);
  const computed = computeCommissions(
    orderOf(plan, { upline, placedAt: "2026-06-01T00:00:00Z", lines: [lineOf({ netMinor: 100n })] }),
  );
  assert.ok(computed.walk.map(explainStep).includes('this order pays "fast" in place of this bonus'));
});

test("differential and generation at order time go by the ranks of the order's snapshot", () => {
  const difference: Bonus = {
    id: "difference",
    kind: "differential",
    snapshot: "order",
    base: "cv",
    percentage: { by: "rank", rates: { bronze: "0.05", silver: "0.10", gold: "0.15" } },
    stopsAtBreakaway: false,
    includesSource: true,
  };
  const upline = line(["a", "bronze"], ["b", "bronze"], ["c", "gold"], ["d", "silver"]);
  expect(paid(planWith(difference), upline)).toStrictEqual(["a L1 5.00", "c L3 10.00"]);
  const generation: Bonus = {
    id: "generations",
    kind: "generation",
    snapshot: "order",
    base: "cv",
    boundary: { kind: "fixed-rank", rank: "silver", inactiveLeaderBounds: true, emptyGenerationCounts: true },
    rates: { silver: ["0.05", "0.04"], gold: ["0.05", "0.04"] },
  };
  expect(paid(planWith(generation), upline)).toStrictEqual(["c L1 5.00", "d L2 4.00"]);
});

test("a matrix pays the placement upline and says nothing where nobody is placed", () => {
  const matrix: Bonus = {
    id: "matrix",
    kind: "matrix",
    snapshot: "order",
    tree: "m",
    width: 2,
    depth: 2,
    base: "cv",
    rates: { "*": ["0.05", "0.05", "0.05"] },
    compression: "none",
    unqualifiedSource: "pay-in-place",
    unqualifiedEarner: "none",
  };
  const placements = { m: line(["a", null], ["x", null], ["y", null], ["z", null]) };
  expect(paid(planWith(matrix), line(["a", null]), { placements })).toStrictEqual(["x L1 5.00", "y L2 5.00"]);
  expect(paid(planWith(matrix), line(["a", null]))).toStrictEqual([]);
});
