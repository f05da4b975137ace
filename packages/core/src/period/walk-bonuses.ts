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
import type { Ground } from "../plan/walks/ground.ts";
import { walkInfinity } from "../plan/walks/infinity.ts";
import { walkLevels } from "../plan/walks/levels.ts";
import type { CloseContext } from "./context.ts";
import { type BonusSum, CloseTill } from "./till.ts";
import { sumUp } from "./tree.ts";
import type { VolumeGroup } from "./volumes.ts";

/** The families that walk up a tree, paid at the close on each source distributor's volume of the period. */

export function closeUnilevel(bonus: UnilevelBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const classes = Object.keys(bonus.classRates ?? {});
  for (const group of context.volumes.groups(bonus, classes)) {
    const rates = group.table === "" ? bonus.rates : (bonus.classRates?.[group.table] ?? {});
    const rule = levelRule(bonus, compileLevelRates(rates, plan.ranks), plan);
    const till = tillOf(context, sum, rule.table, group);
    const ownerFirst = group.self ? plan.ownPurchase === "pays-owner" : bonus.levelOne === "owner";
    eachSource(context, group, till, (no) => {
      const source = sourceOf(bonus.unqualifiedSource, context.ground, no);
      if (source >= 0) walkLevels(rule, context.ground, ownerFirst ? source : (context.ground.above[source] as number), till);
    });
  }
}

export function closeMatrix(bonus: MatrixBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const ground = context.placementGround(bonus.tree);
  const rule = levelRule(bonus, compileLevelRates(trimmed(bonus), plan.ranks), plan);
  for (const group of context.volumes.groups(bonus)) {
    const till = tillOf(context, sum, rule.table, group);
    const ownerFirst = group.self && plan.ownPurchase === "pays-owner";
    eachSource(context, group, till, (no) => {
      const source = sourceOf(bonus.unqualifiedSource, ground, no);
      if (source >= 0) walkLevels(rule, ground, ownerFirst ? source : (ground.above[source] as number), till);
    });
  }
}

/** The source itself, or by policy nobody (-1) or the nearest active upline. */
function sourceOf(policy: UnilevelBonus["unqualifiedSource"], ground: Ground, no: number): number {
  if (policy === "pay-in-place" || ground.active[no] === 1) return no;
  if (policy === "drop") return -1;
  let up = ground.above[no] as number;
  while (up >= 0 && ground.active[up] !== 1) up = ground.above[up] as number;
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
  for (const group of context.volumes.groups(bonus)) {
    const till = tillOf(context, sum, table, group);
    eachSource(context, group, till, (no) => {
      const start = group.self && !bonus.includesSource ? (context.ground.above[no] as number) : no;
      walkDifferential(rule, context.ground, start, (one) => shares[one] as number, till);
    });
  }
}

function sharesByRank(table: RateTable, context: CloseContext): Int32Array {
  return Int32Array.from(context.ground.rank, (rank) => table.units(rank, 1));
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
  for (const group of context.volumes.groups(bonus)) {
    const till = tillOf(context, sum, rule.table, group);
    eachSource(context, group, till, (no) => walkGenerations(rule, context.ground, no, till));
  }
}

export function closeInfinity(bonus: InfinityBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const rule = infinityRule(bonus, plan);
  for (const group of context.volumes.groups(bonus)) {
    const till = tillOf(context, sum, rule.table, group);
    const ownerFirst = !group.self || plan.ownPurchase === "pays-owner";
    eachSource(context, group, till, (no) =>
      walkInfinity(rule, context.ground, ownerFirst ? no : (context.ground.above[no] as number), till),
    );
  }
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
  const isLeader = (no: number): boolean => (context.ground.rank[no] as number) >= threshold;
  for (const group of context.volumes.groups({ ...bonus, base: "cv" })) {
    const volume = sumUp(group.volume, network.sponsor, context.order, isLeader);
    const till = tillOf(context, sum, table, group);
    eachSource(context, { ...group, volume }, till, (no) => {
      if (isLeader(no)) walkBreakaway(rule, context.ground, no, till);
    });
  }
}

function tillOf(context: CloseContext, sum: BonusSum, table: RateTable, group: VolumeGroup): CloseTill {
  return new CloseTill(sum, table, group.minorPerUnit, context.input.plan.rounding);
}

function eachSource(context: CloseContext, group: VolumeGroup, till: CloseTill, walk: (no: number) => void): void {
  const { volume } = group;
  for (let no = 0; no < context.input.network.count; no++) {
    const value = volume[no] as number;
    if (value <= 0) continue;
    till.source = no;
    till.volume = value;
    walk(no);
  }
}
