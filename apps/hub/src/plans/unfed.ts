import type { Plan } from "@upline/core";
import type { Finding } from "@upline/core/engine";

/**
 * What a plan asks for that the engine computes and this hub does not yet. Such a plan may be linted, tried in golden cases
 * and explained; it is not published.
 */
export function unfedFacts(plan: Plan): Finding[] {
  if (plan.calendars === undefined) return [];
  const wrong = "are several lengths of period, which the hub does not close yet";
  return [{ severity: "error", rule: "not-gathered", path: "calendars", wrong, right: "to leave it out until then" }];
}
