import { compareRatio, type Ratio } from "../money.ts";
import { familyCeiling } from "./ceiling-families.ts";
import { isCloseBonus } from "./dependencies.ts";
import { promotionSets, withPromotions } from "./promoted.ts";
import type { Promotion } from "./promotions.ts";
import type { Bonus, Plan } from "./schema.ts";
import { type BonusCeiling, worstSales } from "./worst-sales.ts";

/**
 * The proven payout ceiling: the largest share of sales that a plan can pay out, over every possible tree, set of
 * ranks and sales. Amounts are rounded one by one, so the sum of n amounts may exceed it by at most n half
 * units (not at all with rounding "down"). What has no such bound is named, and no number stands in for it.
 * It is about volume that is sold: goods returned from earlier periods take back what those paid.
 */
export interface Ceiling {
  /** Largest share of CV, or null where no bound is proven. */
  readonly ofCv: Ratio | null;
  /** Largest share of net, on top of that of CV, or null where no bound is proven. */
  readonly ofNet: Ratio | null;
  readonly bonuses: readonly BonusCeiling[];
}

/**
 * Of a plan with promotions it is the larger one: of orders under any of them with closes under any of them. `counts` leaves bonuses out:
 * the ceiling is then that of the others alone, as of what one close pays.
 */
export function payoutCeiling(plan: Plan, counts: (bonusId: string) => boolean = () => true): Ceiling {
  if (plan.promotions === undefined) return ceilingOf(plan, counts);
  const own = ceilingOf(withPromotions(plan, []), counts);
  const all = promotionSets(plan, "order-date").flatMap((atOrders) =>
    promotionSets(plan, "period-start").map((atCloses) => ceilingOf(promotedTogether(plan, atOrders, atCloses), counts)),
  );
  return { ...own, ofCv: largest(all.map(({ ofCv }) => ofCv)), ofNet: largest(all.map(({ ofNet }) => ofNet)) };
}

function ceilingOf(plan: Plan, counts: (bonusId: string) => boolean): Ceiling {
  // A bonus that does not count is looked at for those that match it. A cap bounds some of its bonuses as it bounds all of them.
  const bonuses = ceilingsOf(plan).filter(({ bonusId }) => counts(bonusId));
  return { ...worstSales(plan, bonuses), bonuses };
}

/** What an order and the close it is counted in may be computed under at worst. */
function promotedTogether(plan: Plan, atOrders: readonly Promotion[], atCloses: readonly Promotion[]): Plan {
  const [orders, closes] = [withPromotions(plan, atOrders), withPromotions(plan, atCloses)];
  const pick = (bonus: Bonus, i: number): Bonus => (isCloseBonus(bonus) ? closes : orders).bonuses[i] ?? bonus;
  return { ...closes, bonuses: plan.bonuses.map(pick) };
}

function largest(ratios: readonly (Ratio | null)[]): Ratio | null {
  return ratios.reduce((most, ratio) => (most === null || ratio === null ? null : compareRatio(ratio, most) > 0 ? ratio : most));
}

/** The bonuses' own ceilings; matching comes after what it matches. */
function ceilingsOf(plan: Plan): BonusCeiling[] {
  const known = new Map<string, readonly BonusCeiling[]>();
  const find = (bonus: Bonus): readonly BonusCeiling[] => {
    const own =
      known.get(bonus.id) ?? familyCeiling(bonus, plan, (id) => find(plan.bonuses.find((other) => other.id === id) as Bonus));
    known.set(bonus.id, own);
    return own;
  };
  return plan.bonuses.flatMap(find);
}
