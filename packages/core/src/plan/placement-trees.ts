import { isCloseBonus } from "./dependencies.ts";
import type { Bonus, Plan } from "./schema.ts";

/** The stored placement trees that a plan goes by, or that its close does. */
export function placementTrees(plan: Plan, when: "ever" | "close" = "ever"): string[] {
  const asked = (bonus: Bonus): boolean => when === "ever" || isCloseBonus(bonus);
  const named = Object.entries(plan.trees ?? {}).flatMap(([tree, { is }]) => (is === "placement" ? [tree] : []));
  const stoodOn = plan.bonuses.flatMap((bonus) =>
    (bonus.kind === "binary" || bonus.kind === "matrix") && asked(bonus) ? [bonus.tree] : [],
  );
  return [...new Set([...named, ...stoodOn])].sort();
}
