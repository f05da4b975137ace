import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { explainStep } from "../plan/explain.ts";
import { lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import { placementTrees } from "../plan/placement-trees.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { closeOf, fixedRanks, networkOf } from "./testing.ts";

/** Plans with several trees on small networks, every number worked by hand. */

const PV = 10_000;
const trees: Plan["trees"] = { enroller: { is: "enrolment" }, crew: { is: "placement" } };
const placed = (parent: readonly number[]) => ({
  placements: { crew: { parent: Int32Array.from(parent), leg: new Uint8Array(parent.length) } },
});
const levels = {
  ...{ id: "levels", kind: "unilevel", snapshot: "order", tree: "crew", base: "cv", rates: { "*": ["0.10"] } },
  ...{ levelOne: "sponsor", compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
} as Bonus;

/** A lead has enrolled two stars, wherever those stand in the tree that ranks are judged by. */
const leads = {
  ...{ trees, rankTree: "crew" },
  measures: { stars: { what: "count" as const, of: "enrolled" as const, meeting: { rank: "star" } } },
  ranks: [
    { ...rankOf("star"), requires: { pv: "10" } },
    { ...rankOf("lead"), requires: { condition: { measure: "stars", atLeast: "2" } } },
  ],
};
const soldBy = (...owners: number[]) => owners.map((owner) => ({ owner, self: true, volume: 10 * PV }));

test("a rank may count ranks of whom somebody enrolled while it is judged on another tree", () => {
  const plan = planOf(leads);
  // Nobody stands below anybody in the crew: its order alone would judge 2 before 0 and 1, whom 2 enrolled.
  const apart = closePeriod(closeOf(plan, networkOf([2, 2, -1], placed([-1, -1, -1])), soldBy(0, 1)));
  expect([...apart.ranks.paidAs]).toStrictEqual([0, 0, 1]);
  const crossed = closeOf(plan, networkOf([2, 2, -1], placed([-1, -1, 0])), soldBy(0, 1));
  expect(() => closePeriod(crossed)).toThrow(/2 distributors stand above each other/);
  expect(lintPlan(parsePlan(plan)).find(({ rule }) => rule === "rank-trees")).toMatchObject({
    ...{ severity: "warning", path: "ranks[1].requires.condition" },
    wrong: expect.stringMatching(/^asks for "stars", which counts ranks of people below by another tree than "crew"/),
  });
});

test("broken-away groups are those of the bonus's tree, and so is the group that lets a leader keep what comes from below", () => {
  const minimum = (personalGroupVolume: string): Bonus => ({
    id: "leaders",
    kind: "breakaway",
    snapshot: "close",
    tree: "crew",
    override: {
      mode: "guaranteed-minimum",
      due: { share: "0.05", atLeastVolume: "0", shortfallFrom: "received" },
      keeps: { personalGroupVolume, orGroups: 3 },
    },
  });
  // All enrolled by 0; in the crew 0 over 1 over 2 and 3. 0, 1 and 2 have broken away.
  const network = networkOf([-1, 0, 0, 0], { ...placed([-1, 0, 1, 1]), directives: fixedRanks([0, 0, 0, -1]) });
  const close = (least: string) => {
    const plan = planOf({
      trees,
      rankTree: "enroller",
      ranks: [rankOf("gold")],
      breakawayRank: "gold",
      bonuses: [minimum(least)],
    });
    const rows = [20, 100, 50].map((volume, i) => ({ owner: i + 1, volume: volume * PV }));
    const input = closeOf(plan, network, rows);
    const result = closePeriod(input, { details: true });
    return { paid: [...(result.bonuses[0]?.amounts ?? [])], said: explainClose(input, result, 1).bonuses[0]?.lines };
  };
  // 2 owes 5 % of 100 to 1; 1 has 20 + 50 = 70 in the crew, owes 3.50 to 0 and keeps what 2 owes.
  expect(close("60").paid).toStrictEqual([350, 500, 0, 0]);
  const short = close("80");
  expect(short.paid).toStrictEqual([850, 0, 0, 0]);
  expect(short.said?.[0]).toBe('goes by the tree "crew"');
  expect(short.said?.join("\n")).toMatch(/keeping needs a personal group of 80, had 70: 10 short/);
});

test("an order is walked up the tree that the bonus names, and the explanation names it", () => {
  const plan = parsePlan(
    planOf({ trees, rankTree: "enroller", bonuses: [levels, { ...levels, id: "own", tree: "enroller" } as Bonus] }),
  );
  const people = (...ids: string[]) => ids.map((id) => distributorOf(id));
  const lines = [lineOf({ cv: 100n * 10_000n })];
  const order = { upline: people("Owner", "Enroller"), placements: { crew: people("Owner", "Above") }, lines };
  const { entries, walk } = computeCommissions(orderOf(plan, order));
  expect(entries.map(({ bonusId, earner, amountMinor }) => [bonusId, earner, amountMinor])).toStrictEqual([
    ["levels", "Above", 1000n],
    ["own", "Enroller", 1000n],
  ]);
  expect(walk.filter(({ outcome }) => outcome === "tree").map(explainStep)).toStrictEqual([
    'goes by the tree "crew"',
    'goes by the tree "enroller"',
  ]);
  const nowhere = computeCommissions(orderOf(plan, { ...order, placements: {} }));
  expect(nowhere.entries.map(({ bonusId }) => bonusId)).toStrictEqual(["own"]);
  expect([placementTrees(plan), placementTrees(plan, "close"), placementTrees(plan, "order")]).toStrictEqual([
    ["crew"],
    ["crew"],
    ["crew"],
  ]);
});

test("trees that the company does not have, and trees that nothing goes by, are told", () => {
  const plan = parsePlan(planOf({ trees: { ...trees, forced: { is: "placement" } }, rankTree: "enroller", bonuses: [levels] }));
  const told = (stored?: readonly string[]) =>
    lintPlan(plan, stored)
      .filter(({ path }) => path.startsWith("trees"))
      .map(({ severity, rule, path, right }) => [severity, rule, path, right].join(" | "));
  const unused = "warning | unused-name | trees.forced | to leave it out, or the walk or measure that should go by it";
  expect(told()).toStrictEqual([unused]);
  expect(told(["crew", "forced"])).toStrictEqual([unused]);
  expect(told(["forced"])).toStrictEqual(["error | no-tree | trees.crew | one of forced, or to add the tree first", unused]);
});
