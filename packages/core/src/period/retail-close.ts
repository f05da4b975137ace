import type { Ratio } from "../money.ts";
import { retailRates } from "../plan/order-bonuses.ts";
import { ownRow } from "../plan/own-rates.ts";
import { compileRankRates } from "../plan/rates.ts";
import type { RetailBonus } from "../plan/retail.ts";
import { divideRounded } from "../plan/rounding.ts";
import { dividedShare } from "../plan/slabs.ts";
import { isKeyed } from "../plan/tables.ts";
import { COMPANY } from "../plan/walks/ground.ts";
import type { CloseContext } from "./context.ts";
import type { BonusSum } from "./till.ts";

/**
 * What sellers earn on their own sales of the period: one amount each, rounded once. Slabs divide what was sold by the
 * measure they go by. What came back is taken from the seller at the rate of the period, qualified or not.
 */
export function closeRetail(bonus: RetailBonus, context: CloseContext, sum: BonusSum): void {
  if (bonus.pays.mode !== "percent") return;
  const { plan, network } = context.input;
  const { people, active } = context;
  const volumes = context.volumes.counted({ ...bonus, base: bonus.pays.base });
  const groups = volumes.groups.map(({ volume, minorPerUnit, self }) => ({
    volume,
    num: self && bonus.ownPurchases !== true ? 0n : (minorPerUnit.num * volumes.den) / minorPerUnit.den,
  }));
  const earns = bonus.earnsIf === undefined ? null : people.holds(bonus.earnsIf);
  const shareOf = shareOfSeller(bonus, context);
  for (let no = 0; no < network.count; no++) {
    const settled = volumes.settled?.get(no);
    const worth = groups.reduce((all, { volume, num }, i) => {
      if (num === 0n) return all;
      return all + (settled === undefined ? BigInt(volume[no] as number) * num : (settled[i] as bigint));
    }, 0n);
    if (worth === 0n) continue;
    const { num, den } = shareOf(no);
    const amountMinor = Number(divideRounded(worth * num, volumes.den * den, plan.rounding));
    const qualified = (earns?.(no) ?? true) && (!bonus.ownerMustBeActive || active[no] === 1);
    if (qualified || worth < 0n) sum.add(no, no, 0, amountMinor);
    else if (bonus.unqualifiedEarner === "company") sum.add(COMPANY, no, 0, amountMinor);
  }
}

/** The share of a seller's sales: of the row they reach, or what the slabs come to. */
function shareOfSeller(bonus: RetailBonus, { people, input }: CloseContext): (no: number) => Ratio {
  const rates = retailRates(bonus);
  const table = compileRankRates(rates, input.plan.ranks);
  const rowOf = ownRow(rates);
  const reached = (no: number): Ratio => table.rate(table.units(rowOf(people, no), 1)).ratio;
  if (!isKeyed(rates) || rates.by !== "measure" || rates.applies === "whole") return reached;
  const divided = dividedShare(rates, table);
  const { measure } = rates;
  return (no) => divided(people.measure(measure, no), people.ofPeriod(measure, no)) ?? reached(no);
}
