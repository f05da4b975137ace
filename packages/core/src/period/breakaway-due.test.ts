import { expect, test } from "vitest";
import { payoutCeiling } from "../plan/ceiling.ts";
import { diffPlans } from "../plan/diff.ts";
import { lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import { PlanError } from "../plan/problem.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { closeOf, fixedRanks, networkOf } from "./testing.ts";

const due = { share: "0.04", atLeastVolume: "10000", shortfallFrom: "received" };
const keeps = { personalGroupVolume: "4000", orGroups: 2 };
const documentOf = (override: object, more: Partial<Plan> = {}): object =>
  planOf({
    ...{ ranks: [rankOf("leader", "Leader")], breakawayRank: "leader", ...more },
    bonuses: [
      { id: "leadership", kind: "breakaway", snapshot: "close", override: { mode: "guaranteed-minimum", ...override } },
    ] as unknown as Bonus[],
  });
const planWith = (override: object, more?: Partial<Plan>): Plan => parsePlan(documentOf(override, more));

function linesOf(volumes: readonly number[], no: number, override: object = { due, keeps }): readonly string[] {
  const network = networkOf([-1, 0, 1], { directives: fixedRanks([0, 0, 0]) });
  const rows = volumes.map((volume, owner) => ({ owner, volume: volume * 10_000 }));
  const input = closeOf(planWith(override), network, rows);
  return explainClose(input, closePeriod(input, { details: true }), no).bonuses[0]?.lines ?? [];
}

test("a leader reads what came, what went on and why, and what the own group paid", () => {
  expect(linesOf([15_000, 8_000, 12_000], 1)).toStrictEqual([
    "from the group of d0002: 480.00 USD",
    "80.00 USD of it go on to the next leader: the own group falls short of the minimum on 10000 CV",
    "the own group pays 400.00 USD to d0000",
  ]);
  expect(linesOf([15_000, 3_000, 12_000], 1)).toStrictEqual([
    "from the group of d0002: 480.00 USD",
    "280.00 USD of it go on to the next leader: the own group falls short of the minimum on 10000 CV",
    "200.00 USD of it go on to the next leader: keeping needs a personal group of 4000, had 3000: 1000 short; or 2 groups that pay, had 1",
    "the own group pays 600.00 USD to d0000",
  ]);
  expect(linesOf([15_000, 8_000, 12_000], 2)).toStrictEqual([
    "nothing received: no group below has broken away and sold anything",
    "the own group pays 480.00 USD to d0001",
  ]);
});

test("the ceiling is the share, and none where the company makes up what is short", () => {
  expect(payoutCeiling(planWith({ due })).ofCv).toStrictEqual({ num: 1n, den: 25n });
  const open = payoutCeiling(planWith({ due: { ...due, shortfallFrom: "company" } }));
  expect(open.ofCv).toBeNull();
  expect(open.bonuses[0]?.why).toBe(
    "the company makes up what a group falls short of the guaranteed minimum, however little it sold",
  );
});

test("a guarantee that guarantees nothing, or keeps everything, is warned of with the field", () => {
  const found = (override: object, more?: Partial<Plan>) =>
    lintPlan(planWith(override, more)).flatMap(({ rule, path, wrong, right }) =>
      rule === "guarantee" ? [`${path} ${wrong}; right would be ${right}`] : [],
    );
  expect(found({ due, keeps })).toStrictEqual([]);
  expect(found({ due: { ...due, atLeastVolume: "0" } })).toStrictEqual([
    "bonuses[0].override.due.atLeastVolume is 0, so that nothing is guaranteed; right would be the volume at which a group breaks away",
  ]);
  expect(found({ due, keeps: { ...keeps, orGroups: 1 } })).toStrictEqual([
    'bonuses[0].override.keeps.orGroups is 1: whoever receives anything keeps it; right would be at least 2, or to leave "keeps" out',
  ]);
  expect(found({ due }, { cvRates: { "*": "1", IN: "60" } })).toStrictEqual([
    'bonuses[0].override.due.atLeastVolume is worth the CV rate of "*", though markets differ; right would be one cvRate, or an override per market',
  ]);
});

test("broken guarantees are refused with the path and what would be right", () => {
  const sentence = (override: object): string => {
    try {
      planWith(override);
      return "accepted";
    } catch (error) {
      return error instanceof PlanError ? error.message : String(error);
    }
  };
  expect(sentence({ due: { ...due, share: "4" } })).toMatch(
    /bonuses\[0\]\.override\.due\.share: is "4"; right would be at most "1"/,
  );
  expect(sentence({ due: { ...due, shortfallFrom: "nobody" } })).toMatch(
    /override\.due\.shortfallFrom: is "nobody"; right would be one of "received", "company"/,
  );
  expect(sentence({})).toMatch(/override\.due: is missing/);
  expect(sentence({ due, keeps: { personalGroupVolume: "4000" } })).toMatch(/override\.keeps\.orGroups: is missing/);
});

test("a version that asks for more, or takes it from somewhere else, says so", () => {
  const changes = diffPlans(
    planWith({ due }),
    planWith({ due: { ...due, atLeastVolume: "12000", shortfallFrom: "company" } }),
  ).map((change) => change.text);
  expect(changes).toStrictEqual([
    'bonus "leadership", override, what a group owes upward, guaranteed volume: "10000" becomes "12000"',
    'bonus "leadership", override, what a group owes upward, what is short comes from: "received" becomes "company"',
  ]);
});
