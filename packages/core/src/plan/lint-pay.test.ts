import { expect, test } from "vitest";
import { isPublishable, lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import type { Bonus, Plan } from "./schema.ts";
import { planOf } from "./testing.ts";

const levels = {
  id: "levels",
  kind: "unilevel",
  snapshot: "close",
  base: "cv",
  rates: { "*": ["0.10", "0.05"] },
  levelOne: "sponsor",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
};
const infinity = {
  ...{ id: "infinity", kind: "infinity", snapshot: "close", base: "cv", rates: { "*": "0.01" }, belowLevel: 2 },
  pay: { mode: "differential" },
};
const matrix = {
  ...{ id: "matrix", kind: "matrix", snapshot: "order", tree: "m", width: 2, depth: 2, base: "cv", rates: { "*": ["0.1"] } },
  ...{ compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
};
const planWith = (bonuses: readonly object[], more: Partial<Plan> = {}): Plan =>
  parsePlan(planOf({ bonuses: bonuses as Bonus[], ...more }));
const rulesOf = (plan: Plan): string[] =>
  lintPlan(plan).flatMap((finding) =>
    ["pays-nobody", "paid-twice"].includes(finding.rule) ? [`${finding.severity} ${finding.rule} ${finding.path}`] : [],
  );

test("a bonus that can pay nobody is refused, with the field that keeps it from paying", () => {
  const nothing = "error pays-nobody bonuses[0]";
  expect(rulesOf(planWith([{ ...levels, rates: { "*": ["0"] } }]))).toStrictEqual([`${nothing}.rates`]);
  expect(rulesOf(planWith([{ ...levels, baseRate: "0" }]))).toStrictEqual([`${nothing}.baseRate`]);
  expect(rulesOf(planWith([levels], { cvRates: { "*": "0" } }))).toStrictEqual([nothing]);
  const none = [{ id: "standard", name: "S", bonuses: [] }];
  expect(rulesOf(planWith([levels], { commissionClasses: none }))).toStrictEqual([nothing]);
  const own = { ...levels, appliesTo: { buyers: ["self"] } };
  expect(rulesOf(planWith([own], { ownPurchase: "pays-nobody" }))).toStrictEqual([`${nothing}.appliesTo.buyers`]);
  expect(rulesOf(planWith([own]))).toStrictEqual([]);
  const pool = {
    id: "pool",
    kind: "pool",
    snapshot: "close",
    size: { by: "share", share: "0.05" },
    withoutQualifiers: "company",
  };
  expect(rulesOf(planWith([{ ...pool, units: { by: "rank", units: { "*": 0 } } }]))).toStrictEqual([`${nothing}.size`]);
  const counted = { by: "measure", measure: "own", each: 0 };
  const measures = { own: { what: "pv" as const } };
  expect(rulesOf(planWith([{ ...pool, units: [counted] }], { measures }))).toStrictEqual([`${nothing}.size`]);
  expect(rulesOf(planWith([{ ...pool, units: [{ ...counted, each: 1 }] }], { measures }))).toStrictEqual([]);
  const limited = { ...pool, units: { by: "rank", units: { "*": 1 } }, shareCap: { share: "0" }, cutGoesTo: "company" };
  expect(rulesOf(planWith([limited]))).toStrictEqual([`${nothing}.shareCap`]);
  const onNet = { ...pool, size: { ...pool.size, of: "net" }, units: { by: "rank", units: { "*": 1 } } };
  expect(rulesOf(planWith([onNet], { cvRates: { "*": "0" } }))).toStrictEqual([]);
  expect(rulesOf(planWith([{ ...levels, base: { of: "pv" } }], { cvRates: { "*": "0" } }))).toStrictEqual([nothing]);
});

test("level pay at the order's time on a placement tree that there is not is refused by the tree", () => {
  const plan = planWith([matrix]);
  expect(isPublishable(lintPlan(plan))).toBe(true);
  expect(isPublishable(lintPlan(plan, ["other", "m"]))).toBe(true);
  const found = lintPlan(plan, ["other"]).find((finding) => finding.rule === "pays-nobody");
  const wrong = 'pays nobody: there is no placement tree "m"';
  expect(found).toMatchObject({
    severity: "error",
    path: "bonuses[0].tree",
    wrong,
    right: "one of other, or to add the tree first",
  });
});

test("an infinity bonus that begins where the levels still pay is found, by the level each begins at", () => {
  const twice = "warning paid-twice bonuses[1].belowLevel";
  expect(rulesOf(planWith([levels, infinity]))).toStrictEqual([twice]);
  expect(rulesOf(planWith([levels, { ...infinity, levelOne: "sponsor" }]))).toStrictEqual([]);
  expect(rulesOf(planWith([levels, { ...infinity, belowLevel: 3 }]))).toStrictEqual([]);
  expect(rulesOf(planWith([{ ...levels, levelOne: "owner" }, infinity]))).toStrictEqual([]);
});

test("fast starts that take each other's place are refused when the plan is parsed", () => {
  const fast = (id: string, replaces: string[]) => ({
    ...{ id, kind: "fast-start", snapshot: "order", window: { kind: "first-order" }, base: "cv", replaces },
    ...{ rates: { "*": ["0.2"] }, compression: "none", unqualifiedEarner: "none" },
  });
  expect(() => planWith([fast("a", ["b"]), fast("b", ["a"])])).toThrow(/take each other's place: a → b → a/);
});
