import { type Plan, reason } from "@upline/core";
import { type Finding, findingOf, isCloseBonus, lintPlan } from "@upline/core/engine";

/**
 * What the linter says of a plan that is to be published. A plan that pays nothing at a close may take
 * its ranks from an import: that nobody reaches one by the plan's own conditions is then no error.
 * `trees` are the company's placement trees, where the company is known.
 */
export function planFindings(plan: Plan, trees?: readonly string[]): Finding[] {
  const judgesRanks = plan.bonuses.some(isCloseBonus);
  return lintPlan(plan, trees).map((finding) => {
    if (judgesRanks || finding.rule !== "unreachable-rank") return finding;
    const { rule, path, reasons } = finding;
    return findingOf("warning", rule, path, { ...reasons, right: reason("unless-imported", {}, [reasons.right]) });
  });
}
