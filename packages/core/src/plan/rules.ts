import type { DifferentialBonus } from "./differential.ts";
import type { GenerationBoundary } from "./generation.ts";
import type { InfinityBonus } from "./infinity.ts";
import { compileRankRates, type RateTable, unitsOf } from "./rates.ts";
import type { Plan } from "./schema.ts";
import type { UnilevelBonus } from "./unilevel.ts";
import type { DifferentialRule } from "./walks/differential.ts";
import type { GenerationRule } from "./walks/generations.ts";
import type { InfinityRule } from "./walks/infinity.ts";
import { type LevelRule, NO_STOP } from "./walks/levels.ts";

/** From a bonus of the plan document to the rule its walk follows, for order time and close alike. */

export function levelRule(
  bonus: Pick<UnilevelBonus, "compression" | "unqualifiedEarner" | "stopsAtBreakaway">,
  table: RateTable,
  plan: Plan,
): LevelRule {
  const { compression, unqualifiedEarner } = bonus;
  return { compression, unqualifiedEarner, table, own: null, stopRank: bonus.stopsAtBreakaway ? breakawayRankNo(plan) : NO_STOP };
}

export function differentialRule(bonus: DifferentialBonus, table: RateTable, plan: Plan): DifferentialRule {
  const highest = Math.max(0, ...Array.from({ length: table.levels }, (_, i) => table.highest(i + 1)));
  return { highest, own: null, stopRank: bonus.stopsAtBreakaway ? breakawayRankNo(plan) : NO_STOP };
}

export function generationRule(boundary: GenerationBoundary, table: RateTable, plan: Plan): GenerationRule {
  return {
    table,
    own: null,
    boundaryRank: boundary.kind === "own-rank" ? null : rankNoOf(plan, boundary.rank ?? ""),
    inactiveLeaderBounds: boundary.inactiveLeaderBounds,
    emptyGenerationCounts: boundary.emptyGenerationCounts,
    rankCount: plan.ranks.length,
  };
}

export function infinityRule(bonus: InfinityBonus, plan: Plan): InfinityRule {
  const table = compileRankRates(bonus.rates, plan.ranks, bonus.pay.mode === "additive-until-max" ? [bonus.pay.budget] : []);
  const budget = bonus.pay.mode === "additive-until-max" ? unitsOf(bonus.pay.budget, table.denominator) : 0;
  return { table, own: null, belowLevel: bonus.belowLevel, pay: bonus.pay, budget, highest: table.highest(1) };
}

/** The rank number from which distributors break away; above every rank where the plan has none. */
export function breakawayRankNo(plan: Plan): number {
  return plan.breakawayRank === undefined ? NO_STOP : rankNoOf(plan, plan.breakawayRank);
}

export function rankNoOf(plan: Plan, id: string): number {
  return plan.ranks.findIndex((rank) => rank.id === id);
}
