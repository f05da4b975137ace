import fc from "fast-check";
import type { CloseNetwork } from "../period/input.ts";
import { fixedRanks, networkOf, type TestRow } from "../period/testing.ts";
import type { MatchingBonus } from "./matching.ts";
import type { Bonus, Plan } from "./schema.ts";
import { planOf, rankOf } from "./testing.ts";

/** Random plans, trees and orders for property tests. Rates are multiples of a half percent, so that rounding is exercised. */

export const RANKS = ["bronze", "silver", "gold", "diamond"];

const rate = fc.integer({ min: 0, max: 30 }).map((half) => (half / 200).toFixed(3));
const levels = fc.dictionary(fc.constantFrom(...RANKS, "*"), fc.array(rate, { minLength: 1, maxLength: 4 }), { minKeys: 1 });
const rates = fc.dictionary(fc.constantFrom(...RANKS, "*"), rate, { minKeys: 1 });
const ranked = fc.dictionary(fc.constantFrom(...RANKS), fc.array(rate, { minLength: 1, maxLength: 3 }), { minKeys: 1 });
const walk = {
  snapshot: fc.constant("close" as const),
  base: fc.constant("cv" as const),
  baseRate: fc.constantFrom("1", "0.4"),
};
const passing = {
  compression: fc.constantFrom("none" as const, "standard" as const, "dynamic" as const),
  unqualifiedSource: fc.constantFrom("drop" as const, "pay-in-place" as const, "roll-up" as const),
  unqualifiedEarner: fc.constantFrom("next-qualified" as const, "company" as const, "none" as const),
};

export const unilevel = fc.record({
  ...walk,
  ...passing,
  kind: fc.constant("unilevel" as const),
  id: fc.constant("levels"),
  rates: levels,
  levelOne: fc.constantFrom("owner" as const, "sponsor" as const),
});

export const differential = fc.record({
  ...walk,
  kind: fc.constant("differential" as const),
  id: fc.constant("difference"),
  percentage: fc.oneof(
    fc.record({ by: fc.constant("rank" as const), rates }),
    fc.record({
      by: fc.constant("group-volume" as const),
      slabs: fc.array(fc.record({ from: fc.integer({ min: 0, max: 500 }).map(String), rate }), { minLength: 1, maxLength: 4 }),
    }),
  ),
  stopsAtBreakaway: fc.boolean(),
  includesSource: fc.boolean(),
});

export const generation = fc.record({
  ...walk,
  kind: fc.constant("generation" as const),
  id: fc.constant("generations"),
  boundary: fc.record({
    kind: fc.constantFrom("fixed-rank" as const, "own-rank" as const),
    rank: fc.constantFrom(...RANKS),
    inactiveLeaderBounds: fc.boolean(),
    emptyGenerationCounts: fc.boolean(),
  }),
  rates: ranked,
});

export const infinity = fc.record({
  ...walk,
  kind: fc.constant("infinity" as const),
  id: fc.constant("infinity"),
  rates,
  belowLevel: fc.nat(3),
  pay: fc.oneof(
    fc.record({ mode: fc.constant("blocked" as const), levelsUnder: fc.nat(3) }),
    fc.record({ mode: fc.constant("differential" as const) }),
    fc.record({ mode: fc.constant("additive-until-max" as const), budget: rate }),
  ),
});

export const breakaway = fc.record({
  kind: fc.constant("breakaway" as const),
  id: fc.constant("override"),
  snapshot: fc.constant("close" as const),
  override: fc.oneof(
    fc.record({ mode: fc.constant("fixed-per-generation" as const), rates: levels }),
    fc.record({ mode: fc.constant("differential-with-floor" as const), rates, floor: rate }),
  ),
});

export const guaranteed = fc.record(
  {
    kind: fc.constant("breakaway" as const),
    id: fc.constant("guaranteed"),
    snapshot: fc.constant("close" as const),
    baseRate: fc.constantFrom("0.5", "0.8"),
    override: fc.record(
      {
        mode: fc.constant("guaranteed-minimum" as const),
        due: fc.record({
          share: rate,
          atLeastVolume: fc.integer({ min: 0, max: 200 }).map(String),
          shortfallFrom: fc.constantFrom("received" as const, "company" as const),
        }),
        keeps: fc.record({
          personalGroupVolume: fc.integer({ min: 1, max: 100 }).map(String),
          orGroups: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { requiredKeys: ["mode", "due"] },
    ),
  },
  { requiredKeys: ["kind", "id", "snapshot", "override"] },
);

const binary = fc.record({
  kind: fc.constant("binary" as const),
  id: fc.constant("pairs"),
  snapshot: fc.constant("close" as const),
  tree: fc.constant("binary"),
  pay: fc.oneof(
    fc.record({ mode: fc.constantFrom("percent" as const, "ratio" as const), rates }),
    fc.record({
      mode: fc.constant("cycle" as const),
      strong: fc.constantFrom("20", "40"),
      weak: fc.constantFrom("10", "20"),
      pays: fc.constant({ "*": "3" }),
    }),
  ),
  remainder: fc.constantFrom("carry" as const, "net-off" as const, "flush" as const),
  flushIfInactive: fc.boolean(),
  cappedVolume: fc.constantFrom("consumed" as const, "kept" as const),
});

const matching = (of: readonly string[]): fc.Arbitrary<MatchingBonus> =>
  fc.record({
    kind: fc.constant("matching" as const),
    id: fc.constant("match"),
    snapshot: fc.constant("close" as const),
    of: fc.constant([...of]),
    amounts: fc.constantFrom("before-caps" as const, "after-caps" as const),
    cascade: fc.boolean(),
    rates: levels,
    by: fc.record({ kind: fc.constant("level" as const), compression: passing.compression }),
    who: fc.constantFrom("everyone" as const, "rank-not-above" as const),
  });

const pool = fc.record({
  kind: fc.constant("pool" as const),
  id: fc.constant("pool"),
  snapshot: fc.constant("close" as const),
  size: fc.record({ by: fc.constant("share" as const), share: rate }),
  units: fc.oneof(
    fc.record({ by: fc.constant("rank" as const), units: fc.constant({ gold: 1, diamond: 3 }) }),
    fc.record({ by: fc.constant("volume" as const), volume: fc.constantFrom("pv" as const, "gv" as const) }),
  ),
  withoutQualifiers: fc.constantFrom("roll-over" as const, "company" as const),
});

const walks = fc
  .subarray([unilevel, differential, generation, infinity, breakaway, guaranteed, pool] as fc.Arbitrary<Bonus>[], {
    minLength: 1,
  })
  .chain((some) => fc.tuple(...some));

const caps = fc.option(
  fc.tuple(
    fc.record({
      kind: fc.constant("distributor" as const),
      atMost: fc.constant({ "*": "25.00" }),
      enforcement: fc.constantFrom("pro-rata" as const, "priority" as const),
    }),
    fc.record({
      kind: fc.constant("company" as const),
      atMost: fc.record({ by: fc.constant("share" as const), share: fc.constantFrom("0.05", "0.2") }),
      enforcement: fc.constantFrom("pro-rata" as const, "priority" as const, "hard-stop" as const),
    }),
  ),
  { nil: undefined },
);

/** A plan of some close families, with matching on some of them, and caps or none. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    bonuses: walks,
    pairs: fc.option(binary),
    matched: fc.boolean(),
    caps,
    ownPurchase: fc.constantFrom("pays-upline" as const, "pays-owner" as const),
    minimumPv: fc.constantFrom("0", "20"),
    rounding: fc.constantFrom("half-up" as const, "largest-remainder" as const),
  })
  .chain(({ bonuses, pairs, matched, caps: limits, ownPurchase, minimumPv, rounding }) => {
    const all = pairs === null ? bonuses : [...bonuses, pairs];
    const more = matched ? matching(all.map((bonus) => bonus.id)).map((bonus) => [...all, bonus]) : fc.constant(all);
    return more.map((list) =>
      planOf({
        ranks: RANKS.map((id) => rankOf(id)),
        breakawayRank: "gold",
        bonuses: list as Bonus[],
        ownPurchase,
        rounding,
        active: { statuses: ["active"], minimumPv, beforeFirstClose: "active" },
        ...(limits === undefined ? {} : { caps: [...limits] }),
      }),
    );
  });

/** A tree of 2 to 25 with fixed ranks, a binary placement, and some who do not earn. */
export const anyNetwork: fc.Arbitrary<CloseNetwork> = fc
  .array(fc.record({ sponsor: fc.nat(100), rank: fc.integer({ min: -1, max: 3 }), earning: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 2,
    maxLength: 25,
  })
  .map((people) => {
    const sponsors = people.map((person, no) => (no === 0 ? -1 : person.sponsor % no));
    const parent = Int32Array.from(people, (_, no) => (no === 0 ? -1 : (no - 1) >> 1));
    const leg = Uint8Array.from(people, (_, no) => (no + 1) % 2);
    return networkOf(sponsors, {
      earning: Uint8Array.from(people, (person) => (person.earning === 0 ? 0 : 1)),
      directives: fixedRanks(people.map((person) => person.rank)),
      placements: { binary: { parent, leg } },
    });
  });

/** Order lines of up to 60 volume, to the ten-thousandth. */
export const anyRows: fc.Arbitrary<TestRow[]> = fc
  .array(fc.record({ owner: fc.nat(1), self: fc.boolean(), volume: fc.integer({ min: 0, max: 600_000 }), at: fc.nat(1000) }), {
    maxLength: 40,
  })
  .map((rows) => rows.map(({ at, ...row }) => ({ ...row, owner: at })));

/** Rows whose owners exist in a network. */
export function within(rows: readonly TestRow[], network: CloseNetwork): TestRow[] {
  return rows.map((row) => ({ ...row, owner: row.owner % network.count }));
}
