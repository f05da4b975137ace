import { expect, test } from "vitest";
import { diffPlans } from "./diff.ts";
import { parsePlan } from "./parse.ts";
import type { Plan } from "./schema.ts";
import { planOf } from "./testing.ts";

/** What a newer version says of the words that measures, conditions, tables and rewards brought. */

const measures = { own: { what: "pv" }, team: { what: "gv", over: { periods: 2 } } };
const ranks = [{ id: "gold", name: "Gold", requires: { pv: "100" } }];
const levels = {
  ...{ id: "levels", kind: "unilevel", snapshot: "close", base: "cv", levelOne: "sponsor", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
};
const plan = (more: object, bonus: object = { rates: { "*": ["0.10"] } }): Plan =>
  parsePlan({ ...planOf({ ranks }), measures, bonuses: [{ ...levels, ...bonus }], ...more });
const said = (before: Plan, after: Plan): string[] => diffPlans(before, after).map(({ text }) => text);
const byVolume = (...rows: [from: string, row: string[]][]): object => ({
  rates: { by: "measure", measure: "team", applies: "whole", rows: rows.map(([from, row]) => ({ from, row })) },
});

test("a condition is said as a whole, by the names of the conditions in it", () => {
  const started = { measure: "own", atLeast: "100" };
  const before = plan({ conditions: { started, eligible: "started" } });
  const after = plan({
    conditions: {
      started: { any: [started, { measure: "team", above: "500" }] },
      eligible: { all: ["started", { rank: "gold" }] },
    },
  });
  expect(said(before, after)).toStrictEqual([
    "condition, started: own at least 100 becomes (own at least 100 or team above 500)",
    'condition, eligible: "started" becomes ("started" and Gold or higher)',
  ]);
});

test("a change carries what stood there and what stands there now, for whoever says it in another language", () => {
  const [change, ...others] = diffPlans(plan({}), plan({}, { rates: { "*": ["0.10", "0.05"] } }));
  expect(others).toStrictEqual([]);
  expect(change).toStrictEqual({
    kind: "added",
    path: "bonuses#levels.rates.*.1",
    text: 'bonus "levels", rate of everyone else, level 2: new, 5%',
    after: "0.05",
  });
  const [lower] = diffPlans(plan({}), plan({}, { rates: { "*": ["0.08"] } }));
  expect([lower?.kind, lower?.before, lower?.after]).toStrictEqual(["changed", "0.10", "0.08"]);
});

test("a table is said with what it goes by, and its rows by where they begin", () => {
  expect(said(plan({}), plan({}, byVolume(["0", ["0.10"]], ["500", ["0.12", "0.05"]])))).toStrictEqual([
    'bonus "levels", rate: everyone else 10% becomes by the measure "team" (from 0 10%; from 500 12%, 5%)',
  ]);
  const [before, after] = [
    byVolume(["0", ["0.10"]], ["500", ["0.12"]]),
    byVolume(["0", ["0.10"]], ["300", ["0.11"]], ["500", ["0.13"]]),
  ];
  expect(said(plan({}, before), plan({}, after))).toStrictEqual([
    'bonus "levels", rate of 300 or more: new, 11%',
    'bonus "levels", rate of 500 or more, level 1: 12% becomes 13%',
  ]);
  const byTitle = (rate: string): object => ({ rates: { by: "title", rows: { gold: [rate] } } });
  expect(said(plan({}, byTitle("0.10")), plan({}, byTitle("0.15")))).toStrictEqual([
    'bonus "levels", rate of Gold, level 1: 10% becomes 15%',
  ]);
});

test("another form of a field is another thing, and over which time is one", () => {
  const reward = (amounts: object, asked: object): object => ({
    bonuses: [{ id: "car", kind: "reward", snapshot: "close", for: asked, amounts }],
  });
  const monthly = { kind: "each-period", when: { rank: "gold" } };
  const parts = { kind: "first-time", when: { rank: "gold" }, inParts: { after: [3, 4], gap: "hold" } };
  expect(said(plan(reward({ gold: "500.00" }, monthly)), plan(reward({ gold: ["600.00", "20.00"] }, parts)))).toStrictEqual([
    'bonus "car", for: kind "each-period", when Gold or higher becomes kind "first-time", when Gold or higher, in parts (after 3, 4, gap "hold")',
    'bonus "car", amounts, Gold: "500.00" becomes "600.00", "20.00"',
  ]);
  const longer = {
    measures: { ...measures, team: { what: "gv", over: { lifetime: true }, atMostFromOneLeg: { share: "0.5" } } },
  };
  expect(said(plan({}), plan(longer))).toStrictEqual([
    "measure, team, at most from one leg: new, share 50%",
    "measure, team, over: periods 2 becomes lifetime true",
  ]);
});
