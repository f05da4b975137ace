import { allocate, divideHalfUp, parseDecimal } from "../money.ts";
import type { PoolBonus } from "../plan/pool.ts";
import type { RankAdvancementBonus } from "../plan/rank-advancement.ts";
import { byRank } from "../plan/rates.ts";
import type { CloseContext } from "./context.ts";
import { amountIn } from "./input.ts";
import type { BonusSum } from "./till.ts";

/** Shares a pool by units among the active, to the last minor unit; answers what rolls over. Section 7. */
export function closePool(bonus: PoolBonus, context: CloseContext, sum: BonusSum): number {
  const sizeMinor = poolSize(bonus, context) + (context.input.carried.pools[bonus.id] ?? 0);
  const units = unitsOf(bonus, context);
  const parts: { key: string; weight: bigint }[] = [];
  const numbers = new Map<string, number>();
  for (let no = 0; no < context.input.network.count; no++) {
    const weight = context.active[no] === 1 ? units(no) : 0;
    if (weight <= 0) continue;
    parts.push({ key: context.key(no), weight: BigInt(weight) });
    numbers.set(context.key(no), no);
  }
  if (parts.length === 0) {
    if (bonus.withoutQualifiers === "roll-over") return sizeMinor;
    sum.breakageMinor += sizeMinor;
    return 0;
  }
  for (const [key, amount] of allocate(BigInt(sizeMinor), parts)) sum.add(numbers.get(key) as number, -1, 0, Number(amount));
  return 0;
}

function poolSize(bonus: PoolBonus, context: CloseContext): number {
  if (bonus.size.by === "amount") return amountIn(bonus.size.amount, context.input.currency);
  const share = parseDecimal(bonus.size.share);
  return Number(divideHalfUp(context.cvMinor({ id: bonus.id, appliesTo: bonus.appliesTo }) * share.num, share.den));
}

function unitsOf(bonus: PoolBonus, context: CloseContext): (no: number) => number {
  if (bonus.units.by === "volume") {
    const volume = bonus.units.volume === "pv" ? context.facts.pv : context.facts.gv;
    return (no) => volume[no] as number;
  }
  const byRankNo = byRank(bonus.units.units, context.input.plan.ranks);
  return (no) => byRankNo(context.rank[no] as number) ?? 0;
}

/** Pays a title the first time it is reached. */
export function closeRankAdvancement(bonus: RankAdvancementBonus, context: CloseContext, sum: BonusSum): void {
  const { network, plan, currency } = context.input;
  const amountOf = byRank(bonus.amounts, plan.ranks);
  const minor = plan.ranks.map((_, rankNo) => amountIn(amountOf(rankNo) ?? "0", currency));
  for (let no = 0; no < network.count; no++) {
    const before = network.title[no] as number;
    const now = context.ranks.title[no] as number;
    if (now <= before) continue;
    const first = bonus.paysSkippedRanks ? before + 1 : now;
    for (let rank = first; rank <= now; rank++) sum.add(no, -1, rank, minor[rank] as number);
  }
}
