import { expect, test } from "vitest";
import { car, closed, levels, month, plan, pool, problemsOf, week } from "./testing-parts.ts";

/** What plans get whose rewards, calendars, pools, bases, binaries, trees, currencies, rounding, guarantees, running totals and pass-ups cannot be. */

const pairs = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.1" } },
  remainder: "carry",
  flushIfInactive: false,
  cappedVolume: "consumed",
};
const lead = {
  id: "lead",
  kind: "breakaway",
  snapshot: "close",
  override: { mode: "guaranteed-minimum", due: { share: "0.04", atLeastVolume: "10000", shortfallFrom: "received" } },
};
const passUp = {
  id: "two-up",
  kind: "pass-up",
  snapshot: "order",
  base: "net",
  rates: { "*": "0.40" },
  count: 2,
  cascades: false,
};
const cal = { calendars: { week, month }, rankCalendar: "month" };

const BROKEN: readonly (readonly [document: object, sentence: string])[] = [
  [
    plan({ bonuses: [{ ...car, for: { kind: "per-item" } }] }),
    'bonuses[0].snapshot: is "close", but items are paid when their order comes; right would be "order"',
  ],
  [
    plan({ bonuses: [{ ...car, for: { kind: "first-time", when: "active", inParts: { after: [3, 3], gap: "hold" } } }] }),
    "bonuses[0].for.inParts.after: does not rise from part to part; right would be each part later than the one before, such as [3, 4, 5]",
  ],
  [
    plan({ bonuses: [{ ...car, for: { kind: "per-step", measure: "sales", step: "10" } }] }),
    'bonuses[0].for.measure: names the measure "sales", which this plan does not have; right would be to add that measure first',
  ],
  [
    plan({ bonuses: [{ ...car, for: { kind: "first-time", when: "active", inParts: { after: [3], gap: "pause" } } }] }),
    'bonuses[0].for.inParts.gap: is "pause"; right would be one of "restart", "restart-unpaid", "hold", "forfeit"',
  ],
  [
    plan({ bonuses: [{ ...car, for: { kind: "each-period" } }] }),
    'bonuses[0].for.when: is missing; right would be a condition\'s name, or {"measure": …, "atLeast": …}, {"rank": …}, {"title": …}, {"country": […]}, {"enrolled": …}, {"all": […]}, {"any": […]}, {"not": …}',
  ],
  [
    plan({ bonuses: [{ ...car, for: { kind: "each-period", when: "started" } }] }),
    'bonuses[0].for.when: names the condition "started", which this plan does not have; right would be to add that condition first',
  ],
  [
    plan({ bonuses: [{ ...car, amounts: { gold: [] } }] }),
    "bonuses[0].amounts.gold: is a list of 0; right would be at least 1 of them",
  ],
  [
    plan({ bonuses: [{ ...car, earnsIf: "active", for: { kind: "each-period", when: "active", atMostTimes: 0 } }] }),
    "bonuses[0].for.atMostTimes: is 0; right would be at least 1",
  ],
  [
    plan({ calendars: { week, month }, rankCalendar: "year" }),
    'rankCalendar: names the calendar "year", which this plan does not have; right would be one of "week", "month"',
  ],
  [plan({ ...cal, periods: month }), "periods: is said twice: the plan has calendars; right would be to leave it out"],
  [
    plan({ rankCalendar: "month" }),
    'rankCalendar: names a calendar, but the plan has none; right would be to leave it out, or "calendars" in the plan',
  ],
  [
    plan({
      ...cal,
      bonuses: [{ ...closed, calendar: "month" }],
      caps: [{ kind: "distributor", atMost: { "*": "10" }, enforcement: "pro-rata" }],
    }),
    "caps[0].calendar: is missing in a plan with calendars; right would be the calendar whose periods the cap counts over",
  ],
  [
    plan({
      ...cal,
      bonuses: [{ ...closed, calendar: "month" }],
      caps: [{ kind: "distributor", calendar: "week", atMost: { "*": "10" }, enforcement: "pro-rata" }],
    }),
    'caps[0].calendar: is "week", but "levels" is closed by the longer "month"; right would be "month" or a longer calendar',
  ],
  [
    plan({ calendars: { m: { every: "month", startsOn: 31 } }, rankCalendar: "m" }),
    "calendars.m.startsOn: is 31; right would be at most 28",
  ],
  [
    plan({ bonuses: [{ ...pairs, capCalendar: "week" }] }),
    'bonuses[0].capCalendar: speaks of calendars, but the plan has none; right would be to leave it out, or "calendars" in the plan',
  ],
  [
    plan({ calendars: { y: { every: "year" } }, rankCalendar: "y" }),
    'calendars.y.every: is "year"; right would be one of "day", "week", "month"',
  ],
  [
    plan({ caps: [{ kind: "distributor", calendar: "week", atMost: { "*": "10" }, enforcement: "pro-rata" }] }),
    'caps[0].calendar: names a calendar, but the plan has none; right would be to leave it out, or "calendars" in the plan',
  ],
  [
    plan({ bonuses: [{ ...pool, cutGoesTo: "others" }] }),
    'bonuses[0].cutGoesTo: says what becomes of a cut, but nothing is cut; right would be "shareCap", or to leave it out',
  ],
  [
    plan({ bonuses: [{ ...pool, units: { by: "measure", measure: "points" } }] }),
    'bonuses[0].units.measure: names the measure "points", which this plan does not have; right would be to add that measure first',
  ],
  [plan({ bonuses: [{ ...pool, units: [] }] }), "bonuses[0].units: is a list of 0; right would be at least 1 of them"],
  [
    plan({ bonuses: [{ ...pool, size: { by: "share", share: "0.1", of: "gv" } }] }),
    'bonuses[0].size.of: is "gv"; right would be one of "cv", "pv", "qv", "net"',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "cv", less: ["kit"] } }] }),
    'bonuses[0].base.less[0]: names the bonus "kit", which this plan does not have; right would be one of "levels"',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "margin" } }] }),
    'bonuses[0].base.of: is "margin"; right would be one of "cv", "net", "pv", "qv", "retail"',
  ],
  [
    plan({ bonuses: [{ ...levels, base: { of: "cv", partOf: { window: "kit", share: "0.5" } } }] }),
    'bonuses[0].base.partOf.window: names the bonus "kit", which this plan does not have; right would be one of "levels"',
  ],
  [plan({ bonuses: [{ ...pairs, thenPays: [] }] }), "bonuses[0].thenPays: is a list of 0; right would be at least 1 of them"],
  [
    plan({ bonuses: [{ ...pairs, ownVolume: "stronger-side" }] }),
    'bonuses[0].ownVolume: is "stronger-side"; right would be one of "above", "weaker-side", "left", "right"',
  ],
  [
    plan({ bonuses: [{ ...pairs, positionCap: { by: "leg-rank", rows: { gold: "5" } } }] }),
    'bonuses[0].positionCap.by: is "leg-rank", but nobody below is looked at here; right would be "rank", "title" or "measure"',
  ],
  [
    plan({ bonuses: [{ ...pairs, pay: { mode: "cycle", strong: "0", weak: "1", pays: { "*": "1" } } }] }),
    'bonuses[0].pay.strong: is "0"; right would be more than 0: each cycle uses volume of both sides',
  ],
  [
    plan({ trees: { a: { is: "enrolment" }, b: { is: "enrolment" } }, rankTree: "a" }),
    "trees: name who enrolled whom twice; right would be one tree that is enrolment",
  ],
  [
    plan({ trees: { a: { is: "enrolment" } }, rankTree: "b" }),
    'rankTree: names the tree "b", which this plan does not have; right would be one of "a"',
  ],
  [
    plan({ trees: { a: { is: "enrolment" } }, rankTree: "a", bonuses: [{ ...pairs, tree: "a" }] }),
    'bonuses[0].tree: is "a", which is no placement tree; right would be a tree that is "placement"',
  ],
  [
    plan({ trees: { a: { is: "sponsor" } }, rankTree: "a" }),
    'trees.a.is: is "sponsor"; right would be one of "enrolment", "placement"',
  ],
  [
    plan({ currency: { plan: "XYZ", orders: { mode: "pegged", rates: { EUR: "1.2" } }, rounds: "once" } }),
    'currency.plan: is "XYZ", which is no currency; right would be an ISO 4217 code such as "EUR"',
  ],
  [
    plan({ currency: { plan: "USD", orders: { mode: "pegged", rates: { USD: "1" } }, rounds: "once" } }),
    "currency.orders.rates.USD: is the plan's own currency, which needs no rate; right would be the other currencies only",
  ],
  [
    plan({ currency: { plan: "USD", orders: { mode: "pegged", rates: { EUR: "1,2" } }, rounds: "once" } }),
    'currency.orders.rates.EUR: is "1,2"; right would be a rate above 0 as text, such as "1.27151", or "1/1.33333" where it is quoted the other way round',
  ],
  [
    plan({
      currency: {
        plan: "USD",
        orders: { mode: "dated" },
        rounds: "once",
        payout: { mode: "blended", homes: { DE: { currency: "EUR", rates: { FR: "0.8" } } }, othersAbove: "0.5" },
      },
    }),
    'currency.payout.homes.DE.rates: has no rate of its own market "DE"; right would be a rate for "DE"',
  ],
  [
    plan({ currency: { plan: "USD", orders: { mode: "dated" } } }),
    'currency.rounds: is missing; right would be one of "each-step", "once"',
  ],
  [
    plan({ rounding: "nearest" }),
    'rounding: is "nearest"; right would be one of "half-up", "half-even", "down", "largest-remainder"',
  ],
  [
    plan({ bonuses: [lead] }),
    "breakawayRank: is missing, but a bonus pays on broken-away groups; right would be the rank at which a group breaks away",
  ],
  [
    plan({ breakawayRank: "gold", bonuses: [{ ...lead, earnsIf: "active" }] }),
    'bonuses[0].earnsIf: means nothing here: what is due goes to the next leader, whoever that is; right would be "keeps", which says what a leader needs',
  ],
  [
    plan({
      breakawayRank: "gold",
      bonuses: [
        { ...lead, override: { ...lead.override, due: { share: "1.5", atLeastVolume: "1", shortfallFrom: "received" } } },
      ],
    }),
    'bonuses[0].override.due.share: is "1.5"; right would be at most "1" (100 %); write 5 % as "0.05"',
  ],
  [
    plan({
      bonuses: [closed],
      caps: [{ kind: "running-total", bonuses: ["levels"], counts: "before-it", atMost: { match: { "*": "5" } } }],
    }),
    "caps[0].bonuses: is a list of 1; right would be at least 2 of them",
  ],
  [
    plan({
      bonuses: [closed],
      caps: [{ kind: "running-total", bonuses: ["levels", "levels"], counts: "before-it", atMost: { levels: { "*": "5" } } }],
    }),
    'caps[0].bonuses[1]: counts "levels" twice; right would be each bonus once, in the order in which they count',
  ],
  [
    plan({ bonuses: [closed], caps: [{ kind: "running-total", bonuses: [], counts: "before-it", atMost: {} }] }),
    "caps[0].bonuses: is a list of 0; right would be at least 2 of them",
  ],
  [
    plan({ bonuses: [{ ...passUp, kept: { "*": "0.5" } }] }),
    'bonuses[0].kept.*: is "0.5", more than the rate of "0.40" that it is kept of; right would be at most that rate',
  ],
  [
    plan({ bonuses: [{ ...passUp, per: "class" }] }),
    'bonuses[0].per: counts each class anew, but recruits have no class; right would be "counts": "sales", or to leave it out',
  ],
  [
    plan({ bonuses: [{ ...passUp, kept: { god: "0.1" } }] }),
    'bonuses[0].kept.god: names the rank "god", which this plan does not have; right would be one of "star", "gold"',
  ],
  [
    plan({ ...cal, rankCalendar: "week", bonuses: [{ ...car, calendar: "month", ranksOf: "running" }] }),
    'bonuses[0].ranksOf: is "running", but periods of "month" are no shorter than those of "week", which are closed by then; right would be "last-closed"',
  ],
  [
    plan({ ...cal, measures: { weekly: { what: "pv", over: { periods: 1, calendar: "week" } } } }),
    'measures.weekly.over.calendar: is "week", which is no longer than "month", whose closes count people; right would be a longer calendar, or to leave it out',
  ],
  [plan({ bonuses: [{ ...passUp, to: "sponsor" }] }), 'bonuses[0].to: is "sponsor"; right would be one of "upline", "company"'],
  [
    plan({
      measures: { a: { what: "earned", bonuses: ["car"] } },
      bonuses: [{ ...car, for: { kind: "each-period", when: { measure: "a", atLeast: "1" } } }],
    }),
    'bonuses: pay on each other in a circle: car → car; right would be to take one of them out of another\'s "of", or to count pay of the periods before by "over"',
  ],
];

test("all in all there are more than enough of them", () => {
  expect(BROKEN.length).toBeGreaterThanOrEqual(45);
});

test.each(BROKEN.map(([document, sentence]) => [sentence, document] as const))("%s", (sentence, document) => {
  expect(problemsOf(document)).toContain(sentence);
});
