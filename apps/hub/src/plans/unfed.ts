import type { Plan } from "@upline/core";
import type { Finding } from "@upline/core/engine";

/**
 * What a plan asks for that the engine computes and this hub does not gather yet. Such a plan may be linted, tried in golden
 * cases and explained; it is not published, since its closes and orders would be computed from facts that are not there.
 */
export function unfedFacts(plan: Plan): Finding[] {
  if (plan.calendars === undefined || plan.measures === undefined) return [];
  const wrong = "stand in a plan with calendars, whose closes the hub does not gather them for yet";
  return [
    { severity: "error", rule: "not-gathered", path: "measures", wrong, right: "to leave them out, or one length of period" },
  ];
}
