import fc from "fast-check";
import type { GoldenDistributor, GoldenOrder } from "../src/golden/case.ts";
import { parsePlan } from "../src/plan/parse.ts";
import type { Bonus, Plan } from "../src/plan/schema.ts";
import { planOf } from "../src/plan/testing.ts";
import type { Story } from "./story.ts";
import { bonuses, type Drawn, onTrees, TREES, treeOf } from "./story-bonuses.ts";
import { bounds, levelRow, maybe, money, named, RANKS, rate, table, tidy, vocabulary, whole } from "./words.ts";

/** Random plans of the second edition's parts together, and small companies that live under them for some periods. */

const requirement = fc.record({
  pv: maybe(whole(40)),
  condition: maybe(
    fc.oneof(
      fc.constant("sells"),
      bounds(fc.constantFrom("personal", "group-a", "group-b", "sold-a"), 20),
      bounds(fc.constantFrom("near", "lead-legs", "led"), 1),
    ),
  ),
});
const ladder = fc
  .tuple(...RANKS.map(() => requirement))
  .map((asked) => asked.map((requires, no) => ({ id: RANKS[no], name: RANKS[no], requires })));

const promotion = (list: readonly Drawn[]): fc.Arbitrary<object> => {
  const tables = list.flatMap((bonus): { field: string; row: fc.Arbitrary<unknown> }[] =>
    "rates" in bonus
      ? [{ field: `bonuses.${bonus.id}.rates`, row: bonus.id === "below" || bonus.kind === "infinity" ? rate : levelRow }]
      : "amounts" in bonus && bonus.kind === "reward"
        ? [{ field: `bonuses.${bonus.id}.amounts`, row: money }]
        : [],
  );
  const conditions = fc
    .constantFrom("sells", "high")
    .chain((id) => bounds(fc.constantFrom("sold-a", "sold-b"), 60).map((value) => ({ [`conditions.${id}`]: value })));
  const set = fc.oneof(conditions, ...tables.map(({ field, row }) => named(row).map((value) => ({ [field]: value }))));
  return fc
    .record({
      decidedBy: fc.constantFrom("order-date", "period-start"),
      first: fc.nat(3),
      long: fc.integer({ min: 1, max: 3 }),
      set,
    })
    .map(({ decidedBy, first: from, long, set: fields }) => ({
      ...{ id: "spring", decidedBy, set: fields },
      ...{ from: `2027-0${from + 1}-01`, until: `2027-0${from + 1 + long}-01` },
    }));
};

const cap = fc.record({
  kind: fc.constant("distributor"),
  atMost: table(fc.constantFrom("20.00", "60.00", "150.00"), false),
  enforcement: fc.constantFrom("pro-rata", "priority"),
});

/** Every measure over people on one of the trees; a side is one of the binary tree. */
function measuresOnTrees(measures: Record<string, unknown>, walks: readonly number[] | undefined): Record<string, unknown> {
  if (walks === undefined) return measures;
  const placed = Object.entries(measures as Record<string, Record<string, unknown>>).map(([id, measure], no) => {
    const overPeople = ["gv", "pgv", "leg-gv", "count"].includes(String(measure.what)) && measure.of !== "enrolled";
    return [id, overPeople ? { ...measure, tree: measure.side === undefined ? treeOf(walks, no) : "binary" } : measure];
  });
  return Object.fromEntries(placed);
}

/** What the language refuses, as a bonus that pays nobody, is drawn again. */
export const richerPlan: fc.Arbitrary<Plan> = bonuses
  .chain((list) =>
    fc.record({
      list: fc.constant(list),
      words: vocabulary,
      pay: fc.record({
        what: fc.constant("earned"),
        bonuses: fc.subarray(
          list.map(({ id }) => id),
          { minLength: 1 },
        ),
        over: fc.record({ periods: fc.integer({ min: 1, max: 3 }), before: fc.constant(1) }),
      }),
      ranks: ladder,
      promotions: maybe(promotion(list).map((only) => [only])),
      caps: maybe(cap.map((only) => [only])),
      ownPurchase: fc.constantFrom("pays-upline", "pays-owner", "pays-nobody"),
      active: fc.record({
        statuses: fc.constant(["active"]),
        minimumPv: fc.constantFrom("0", "0", "10"),
        beforeFirstClose: fc.constantFrom("active", "inactive"),
        condition: fc.option(bounds(fc.constantFrom("sold-a", "sold-b"), 8), { nil: undefined, freq: 2 }),
      }),
      rounding: fc.constantFrom("half-up", "half-even", "down", "largest-remainder"),
      rankVolume: maybe(fc.constantFrom("pv", "qv")),
      treed: maybe(
        fc.record({
          rankTree: fc.constantFrom("enroller", "binary"),
          walks: fc.array(fc.nat(1), { minLength: 5, maxLength: 5 }),
        }),
      ),
    }),
  )
  .map(({ list, words, pay, rounding, treed, ...rest }) => {
    // Shares of one order over all bonuses have a test of their own.
    const together = rounding === "largest-remainder" && list.some(({ snapshot }) => snapshot === "order");
    return tidy({
      ...planOf({ bonuses: onTrees(list, treed?.walks) as unknown as Bonus[] }),
      conditions: words.conditions,
      measures: measuresOnTrees({ ...words.measures, pay }, treed?.walks),
      ...(treed === undefined ? {} : { trees: TREES, rankTree: treed.rankTree }),
      ...rest,
      rounding: together ? "half-even" : rounding,
      breakawayRank: "gold",
      cvRates: { "*": "0.8", DE: "0.97" },
      commissionClasses: [
        { id: "standard", name: "Standard" },
        { id: "light", name: "Light", factors: { pv: "0.5", cv: "0.25", qv: "0.3" } },
      ],
    });
  })
  .filter((document) => {
    try {
      return parsePlan(document) !== null;
    } catch {
      return false;
    }
  })
  .map((document) => parsePlan(document));

const DAY_MS = 86_400_000;
const instant = (ms: number): string => new Date(ms).toISOString();
const startOf = (period: number): number => Date.UTC(2027, period, 1);

const person = fc.record({
  sponsor: fc.nat(1000),
  status: fc.constantFrom("active", "active", "active", "active", "left"),
  enrolled: fc.integer({ min: -60, max: 90 }),
  country: fc.constantFrom("DE", "US", "FR"),
});
const cents = (most: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: most }).map((value) => (value / 100).toFixed(2));
const sale = fc.record({
  owner: fc.nat(1000),
  self: fc.boolean(),
  class: fc.constantFrom("standard", "light"),
  market: fc.constantFrom("DE", "US", "FR"),
  customer: fc.nat(6),
  subscription: fc.boolean(),
  quantity: fc.integer({ min: 1, max: 3 }),
  hour: fc.nat(660),
  pv: cents(6000),
  qv: cents(6000),
  cv: cents(9000),
  net: cents(20_000),
});

export const richStory: fc.Arbitrary<Story> = fc
  .record({
    plan: richerPlan,
    people: fc.array(person, { minLength: 4, maxLength: 10, size: "max" }),
    sold: fc.array(fc.array(sale, { minLength: 3, maxLength: 12, size: "max" }), { minLength: 3, maxLength: 5, size: "max" }),
  })
  .map(({ plan, people: drawn, sold }) => {
    const idOf = (no: number): string => `d${no}`;
    const people = drawn.map(
      ({ sponsor, status, enrolled, country }, no): GoldenDistributor => ({
        ...{ id: idOf(no), status, country },
        sponsor: no === 0 ? null : idOf(sponsor % no),
        enrolledAt: instant(startOf(0) + enrolled * DAY_MS),
        places: { binary: { parent: no === 0 ? null : idOf((no - 1) >> 1), leg: (no + 1) % 2 } },
      }),
    );
    const stories = sold.map((own, period) => ({
      id: `p${period}`,
      startsAt: instant(startOf(period)),
      endsAt: instant(startOf(period + 1)),
      orders: [...own]
        .sort((a, b) => a.hour - b.hour)
        .map(
          ({ owner, customer, hour, ...told }, i): GoldenOrder => ({
            ...told,
            id: `p${period}-${i}`,
            owner: idOf(owner % people.length),
            customer: `c${customer}`,
            placedAt: instant(startOf(period) + hour * 3_600_000 + i),
          }),
        ),
    }));
    return { plan, people, periods: stories };
  });
