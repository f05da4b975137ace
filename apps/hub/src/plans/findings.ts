import type { Plan } from "@upline/core";
import { type Finding, isCloseBonus, lintPlan, type Unable } from "@upline/core/engine";

/** What the hub cannot tell the engine yet. */
const UNABLE: Unable = {
  placementsAtOrderTime: "places in its tree are looked up at the close only",
};

/**
 * What the linter says of a plan that is to be published. A plan that pays nothing at a close may take
 * its ranks from an import: that nobody reaches one by the plan's own conditions is then no error.
 */
export function planFindings(plan: Plan): Finding[] {
  const judgesRanks = plan.bonuses.some(isCloseBonus);
  return lintPlan(plan, UNABLE).map((finding) => {
    if (judgesRanks || finding.rule !== "unreachable-rank") return finding;
    return { ...finding, severity: "warning", right: `${finding.right}, unless ranks are imported` };
  });
}
