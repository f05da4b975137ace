import { compareRatio, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { isCloseBonus } from "./dependencies.ts";
import type { GenerationBoundary } from "./generation.ts";
import type { InfinityBonus } from "./infinity.ts";
import { baseRateOf, trimmed } from "./order-bonuses.ts";
import { reduceRatio } from "./parts.ts";
import { compileLevelRates, compileRankRates, RateTable } from "./rates.ts";
import { breakawayRankNo, rankNoOf } from "./rules.ts";
import type { Bonus, Plan } from "./schema.ts";
import { classFilter } from "./takes.ts";

/**
 * The proven payout ceiling: the largest share of a sale that a plan can pay out, over every possible
 * tree, set of ranks and order. Amounts are rounded one by one, so the sum of n amounts may exceed it
 * by at most n half units (not at all with rounding "down"). What has no such bound is named.
 */
export interface Ceiling {
  /** Largest share of CV, or null where no bound exists. */
  readonly ofCv: Ratio | null;
  /** Largest share of net of the bonuses on net; they come on top of those on CV. */
  readonly ofNet: Ratio | null;
  readonly bonuses: readonly BonusCeiling[];
}

export interface BonusCeiling {
  readonly bonusId: string;
  /** `fixed` amounts and retail margins are no share of CV and are not in the sums. */
  readonly of: "cv" | "net" | "fixed";
  readonly share: Ratio | null;
  readonly why: string;
}

const ZERO: Ratio = { num: 0n, den: 1n };

export function payoutCeiling(plan: Plan): Ceiling {
  const bonuses = ceilingsOf(plan);
  return { ofCv: worst(plan, bonuses, "cv"), ofNet: worst(plan, bonuses, "net"), bonuses };
}

/** The bonuses' own ceilings; matching comes after what it matches. */
function ceilingsOf(plan: Plan): BonusCeiling[] {
  const known = new Map<string, BonusCeiling>();
  const find = (bonus: Bonus): BonusCeiling => {
    const own = known.get(bonus.id) ?? ceilingOf(bonus, plan, (id) => find(plan.bonuses.find((one) => one.id === id) as Bonus));
    known.set(bonus.id, own);
    return own;
  };
  return plan.bonuses.map(find);
}

type Find = (bonusId: string) => BonusCeiling;

function ceilingOf(bonus: Bonus, plan: Plan, find: Find): BonusCeiling {
  switch (bonus.kind) {
    case "unilevel":
    case "fast-start":
    case "matrix":
      return onBase(bonus, levelsCeiling(bonus, plan), "the highest rate of every level");
    case "differential":
      return onBase(bonus, differentialCeiling(bonus, plan), "the highest percentage, which a path pays in all");
    case "breakaway":
      return onBase({ ...bonus, base: "cv" }, breakawayCeiling(bonus, plan), "the highest override of every generation");
    case "generation": {
      const table = compileLevelRates(bonus.rates, plan.ranks);
      return onBase(bonus, generationsCeiling(bonus.boundary, table, plan), "the highest rate of every generation");
    }
    case "infinity":
      return onBase(bonus, infinityCeiling(bonus, plan), "each rank once, or the budget");
    case "pass-up":
      return onBase(bonus, highest(compileRankRates(bonus.rates, plan.ranks), 1), "the highest rate");
    case "matching":
      return matchingCeiling(bonus, plan, find);
    default:
      return plainCeiling(bonus, plan);
  }
}

type PlainBonus = Bonus & { kind: "retail" | "binary" | "pool" | "rank-advancement" };

/** The families whose ceiling stands in the document, or that have none. */
function plainCeiling(bonus: PlainBonus, plan: Plan): BonusCeiling {
  const bonusId = bonus.id;
  if (bonus.kind === "binary") {
    return {
      bonusId,
      of: "cv",
      share: null,
      why: "one order is paired again in every position above it; only a company cap bounds it",
    };
  }
  if (bonus.kind === "rank-advancement") return { bonusId, of: "fixed", share: null, why: "fixed amounts, once in life each" };
  if (bonus.kind === "pool") {
    if (bonus.size.by === "amount") return { bonusId, of: "fixed", share: null, why: "a fixed amount" };
    return { bonusId, of: "cv", share: parseDecimal(bonus.size.share), why: "the pool's share; what rolled over comes on top" };
  }
  if (bonus.pays.mode === "margin")
    return { bonusId, of: "fixed", share: null, why: "the margin the customer pays above wholesale" };
  const share = highest(compileRankRates(bonus.pays.rates, plan.ranks), 1);
  return { bonusId, of: bonus.pays.base, share, why: "the highest rate" };
}

function onBase(
  bonus: { id: string; base: "cv" | "net"; baseRate?: string | undefined },
  share: Ratio | null,
  why: string,
): BonusCeiling {
  const bounded = share === null ? null : reduceRatio(multiplyRatio(share, baseRateOf(bonus)));
  return {
    bonusId: bonus.id,
    of: bonus.base,
    share: bounded,
    why: bounded === null ? "more than one upline may be paid for the same generation" : why,
  };
}

function highest(table: RateTable, level: number): Ratio {
  return table.rate(table.highest(level)).ratio;
}

function sumOf(ratios: readonly Ratio[]): Ratio {
  return ratios.reduce((sum, one) => reduceRatio({ num: sum.num * one.den + one.num * sum.den, den: sum.den * one.den }), ZERO);
}

const allLevels = (table: RateTable): Ratio => sumOf(Array.from({ length: table.levels }, (_, i) => highest(table, i + 1)));

function levelsCeiling(bonus: Bonus & { kind: "unilevel" | "fast-start" | "matrix" }, plan: Plan): Ratio {
  const usual = bonus.kind === "matrix" ? trimmed(bonus) : bonus.rates;
  const tables = [usual, ...(bonus.kind === "unilevel" ? Object.values(bonus.classRates ?? {}) : [])];
  return tables.map((rates) => allLevels(compileLevelRates(rates, plan.ranks))).reduce(larger);
}

function differentialCeiling(bonus: Bonus & { kind: "differential" }, plan: Plan): Ratio {
  if (bonus.percentage.by === "rank") return highest(compileRankRates(bonus.percentage.rates, plan.ranks), 1);
  return highest(new RateTable(bonus.percentage.slabs.map((slab) => [slab.rate])), 1);
}

/** Every volume lies in one broken-away group, so it is overridden by that leader's upline only. */
function breakawayCeiling(bonus: Bonus & { kind: "breakaway" }, plan: Plan): Ratio {
  const { override } = bonus;
  if (override.mode === "fixed-per-generation") return allLevels(compileLevelRates(override.rates, plan.ranks));
  const table = compileRankRates(override.rates, plan.ranks, [override.floor]);
  const leaders = plan.ranks.map((_, rankNo) => rankNo).filter((rankNo) => rankNo >= breakawayRankNo(plan));
  const lowest = Math.min(...leaders.map((rankNo) => table.units(rankNo, 1)));
  return larger(table.rate(Math.max(0, table.highest(1) - lowest)).ratio, parseDecimal(override.floor));
}

/** Bounded where every paid upline closes a generation themselves, so that each number is paid once. */
function generationsCeiling(boundary: GenerationBoundary, table: RateTable, plan: Plan): Ratio | null {
  if (!boundary.emptyGenerationCounts) return null;
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
  const each = [-1, ...plan.ranks.map((_, rankNo) => rankNo)].map((rankNo) => table.rate(table.units(rankNo, 1)).ratio);
  const top = highest(table, 1);
  return sumOf([...each, { num: top.num * free, den: top.den }]);
}

/** Matched earnings times the sum of the match rates; with a cascade the geometric series of it. */
function matchingCeiling(bonus: Bonus & { kind: "matching" }, plan: Plan, find: Find): BonusCeiling {
  const table = compileLevelRates(bonus.rates, plan.ranks);
  const rate = bonus.by.kind === "level" ? allLevels(table) : generationsCeiling(bonus.by.boundary, table, plan);
  const of = bonus.of.map(find);
  const base = of.some((one) => one.of === "net") ? "net" : "cv";
  const unbounded = (why: string): BonusCeiling => ({ bonusId: bonus.id, of: base, share: null, why });
  if (rate === null) return unbounded("more than one upline may match the same generation");
  if (of.some((one) => one.share === null))
    return unbounded(`what it matches has no bound: ${of.find((one) => one.share === null)?.bonusId}`);
  const matched = sumOf(of.map((one) => one.share as Ratio));
  if (!bonus.cascade)
    return {
      bonusId: bonus.id,
      of: base,
      share: reduceRatio(multiplyRatio(matched, rate)),
      why: "the match rates of all levels on what is matched",
    };
  if (rate.num >= rate.den) return unbounded("matches of matches never end: the match rates sum to 100 % or more");
  return {
    bonusId: bonus.id,
    of: base,
    share: reduceRatio(multiplyRatio(matched, { num: rate.num, den: rate.den - rate.num })),
    why: "the series of matches of matches",
  };
}

/** The worst sale: over every class, buyer and market, with a fast start's window open or not. */
function worst(plan: Plan, ceilings: readonly BonusCeiling[], of: "cv" | "net"): Ratio | null {
  const markets = [...new Set([...plan.bonuses.flatMap((bonus) => bonus.appliesTo?.markets ?? []), "any other"])];
  let most: Ratio = ZERO;
  for (const { id } of plan.commissionClasses) {
    for (const buyer of ["customer", "self"] as const) {
      for (const market of markets) {
        for (const windowOpen of [false, true]) {
          const taken = plan.bonuses.filter((bonus) => takesSale(bonus, plan, { id, buyer, market, windowOpen }));
          const total = capped(plan, taken, ceilings, of);
          if (total === null) return null;
          most = larger(most, total);
        }
      }
    }
  }
  return most;
}

interface Sale {
  readonly id: string;
  readonly buyer: "customer" | "self";
  readonly market: string;
  readonly windowOpen: boolean;
}

/** A matching or pool reaches every sale; the others those they apply to. */
function takesSale(bonus: Bonus, plan: Plan, sale: Sale): boolean {
  if (bonus.kind === "matching") return true;
  if (bonus.kind !== "pool" && sale.buyer === "self" && plan.ownPurchase === "pays-nobody") return false;
  if (bonus.kind === "retail" && sale.buyer === "self") return false;
  if (bonus.kind === "fast-start" && !sale.windowOpen) return false;
  const replaced = plan.bonuses.some(
    (one) => one.kind === "fast-start" && sale.windowOpen && one.replaces.includes(bonus.id) && takesSale(one, plan, sale),
  );
  if (replaced || !classFilter(bonus, plan)(sale.id)) return false;
  if (bonus.appliesTo?.buyers !== undefined && !bonus.appliesTo.buyers.includes(sale.buyer)) return false;
  return bonus.appliesTo?.markets === undefined || bonus.appliesTo.markets.includes(sale.market);
}

/** The sum of the bonuses; a company cap by share bounds the close bonuses it covers. */
function capped(plan: Plan, taken: readonly Bonus[], ceilings: readonly BonusCeiling[], of: "cv" | "net"): Ratio | null {
  let left = taken.flatMap((bonus) => ceilings.filter((one) => one.bonusId === bonus.id && one.of === of));
  const parts: Ratio[] = [];
  for (const cap of of === "cv" ? (plan.caps ?? []) : []) {
    if (cap.kind !== "company" || cap.atMost.by !== "share") continue;
    const covered = left.filter((one) => isCapped(plan, one.bonusId, cap.bonuses));
    if (covered.length === 0) continue;
    const sum = covered.some((one) => one.share === null) ? null : sumOf(covered.map((one) => one.share as Ratio));
    const limit = parseDecimal(cap.atMost.share);
    parts.push(sum !== null && compareRatio(sum, limit) < 0 ? sum : limit);
    left = left.filter((one) => !covered.includes(one));
  }
  return left.some((one) => one.share === null) ? null : sumOf([...parts, ...left.map((one) => one.share as Ratio)]);
}

function isCapped(plan: Plan, bonusId: string, covered: readonly string[] | undefined): boolean {
  const bonus = plan.bonuses.find((one) => one.id === bonusId);
  return bonus !== undefined && isCloseBonus(bonus) && (covered === undefined || covered.includes(bonusId));
}

function larger(a: Ratio, b: Ratio): Ratio {
  return compareRatio(a, b) >= 0 ? a : b;
}
