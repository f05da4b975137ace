import type { Plan } from "@upline/core";
import { type Finding, isCloseBonus, lintPlan } from "@upline/core/engine";

/**
 * What the linter says of a plan that is to be published. A plan that pays nothing at a close may take
 * its ranks from an import: that nobody reaches one by the plan's own conditions is then no error.
 */
export function planFindings(plan: Plan): Finding[] {
  const judgesRanks = plan.bonuses.some(isCloseBonus);
  return lintPlan(plan).map((one) => {
    if (judgesRanks || one.rule !== "unreachable-rank") return one;
    return { ...one, severity: "warning", right: `${one.right}, unless ranks are imported` };
  });
}
