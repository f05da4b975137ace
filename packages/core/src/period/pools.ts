import { multiplyRatio, parseDecimal } from "../money.ts";
import type { PoolBonus } from "../plan/pool.ts";
import type { RankAdvancementBonus } from "../plan/rank-advancement.ts";
import { byRank } from "../plan/rates.ts";
import { divideRounded } from "../plan/rounding.ts";
import { COMPANY } from "../plan/walks/ground.ts";
import { int16At, itemAt } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import { amountIn } from "./input.ts";
import { type PoolMember, poolUnitsOf, shareLimits, sharePool } from "./pool-shares.ts";
import type { BonusSum } from "./till.ts";

/**
 * Shares a pool by units among the active, to the last minor unit; answers what rolls over. Section 7. Returned
 * goods make a pool smaller and never a debt: what is below zero is nothing, or waits under `carry`.
 */
export function closePool(bonus: PoolBonus, context: CloseContext, sum: BonusSum): number {
  const sizeMinor = poolSize(bonus, context) + BigInt(context.input.carried.pools[bonus.id] ?? 0);
  if (sizeMinor <= 0n) return context.input.plan.negativeVolume === "carry" ? Number(sizeMinor) : 0;
  const standing = { plan: context.input.plan, facts: context.facts, people: context.people };
  const units = poolUnitsOf(bonus, standing);
  const limitOf = shareLimits(bonus, { sizeMinor, currency: context.input.currency, ...standing });
  const members: PoolMember[] = [];
  const numbers = new Map<string, number>();
  for (let no = 0; no < context.input.network.count; no++) {
    const weight = units(no);
    if (weight <= 0n) continue;
    const key = context.key(no);
    members.push({ key, weight, atMost: limitOf(no) });
    numbers.set(key, no);
  }
  const { shares, leftMinor } = sharePool(sizeMinor, members, bonus.cutGoesTo === "others");
  for (const [key, amount] of shares) sum.add(numbers.get(key) as number, -1, 0, Number(amount));
  // What the others may not take either goes where a pool without members does.
  const cut = members.length > 0 && (bonus.cutGoesTo === "company" || bonus.cutGoesTo === "roll-over");
  const goesTo = cut ? bonus.cutGoesTo : bonus.withoutQualifiers;
  if (goesTo === "roll-over") return Number(leftMinor);
  if (leftMinor > 0n) sum.add(COMPANY, -1, 0, Number(leftMinor));
  return 0;
}

function poolSize({ id, appliesTo, size }: PoolBonus, context: CloseContext): bigint {
  const { plan, currency } = context.input;
  if (size.by === "amount") return BigInt(amountIn(size.amount, currency));
  const worth = context.soldTo({ id, appliesTo, base: { of: size.of ?? "cv" } });
  const { num, den } = multiplyRatio(worth, parseDecimal(size.share));
  return divideRounded(num, den, plan.rounding);
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
