import fc from "fast-check";

/** Random measures, conditions and tables: the words of random plans. */

export const RANKS = ["bronze", "silver", "gold", "diamond"];
const rank = fc.constantFrom(...RANKS);
export const rate = fc.integer({ min: 0, max: 40 }).map((half) => (half / 200).toFixed(3));
export const levelRow = fc.array(rate, { minLength: 1, maxLength: 4 });
export const money = fc.integer({ min: 1, max: 9000 }).map((cents) => (cents / 100).toFixed(2));
export const whole = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map(String);
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** The same object without members that are not there. */
export const tidy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const periods = fc.record({ periods: fc.integer({ min: 1, max: 4 }), before: maybe(fc.integer({ min: 1, max: 2 })) });
const lifetime = fc.constant({ lifetime: true });
const days = fc.record({ daysAfterEnrolment: fc.constantFrom(20, 45, 90) });
const over = maybe(fc.oneof(periods, lifetime, days));
const volumeKind = fc.constantFrom("pv", "qv", "cv");
const sales = {
  from: maybe(fc.constantFrom("customers", "self")),
  classes: maybe(fc.subarray(["standard", "light"], { minLength: 1 })),
  markets: maybe(fc.subarray(["DE", "US"], { minLength: 1 })),
  subscription: maybe(fc.boolean()),
};
const span = fc
  .record({ from: fc.nat(2), more: maybe(fc.nat(2)) })
  .map(({ from, more }) => ({ from, to: more === undefined ? undefined : from + more }));
const tree = maybe(fc.constant("binary"));
const eachAtLeast = maybe(whole(40));

const ofSales = fc.oneof(
  fc.record({ what: volumeKind, ...sales, over }),
  fc.record({
    what: fc.constantFrom("customers-with-order", "new-customers"),
    classes: sales.classes,
    markets: sales.markets,
    subscription: sales.subscription,
    eachAtLeast,
    over,
  }),
  fc.record({ what: fc.constant("orders"), ...sales, eachAtLeast, over }),
  fc.record({ what: fc.constant("items"), ...sales, over }),
);
const ofGroups = fc.oneof(
  fc.record({
    what: fc.constant("gv"),
    tree,
    volume: maybe(volumeKind),
    levels: maybe(span),
    atMostFromOneLeg: maybe(
      fc.oneof(
        whole(90).map((volume) => ({ volume })),
        fc.constantFrom("0.3", "0.5", "0.65").map((share) => ({ share })),
      ),
    ),
    over,
  }),
  fc.record({
    what: fc.constant("leg-gv"),
    tree: fc.constant("binary"),
    volume: maybe(volumeKind),
    side: fc.constantFrom("left", "right"),
    over,
  }),
  fc.record({ what: fc.constant("leg-gv"), tree, nth: fc.integer({ min: 1, max: 3 }), over }),
);
/** What needs ranks of this close: no question of who is active. */
const ofRanks = fc.record({ what: fc.constant("pgv"), volume: maybe(volumeKind), over });

const counting = (meeting: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  fc.oneof(
    fc.record({ what: fc.constant("count"), of: fc.constant("frontline"), meeting, over: maybe(periods) }),
    fc.record({
      what: fc.constant("count"),
      of: fc.constant("frontline"),
      tree: fc.constant("binary"),
      side: maybe(fc.constantFrom("left", "right")),
      meeting,
    }),
    fc.record({
      what: fc.constant("count"),
      of: fc.constant("legs"),
      tree,
      levels: maybe(fc.integer({ min: 1, max: 3 }).map((to) => ({ from: 1, to }))),
      meeting,
      over: maybe(periods),
    }),
    fc.record({ what: fc.constant("count"), of: fc.constant("levels"), tree, levels: span, meeting, over: maybe(periods) }),
    fc.record({
      what: fc.constant("count"),
      of: fc.constant("enrolled"),
      meeting: maybe(meeting),
      over: maybe(fc.oneof(fc.constant({ periods: 1 }), lifetime, days)),
    }),
  );

export const bounds = (measure: fc.Arbitrary<string>, max: number): fc.Arbitrary<object> =>
  fc.oneof(
    fc.record({ measure, atLeast: whole(max) }),
    fc.record({ measure, above: whole(max) }),
    fc.record({ measure, atMost: whole(max) }),
    fc.record({ measure, atLeast: whole(max), below: whole(max * 2) }),
  );
const joined = (leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: leaf },
    fc.tuple(leaf, leaf).map((all) => ({ all })),
    fc.tuple(leaf, leaf).map((any) => ({ any })),
    leaf.map((not) => ({ not })),
  );
const personal = fc.oneof(
  rank.map((title) => ({ title })),
  fc.subarray(["DE", "US"], { minLength: 1 }).map((country) => ({ country })),
  fc.constantFrom({ enrolled: { from: "2027-01-15" } }, { enrolled: { from: "2026-12-01", before: "2027-02-10" } }),
);

const SALE_MEASURES = ["sold-a", "sold-b", "group-a", "group-b"];
const COUNTS = ["near", "wide"];

/** Layers, each of which asks only for what stands below it, so that nothing counts itself. */
export const vocabulary = fc
  .record({
    soldA: ofSales,
    soldB: ofSales,
    groupA: ofGroups,
    groupB: ofGroups,
    personal: ofRanks,
    led: fc.record({ what: fc.constant("periods"), meeting: bounds(fc.constant("lead-legs"), 1), over: periods }),
    leadLegs: fc.record({
      what: fc.constant("count"),
      of: fc.constantFrom("frontline", "legs"),
      meeting: rank.map((id) => ({ rank: id })),
      over: maybe(periods),
    }),
    own: fc.record({
      what: volumeKind,
      from: maybe(fc.constantFrom("customers", "self")),
      over: maybe(fc.oneof(fc.record({ periods: fc.integer({ min: 1, max: 3 }) }), lifetime)),
    }),
    sells: joined(
      fc.oneof({ weight: 4, arbitrary: bounds(fc.constantFrom(...SALE_MEASURES), 15) }, { weight: 1, arbitrary: personal }),
    ),
    ranked: joined(
      fc.oneof(
        rank.map((id) => ({ rank: id })),
        fc.constant("active"),
        fc.constant("sells"),
        personal,
      ),
    ),
    near: counting(fc.constantFrom("sells", "active")),
    wide: counting(fc.constantFrom("sells", "ranked", "active")),
    leads: joined(bounds(fc.constantFrom(...COUNTS), 2)),
    leaders: counting(fc.constant("leads")),
    held: fc.record({
      what: fc.constant("periods"),
      meeting: fc.constantFrom("sells", "ranked", "leads", "active"),
      over: periods,
    }),
    tenure: fc.constant({ what: "days-enrolled" }),
    high: joined(
      fc.oneof(
        bounds(fc.constantFrom("leaders", "held", ...COUNTS), 2),
        bounds(fc.constant("tenure"), 80),
        fc.constantFrom("sells", "leads", "active", "ranked"),
        rank.map((id) => ({ rank: id })),
      ),
    ),
  })
  .map(
    ({
      soldA,
      soldB,
      groupA,
      groupB,
      personal: personalGroup,
      leadLegs,
      led,
      own,
      near,
      wide,
      leaders,
      held,
      tenure,
      sells,
      ranked,
      leads,
      high,
    }) => ({
      measures: {
        "sold-a": soldA,
        "sold-b": soldB,
        "group-a": groupA,
        "group-b": groupB,
        personal: personalGroup,
        "lead-legs": leadLegs,
        led,
        own,
        near,
        wide,
        leaders,
        held,
        tenure,
      },
      conditions: { sells, ranked, leads, high },
    }),
  );

const MEASURES: readonly (readonly [id: string, max: number])[] = [
  ...[...SALE_MEASURES, "personal"].map((id) => [id, 40] as const),
  ["pay", 40],
  ...["near", "wide", "leaders", "held", "lead-legs"].map((id) => [id, 3] as const),
];
export const measured = fc.constantFrom(...MEASURES);
export const condition = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("sells", "ranked", "leads", "high", "active") },
  { weight: 1, arbitrary: measured.chain(([id, max]) => bounds(fc.constant(id), max)) },
);

const thresholds = (row: fc.Arbitrary<unknown>, max: number): fc.Arbitrary<object[]> =>
  fc.uniqueArray(fc.record({ from: whole(max), row }), { minLength: 1, maxLength: 4, selector: ({ from }) => from });
export const named = (row: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  fc.dictionary(fc.constantFrom(...RANKS, "*", "none"), row, { minKeys: 1, maxKeys: 4 });

/** A table of any key that may stand where the earner alone is looked at, and where somebody below is. */
export function table(row: fc.Arbitrary<unknown>, below: boolean): fc.Arbitrary<object> {
  return fc.oneof(
    named(row),
    named(row).map((rows) => ({ by: "title", rows })),
    measured.chain(([measure, max]) => thresholds(row, max).map((rows) => ({ by: "measure", measure, applies: "whole", rows }))),
    ...(below ? [fc.constantFrom("source-rank", "leg-rank").chain((by) => named(row).map((rows) => ({ by, rows })))] : []),
  );
}
export const opens = measured.chain(([measure, max]) =>
  fc
    .uniqueArray(fc.record({ from: whole(max), upTo: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ from }) => from,
    })
    .map((levels) => ({ measure, levels })),
);
export const bySize = (row: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  thresholds(row, 90).map((rows) => ({ by: "order-size", of: "pv", rows }));
