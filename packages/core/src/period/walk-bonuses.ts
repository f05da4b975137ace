import type { BreakawayBonus } from "../plan/breakaway.ts";
import type { DifferentialBonus } from "../plan/differential.ts";
import type { GenerationBonus } from "../plan/generation.ts";
import type { InfinityBonus } from "../plan/infinity.ts";
import type { MatrixBonus } from "../plan/matrix.ts";
import { trimmed } from "../plan/order-bonuses.ts";
import { volumeOf } from "../plan/parts.ts";
import { compileLevelRates, compileRankRates, RateTable, unitsOf } from "../plan/rates.ts";
import { breakawayRankNo, differentialRule, generationRule, infinityRule, levelRule } from "../plan/rules.ts";
import type { UnilevelBonus } from "../plan/unilevel.ts";
import { walkBreakaway } from "../plan/walks/breakaway.ts";
import { walkDifferential } from "../plan/walks/differential.ts";
import { walkGenerations } from "../plan/walks/generations.ts";
import { aboveOf, type Ground, isActive } from "../plan/walks/ground.ts";
import { walkInfinity } from "../plan/walks/infinity.ts";
import { type LevelRule, walkLevels } from "../plan/walks/levels.ts";
import type { CloseContext } from "./context.ts";
import { type BonusSum, CloseTill } from "./till.ts";
import { sumUp } from "./tree.ts";
import type { VolumeGroup } from "./volumes.ts";

/** The families that walk up a tree, paid at the close on each source distributor's volume of the period. */

export function closeUnilevel(bonus: UnilevelBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const groups = context.volumes.groups(bonus, Object.keys(bonus.classRates ?? {}));
  const tables = groups.map(({ table }) =>
    compileLevelRates(table === "" ? bonus.rates : (bonus.classRates?.[table] ?? {}), plan.ranks),
  );
  const rules = tables.map((table) => levelRule(bonus, table, plan));
  const ownerFirst = groups.map((group) => (group.self ? plan.ownPurchase === "pays-owner" : bonus.levelOne === "owner"));
  const paying = groups.flatMap((group, i) => payingOf(context, sum, tables[i] as RateTable, [group]));
  payLevels(bonus, context, context.ground, paying, rules, ownerFirst);
}

/** Level pay of every source on a tree, with the rule and the first level of each group. */
function payLevels(
  bonus: Pick<UnilevelBonus, "unqualifiedSource">,
  context: CloseContext,
  ground: Ground,
  paying: readonly Paying[],
  rules: readonly LevelRule[],
  ownerFirst: readonly boolean[],
): void {
  eachSource(context, paying, (no, at, till) => {
    const source = sourceOf(bonus.unqualifiedSource, ground, no);
    if (source < 0) return;
    walkLevels(rules[at] as LevelRule, ground, ownerFirst[at] === true ? source : aboveOf(ground, source), till);
  });
}

export function closeMatrix(bonus: MatrixBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const rule = levelRule(bonus, compileLevelRates(trimmed(bonus), plan.ranks), plan);
  const groups = context.volumes.groups(bonus);
  const ownerFirst = groups.map((group) => group.self && plan.ownPurchase === "pays-owner");
  const rules = groups.map(() => rule);
  payLevels(bonus, context, context.placementGround(bonus.tree), payingOf(context, sum, rule.table, groups), rules, ownerFirst);
}

/** The source itself, or by policy nobody (-1) or the nearest active upline. */
function sourceOf(policy: UnilevelBonus["unqualifiedSource"], ground: Ground, no: number): number {
  if (policy === "pay-in-place" || isActive(ground, no)) return no;
  if (policy === "drop") return -1;
  let up = aboveOf(ground, no);
  while (up >= 0 && !isActive(ground, up)) up = aboveOf(ground, up);
  return up;
}

export function closeDifferential(bonus: DifferentialBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const table =
    bonus.percentage.by === "rank"
      ? compileRankRates(bonus.percentage.rates, plan.ranks)
      : new RateTable([bonus.percentage.slabs.map((slab) => slab.rate)]);
  const shares = bonus.percentage.by === "rank" ? sharesByRank(table, context) : sharesBySlab(bonus, table, context);
  const rule = differentialRule(bonus, table, plan);
  const groups = bonus.includesSource ? context.volumes.whole(bonus) : context.volumes.groups(bonus);
  const { ground } = context;
  const shareOf = (one: number): number => shares[one] as number;
  eachSource(context, payingOf(context, sum, table, groups), (no, at, till) => {
    const start = groups[at]?.self && !bonus.includesSource ? aboveOf(ground, no) : no;
    walkDifferential(rule, ground, start, shareOf, till);
  });
}

function sharesByRank(table: RateTable, context: CloseContext): Int32Array {
  const { rank } = context;
  const shares = new Int32Array(rank.length);
  for (let no = 0; no < shares.length; no++) shares[no] = table.units(rank[no] as number, 1);
  return shares;
}

/** The slab of everyone's group volume: the personal group where broken-away groups leave it. */
function sharesBySlab(bonus: DifferentialBonus, table: RateTable, context: CloseContext): Int32Array {
  if (bonus.percentage.by !== "group-volume") return new Int32Array(0);
  const slabs = bonus.percentage.slabs.map((slab) => ({
    from: Number(volumeOf(slab.from)),
    units: unitsOf(slab.rate, table.denominator),
  }));
  slabs.sort((a, b) => b.from - a.from);
  const volume = bonus.stopsAtBreakaway ? context.ranks.personalGroupVolume : context.facts.gv;
  return Int32Array.from(volume, (value) => slabs.find((slab) => value >= slab.from)?.units ?? 0);
}

export function closeGeneration(bonus: GenerationBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const rule = generationRule(bonus.boundary, compileLevelRates(bonus.rates, plan.ranks), plan);
  const paying = payingOf(context, sum, rule.table, context.volumes.whole(bonus));
  eachSource(context, paying, (no, _, till) => walkGenerations(rule, context.ground, no, till));
}

export function closeInfinity(bonus: InfinityBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const { ground } = context;
  const rule = infinityRule(bonus, plan);
  const groups = context.volumes.groups(bonus);
  const ownerFirst = groups.map((group) => !group.self || plan.ownPurchase === "pays-owner");
  eachSource(context, payingOf(context, sum, rule.table, groups), (no, at, till) => {
    walkInfinity(rule, ground, ownerFirst[at] === true ? no : aboveOf(ground, no), till);
  });
}

/** Overrides on each broken-away group: the leader's volume and that of everyone below who has not broken away. */
export function closeBreakaway(bonus: BreakawayBonus, context: CloseContext, sum: BonusSum): void {
  const { plan, network } = context.input;
  const { override } = bonus;
  const threshold = breakawayRankNo(plan);
  const byGeneration = override.mode === "fixed-per-generation";
  const table = byGeneration
    ? compileLevelRates(override.rates, plan.ranks)
    : compileRankRates(override.rates, plan.ranks, [override.floor]);
  const rule = { table, threshold, floor: byGeneration ? null : unitsOf(override.floor, table.denominator) };
  const isLeader = (no: number): boolean => (context.rank[no] as number) >= threshold;
  const groups = context.volumes.whole({ ...bonus, base: "cv" });
  const summed = groups.map((group) => ({ ...group, volume: sumUp(group.volume, network.sponsor, context.order, isLeader) }));
  eachSource(context, payingOf(context, sum, table, summed), (no, _, till) => {
    if (isLeader(no)) walkBreakaway(rule, context.ground, no, till);
  });
}

/** One volume group with the till its amounts go to. */
interface Paying {
  readonly group: VolumeGroup;
  readonly till: CloseTill;
}

function payingOf(context: CloseContext, sum: BonusSum, table: RateTable, groups: readonly VolumeGroup[]): Paying[] {
  return groups.map((group) => ({ group, till: new CloseTill(sum, table, group.minorPerUnit, context.input.plan.rounding) }));
}

/** Walks from every source with volume; all groups of one source in turn, while its upline is still in the cache. */
function eachSource(
  context: CloseContext,
  paying: readonly Paying[],
  walk: (no: number, at: number, till: CloseTill) => void,
): void {
  const { count } = context.input.network;
  for (let no = 0; no < count; no++) {
    for (let at = 0; at < paying.length; at++) {
      const { group, till } = paying[at] as Paying;
      const value = group.volume[no] as number;
      if (value <= 0) continue;
      till.source = no;
      till.volume = value;
      walk(no, at, till);
    }
  }
}
