import type { CommissionInput } from "../order-facts.ts";
import type { FastStartBonus } from "./fast-start.ts";
import type { Plan } from "./schema.ts";
import { classFilter, takesOrder } from "./takes.ts";

/**
 * Which fast starts an order is in, and what they take the place of. One rule for order time, close,
 * ceiling and golden cases: a fast start replaces only what it names, only on lines of classes it
 * takes, and only while no other fast start takes its own place.
 */

const DAY_MS = 86_400_000;

/** What decides whether a fast start looks at an order. */
export type FastStartFacts = Pick<CommissionInput, "placedAt" | "firstOrder" | "market" | "buyer" | "subscription"> & {
  readonly upline: readonly { readonly enrolledAt: string }[];
};

/** Whether an order falls into a fast start's window: a first order, or soon after its owner enrolled. */
export function windowIsOpen(bonus: FastStartBonus, order: FastStartFacts): boolean {
  if (bonus.window.kind === "first-order") return order.firstOrder;
  const owner = order.upline[0];
  if (owner === undefined) return false;
  return Date.parse(order.placedAt) < Date.parse(owner.enrolledAt) + bonus.window.days * DAY_MS;
}

/** The ids of the fast starts whose window, market and buyer fit an order, as the plan lists them. */
export function openFastStarts(plan: Plan, order: FastStartFacts): string[] {
  if (order.buyer === "self" && plan.ownPurchase === "pays-nobody") return [];
  return plan.bonuses.flatMap((bonus) =>
    bonus.kind === "fast-start" && takesOrder(bonus.appliesTo, order) && windowIsOpen(bonus, order) ? [bonus.id] : [],
  );
}

/** Of a line's commission class: the bonuses that open fast starts replace, each with the one that does. */
export function replacedBonuses(plan: Plan, open: readonly string[], commissionClass: string): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  for (const bonus of standingFastStarts(plan, open, commissionClass))
    for (const id of bonus.replaces) replaced.set(id, bonus.id);
  return replaced;
}

/** Of the open fast starts those that take a class and whose place no other one takes. */
export function standingFastStarts(plan: Plan, open: readonly string[], commissionClass: string): readonly FastStartBonus[] {
  if (open.length === 0) return [];
  const taking = plan.bonuses.flatMap((bonus) =>
    bonus.kind === "fast-start" && open.includes(bonus.id) && classFilter(bonus, plan)(commissionClass) ? [bonus] : [],
  );
  const stands = (bonus: FastStartBonus): boolean =>
    !taking.some((other) => other.id !== bonus.id && other.replaces.includes(bonus.id) && stands(other));
  return taking.filter(stands);
}
