import type { Ratio } from "../money.ts";
import { familyCeiling } from "./ceiling-families.ts";
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

export function payoutCeiling(plan: Plan): Ceiling {
  const bonuses = ceilingsOf(plan);
  return { ...worstSales(plan, bonuses), bonuses };
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
