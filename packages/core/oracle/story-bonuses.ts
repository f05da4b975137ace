import fc from "fast-check";
import { breakaway, differential, generation, infinity, unilevel } from "../src/plan/arbitrary.ts";
import { bySize, condition, levelRow, maybe, measured, money, named, opens, rate, table, whole } from "./words.ts";

/** Random bonuses whose earners, rates and amounts go by the words of a plan. */

export interface Drawn {
  readonly id: string;
  readonly kind: string;
  readonly snapshot: string;
}

const earnsIf = fc.option(condition, { nil: undefined, freq: 2 });
const appliesTo = maybe(
  fc.record({
    classes: maybe(fc.subarray(["standard", "light"], { minLength: 1 })),
    buyers: maybe(fc.subarray(["customer", "self"], { minLength: 1 })),
  }),
);
const base = fc.constantFrom("cv", "net");
const either = fc.constantFrom("order", "close");

const levelPay = fc
  .tuple(
    unilevel,
    fc.oneof(table(levelRow, true), bySize(levelRow)),
    fc.record({ earnsIf, opens: maybe(opens), appliesTo, base, snapshot: either }),
  )
  .map(([drawn, rates, more]) => ({
    ...drawn,
    ...more,
    rates,
    classRates: undefined,
    snapshot: "by" in rates && rates.by === "order-size" ? "order" : more.snapshot,
  }));
const slabs = fc
  .tuple(differential, table(rate, true), fc.record({ earnsIf, base, snapshot: either }))
  .map(([drawn, rates, more]) => ({ ...drawn, ...more, percentage: { by: "rank", rates } }));
const generations = fc
  .tuple(generation, table(levelRow, true), fc.record({ earnsIf, base, snapshot: either }))
  .map(([drawn, rates, more]) => ({ ...drawn, ...more, rates }));
const below = fc
  .tuple(infinity, table(rate, true), fc.record({ earnsIf, base, snapshot: either }))
  .map(([drawn, rates, more]) => ({ ...drawn, ...more, rates }));
const broken = fc.tuple(breakaway, fc.record({ earnsIf })).map(([drawn, more]) => ({ ...drawn, ...more }));

const divided = fc
  .tuple(
    fc.constantFrom("excess", "above-first"),
    fc.uniqueArray(fc.record({ from: whole(80), row: rate }), { minLength: 2, maxLength: 4, selector: ({ from }) => from }),
  )
  .map(([applies, rows]) => ({ by: "measure", measure: "own", applies, rows }));
const ownSales = fc.record({
  ...{ id: fc.constant("sales"), kind: fc.constant("retail"), snapshot: fc.constant("close"), appliesTo, earnsIf },
  ownPurchases: maybe(fc.boolean()),
  pays: fc.record({ mode: fc.constant("percent"), base, rates: fc.oneof(divided, table(rate, false)) }),
  ownerMustBeActive: fc.boolean(),
  unqualifiedEarner: fc.constantFrom("company", "none"),
});
const orderSales = fc.record({
  ...{ id: fc.constant("profit"), kind: fc.constant("retail"), snapshot: fc.constant("order"), appliesTo, earnsIf },
  pays: fc.record({ mode: fc.constant("percent"), base, rates: fc.oneof(bySize(rate), table(rate, false)) }),
  ownerMustBeActive: fc.boolean(),
  unqualifiedEarner: fc.constantFrom("company", "none"),
});

const amount = fc.oneof(money, fc.array(money, { minLength: 1, maxLength: 3 }));
const times = maybe(fc.integer({ min: 1, max: 3 }));
const parts = fc.record({
  after: fc
    .uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
    .map((after) => after.sort((a, b) => a - b)),
  gap: fc.constantFrom("restart", "restart-unpaid", "hold", "forfeit"),
});
const reward = (id: string, asked: fc.Arbitrary<object>, amounts: fc.Arbitrary<object>): fc.Arbitrary<Drawn> =>
  fc.record({
    ...{ id: fc.constant(id), kind: fc.constant("reward"), snapshot: fc.constant("close"), earnsIf },
    ...{ for: asked, amounts, levelOne: maybe(fc.constantFrom("owner", "sponsor")) },
  }) as unknown as fc.Arbitrary<Drawn>;
const car = reward(
  "car",
  fc.record({
    kind: fc.constant("each-period"),
    when: condition,
    since: maybe(condition),
    forPeriods: times,
    atMostTimes: times,
  }),
  table(amount, true),
);
export const first = reward(
  "first",
  fc.record({ kind: fc.constant("first-time"), when: condition, inParts: maybe(parts) }),
  table(amount, false),
);
const steps = reward(
  "steps",
  measured.chain(([measure, max]) =>
    fc.record({
      kind: fc.constant("per-step"),
      measure: fc.constant(measure),
      step: fc.integer({ min: 1, max: Math.max(1, Math.floor(max / 3)) }).map(String),
    }),
  ),
  table(amount, true),
);
const kit = fc
  .tuple(
    reward(
      "kit",
      fc.constant({ kind: "per-item" }),
      fc.oneof(
        table(amount, true),
        bySize(amount),
        fc.dictionary(fc.constantFrom("standard", "light", "*"), amount, { minKeys: 1 }).map((rows) => ({ by: "class", rows })),
      ),
    ),
    appliesTo,
  )
  .map(([drawn, takes]) => ({ ...drawn, snapshot: "order", appliesTo: takes }));

const pool = fc.record({
  ...{ id: fc.constant("pool"), kind: fc.constant("pool"), snapshot: fc.constant("close"), earnsIf },
  size: fc.record({ by: fc.constant("share"), share: rate }),
  units: fc.constant({ by: "rank", units: { "*": 1, gold: 3 } }),
  withoutQualifiers: fc.constant("company"),
});
const advancement = fc.record({
  ...{ id: fc.constant("advance"), kind: fc.constant("rank-advancement"), snapshot: fc.constant("close"), earnsIf },
  amounts: named(money),
  paysSkippedRanks: fc.boolean(),
});
const pairs = fc.record({
  ...{ id: fc.constant("pairs"), kind: fc.constant("binary"), snapshot: fc.constant("close"), tree: fc.constant("binary") },
  pay: fc.record({ mode: fc.constantFrom("percent", "ratio"), rates: table(rate, false) }),
  positionCap: maybe(table(money, false)),
  // Nothing is carried from close to close.
  ...{ remainder: fc.constant("flush"), flushIfInactive: fc.constant(true), cappedVolume: fc.constant("consumed") },
});
const match = (of: readonly string[]): fc.Arbitrary<Drawn> =>
  fc.record({
    ...{ id: fc.constant("match"), kind: fc.constant("matching"), snapshot: fc.constant("close"), earnsIf },
    of: fc.subarray([...of], { minLength: 1 }),
    amounts: fc.constantFrom("before-caps", "after-caps"),
    cascade: fc.boolean(),
    matchedIf: maybe(condition),
    rates: table(levelRow, true),
    by: fc.record({ kind: fc.constant("level"), compression: fc.constantFrom("none", "standard", "dynamic") }),
    who: fc.constantFrom("everyone", "rank-not-above"),
  }) as unknown as fc.Arbitrary<Drawn>;

const families = [
  levelPay,
  slabs,
  generations,
  below,
  broken,
  ownSales,
  orderSales,
  car,
  first,
  steps,
  kit,
  pool,
  advancement,
] as unknown as fc.Arbitrary<Drawn>[];
/** Some bonuses are computed on what is left after those that sellers and kits were paid when the order came. */
function withLess(list: readonly Drawn[], places: readonly number[]): Drawn[] {
  const paidFirst = list.flatMap(({ id }) => (id === "profit" || id === "kit" ? [id] : []));
  return list.map((bonus, no) => {
    const taken = paidFirst.slice(0, places[no % places.length]);
    if (taken.length === 0 || !("base" in bonus)) return bonus;
    return { ...bonus, base: { of: bonus.base, less: taken } };
  });
}

/** Trees with names, and which of them each walk and measure goes by; null in a plan without. */
export const TREES = { enroller: { is: "enrolment" }, binary: { is: "placement" } } as const;
const TREELESS: ReadonlySet<string> = new Set(["pool", "rank-advancement", "binary", "retail"]);

export function onTrees(list: readonly Drawn[], walks: readonly number[] | undefined): Drawn[] {
  if (walks === undefined) return [...list];
  return list.map((bonus, no) => (TREELESS.has(bonus.kind) ? bonus : { ...bonus, tree: treeOf(walks, no) }));
}

export const treeOf = (walks: readonly number[], no: number): string =>
  Object.keys(TREES)[walks[no % walks.length] as number] as string;

export const bonuses = fc
  .tuple(
    fc.subarray(families, { minLength: 2, maxLength: 6 }).chain((some) => fc.tuple(...some)),
    pairs as unknown as fc.Arbitrary<Drawn>,
    fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  )
  .chain(([list, binary, places]) => {
    const all = [...withLess(list, places), binary];
    const paid = all.flatMap(({ id, kind }) => (["pool", "rank-advancement"].includes(kind) ? [] : [id]));
    return fc.option(match(paid), { nil: null }).map((more) => (more === null ? all : [...all, more]));
  });
