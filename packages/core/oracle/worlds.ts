import fc from "fast-check";
import type { CloseInput } from "../src/period/input.ts";
import { closeOf, networkOf } from "../src/period/testing.ts";
import { breakaway, differential, generation, guaranteed, infinity, unilevel } from "../src/plan/arbitrary.ts";
import type { BinaryBonus } from "../src/plan/binary.ts";
import { parsePlan } from "../src/plan/parse.ts";
import type { Bonus, Plan } from "../src/plan/schema.ts";
import { planOf } from "../src/plan/testing.ts";
import { ordersOf } from "./sales.ts";

/** Random plans that use many parts together, and small worlds in which they pay. */

const RANKS = ["bronze", "silver", "gold", "diamond"];
const rate = fc.integer({ min: 0, max: 40 }).map((half) => (half / 200).toFixed(3));
const rates = fc.dictionary(fc.constantFrom(...RANKS, "*", "none"), rate, { minKeys: 1 });
const levels = fc.dictionary(fc.constantFrom(...RANKS, "*"), fc.array(rate, { minLength: 1, maxLength: 4 }), { minKeys: 1 });
const whole = (max: number): fc.Arbitrary<string> => fc.integer({ min: 1, max }).map(String);
const money = fc.integer({ min: 1, max: 3000 }).map((cents) => (cents / 100).toFixed(2));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** The same object without members that are not there. */
const tidy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const requirement = fc.record({
  pv: maybe(whole(60)),
  gv: maybe(
    fc.record({
      volume: whole(300),
      maxLeg: maybe(
        fc.record({
          mode: fc.constantFrom("cap-on-required" as const, "cap-on-total" as const),
          share: fc.constantFrom("0.4", "0.5", "0.6"),
        }),
      ),
    }),
  ),
  personalGroupVolume: maybe(whole(100)),
  activeLegs: maybe(fc.integer({ min: 1, max: 2 })),
  retailVolume: maybe(whole(40)),
});
const ranks = fc
  .tuple(...RANKS.map(() => fc.oneof({ weight: 2, arbitrary: requirement }, fc.record({ pv: whole(30) }))))
  .chain((asked) =>
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }).map((legs) =>
      asked.map((requires, no) => ({
        id: RANKS[no] as string,
        name: RANKS[no] as string,
        requires: legs[no] && no > 0 ? { ...requires, legsWithRank: [{ rank: RANKS[no - 1], legs: 1 }] } : requires,
      })),
    ),
  );

const pairing = fc.oneof(
  fc.record({ mode: fc.constantFrom("percent" as const, "ratio" as const), rates }),
  fc.record({
    mode: fc.constant("cycle" as const),
    strong: fc.constantFrom("20", "40"),
    weak: fc.constantFrom("10", "20", "50"),
    pays: fc.dictionary(fc.constantFrom(...RANKS, "*"), money, { minKeys: 1 }),
  }),
  fc.record({
    mode: fc.constant("table" as const),
    steps: fc.uniqueArray(fc.record({ weak: whole(200), pays: money }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ weak }) => weak,
    }),
  }),
);
const ownPlace = maybe(fc.constantFrom("above" as const, "weaker-side" as const, "left" as const, "right" as const));
const byRank = <T>(cell: fc.Arbitrary<T>): fc.Arbitrary<T | Record<string, T>> =>
  fc.oneof(cell, fc.dictionary(fc.constantFrom(...RANKS, "*"), cell, { minKeys: 1 }));
const binaryPays = (pay: fc.Arbitrary<object>, thenPays: fc.Arbitrary<object[] | undefined>) =>
  fc.record({
    kind: fc.constant("binary" as const),
    id: fc.constant("pairs"),
    snapshot: fc.constant("close" as const),
    tree: fc.constant("binary"),
    baseRate: maybe(fc.constantFrom("0.5", "0.8")),
    pay,
    thenPays,
    ownVolume: ownPlace,
    customerVolume: ownPlace,
    aboveOnly: maybe(fc.record({ from: whole(40) })),
    remainder: fc.constantFrom("carry" as const, "net-off" as const, "flush" as const),
    carryCap: maybe(byRank(whole(150))),
    expiresAfterPeriods: maybe(fc.integer({ min: 1, max: 2 })),
    flushIfInactive: fc.boolean(),
    activeEnrolledEachSide: maybe(fc.boolean()),
    positionCap: maybe(fc.record({ "*": money })),
    cycleCap: maybe(byRank(fc.nat(4))),
    unqualifiedPairs: maybe(fc.constantFrom("kept" as const, "used-up" as const)),
    ownerCap: maybe(fc.record({ "*": money })),
    cappedVolume: fc.constantFrom("consumed" as const, "kept" as const),
  });
const pairs = binaryPays(pairing, maybe(fc.array(pairing, { minLength: 1, maxLength: 2 })));
const excess = binaryPays(fc.record({ mode: fc.constant("strong-minus-weak" as const), rates }), fc.constant(undefined));
const binary = fc.oneof({ weight: 4, arbitrary: pairs }, { weight: 1, arbitrary: excess }).map(possible);

/** Words of a binary that mean nothing beside the others are refused by the language: they are left out. */
function possible(drawn: object): object {
  const bonus = drawn as BinaryBonus;
  const byCycle = [bonus.pay, ...(bonus.thenPays ?? [])].some(({ mode }) => mode === "cycle");
  const takesSide = [bonus.ownVolume, bonus.customerVolume].some((place) => place !== undefined && place !== "above");
  return { ...bonus, ...(byCycle ? {} : { cycleCap: undefined }), ...(takesSide ? {} : { aboveOnly: undefined }) };
}

const unitSource = fc.oneof(
  fc.record({
    by: fc.constant("rank" as const),
    units: fc.dictionary(fc.constantFrom(...RANKS, "*"), fc.nat(4), { minKeys: 1 }),
  }),
  fc.record({ by: fc.constant("volume" as const), volume: fc.constantFrom("pv" as const, "gv" as const) }),
  fc.record({ by: fc.constant("measure" as const), measure: fc.constantFrom("own", "active-below"), each: maybe(fc.nat(3)) }),
);
const pool = fc.record({
  kind: fc.constant("pool" as const),
  id: fc.constant("pool"),
  snapshot: fc.constant("close" as const),
  size: fc.oneof(
    fc.record({ by: fc.constant("share" as const), share: rate, of: maybe(fc.constantFrom("cv", "pv", "qv", "net")) }),
    fc.record({ by: fc.constant("amount" as const), amount: money }),
  ),
  units: fc.oneof(unitSource, fc.array(unitSource, { minLength: 1, maxLength: 3 })),
  withoutQualifiers: fc.constantFrom("roll-over" as const, "company" as const),
});
/** The same pool, most times with a limit for each share. */
const limited = fc
  .tuple(
    pool,
    fc.option(
      fc.record({
        shareCap: fc.oneof(
          fc.record({ share: fc.constantFrom("0.04", "0.1", "0.25", "0.5") }),
          fc.record({ amount: fc.dictionary(fc.constantFrom(...RANKS, "*"), money, { minKeys: 1 }) }),
        ),
        cutGoesTo: fc.constantFrom("others" as const, "company" as const, "roll-over" as const),
      }),
      { freq: 3 },
    ),
  )
  .map(([whole, limit]) => ({ ...whole, ...limit }));
const advancement = fc.record({
  kind: fc.constant("rank-advancement" as const),
  id: fc.constant("advance"),
  snapshot: fc.constant("close" as const),
  amounts: fc.record({ "*": money }),
  paysSkippedRanks: fc.boolean(),
});
const matching = (of: readonly string[]): fc.Arbitrary<{ id: string; kind: string }> =>
  fc.record({
    kind: fc.constant("matching" as const),
    id: fc.constant("match"),
    snapshot: fc.constant("close" as const),
    of: fc.subarray([...of], { minLength: 1 }),
    amounts: fc.constantFrom("before-caps" as const, "after-caps" as const),
    cascade: fc.boolean(),
    rates: levels,
    by: fc.oneof(
      fc.record({ kind: fc.constant("level" as const), compression: fc.constantFrom("none", "standard", "dynamic") }),
      fc.record({
        kind: fc.constant("generation" as const),
        boundary: fc.record({
          kind: fc.constantFrom("fixed-rank" as const, "own-rank" as const),
          rank: fc.constantFrom(...RANKS),
          inactiveLeaderBounds: fc.boolean(),
          emptyGenerationCounts: fc.boolean(),
        }),
      }),
    ),
    who: fc.constantFrom("everyone" as const, "rank-not-above" as const),
  });
const most = fc.integer({ min: 100, max: 30_000 }).map((cents) => (cents / 100).toFixed(2));
const enforcement = fc.constantFrom("pro-rata" as const, "priority" as const);
const cap = fc.oneof(
  fc.record({ kind: fc.constant("distributor" as const), atMost: fc.record({ "*": most }), enforcement }),
  fc.record({
    kind: fc.constant("company" as const),
    atMost: fc.oneof(
      fc.record({ by: fc.constant("share" as const), share: rate }),
      fc.record({ by: fc.constant("amount" as const), amount: money }),
    ),
    enforcement: fc.constantFrom("pro-rata" as const, "priority" as const, "hard-stop" as const),
  }),
);

const appliesTo = maybe(
  fc.record({
    classes: maybe(fc.subarray(["standard", "light"], { minLength: 1 })),
    markets: maybe(fc.subarray(["DE", "US"], { minLength: 1 })),
    buyers: maybe(fc.subarray(["customer", "self"], { minLength: 1 })),
    orders: maybe(fc.constantFrom("subscription", "others")),
  }),
);
const families = [
  unilevel,
  differential,
  generation,
  infinity,
  breakaway,
  guaranteed,
  limited,
  binary,
  advancement,
] as fc.Arbitrary<object>[];
/** What bonuses that state a base may be computed on; "profit" and "fast" are paid when orders come. */
const base = fc.record({
  of: fc.constantFrom("cv", "net", "pv", "qv", "retail"),
  less: maybe(fc.constantFrom(["profit"], ["profit", "fast"])),
  partOf: maybe(fc.record({ window: fc.constant("fast"), share: fc.constantFrom("0.3", "0.5", "0") })),
});
const profit = {
  ...{ id: "profit", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.25" } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
};
const fast = fc.record({
  id: fc.constant("fast"),
  kind: fc.constant("fast-start"),
  snapshot: fc.constant("order"),
  window: fc.constant({ kind: "first-order" }),
  base: fc.constant("net"),
  rates: fc.constant({ "*": ["0.1"] }),
  compression: fc.constant("none"),
  unqualifiedEarner: fc.constant("none"),
  appliesTo: maybe(fc.record({ classes: fc.constantFrom(["standard"], ["light"]) })),
  replaces: fc.subarray(["generations", "pool", "override"]),
});
const bonuses = fc
  .subarray(families, { minLength: 2 })
  .chain((some) =>
    fc.tuple(
      ...some.map((family) =>
        fc.tuple(family, appliesTo, maybe(base)).map(([bonus, on, other]) => ({
          ...(bonus as { id: string; kind: string }),
          appliesTo: on,
          ...("base" in (bonus as object) && other !== undefined ? { base: other } : {}),
        })),
      ),
    ),
  )
  .chain((list) => {
    const matched = list.flatMap(({ id, kind }) => (kind === "pool" || kind === "rank-advancement" ? [] : [id]));
    return matched.length === 0
      ? fc.constant(list)
      : fc.option(matching(matched), { nil: null }).map((more) => (more === null ? list : [...list, more]));
  });

/** Trees with names, each walk on one of them; "crew" stands upside down to who enrolled whom. */
const treed = maybe(
  fc.record({ ranks: fc.constantFrom("enroller", "binary", "crew"), walks: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }) }),
);
const TREES = { enroller: { is: "enrolment" }, binary: { is: "placement" }, crew: { is: "placement" } } as const;
const TREELESS: ReadonlySet<string> = new Set(["pool", "rank-advancement", "binary", "retail"]);

const FRONTLINE = { what: "count", of: "frontline", meeting: "active" } as const;

function onTrees(
  drawn: { ranks: string; walks: readonly number[] } | undefined,
  list: readonly { id: string; kind: string }[],
): Partial<Plan> {
  if (drawn === undefined) return { bonuses: list as Bonus[] };
  const treeOf = (place: number): string | undefined => Object.keys(TREES)[drawn.walks[place % 4] as number];
  const bonuses = list.map((bonus, place) => (TREELESS.has(bonus.kind) ? bonus : { ...bonus, tree: treeOf(place) }));
  return { trees: TREES, rankTree: drawn.ranks, bonuses: bonuses as Bonus[] };
}

const capsOf = (caps: readonly object[]): object => (caps.length === 0 ? {} : { caps });

/** A cap on a running total over some bonuses of the plan, in any order. */
function runningOf(drawn: readonly { place: number; most: string | undefined }[], list: readonly { id: string }[]): object[] {
  const mosts = new Map(drawn.map(({ place, most: cents }) => [(list[place % list.length] as { id: string }).id, cents]));
  if (mosts.size < 2) return [];
  const atMost = [...mosts].flatMap(([id, cents]) => (cents === undefined ? [] : [[id, { "*": cents }]]));
  return [{ kind: "running-total", bonuses: [...mosts.keys()], counts: "before-it", atMost: Object.fromEntries(atMost) }];
}

/** What cannot pay anybody is refused by the language: such a plan is drawn again. */
export const richPlan: fc.Arbitrary<Plan> = fc
  .record({
    ranks,
    bonuses,
    fast,
    caps: fc.array(cap, { maxLength: 2 }),
    running: maybe(fc.array(fc.record({ place: fc.nat(9), most: maybe(most) }), { minLength: 2, maxLength: 5 })),
    ownPurchase: fc.constantFrom("pays-upline" as const, "pays-owner" as const, "pays-nobody" as const),
    minimumPv: fc.constantFrom("0", "10"),
    rounding: fc.constantFrom("half-up" as const, "half-even" as const, "down" as const, "largest-remainder" as const),
    rankVolume: maybe(fc.constantFrom("pv" as const, "qv" as const)),
    cvRates: fc.constantFrom<Record<string, string>>({ "*": "1" }, { "*": "0.8", DE: "0.97" }),
    treed,
    factors: maybe(fc.constant({ pv: "0.5", cv: "0.25", qv: "0.3" })),
  })
  .map(({ bonuses: closed, fast: start, caps, running, minimumPv, factors, ranks: ladder, treed: drawn, ...rest }) =>
    tidy(
      planOf({
        ...rest,
        measures: { own: { what: "pv" }, "active-below": { ...FRONTLINE, tree: drawn === undefined ? undefined : "enroller" } },
        ranks: ladder as Plan["ranks"],
        breakawayRank: "gold",
        active: { statuses: ["active"], minimumPv, beforeFirstClose: "active" },
        commissionClasses: [
          { id: "standard", name: "Standard" },
          { id: "light", name: "Light", ...(factors === undefined ? {} : { factors }) },
        ],
        ...onTrees(drawn, [...closed, profit, start]),
        ...capsOf([...caps, ...runningOf(running ?? [], closed)]),
      }),
    ),
  )
  .filter((document) => {
    try {
      return parsePlan(document) !== null;
    } catch {
      return false;
    }
  })
  .map((document) => parsePlan(document));

const sale = fc.record({
  owner: fc.nat(1000),
  self: fc.boolean(),
  classNo: fc.nat(1),
  marketNo: fc.nat(2),
  pv: fc.integer({ min: 0, max: 600_000 }),
  qv: fc.integer({ min: 0, max: 600_000 }),
  cv: fc.integer({ min: 0, max: 900_000 }),
  net: fc.integer({ min: 0, max: 20_000 }),
  discount: fc.nat(9_000),
  subscription: fc.boolean(),
  first: fc.boolean(),
  paid: fc.integer({ min: 0, max: 100 }),
});
const person = fc.record({
  sponsor: fc.nat(1000),
  earns: fc.integer({ min: 0, max: 9 }),
  place: fc.nat(1000),
  title: fc.integer({ min: -1, max: 3 }),
  owner: fc.nat(1000),
  grace: fc.nat(2),
  last: fc.integer({ min: -1, max: 3 }),
  said: fc.integer({ min: 0, max: 11 }),
});

/** A close of up to 30 people and 60 sales. */
export const richClose: fc.Arbitrary<CloseInput> = fc
  .record({
    plan: richPlan,
    people: fc.array(person, { minLength: 3, maxLength: 30 }),
    sales: fc.array(sale, { minLength: 5, maxLength: 60 }),
    chains: fc.boolean(),
  })
  .map(({ plan, people, sales, chains }) => {
    const count = people.length;
    // Long lines show more than broad trees: half of the worlds take a sponsor near by.
    const sponsors = people.map(({ sponsor }, no) =>
      no === 0 ? -1 : chains ? Math.max(0, no - 1 - (sponsor % 2)) : sponsor % no,
    );
    const network = networkOf(sponsors, {
      earning: Uint8Array.from(people, ({ earns }) => (earns === 0 ? 0 : 1)),
      title: Int16Array.from(people, ({ title }) => title),
      recentRanks: [Int16Array.from(people, ({ last }) => last)],
      directives: people.flatMap(({ said, title }, no) =>
        said > 1 ? [] : [{ no, kind: said === 0 ? ("override" as const) : ("constraint" as const), rankNo: title, until: 10 }],
      ),
      positionOwner: Int32Array.from(people, ({ owner }, no) => (owner % 3 === 0 ? owner % count : no)),
      placements: {
        binary: {
          parent: Int32Array.from(people, (_, no) => (no === 0 ? -1 : (no - 1) >> 1)),
          leg: Uint8Array.from(people, (_, no) => (no + 1) % 2),
        },
        crew: {
          parent: Int32Array.from(people, ({ place }, no) =>
            no === count - 1 || place % 7 === 0 ? -1 : no + 1 + (place % Math.min(chains ? 2 : count, count - no - 1)),
          ),
          leg: Uint8Array.from(people, ({ place }) => place % 3),
        },
      },
    });
    return closeOf(plan, network, [], { orders: ordersOf(sales, count, plan) });
  });

/** Closes one after the other of a plan with one binary bonus that pairs, on the same people and with new sales each time. */
export const pairedCloses: fc.Arbitrary<readonly CloseInput[]> = fc
  .record({
    input: richClose,
    bonus: pairs.map(possible),
    more: fc.array(fc.array(sale, { maxLength: 30 }), { minLength: 2, maxLength: 4 }),
  })
  .map(({ input, bonus, more }) => {
    const { caps: _, ...plan } = input.plan;
    const document = tidy({ ...plan, ownPurchase: "pays-upline", bonuses: [bonus] });
    const own = { ...input, plan: parsePlan(document) };
    return [own, ...more.map((sales) => ({ ...own, orders: ordersOf(sales, input.network.count, own.plan) }))];
  });
