import { lessOf, soldAs } from "./bonus-base.ts";
import { isCloseBonus } from "./dependencies.ts";
import type { Bonus, Plan } from "./schema.ts";

/** What the closes of a plan ask of orders besides their volume and net: most plans ask nothing, and nothing is booked for them. */
export interface CloseAsks {
  /** Goods before discounts. */
  readonly retail: boolean;
  /** Close bonuses whose base is less what orders paid, by id and sorted. */
  readonly less: readonly string[];
  /** Whether an order came of a subscription. */
  readonly subscription: boolean;
}

const known = new WeakMap<Plan, CloseAsks>();

/** Promotions set no base and no `appliesTo`, so that a plan asks the same at all times. */
export function closeAsks(plan: Plan): CloseAsks {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const atClose = plan.bonuses.filter((bonus) => isCloseBonus(bonus));
  const asks = {
    retail: atClose.some((bonus) => soldAs(bonus) === "retail"),
    less: atClose.flatMap((bonus) => (lessOf(bonus).length > 0 ? [bonus.id] : [])).sort(),
    subscription: atClose.some(asksSubscription),
  };
  known.set(plan, asks);
  return asks;
}

const asksSubscription = (bonus: Bonus): boolean => "appliesTo" in bonus && bonus.appliesTo?.orders !== undefined;
