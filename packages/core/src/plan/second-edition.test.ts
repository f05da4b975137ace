import { assert, expect, test } from "vitest";
import { z } from "zod";
import { compilePlan } from "./compile.ts";
import { planJsonSchema } from "./json-schema.ts";
import { lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import { planOf, rankOf } from "./testing.ts";

/** What measures, conditions, tables, calendars, trees, rewards, pools, promotions and bases may say, and what they may not. */

const ranks = [rankOf("star"), rankOf("gold")];
const levels = {
  id: "levels",
  kind: "unilevel",
  snapshot: "order",
  base: "cv",
  rates: { "*": ["0.05"] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
};
const closed = { ...levels, snapshot: "close" };
const sales = { id: "sales", kind: "retail", snapshot: "close", ownerMustBeActive: false, unqualifiedEarner: "none" };
const pool = {
  id: "pool",
  kind: "pool",
  snapshot: "close",
  size: { by: "share", share: "0.02" },
  units: { by: "rank", units: { gold: 1 } },
  withoutQualifiers: "company",
};
const car = {
  id: "car",
  kind: "reward",
  snapshot: "close",
  for: { kind: "each-period", when: "active" },
  amounts: { gold: "500.00" },
};
const match = {
  id: "match",
  kind: "matching",
  snapshot: "close",
  of: ["levels"],
  amounts: "before-caps",
  cascade: false,
  rates: { "*": ["0.10"] },
  by: { kind: "level", compression: "none" },
  who: "everyone",
};
const cycles = {
  ...{ id: "pairs", kind: "binary", snapshot: "close", tree: "binary", remainder: "carry" },
  ...{ pay: { mode: "cycle", strong: "200", weak: "100", pays: { "*": "10.00" } }, flushIfInactive: false, cappedVolume: "kept" },
};
const excess = { mode: "strong-minus-weak", rates: { "*": "0.1" } };
const kit = { ...car, id: "kit", snapshot: "order", for: { kind: "per-item" } };
const fast = {
  ...{ id: "fast", kind: "fast-start", snapshot: "order", window: { kind: "first-order" }, base: "cv", rates: { "*": ["0.1"] } },
  ...{ compression: "none", unqualifiedEarner: "none", replaces: ["levels"] },
};
const customers = { what: "customers-with-order" };
const month = { every: "month" };
const week = { every: "week", startsOn: "monday" };

const whole = {
  ...planOf({ ranks }),
  calendars: { week, month, quarter: { every: "month", count: 3 }, half: { every: "month", startsOn: [1, 16] } },
  rankCalendar: "month",
  trees: { enroller: { is: "enrolment" }, sponsor: { is: "placement" }, binary: { is: "placement" } },
  rankTree: "sponsor",
  measures: {
    customers,
    autoship: { what: "pv", subscription: true },
    "two-months": { what: "pgv", tree: "sponsor", over: { periods: 2 } },
    "weak-side": { what: "leg-gv", tree: "binary", nth: 2, over: { periods: 1, calendar: "quarter" } },
    "without-own": { what: "gv", tree: "sponsor", levels: { from: 1 }, atMostFromOneLeg: { share: "0.6" } },
    "new-in-30-days": { what: "count", of: "enrolled", meeting: "started", over: { daysAfterEnrolment: 30 } },
    "three-below": { what: "count", of: "frontline", tree: "enroller", meeting: "started" },
    "nine-below": { what: "count", of: "frontline", tree: "enroller", meeting: "has-three" },
    "gold-legs": { what: "count", of: "legs", tree: "sponsor", meeting: { rank: "gold" } },
    held: { what: "periods", meeting: { title: "gold" }, over: { periods: 12 } },
    lifetime: { what: "pv", from: "customers", over: { lifetime: true } },
    paid: { what: "earned", bonuses: ["levels"], over: { lifetime: true } },
  },
  conditions: {
    started: { measure: "autoship", atLeast: "100" },
    "has-three": { measure: "three-below", atLeast: "3" },
    "customer-rule": { any: [{ measure: "customers", atLeast: "10" }, { all: ["active", { not: { country: ["US"] } }] }] },
  },
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active", condition: "started" },
  bonuses: [
    {
      ...levels,
      tree: "sponsor",
      earnsIf: "customer-rule",
      rates: { by: "measure", measure: "three-below", applies: "whole", rows: [{ from: "0", row: ["0.04", "0.02"] }] },
      opens: { measure: "customers", levels: [{ from: "1", upTo: 1 }] },
      base: { of: "net", less: ["kit"] },
    },
    {
      ...sales,
      calendar: "week",
      ranksOf: "last-closed",
      pays: {
        mode: "percent",
        base: "cv",
        rates: { by: "measure", measure: "lifetime", applies: "excess", rows: [{ from: "0", row: "0.2" }] },
      },
    },
    {
      ...pool,
      calendar: "quarter",
      ranksOf: "last-closed",
      shareCap: { share: "0.1" },
      cutGoesTo: "others",
      units: [{ by: "measure", measure: "held", each: 2 }],
    },
    { ...car, calendar: "month", for: { kind: "each-period", when: { rank: "gold" }, atMostTimes: 24 } },
    {
      ...car,
      id: "kit",
      snapshot: "order",
      for: { kind: "per-item" },
      levelOne: "sponsor",
      amounts: { "*": ["50.00", "25.00"] },
    },
    {
      ...match,
      tree: "enroller",
      calendar: "month",
      of: ["sales"],
      matchedIf: "has-three",
      rates: { by: "source-rank", rows: { gold: ["0.1"] } },
    },
  ],
  caps: [
    {
      kind: "distributor",
      calendar: "month",
      bonuses: ["sales"],
      atMost: { by: "title", rows: { "*": "100.00" } },
      enforcement: "pro-rata",
    },
  ],
  promotions: [
    {
      id: "spring",
      from: "2027-03-01",
      until: "2027-04-01",
      decidedBy: "order-date",
      set: { "conditions.started": { measure: "autoship", atLeast: "50" } },
    },
  ],
};

test("a plan may say all of it together, editors take it, and what is not computed is refused by name", () => {
  const plan = parsePlan(whole);
  expect(z.fromJSONSchema(planJsonSchema() as z.core.JSONSchema.JSONSchema).safeParse(whole).error?.issues ?? []).toStrictEqual(
    [],
  );
  const open = lintPlan(plan).filter(({ rule }) => rule === "not-computed");
  expect(open.length).toBeGreaterThan(0);
  expect(() => compilePlan(plan)).toThrow(PlanError);
});

const between = {
  ...planOf({ ranks }),
  calendars: { week, month },
  rankCalendar: "month",
  bonuses: [
    { ...closed, calendar: "week", ranksOf: "running" },
    { ...sales, pays: { mode: "percent", base: "cv", rates: { "*": "0.2" } }, calendar: "month" },
  ],
};

test("of calendars everything is computed but what a lint says by name", () => {
  expect(notComputed(between)).toStrictEqual([]);
  const [weekly, monthly] = between.bonuses;
  expect(
    notComputed({
      ...between,
      bonuses: [
        weekly,
        { ...closed, id: "more", calendar: "week", ranksOf: "last-closed" },
        { ...monthly, ranksOf: "running" },
        { ...match, calendar: "month" },
      ],
    }),
  ).toStrictEqual(["bonuses[1].ranksOf", "bonuses[2].ranksOf", "bonuses[3].amounts"]);
});

function notComputed(document: unknown): string[] {
  return lintPlan(parsePlan(document)).flatMap(({ rule, path }) => (rule === "not-computed" ? [path] : []));
}

function problemsOf(document: unknown): string[] {
  try {
    parsePlan(document);
    return [];
  } catch (error) {
    assert.ok(error instanceof PlanError);
    return error.problems.map((p) => `${p.path}: ${p.wrong}; right would be ${p.right}`);
  }
}

const plan = (more: object) => ({ ...planOf({ ranks }), ...more });

const BROKEN: readonly (readonly [document: object, sentence: string])[] = [
  [
    plan({ conditions: { rule: { measure: "customers", atLeast: "10" } } }),
    'conditions.rule.measure: names the measure "customers", which this plan does not have; right would be to add that measure first',
  ],
  [
    plan({ measures: { customers }, conditions: { rule: { measure: "customers" } } }),
    'conditions.rule: is an object; right would be a bound, such as "atLeast": "100"',
  ],
  [
    plan({ measures: { customers }, conditions: { rule: { any: [{ measure: "customers", atLeast: 10 }] } } }),
    'conditions.rule.any[0].atLeast: is 10; right would be a volume as text, such as "100"',
  ],
  [
    plan({ bonuses: [{ ...levels, earnsIf: "customer-rule" }] }),
    'bonuses[0].earnsIf: names the condition "customer-rule", which this plan does not have; right would be to add that condition first',
  ],
  [
    plan({ conditions: { active: { title: "gold" } } }),
    'conditions.active: is the name of a condition that every plan has; right would be a name of its own; "active" asks more by active.condition',
  ],
  [
    plan({
      measures: { below: { what: "count", of: "frontline", meeting: "builder" } },
      conditions: { builder: { measure: "below", atLeast: "3" } },
    }),
    "conditions.builder: is counted by itself: condition builder → measure below → condition builder; right would be to count people by a condition that does not lead back here, one name for each step",
  ],
  [
    plan({ ranks: [{ ...rankOf("star"), requires: { condition: { not: { rank: "star" } } } }] }),
    'ranks[0].requires.condition: asks for the rank that it is to decide; right would be {"title": …}, the highest rank of the closes before',
  ],
  [
    plan({
      measures: { group: { what: "pgv" } },
      active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active", condition: { measure: "group", atLeast: "1" } },
    }),
    'active.condition: asks for ranks of this close, which are judged after activity; right would be measures, or {"title": …}, which is of the closes before',
  ],
  [
    plan({ measures: { leg: { what: "leg-gv" } } }),
    'measures.leg: needs to say which leg: "nth" or "side", and not both; right would be "nth": 1 for the largest leg',
  ],
  [
    plan({ measures: { near: { what: "count", of: "levels" } } }),
    'measures.near.levels: is missing: people are counted by level; right would be {"from": 1, "to": 3}',
  ],
  [plan({ measures: { x: { what: "customers" } } }), 'measures.x.what: is "customers"; right would be one of'],
  [
    plan({ measures: { held: { what: "periods", meeting: "active" } } }),
    'measures.held.over: is missing: in how many periods the condition held; right would be {"periods": 12}',
  ],
  [
    plan({
      bonuses: [{ ...levels, rates: { by: "measure", measure: "sales", applies: "whole", rows: [{ from: "0", row: ["0.1"] }] } }],
    }),
    'bonuses[0].rates.measure: names the measure "sales", which this plan does not have; right would be to add that measure first',
  ],
  [
    plan({ bonuses: [{ ...levels, rates: { by: "title", rows: { god: ["0.1"] } } }] }),
    'bonuses[0].rates.rows.god: names the rank "god", which this plan does not have; right would be one of "star", "gold"',
  ],
  [
    plan({ bonuses: [{ ...levels, rates: { by: "titel", rows: { gold: ["0.1"] } } }] }),
    'bonuses[0].rates.by: is "titel"; right would be one of',
  ],
  [
    plan({
      measures: { customers },
      bonuses: [
        { ...levels, rates: { by: "measure", measure: "customers", applies: "excess", rows: [{ from: "0", row: ["0.1"] }] } },
      ],
    }),
    'bonuses[0].rates.applies: is "excess", which divides a seller\'s own volume, and this bonus pays on other people\'s; right would be "whole", or a retail bonus with "snapshot": "close"',
  ],
  [
    plan({ bonuses: [{ ...closed, rates: { by: "order-size", of: "pv", rows: [{ from: "0", row: ["0.1"] }] } }] }),
    'bonuses[0].rates.by: is "order-size", but a close knows volumes and no single orders; right would be "measure", or "snapshot": "order"',
  ],
  [
    plan({ calendars: { week, month }, rankCalendar: "month", bonuses: [closed] }),
    "bonuses[0].calendar: is missing in a plan with calendars; right would be the calendar this bonus is closed by",
  ],
  [
    plan({ calendars: { week, month }, rankCalendar: "month", bonuses: [{ ...closed, calendar: "day", ranksOf: "running" }] }),
    'bonuses[0].calendar: names the calendar "day", which this plan does not have; right would be one of "week", "month"',
  ],
  [
    plan({ calendars: { week, month }, rankCalendar: "month", bonuses: [{ ...closed, calendar: "week" }] }),
    'bonuses[0].ranksOf: is missing: ranks are judged by "month" and this is closed by "week"; right would be "last-closed" or "running"',
  ],
  [
    plan({
      calendars: { week, month },
      rankCalendar: "month",
      bonuses: [
        { ...closed, calendar: "month" },
        { ...match, calendar: "week", ranksOf: "running" },
      ],
    }),
    'bonuses[1].calendar: is "week", but "levels" is closed by the longer "month"; right would be "month" or a longer calendar',
  ],
  [
    plan({ calendars: { month } }),
    "rankCalendar: is missing in a plan with calendars; right would be the calendar whose close judges ranks",
  ],
  [
    plan({ calendars: { four: { ...week, count: 4 } }, rankCalendar: "four" }),
    'calendars.four.first: is missing: weeks do not tell where a period of several begins; right would be a first day, such as "2027-01-04"',
  ],
  [
    plan({ calendars: { four: { ...week, count: 4, first: "2027-01-05" } }, rankCalendar: "four" }),
    "calendars.four.first: is no monday, on which its weeks begin; right would be a monday",
  ],
  [
    plan({ calendars: { five: { ...month, count: 5 } }, rankCalendar: "five" }),
    "calendars.five.count: does not divide a year, which periods of months are counted in; right would be 1, 2, 3, 4, 6 or 12",
  ],
  [
    plan({ calendars: { odd: { ...month, count: 2, startsOn: [1, 16] } }, rankCalendar: "odd" }),
    "calendars.odd.startsOn: divides each month, while a period is several months; right would be one day, or no count",
  ],
  [
    plan({
      calendars: { week, other: { ...week, startsOn: "friday" } },
      rankCalendar: "week",
      bonuses: [
        { ...closed, calendar: "other", ranksOf: "running" },
        { ...match, calendar: "week" },
      ],
    }),
    'bonuses[1].calendar: is "week", but "levels" is closed by another as long, "other"; right would be "other" or a longer calendar',
  ],
  [
    plan({ bonuses: [{ ...closed, calendar: "week" }] }),
    'bonuses[0].calendar: speaks of calendars, but the plan has none; right would be to leave it out, or "calendars" in the plan',
  ],
  [
    plan({ trees: { enroller: { is: "enrolment" } }, rankTree: "enroller", bonuses: [levels] }),
    'bonuses[0].tree: is missing in a plan with trees; right would be one of "enroller"',
  ],
  [
    plan({ bonuses: [{ ...levels, tree: "sponsor" }] }),
    'bonuses[0].tree: is "sponsor", but the plan names no trees; right would be "trees" in the plan, or to leave it out',
  ],
  [
    plan({
      trees: { enroller: { is: "enrolment" }, crew: { is: "placement" } },
      rankTree: "enroller",
      bonuses: [
        {
          ...{ id: "up", kind: "pass-up", snapshot: "order", tree: "crew", base: "cv" },
          rates: { "*": "0.1" },
          count: 2,
          cascades: false,
        },
      ],
    }),
    'bonuses[0].tree: is a placement tree, but a pass-up counts whom a sponsor enrolled; right would be the tree that is "enrolment"',
  ],
  [
    plan({ bonuses: [{ ...cycles, thenPays: [excess] }] }),
    "bonuses[0].thenPays: stand beside strong-minus-weak, which uses up no pairs, so that one volume would be paid twice; right would be rules that pair: percent, ratio, cycle or table",
  ],
  [
    plan({ bonuses: [{ ...cycles, pay: { mode: "percent", rates: { "*": "0.1" } }, cycleCap: 3 }] }),
    'bonuses[0].cycleCap: limits cycles, but no rule pays by the cycle; right would be "positionCap", or a rule of the mode cycle',
  ],
  [
    plan({ bonuses: [{ ...cycles, aboveOnly: { from: "100" } }] }),
    'bonuses[0].aboveOnly: means nothing where no own volume takes a side; right would be "ownVolume" or "customerVolume" on a side, or to leave it out',
  ],
  [
    plan({ ownPurchase: "pays-nobody", bonuses: [{ ...cycles, ownVolume: "left" }] }),
    'bonuses[0].ownVolume: places own purchases, which pay nobody under this plan; right would be to leave it out, or "ownPurchase"',
  ],
  [
    plan({ bonuses: [{ ...cycles, carryCap: { by: "source-rank", rows: { gold: "100" } } }] }),
    'bonuses[0].carryCap.by: is "source-rank", but nobody below is looked at here; right would be "rank", "title" or "measure"',
  ],
  [
    plan({ trees: { enroller: { is: "enrolment" } } }),
    "rankTree: is missing in a plan with trees; right would be the tree whose legs and groups ranks are judged by",
  ],
  [
    plan({ bonuses: [{ ...car, snapshot: "order" }] }),
    'bonuses[0].snapshot: is "order", but this is decided at the close; right would be "close"',
  ],
  [
    plan({ measures: { customers }, bonuses: [{ ...car, for: { kind: "per-step", measure: "customers", step: "0" } }] }),
    'bonuses[0].for.step: is 0, and a step of nothing is passed without end; right would be more than 0, such as "1000"',
  ],
  [
    plan({ bonuses: [{ ...pool, shareCap: { share: "0.1" } }] }),
    'bonuses[0].cutGoesTo: is missing: what becomes of what shareCap cuts off; right would be "others", "company" or "roll-over"',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "net", partOf: { window: "levels", share: "0.3" } } }] }),
    'bonuses[0].base.partOf.window: is "levels", which is no fast start; right would be a bonus of the kind fast-start',
  ],
  [
    plan({ bonuses: [{ ...pool, cutGoesTo: "company" }] }),
    'bonuses[0].cutGoesTo: says what becomes of a cut, but nothing is cut; right would be "shareCap", or to leave it out',
  ],
  [
    plan({ bonuses: [{ ...pool, units: [{ by: "measure", measure: "points" }] }] }),
    'bonuses[0].units[0].measure: names the measure "points", which this plan does not have; right would be to add that measure first',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "net", less: ["profit"] } }] }),
    'bonuses[0].base.less[0]: names the bonus "profit", which this plan does not have',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "net", less: ["pool"] } }, pool] }),
    'bonuses[0].base.less[0]: is "pool", which is paid at the close, where nothing is paid on an order; right would be a bonus that is paid when the order comes',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "net", less: ["kit", "kit"] } }, kit] }),
    'bonuses[0].base.less[1]: is "kit", which is taken off already; right would be each bonus once',
  ],
  [
    plan({ rounding: "largest-remainder", bonuses: [{ ...levels, base: { of: "net", less: ["kit"] } }, kit] }),
    'bonuses[0].base.less: takes off what was paid, but "largest-remainder" rounds the shares of an order together, when all of them are known; right would be another "rounding", or "snapshot": "close"',
  ],
  [
    plan({
      bonuses: [
        { ...levels, base: { of: "net", less: ["other"] } },
        { ...levels, id: "other", base: { of: "cv", less: ["levels"] } },
      ],
    }),
    'bonuses: pay on each other in a circle: levels → other → levels; right would be to take one of them out of another\'s "less"',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "net", partOf: { window: "fast", share: "0.3" } } }, fast] }),
    'bonuses[0].base.partOf.window: is "fast", which replaces this bonus: nothing of it is left to be a part of; right would be to take "levels" out of the "replaces" of "fast"',
  ],
  [plan({ bonuses: [{ ...levels, base: { of: "volume" } }] }), 'bonuses[0].base.of: is "volume"; right would be one of'],
  [
    plan({ bonuses: [{ ...levels, appliesTo: { orders: "autoship" } }] }),
    'bonuses[0].appliesTo.orders: is "autoship"; right would be one of "subscription", "others"',
  ],
  [
    plan({
      bonuses: [levels],
      promotions: [
        {
          id: "p",
          from: "2027-01-01",
          until: "2027-02-01",
          decidedBy: "order-date",
          set: { "bonuses.levels.compression": "none" },
        },
      ],
    }),
    'promotions[0].set.bonuses.levels.compression: is nothing that a promotion may set; right would be "bonuses.<id>.rates" or another table or amount of a bonus, or "conditions.<name>"',
  ],
  [
    plan({
      bonuses: [levels],
      promotions: [
        {
          id: "p",
          from: "2027-01-01",
          until: "2027-02-01",
          decidedBy: "order-date",
          set: { "bonuses.levels.rates": { god: ["0.1"] } },
        },
      ],
    }),
    'promotions[0].set: bonuses[0].rates.god: names the rank "god", which this plan does not have; right would be one of "star", "gold"',
  ],
  [
    plan({
      bonuses: [levels],
      promotions: ["a", "b"].map((id) => ({
        id,
        from: "2027-01-01",
        until: "2027-02-01",
        decidedBy: "order-date",
        set: { "bonuses.levels.rates": { gold: ["0.1"] } },
      })),
    }),
    "promotions[1].set.bonuses.levels.rates: is set by promotions[0] at the same time; right would be dates that do not overlap, or one promotion for both",
  ],
];

test.each(BROKEN.map(([document, sentence]) => [sentence, document] as const))("%s", (sentence, document) => {
  const found = problemsOf(document);
  expect(
    found.some((text) => text.startsWith(sentence)),
    found.join("\n"),
  ).toBe(true);
});
