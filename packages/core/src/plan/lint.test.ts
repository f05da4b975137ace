import { assert, expect, test } from "vitest";
import { payoutCeiling } from "./ceiling.ts";
import { diffPlans } from "./diff.ts";
import { isPublishable, lintPlan, shareText } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import type { Plan } from "./schema.ts";
import { planOf, rankOf } from "./testing.ts";

const levels = {
  id: "levels",
  kind: "unilevel" as const,
  snapshot: "close" as const,
  base: "cv" as const,
  rates: { "*": ["0.10", "0.05"] },
  levelOne: "owner" as const,
  compression: "none" as const,
  unqualifiedSource: "pay-in-place" as const,
  unqualifiedEarner: "none" as const,
};
const match = (id: string, of: string[], cascade = false): Plan["bonuses"][number] => ({
  id,
  kind: "matching",
  snapshot: "close",
  of,
  amounts: "before-caps",
  cascade,
  rates: { "*": ["0.10"] },
  by: { kind: "level", compression: "none" },
  who: "everyone",
});
const pairs: Plan["bonuses"][number] = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.10" } },
  remainder: "carry",
  flushIfInactive: false,
  cappedVolume: "consumed",
};

const rulesOf = (plan: Partial<Plan>): string[] =>
  lintPlan(parsePlan(planOf(plan)))
    .filter((finding) => finding.severity !== "note")
    .map((finding) => `${finding.severity} ${finding.rule} ${finding.path}`);

test("bonuses that pay on each other are refused when the plan is parsed", () => {
  expect(() => parsePlan(planOf({ bonuses: [match("a", ["b"]), match("b", ["a"])] }))).toThrow(
    expect.toSatisfy((error: PlanError) => {
      expect(error.problems).toStrictEqual([
        {
          path: "bonuses",
          wrong: "pay on each other in a circle: a → b → a",
          right: 'to take one of them out of another\'s "of"',
        },
      ]);
      return error instanceof PlanError;
    }),
  );
});

test("ranks that need each other, or that a higher one always replaces, are unreachable", () => {
  const circular = [
    { ...rankOf("a"), requires: { legsWithRank: [{ rank: "b", legs: 1 }] } },
    { ...rankOf("b"), requires: { heldBefore: { rank: "b", periods: 1 } } },
  ];
  expect(rulesOf({ ranks: circular })).toStrictEqual([
    "error unreachable-rank ranks[0].requires",
    "error unreachable-rank ranks[1].requires",
  ]);
  const shadowed = [
    { ...rankOf("a"), requires: { pv: "100", gv: { volume: "1000" } } },
    { ...rankOf("b"), requires: { pv: "100" } },
  ];
  expect(rulesOf({ ranks: shadowed })).toStrictEqual(["error unreachable-rank ranks[0].requires"]);
});

test("levels nobody is paid at and rates below a matrix are found", () => {
  expect(rulesOf({ bonuses: [{ ...levels, rates: { "*": ["0.10", "0", "0.05"] } }] })).toStrictEqual([
    "error dead-level bonuses[0].rates",
  ]);
  const matrix = { ...levels, kind: "matrix" as const, id: "matrix", tree: "m", width: 2, depth: 1 };
  const { levelOne: _, ...bonus } = matrix;
  expect(rulesOf({ bonuses: [bonus] })).toStrictEqual(["error dead-level bonuses[0].rates"]);
});

test("pay on an enrolment fee alone is refused, and the finding says how to put it right", () => {
  const kit = { id: "kit", name: "Kit", enrolmentFee: true };
  const plan = parsePlan(planOf({ commissionClasses: [{ id: "standard", name: "Standard" }, kit], bonuses: [levels] }));
  const found = lintPlan(plan).find((finding) => finding.rule === "enrolment-fee");
  expect([found?.severity, found?.path, found?.right]).toStrictEqual([
    "error",
    "commissionClasses[1].bonuses",
    "[] for this class, so that no bonus takes part",
  ]);
  assert.ok(!isPublishable(lintPlan(plan)));
});

test("ceilings: levels add up, cascades are a series, a binary needs a company cap, net stands beside CV", () => {
  const ceiling = (plan: Partial<Plan>): string => {
    const { ofCv } = payoutCeiling(parsePlan(planOf(plan)));
    return ofCv === null ? "none" : shareText(ofCv);
  };
  expect(ceiling({ bonuses: [levels] })).toBe("15 %");
  expect(ceiling({ bonuses: [levels, match("match", ["levels"])] })).toBe("16.5 %");
  expect(ceiling({ bonuses: [levels, match("match", ["levels"], true)] })).toBe("16.6667 %");
  expect(ceiling({ bonuses: [pairs] })).toBe("none");
  expect(
    ceiling({
      bonuses: [pairs, match("match", ["pairs"])],
      caps: [{ kind: "company", atMost: { by: "share", share: "0.4" }, enforcement: "pro-rata" }],
    }),
  ).toBe("40 %");
  expect(ceiling({ bonuses: [{ ...levels, snapshot: "close", base: "net" }] })).toBe("0 %");
  expect(rulesOf({ bonuses: [{ ...levels, rates: { "*": ["0.7", "0.5"] } }] })).toStrictEqual(["error ceiling bonuses"]);
  expect(rulesOf({ bonuses: [pairs] })).toStrictEqual(["warning no-ceiling bonuses"]);
});

test("plan diff speaks plain words", () => {
  const gold = { ...rankOf("gold", "Gold"), requires: { gv: { volume: "1000" } } };
  const before = parsePlan(planOf({ ranks: [gold], bonuses: [{ ...levels, rates: { gold: ["0.10", "0.05"] } }, pairs] }));
  const after = parsePlan(
    planOf({
      version: 2,
      ranks: [{ ...gold, requires: { gv: { volume: "1200" } } }],
      bonuses: [
        { ...levels, snapshot: "close", compression: "dynamic", rates: { gold: ["0.10", "0.06", "0.01"] } },
        match("match", ["levels"]),
      ],
    }),
  );
  expect(diffPlans(before, after).map((change) => change.text)).toStrictEqual([
    "version: 1 becomes 2",
    'rank Gold, requirement, group volume, volume: "1000" becomes "1200"',
    'bonus "levels", rate of Gold, level 2: 5% becomes 6%',
    'bonus "levels", rate of Gold, level 3: new, 1%',
    'bonus "levels", compression: "none" becomes "dynamic"',
    'bonus "match": new, of kind matching',
    'bonus "pairs": removed, of kind binary',
  ]);
  expect(diffPlans(after, after)).toStrictEqual([]);
});
