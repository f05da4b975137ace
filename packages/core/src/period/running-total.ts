import type { PlanMoney } from "../plan/parts.ts";
import { byRank } from "../plan/rates.ts";
import type { RunningTotalCap } from "../plan/running-total.ts";
import { cappedOrderBonuses } from "../plan/running-totals.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At, int16At } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import { amountIn } from "./input.ts";
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
  const { plan, calendar, currency, carried, network } = context.input;
  const atOrder = new Set(cappedOrderBonuses(plan, calendar));
  const counted = cap.bonuses.flatMap((id) => {
    const sum = sums.find((other) => other.bonusId === id);
    return sum === undefined
      ? []
      : [{ sum, atOrder: atOrder.has(id) ? carried.earned[id] : undefined, atMostOf: capOf(cap, id, plan) }];
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

/** A bonus' own cap by rank number. */
export function capOf(cap: RunningTotalCap, id: string, plan: Plan): (rankNo: number) => PlanMoney | undefined {
  const row = cap.atMost[id];
  return row === undefined ? () => undefined : byRank(row, plan.ranks);
}
