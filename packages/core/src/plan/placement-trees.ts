import { isCloseBonus } from "./dependencies.ts";
import type { Bonus, Plan } from "./schema.ts";
import { placementNamed } from "./trees.ts";

/**
 * The stored placement trees that a plan goes by: ever, in its close, which measures and judges by every tree the plan names,
 * or when an order comes, by those that the walks of that time name.
 */
export function placementTrees(plan: Plan, when: "ever" | "close" | "order" = "ever"): string[] {
  const named = when === "order" ? [] : Object.keys(plan.trees ?? {});
  const stoodOn = plan.bonuses.flatMap((bonus) => (isAsked(bonus, when) ? treeOf(bonus) : []));
  const placed = [...named, ...stoodOn].flatMap((tree) => placementNamed(plan, tree) ?? []);
  return [...new Set(placed)].sort();
}

const treeOf = (bonus: Bonus): string[] => ("tree" in bonus && bonus.tree !== undefined ? [bonus.tree] : []);

function isAsked(bonus: Bonus, when: "ever" | "close" | "order"): boolean {
  if (when === "order") return "snapshot" in bonus && bonus.snapshot === "order";
  return when === "ever" || isCloseBonus(bonus);
}
