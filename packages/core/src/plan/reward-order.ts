import { formatAmount } from "../money.ts";
import type { RunBonus } from "./order-bonuses.ts";
import type { OrderWalk } from "./order-walk.ts";
import { compileCondition } from "./people.ts";
import { RewardRows } from "./reward-amounts.ts";
import type { RewardBonus } from "./rewards.ts";
import type { Plan } from "./schema.ts";

/**
 * A fixed amount for each item sold: the seller, or with `levelOne: "sponsor"` whom they stand under, is level 1, and the amounts
 * after the first go to the uplines above. A status that does not earn gets nothing; being active only counts where `earnsIf` asks.
 */
export function runReward(bonus: RewardBonus, plan: Plan): RunBonus {
  const earns = bonus.earnsIf === undefined ? null : compileCondition(bonus.earnsIf, plan);
  const rowsIn = new Map<string, RewardRows>();
  const rowsOf = ({ currency }: OrderWalk): RewardRows => {
    const rows = rowsIn.get(currency) ?? new RewardRows(bonus, { plan, currency });
    rowsIn.set(currency, rows);
    return rows;
  };
  return (order, line) => {
    const rows = rowsOf(order);
    const upline = order.line(bonus.tree);
    const { commissionClass, quantity } = line;
    const first = bonus.levelOne === "sponsor" ? 1 : 0;
    const orderSize = (of: "pv" | "qv" | "cv"): number => order.size(of);
    for (const [i, candidate] of upline.candidates.slice(first).entries()) {
      const no = first + i;
      const each =
        rows.of(upline.people, { earner: no, person: 0, leg: Math.max(0, no - 1), commissionClass, orderSize })?.levels[i] ?? 0n;
      if (each === 0n) continue;
      const at = { bonusId: bonus.id, lineId: line.lineId, level: i + 1 };
      const id = candidate.distributor.distributorId;
      const amountMinor = each * BigInt(quantity);
      if (candidate.inactive === "status") order.step(at, id, "unearned-status", order.inactivityFacts(candidate));
      else if (earns !== null && !earns(upline.people, no))
        order.tell(at, { people: upline.people, no, id }, "unearned", "condition");
      else
        order.book({ ...at, amountMinor, rate: WHOLE, base: { num: amountMinor, den: 1n } }, candidate, "paid-fixed", {
          quantity: String(quantity),
          each: formatAmount(each, order.currency),
        });
    }
  };
}

const WHOLE = { num: 1n, den: 1n };
