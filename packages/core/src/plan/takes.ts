import type { CommissionInput } from "../order-facts.ts";
import type { AppliesTo } from "./bonus-parts.ts";
import type { Plan } from "./schema.ts";

/** A class takes part in a bonus when neither the class nor the bonus leaves the other out. */
export function classFilter(
  bonus: { id: string; appliesTo?: AppliesTo | undefined },
  plan: Plan,
): (commissionClass: string) => boolean {
  const taken = plan.commissionClasses.filter(
    (commissionClass) =>
      (commissionClass.bonuses === undefined || commissionClass.bonuses.includes(bonus.id)) &&
      (bonus.appliesTo?.classes === undefined || bonus.appliesTo.classes.includes(commissionClass.id)),
  );
  const ids = new Set(taken.map((bonus) => bonus.id));
  return (commissionClass) => ids.has(commissionClass);
}

type OrderKind = Pick<CommissionInput, "market" | "buyer" | "subscription">;

/** Whether a bonus looks at orders of a subscription, or at others. */
export function takesSubscription(appliesTo: AppliesTo | undefined, subscription: boolean): boolean {
  return appliesTo?.orders === undefined || (appliesTo.orders === "subscription") === subscription;
}

/** Whether a bonus looks at orders of this market and buyer. */
export function takesOrder(appliesTo: AppliesTo | undefined, input: OrderKind): boolean {
  if (appliesTo === undefined) return true;
  if (!takesSubscription(appliesTo, input.subscription === true)) return false;
  if (appliesTo.buyers !== undefined && !appliesTo.buyers.includes(input.buyer)) return false;
  return appliesTo.markets === undefined || (input.market !== null && appliesTo.markets.includes(input.market));
}
