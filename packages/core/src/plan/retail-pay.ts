import type { CommissionableLine } from "../commission.ts";
import { parseDecimal, type Ratio } from "../money.ts";
import type { RunBonus } from "./compile.ts";
import type { OrderWalk } from "./order-walk.ts";
import { compileRankRates, type Rate } from "./rates.ts";
import type { RetailBonus } from "./retail.ts";
import type { Plan } from "./schema.ts";

const WHOLE: Rate = { ratio: { num: 1n, den: 1n }, text: "1" };
const ONE: Ratio = parseDecimal("1");

/** Retail profit at order time: the owner of a customer's order earns on it. Own purchases have none. */
export function runRetail(bonus: RetailBonus, plan: Plan): RunBonus {
  const table = bonus.pays.mode === "percent" ? compileRankRates(bonus.pays.rates, plan.ranks) : null;
  return (order, line) => {
    const owner = order.candidates[0];
    if (owner === undefined || order.input.buyer === "self") return;
    const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
    const id = owner.distributor.distributorId;
    const rate = table === null ? WHOLE : table.rate(owner.rankNo, 1);
    if (rate === null) return order.step(at, id, "unearned-rank", order.rankFact(owner));
    const base = baseOf(bonus, order, line);
    if (base === null) return order.step(at, id, "no-margin", {});
    const payment = { ...at, base, rate };
    if (owner.inactive === null || !bonus.ownerMustBeActive) return order.pay(payment, owner, "paid");
    order.step(at, id, `unearned-${owner.inactive}`, order.inactivityFacts(owner));
    if (bonus.unqualifiedEarner === "company") order.pay(payment, null, "breakage", { passedFrom: id });
  };
}

/** The margin only where the SKU map knows one and it is not a loss. */
function baseOf(bonus: RetailBonus, order: OrderWalk, line: CommissionableLine): Ratio | null {
  if (bonus.pays.mode === "percent") return order.baseOf(line, bonus.pays.base, ONE);
  const margin = line.retailMarginMinor;
  return margin === null || margin < 0n ? null : { num: margin, den: 1n };
}
