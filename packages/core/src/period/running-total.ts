import { formatAmount } from "../money.ts";
import type { PlanMoney } from "../plan/parts.ts";
import { byRank } from "../plan/rates.ts";
import { type RunningTotalCap, runningTotals } from "../plan/running-total.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At, int16At } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import type { CloseContext } from "./context.ts";
import { amountIn, type CloseInput } from "./input.ts";
import type { BonusSum } from "./till.ts";

/**
 * Cuts each bonus to its cap less what the bonuses before it were paid. Only sums of the period count, so that the order
 * in which orders came, or rows are listed, cannot matter. Of an order-time bonus the close holds no amount but what it
 * takes back. What is owed back is never cut; it makes room for the bonuses behind.
 */
export function capRunningTotal(
  cap: RunningTotalCap,
  context: CloseContext,
  sums: readonly BonusSum[],
): { cutMinor: number; distributors: number } {
  const { plan, currency, carried, network } = context.input;
  const counted = cap.bonuses.flatMap((id) => {
    const sum = sums.find((other) => other.bonusId === id);
    return sum === undefined ? [] : [{ sum, atOrder: carried.earned[id], atMostOf: capOf(cap, id, plan) }];
  });
  let cutMinor = 0;
  const hit = new Set<number>();
  for (let no = 0; no < network.count; no++) {
    let before = 0;
    for (const { sum, atOrder, atMostOf } of counted) {
      const earned = (atOrder?.[no] ?? 0) + float64At(sum.amounts, no);
      const atMost = atMostOf(int16At(context.rank, no));
      const room = atMost === undefined ? earned : Math.max(0, amountIn(atMost, currency) - before);
      const paid = Math.min(earned, room);
      before += paid;
      if (paid === earned) continue;
      sum.amounts[no] = float64At(sum.amounts, no) - (earned - paid);
      cutMinor += earned - paid;
      hit.add(no);
    }
  }
  return { cutMinor, distributors: hit.size };
}

function capOf(cap: RunningTotalCap, id: string, plan: Plan): (rankNo: number) => PlanMoney | undefined {
  const row = cap.atMost[id];
  return row === undefined ? () => undefined : byRank(row, plan.ranks);
}

/** Of a bonus that a running total cut: what was earned, what the bonuses before it had paid, and what was left to pay. */
export function cutLines({ input, result }: { input: CloseInput; result: CloseResult }, bonusId: string, no: number): string[] {
  const money = (minor: number): string => `${formatAmount(BigInt(minor), result.currency)} ${result.currency}`;
  const paidOf = (id: string, column: "amounts" | "beforeCaps"): number =>
    (input.carried.earned[id]?.[no] ?? 0) + (result.bonuses.find((bonus) => bonus.bonusId === id)?.[column][no] ?? 0);
  const [paid, earned] = [paidOf(bonusId, "amounts"), paidOf(bonusId, "beforeCaps")];
  if (paid === earned) return [];
  return runningTotals(input.plan).flatMap((cap) => {
    const atMost = capOf(cap, bonusId, input.plan)(int16At(result.ranks.paidAs, no));
    if (!cap.bonuses.includes(bonusId) || atMost === undefined) return [];
    const before = cap.bonuses.slice(0, cap.bonuses.indexOf(bonusId));
    const sum = before.reduce((all, id) => all + paidOf(id, "amounts"), 0);
    const names = before.map((id) => `"${id}"`).join(", ");
    const less = before.length === 0 ? "" : ` less ${money(sum)} that ${names} paid before it`;
    return [`earned ${money(earned)}, cap ${money(amountIn(atMost, input.currency))}${less}: ${money(paid)} stay`];
  });
}
