import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { explainStep } from "../plan/explain.ts";
import type { Measure } from "../plan/measures.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { MeasureHistory } from "./measure-history.ts";
import { closeOf, networkOf, type TestRow } from "./testing.ts";

/** Measures and conditions on a small tree, every number worked by hand. */

const PV = 10_000;
/** 0 over 1 and 2; 1 over 3 and 4; 3 over 5; 2 over 6. */
const TREE = [-1, 0, 0, 1, 1, 3, 2];
const ROWS: TestRow[] = [
  { owner: 0, self: true, volume: 10 * PV },
  { owner: 1, self: true, volume: 100 * PV },
  { owner: 2, volume: 20 * PV },
  { owner: 3, self: true, volume: 40 * PV },
  { owner: 4, volume: 50 * PV },
  { owner: 5, self: true, volume: 60 * PV },
  { owner: 6, volume: 300 * PV },
];

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

function valuesOf(measure: Measure, more: Partial<Plan> = {}): number[] {
  const { conditions, ...rest } = more;
  const plan = parsePlan(planOf({ measures: { m: measure }, ...(conditions === undefined ? {} : { conditions }), ...rest }));
  const network = networkOf(TREE, {
    enrolledAt: Float64Array.from(TREE, (_, no) => day(`2026-0${no + 1}-01`)),
    placements: { binary: { parent: Int32Array.from([-1, 0, 0, 1, 1, 2, 2]), leg: Uint8Array.from([0, 0, 1, 0, 1, 0, 1]) } },
  });
  const input = closeOf(plan, network, ROWS, {
    endsAt: day("2026-08-01"),
    periodStarts: ["2026-07-01", "2026-06-01", "2026-05-01"].map(day),
  });
  const { people } = closePeriod(input);
  return TREE.map((_, no) => people.measure("m", no) / PV);
}

const binary: Bonus = {
  ...{ id: "pairs", kind: "binary", snapshot: "close", tree: "binary", remainder: "carry" },
  ...{ pay: { mode: "percent", rates: { "*": "0.1" } }, flushIfInactive: false, cappedVolume: "consumed" },
} as Bonus;

test("volumes: own, of levels, of legs, and with a limit on each leg", () => {
  expect(valuesOf({ what: "pv" })).toStrictEqual([10, 100, 20, 40, 50, 60, 300]);
  expect(valuesOf({ what: "pv", from: "customers" })).toStrictEqual([0, 0, 20, 0, 50, 0, 300]);
  expect(valuesOf({ what: "gv" })).toStrictEqual([580, 250, 320, 100, 50, 60, 300]);
  expect(valuesOf({ what: "gv", levels: { from: 1 } })).toStrictEqual([570, 150, 300, 60, 0, 0, 0]);
  expect(valuesOf({ what: "gv", levels: { from: 1, to: 1 } })).toStrictEqual([120, 90, 300, 60, 0, 0, 0]);
  expect(valuesOf({ what: "gv", levels: { from: 0, to: 2 } })).toStrictEqual([520, 250, 320, 100, 50, 60, 300]);
  // Legs of 0 are 250 and 320; own 10 is no leg.
  expect(valuesOf({ what: "gv", atMostFromOneLeg: { volume: "200" } })[0]).toBe(410);
  // With half at most the bigger leg counts as much as everything else: 2 × (250 + 10).
  expect(valuesOf({ what: "gv", atMostFromOneLeg: { share: "0.5" } })[0]).toBe(520);
  expect(valuesOf({ what: "leg-gv", nth: 1 })).toStrictEqual([320, 100, 300, 60, 0, 0, 0]);
  expect(valuesOf({ what: "leg-gv", nth: 2 })).toStrictEqual([250, 50, 0, 0, 0, 0, 0]);
  expect(valuesOf({ what: "leg-gv", nth: 2, tree: "binary" }, { bonuses: [binary] })[0]).toBe(190);
  expect(valuesOf({ what: "leg-gv", side: "right", tree: "binary" }, { bonuses: [binary] })[0]).toBe(380);
});

test("personal groups end where a group breaks away, and ranks may ask for people below them", () => {
  const ranks = [
    { ...rankOf("leader"), requires: { condition: { measure: "big", atLeast: "100" } } },
    { ...rankOf("chief"), requires: { condition: { measure: "leaders", atLeast: "2" } } },
  ];
  const measures: NonNullable<Plan["measures"]> = {
    big: { what: "pv" },
    leaders: { what: "count", of: "levels", levels: { from: 1, to: 2 }, meeting: { rank: "leader" } },
  };
  const asked = { ranks, breakawayRank: "leader", measures: { ...measures, m: { what: "pgv" } } } as Partial<Plan>;
  const plan = parsePlan(planOf({ ...asked, bonuses: [] }));
  const { people, ranks: judged } = closePeriod(closeOf(plan, networkOf(TREE), ROWS));
  // 1 has 100 and 6 has 300: leaders. 0 has both within two levels.
  expect([...judged.paidAs]).toStrictEqual([1, 0, -1, -1, -1, -1, 0]);
  expect(TREE.map((_, no) => people.measure("m", no) / PV)).toStrictEqual([30, 250, 20, 100, 50, 60, 300]);
  expect(TREE.map((_, no) => people.measure("leaders", no) / PV)).toStrictEqual([2, 0, 1, 0, 0, 0, 0]);
});

test("three who have three is counted from the leaves, and legs at a depth", () => {
  const conditions: NonNullable<Plan["conditions"]> = {
    seller: { measure: "sold", atLeast: "40" },
    "has-one": { measure: "below", atLeast: "1" },
  };
  const named: NonNullable<Plan["measures"]> = {
    sold: { what: "pv" },
    below: { what: "count", of: "frontline", meeting: "seller" },
  };
  const of = (measure: Measure): number[] => valuesOf(measure, { conditions, measures: { ...named, m: measure } });
  expect(of({ what: "count", of: "frontline", meeting: "seller" })).toStrictEqual([1, 2, 1, 1, 0, 0, 0]);
  expect(of({ what: "count", of: "frontline", meeting: "has-one" })).toStrictEqual([2, 1, 0, 0, 0, 0, 0]);
  expect(of({ what: "count", of: "legs", meeting: "seller" })).toStrictEqual([2, 2, 1, 1, 0, 0, 0]);
  expect(of({ what: "count", of: "legs", levels: { from: 1, to: 1 }, meeting: "seller" })).toStrictEqual([1, 2, 1, 1, 0, 0, 0]);
  expect(of({ what: "count", of: "levels", levels: { from: 2 }, meeting: "seller" })).toStrictEqual([4, 1, 0, 0, 0, 0, 0]);
  expect(of({ what: "count", of: "levels", levels: { from: 1 } })).toStrictEqual([6, 3, 1, 1, 0, 0, 0]);
});

test("enrolments by period and within days, days enrolled, and the side they stand on", () => {
  const of = (more: object): number[] => valuesOf({ what: "count", of: "enrolled", ...more } as Measure, { bonuses: [binary] });
  expect(of({})).toStrictEqual([2, 2, 1, 1, 0, 0, 0]);
  // 6 enrolled on 1 July; 4 and 5 in May and June.
  expect(of({ over: { periods: 1 } })).toStrictEqual([0, 0, 1, 0, 0, 0, 0]);
  expect(of({ over: { periods: 3 } })).toStrictEqual([0, 1, 1, 1, 0, 0, 0]);
  expect(of({ over: { periods: 1, before: 1 } })).toStrictEqual([0, 0, 0, 1, 0, 0, 0]);
  // 1 enrolled 31 days after 0, 2 another 28.
  expect(of({ over: { daysAfterEnrolment: 32 } })).toStrictEqual([1, 0, 0, 0, 0, 0, 0]);
  expect(of({ side: "right", tree: "binary" })).toStrictEqual([1, 1, 1, 0, 0, 0, 0]);
  expect(valuesOf({ what: "days-enrolled" })).toStrictEqual([212, 181, 153, 122, 92, 61, 31]);
});

test("over several periods and a lifetime: the sum of what each close counted; periods in which a condition held", () => {
  const measures: NonNullable<Plan["measures"]> = {
    now: { what: "pv" },
    two: { what: "pv", over: { periods: 2 } },
    last: { what: "pv", over: { periods: 1, before: 1 } },
    ever: { what: "gv", over: { lifetime: true } },
    held: { what: "periods", meeting: { measure: "now", atLeast: "50" }, over: { periods: 3 } },
    paid: { what: "earned", bonuses: ["own"], over: { lifetime: true } },
  };
  const own: Bonus = {
    ...{ id: "own", kind: "retail", snapshot: "close", ownPurchases: true, ownerMustBeActive: false, unqualifiedEarner: "none" },
    pays: { mode: "percent", base: "cv", rates: { "*": "0.10" } },
  } as Bonus;
  const plan = parsePlan(planOf({ measures, bonuses: [own] }));
  const history = new MeasureHistory(plan);
  const found = [100, 40, 60].map((volume) => {
    const measured = { given: {}, kept: history.kept() };
    const result = closePeriod(closeOf(plan, networkOf([-1, 0]), [{ owner: 1, volume: volume * PV }], { measured }));
    history.add(result.counts);
    return Object.keys(measures).map((id) => result.people.measure(id, id === "ever" ? 0 : 1) / PV);
  });
  expect(found).toStrictEqual([
    [100, 100, 0, 100, 1, 10],
    [40, 140, 100, 140, 1, 14],
    [60, 100, 40, 200, 2, 20],
  ]);
});

const levels: Bonus = {
  ...{ id: "levels", kind: "unilevel", snapshot: "order", base: "cv", levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "next-qualified", rates: { "*": ["0.10", "0.05"] } },
  earnsIf: "customers",
  opens: {
    measure: "customers",
    levels: [
      { from: "1", upTo: 1 },
      { from: "3", upTo: 2 },
    ],
  },
} as Bonus;
const conditions: NonNullable<Plan["conditions"]> = {
  customers: { any: [{ measure: "customers", atLeast: "1" }, { title: "gold" }] },
};

test("at order time conditions and opened levels go by what the last close stored, and say what is short", () => {
  const measures = { customers: { what: "customers-with-order" as const } };
  const plan = parsePlan(planOf({ ranks: [rankOf("gold", "Gold")], measures, conditions, bonuses: [levels] }));
  const has = (customers: number) => ({ measures: { customers: BigInt(customers * PV) } });
  const upline = [
    distributorOf("a"),
    distributorOf("b", has(2)),
    distributorOf("c", has(3)),
    distributorOf("d", { title: "gold" }),
  ];
  const { entries, walk } = computeCommissions(orderOf(plan, { lines: [lineOf({ cv: 1_000_000n })], upline }));
  // a has no customer: their 10 % go to the next who has a rate there, b. b's level 2 is not open: 5 % go on to c.
  expect(entries.map(({ earner, level, amountMinor }) => `${earner} ${level} ${amountMinor}`)).toStrictEqual([
    "b 1 1000",
    "c 2 500",
  ]);
  expect(walk.filter(({ outcome }) => outcome.startsWith("unearned")).map(explainStep)).toStrictEqual([
    "level 1: one of these: customers needs 1, had 0: 1 short, or needs the title Gold, has no rank; not earned, the level is used",
    "level 2: level 2 is not open: customers was 2, 3 open it; not earned, the level is used",
  ]);
});

test("a close says what somebody misses of activity, of the next rank and of a bonus", () => {
  const plan = parsePlan(
    planOf({
      active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active", condition: { measure: "pv", atLeast: "20" } },
      ranks: [{ ...rankOf("gold", "Gold"), requires: { condition: { all: ["active", { measure: "team", above: "100" }] } } }],
      measures: { pv: { what: "pv" }, team: { what: "gv", levels: { from: 1 } } },
      bonuses: [{ ...levels, snapshot: "close", earnsIf: { measure: "pv", atMost: "5" }, opens: undefined } as Bonus],
    }),
  );
  const input = closeOf(plan, networkOf([-1, 0]), [
    { owner: 0, volume: 10 * PV },
    { owner: 1, volume: 100 * PV },
  ]);
  const told = explainClose(input, closePeriod(input, { details: true }), 0);
  expect(told.activity).toBe("not active: pv needs 20, had 10: 10 short");
  expect(told.nextRank).toStrictEqual(["for Gold:", "needs to be active; and team needs more than 100, had 100"]);
  expect(told.bonuses[0]?.lines).toStrictEqual(["does not qualify: pv may be 5 at most, was 10"]);
});

test("a rank may ask in how many periods people below held ranks, this one included: whoever is below has been judged", () => {
  const plan = parsePlan(
    planOf({
      ranks: [
        { id: "star", name: "Star", requires: { pv: "60" } },
        { id: "gold", name: "Gold", requires: { condition: { measure: "led", atLeast: "1" } } },
      ],
      measures: {
        "star-legs": { what: "count", of: "legs", meeting: { rank: "star" } },
        led: { what: "periods", meeting: { measure: "star-legs", atLeast: "1" }, over: { periods: 2 } },
      },
    }),
  );
  const { people } = closePeriod(closeOf(plan, networkOf(TREE), ROWS));
  // 5 sold 60, so that 3 leads a star, 1 a gold, 0 both; 6 sold 300, so that 2 leads a star.
  expect(TREE.map((_, no) => people.rankNo(no))).toStrictEqual([1, 1, 1, 1, -1, 0, 0]);
  expect(TREE.map((_, no) => people.measure("led", no) / PV)).toStrictEqual([1, 1, 1, 1, 0, 0, 0]);
});

test("people of some levels, the person among them, are no question that a rank may ask of ranks", () => {
  const asking = (from: number): Partial<Plan> => ({
    ranks: [{ id: "star", name: "Star", requires: { condition: { measure: "stars", atLeast: "1" } } }],
    measures: { stars: { what: "count", of: "levels", levels: { from }, meeting: { rank: "star" } } },
  });
  expect(() => parsePlan(planOf(asking(0)))).toThrow(/asks for the rank that it is to decide/);
  expect(parsePlan(planOf(asking(1))).ranks).toHaveLength(1);
});

test("a sum beyond 2^53 ten-thousandths is refused by name, of own volume and of groups", () => {
  const half = { volume: 2 ** 52 };
  const close = (measure: Measure, rows: TestRow[]) =>
    closePeriod(closeOf(parsePlan(planOf({ measures: { m: measure } })), networkOf([-1, 0]), rows)).people.measure("m", 0);
  const own: TestRow[] = [
    { owner: 0, ...half },
    { owner: 0, ...half },
  ];
  expect(() => close({ what: "pv" }, own)).toThrow("a measure sums more pv than fits below 2^53 ten-thousandths");
  expect(close({ what: "pv" }, own.slice(1))).toBe(2 ** 52);
  const apart: TestRow[] = [
    { owner: 0, ...half },
    { owner: 1, volume: 2 ** 52 - 1 },
  ];
  expect(close({ what: "gv" }, apart)).toBe(2 ** 53 - 1);
  const over: TestRow[] = [...apart, { owner: 1, volume: 1 }];
  expect(() => close({ what: "gv" }, over)).toThrow(/a measure sums more (pv|group volume) than fits below 2\^53/);
});
