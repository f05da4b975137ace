import { allocate, multiplyRatio, parseDecimal } from "../money.ts";
import { poolUnits } from "../plan/bonus-tables.ts";
import type { PoolBonus, PoolUnits } from "../plan/pool.ts";
import type { RankAdvancementBonus } from "../plan/rank-advancement.ts";
import { byRank } from "../plan/rates.ts";
import { divideRounded } from "../plan/rounding.ts";
import { COMPANY } from "../plan/walks/ground.ts";
import { int16At, itemAt } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import { exactFact } from "./facts.ts";
import { amountIn } from "./input.ts";
import type { BonusSum } from "./till.ts";

/**
 * Shares a pool by units among the active, to the last minor unit; answers what rolls over. Section 7. Returned
 * goods make a pool smaller and never a debt: what is below zero is nothing, or waits under `carry`.
 */
export function closePool(bonus: PoolBonus, context: CloseContext, sum: BonusSum): number {
  const sizeMinor = poolSize(bonus, context) + BigInt(context.input.carried.pools[bonus.id] ?? 0);
  if (sizeMinor <= 0n) return context.input.plan.negativeVolume === "carry" ? Number(sizeMinor) : 0;
  const units = unitsOf(bonus, context);
  const earns = bonus.earnsIf === undefined ? null : context.people.holds(bonus.earnsIf);
  const parts: { key: string; weight: bigint }[] = [];
  const numbers = new Map<string, number>();
  for (let no = 0; no < context.input.network.count; no++) {
    const weight = context.active[no] === 1 && (earns?.(no) ?? true) ? units(no) : 0n;
    if (weight <= 0n) continue;
    parts.push({ key: context.key(no), weight });
    numbers.set(context.key(no), no);
  }
  if (parts.length === 0) {
    if (bonus.withoutQualifiers === "roll-over") return Number(sizeMinor);
    sum.add(COMPANY, -1, 0, Number(sizeMinor));
    return 0;
  }
  for (const [key, amount] of allocate(sizeMinor, parts)) sum.add(numbers.get(key) as number, -1, 0, Number(amount));
  return 0;
}

function poolSize(bonus: PoolBonus, context: CloseContext): bigint {
  const { plan, currency } = context.input;
  if (bonus.size.by === "amount") return BigInt(amountIn(bonus.size.amount, currency));
  const { num, den } = multiplyRatio(context.cvOf({ id: bonus.id, appliesTo: bonus.appliesTo }), parseDecimal(bonus.size.share));
  return divideRounded(num, den, plan.rounding);
}

function unitsOf(bonus: PoolBonus, context: CloseContext): (no: number) => bigint {
  const sources = poolUnits(bonus).map((source) => unitsFrom(source, context));
  return (no) => sources.reduce((sum, units) => sum + units(no), 0n);
}

function unitsFrom(source: PoolUnits, context: CloseContext): (no: number) => bigint {
  if (source.by === "measure") return () => 0n;
  if (source.by === "volume") return (no) => exactFact(context.facts, source.volume, no);
  const byRankNo = byRank(source.units, context.input.plan.ranks);
  return (no) => BigInt(byRankNo(int16At(context.rank, no)) ?? 0);
}

/** Pays a title the first time it is reached. */
export function closeRankAdvancement(bonus: RankAdvancementBonus, context: CloseContext, sum: BonusSum): void {
  const { network, plan, currency } = context.input;
  const amountOf = byRank(bonus.amounts, plan.ranks);
  const earns = bonus.earnsIf === undefined ? null : context.people.holds(bonus.earnsIf);
  const minor = plan.ranks.map((_, rankNo) => amountIn(amountOf(rankNo) ?? "0", currency));
  for (let no = 0; no < network.count; no++) {
    const before = int16At(network.title, no);
    const now = int16At(context.ranks.title, no);
    if (now <= before || !(earns?.(no) ?? true)) continue;
    const first = bonus.paysSkippedRanks ? before + 1 : now;
    for (let rank = first; rank <= now; rank++) sum.add(no, -1, rank, itemAt(minor, rank));
  }
}
