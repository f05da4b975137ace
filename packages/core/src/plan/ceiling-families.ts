import { compareRatio, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { type Base, baseOf } from "./base.ts";
import { baseRateOf } from "./bonus-base.ts";
import type { GenerationBoundary } from "./generation.ts";
import type { InfinityBonus } from "./infinity.ts";
import { trimmed } from "./order-bonuses.ts";
import { reduceRatio } from "./parts.ts";
import { compileLevelRates, compileRankRates, RateTable } from "./rates.ts";
import { breakawayRankNo, rankNoOf } from "./rules.ts";
import type { Bonus, BonusKind, Plan } from "./schema.ts";
import { isKeyed, type LevelTable, type Table } from "./tables.ts";
import type { BonusCeiling } from "./worst-sales.ts";

/** The most that each kind of bonus pays of the sales it takes, or why that has no bound. */

type Of<Kind extends BonusKind> = Extract<Bonus, { kind: Kind }>;
export type FindCeilings = (bonusId: string) => readonly BonusCeiling[];
type CeilingFamilies = {
  readonly [Kind in BonusKind]: (bonus: Of<Kind>, plan: Plan, find: FindCeilings) => readonly BonusCeiling[];
};

const levels = (bonus: Of<"unilevel" | "fast-start" | "matrix">, plan: Plan): BonusCeiling =>
  onBase(bonus, levelsCeiling(bonus, plan), "the highest rate of every level");
const fixed = ({ id }: { id: string }, why: string): BonusCeiling => ({ bonusId: id, of: "fixed", share: null, why });

const FAMILIES: CeilingFamilies = {
  retail: (bonus, plan) => [retailCeiling(bonus, plan)],
  unilevel: (bonus, plan) => [levels(bonus, plan)],
  "fast-start": (bonus, plan) => [levels(bonus, plan)],
  matrix: (bonus, plan) => [
    levels(bonus, plan),
    ...(bonus.completion === undefined ? [] : [fixed(bonus, "a fixed amount for each completed matrix")]),
  ],
  differential: (bonus, plan) => [
    onBase(bonus, differentialCeiling(bonus, plan), "the highest percentage, which a path pays in all"),
  ],
  breakaway: (bonus, plan) => [
    bonus.override.mode === "guaranteed-minimum"
      ? guaranteedCeiling(bonus, bonus.override)
      : onBase({ ...bonus, base: "cv" }, breakawayCeiling(bonus, plan), "the highest override of every generation"),
  ],
  generation: (bonus, plan) => [
    onBase(bonus, generationsCeiling(bonus.boundary, bonus.rates, plan), "the highest rate of every generation"),
  ],
  infinity: (bonus, plan) => [onBase(bonus, infinityCeiling(bonus, plan), "each rank once, or the budget")],
  "pass-up": (bonus, plan) => [onBase(bonus, highest(compileRankRates(bonus.rates, plan.ranks), 1), "the highest rate")],
  binary: ({ id }) => [
    {
      bonusId: id,
      of: "cv",
      share: null,
      why: "one order is paired again in every position above it; only a company cap bounds it",
      open: { because: "binary" },
    },
  ],
  matching: matchingCeiling,
  pool: ({ id, size }) => [
    size.by === "amount"
      ? fixed({ id }, "a fixed amount")
      : onBase(
          { id, base: { of: size.of ?? "cv" } },
          parseDecimal(size.share),
          "the pool's share; what rolled over comes on top",
        ),
  ],
  "rank-advancement": (bonus) => [fixed(bonus, "fixed amounts, once in life each")],
  reward: (bonus) => [fixed(bonus, "fixed amounts, by what the reward is for")],
};

export function familyCeiling(bonus: Bonus, plan: Plan, find: FindCeilings): readonly BonusCeiling[] {
  const own = FAMILIES[bonus.kind] as (bonus: Bonus, plan: Plan, find: FindCeilings) => readonly BonusCeiling[];
  return own(bonus, plan, find);
}

function retailCeiling({ id, pays }: Of<"retail">, plan: Plan): BonusCeiling {
  if (pays.mode === "margin") return fixed({ id }, "the margin the customer pays above wholesale");
  const share = highest(compileRankRates(pays.rates, plan.ranks), 1);
  return onBase({ id, base: pays.base }, share, "the highest rate");
}

/** Whether the earner's rank alone decides the row: then a bound may count each rank once. */
const goesByRank = (table: Table<unknown>): boolean => !isKeyed(table) || table.by === "rank";

function onBase(
  bonus: { id: string; base: Base; baseRate?: string | undefined },
  share: Ratio | null,
  why: string,
): BonusCeiling {
  const kind = baseOf(bonus.base);
  const { id: bonusId } = bonus;
  // What is taken off makes a base smaller only: its own ceiling is that of the whole.
  if (kind === "pv" || kind === "qv" || kind === "retail")
    return { bonusId, of: kind === "retail" ? "net" : "cv", share: null, ...OTHER_BASE[kind] };
  const bounded = share === null ? null : reduceRatio(multiplyRatio(share, baseRateOf(bonus)));
  if (bounded !== null) return { bonusId, of: kind, share: bounded, why };
  const open = { because: "same-generation" } as const;
  return { bonusId, of: kind, share: null, why: "more than one upline may be paid for the same generation", open };
}

const OTHER_BASE = {
  pv: { why: "it is a share of PV, which is no share of CV", open: { because: "pv" } },
  qv: { why: "it is a share of QV, which is no share of CV", open: { because: "qv" } },
  retail: {
    why: "it is a share of the price before discounts, which may be any number of times the net",
    open: { because: "price" },
  },
} as const;

function highest(table: RateTable, level: number): Ratio {
  return table.rate(table.highest(level)).ratio;
}

const ZERO: Ratio = { num: 0n, den: 1n };

function sumOf(ratios: readonly Ratio[]): Ratio {
  return ratios.reduce(
    (sum, ratio) => reduceRatio({ num: sum.num * ratio.den + ratio.num * sum.den, den: sum.den * ratio.den }),
    ZERO,
  );
}

const allLevels = (table: RateTable): Ratio => sumOf(Array.from({ length: table.levels }, (_, i) => highest(table, i + 1)));

function levelsCeiling(bonus: Bonus & { kind: "unilevel" | "fast-start" | "matrix" }, plan: Plan): Ratio {
  const usual = bonus.kind === "matrix" ? trimmed(bonus) : bonus.rates;
  const tables = [usual, ...(bonus.kind === "unilevel" ? Object.values(bonus.classRates ?? {}) : [])];
  return tables.map((rates) => allLevels(compileLevelRates(rates, plan.ranks))).reduce(larger);
}

function differentialCeiling(bonus: Bonus & { kind: "differential" }, plan: Plan): Ratio {
  if (bonus.percentage.by !== "group-volume") return highest(compileRankRates(bonus.percentage.rates, plan.ranks), 1);
  return highest(new RateTable(bonus.percentage.slabs.map((slab) => [slab.rate])), 1);
}

/** What leaders make up for each other only moves; what the company makes up comes on top of what was sold. */
function guaranteedCeiling(
  bonus: Bonus & { kind: "breakaway" },
  { due }: (Bonus & { kind: "breakaway" })["override"] & { mode: "guaranteed-minimum" },
): BonusCeiling {
  if (due.shortfallFrom === "received")
    return onBase({ ...bonus, base: "cv" }, parseDecimal(due.share), "the share of each group, once");
  const why = "the company makes up what a group falls short of the guaranteed minimum, however little it sold";
  return { bonusId: bonus.id, of: "cv", share: null, why, open: { because: "guarantee" } };
}

/** Every volume lies in one broken-away group, so it is overridden by that leader's upline only. */
function breakawayCeiling(bonus: Bonus & { kind: "breakaway" }, plan: Plan): Ratio {
  const { override } = bonus;
  if (override.mode === "fixed-per-generation") return allLevels(compileLevelRates(override.rates, plan.ranks));
  if (override.mode === "guaranteed-minimum") return parseDecimal(override.due.share);
  const table = compileRankRates(override.rates, plan.ranks, [override.floor]);
  const leaders = plan.ranks.map((_, rankNo) => rankNo).filter((rankNo) => rankNo >= breakawayRankNo(plan));
  const lowest = goesByRank(override.rates) ? Math.min(...leaders.map((rankNo) => table.units(rankNo, 1))) : 0;
  return larger(table.rate(Math.max(0, table.highest(1) - lowest)).ratio, parseDecimal(override.floor));
}

/** Bounded where every paid upline closes a generation themselves, so that each number is paid once. */
function generationsCeiling(boundary: GenerationBoundary, rates: LevelTable, plan: Plan): Ratio | null {
  if (!boundary.emptyGenerationCounts || !goesByRank(rates)) return null;
  const table = compileLevelRates(rates, plan.ranks);
  const paid = [-1, ...plan.ranks.map((_, rankNo) => rankNo)].filter((rankNo) => paysAnything(table, rankNo));
  if (boundary.kind === "fixed-rank") {
    const first = rankNoOf(plan, boundary.rank ?? "");
    return paid.every((rankNo) => rankNo >= first) ? allLevels(table) : null;
  }
  if (paid.includes(-1)) return null;
  return sumOf(
    paid.flatMap((rankNo) => Array.from({ length: table.levels }, (_, i) => table.rate(table.units(rankNo, i + 1)).ratio)),
  );
}

function paysAnything(table: RateTable, rankNo: number): boolean {
  return Array.from({ length: table.levels }, (_, i) => table.units(rankNo, i + 1)).some((units) => units > 0);
}

/** Blocked: above `levelsUnder` levels ranks must rise, so each rank is paid once; within them every level may be paid. */
function infinityCeiling(bonus: InfinityBonus, plan: Plan): Ratio {
  const table = compileRankRates(bonus.rates, plan.ranks);
  if (bonus.pay.mode === "differential") return highest(table, 1);
  if (bonus.pay.mode === "additive-until-max") return parseDecimal(bonus.pay.budget);
  const free = BigInt(Math.max(0, bonus.pay.levelsUnder - bonus.belowLevel));
  const top = highest(table, 1);
  const each = [-1, ...plan.ranks.map((_, rankNo) => rankNo)].map((rankNo) =>
    goesByRank(bonus.rates) ? table.rate(table.units(rankNo, 1)).ratio : top,
  );
  return sumOf([...each, { num: top.num * free, den: top.den }]);
}

/** Matched earnings times the sum of the match rates, of CV and of net apart; with a cascade the geometric series of it. */
function matchingCeiling(bonus: Bonus & { kind: "matching" }, plan: Plan, find: FindCeilings): BonusCeiling[] {
  const of = [...new Set(bonus.of)].flatMap(find);
  const factor = matchFactor(bonus, plan);
  const open = of.find((bonusCeiling) => bonusCeiling.of !== "fixed" && bonusCeiling.share === null);
  const base =
    of.some((bonusCeiling) => bonusCeiling.of === "net") && !of.some((bonusCeiling) => bonusCeiling.of === "cv") ? "net" : "cv";
  const openMatch = { bonusId: bonus.id, of: base, share: null } as const;
  if ("open" in factor) return [{ ...openMatch, ...factor }];
  if (open !== undefined) {
    const why = `what it matches has no bound: ${open.bonusId}`;
    return [{ ...openMatch, why, open: { because: "matched", bonus: open.bonusId } }];
  }
  const shares = (["cv", "net"] as const).flatMap((kind) => {
    const matched = of.flatMap((bonusCeiling) =>
      bonusCeiling.of === kind && bonusCeiling.share !== null ? [bonusCeiling.share] : [],
    );
    if (matched.length === 0) return [];
    return [{ bonusId: bonus.id, of: kind, share: reduceRatio(multiplyRatio(sumOf(matched), factor.ratio)), why: factor.why }];
  });
  const fixed = of.find((bonusCeiling) => bonusCeiling.of === "fixed");
  if (fixed === undefined) return shares;
  return [...shares, { bonusId: bonus.id, of: "fixed", share: null, why: `its part of the fixed amounts of ${fixed.bonusId}` }];
}

/** What of the matched sum is paid at most, or why that has no bound. */
function matchFactor(
  bonus: Bonus & { kind: "matching" },
  plan: Plan,
): { readonly ratio: Ratio; readonly why: string } | Required<Pick<BonusCeiling, "why" | "open">> {
  const rate =
    bonus.by.kind === "level"
      ? allLevels(compileLevelRates(bonus.rates, plan.ranks))
      : generationsCeiling(bonus.by.boundary, bonus.rates, plan);
  if (rate === null)
    return { why: "more than one upline may match the same generation", open: { because: "matched-generation" } };
  if (!bonus.cascade) return { ratio: rate, why: "the match rates of all levels on what is matched" };
  if (rate.num >= rate.den)
    return { why: "matches of matches never end: the match rates sum to 100 % or more", open: { because: "endless-matches" } };
  return { ratio: { num: rate.num, den: rate.den - rate.num }, why: "the series of matches of matches" };
}

function larger(a: Ratio, b: Ratio): Ratio {
  return compareRatio(a, b) >= 0 ? a : b;
}
