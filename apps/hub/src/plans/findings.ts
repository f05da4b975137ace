import type { Plan } from "@upline/core";
import { type Finding, isCloseBonus, lintPlan } from "@upline/core/engine";
import { unfedFacts } from "./unfed.ts";

/**
 * What the linter says of a plan that is to be published. A plan that pays nothing at a close may take
 * its ranks from an import: that nobody reaches one by the plan's own conditions is then no error.
 * `trees` are the company's placement trees, where the company is known.
 */
export function planFindings(plan: Plan, trees?: readonly string[]): Finding[] {
  const judgesRanks = plan.bonuses.some(isCloseBonus);
  return [...unfedFacts(plan), ...lintPlan(plan, trees), ...uncounted(plan)].map((finding) => {
    if (judgesRanks || finding.rule !== "unreachable-rank") return finding;
    return { ...finding, severity: "warning", right: `${finding.right}, unless ranks are imported` };
  });
}

/** What the language can say and an order's facts do not hold yet: such a plan would fail at its first order. */
function uncounted(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i): Finding[] => {
    if (bonus.kind !== "pass-up" || bonus.counts !== "sales") return [];
    const wrong = 'is "sales", and the hub does not count sales to a sponsor\'s recruits yet';
    return [{ severity: "error", rule: "not-computed", path: `bonuses[${i}].counts`, wrong, right: '"recruits"' }];
  });
}
