import type { Plan } from "@upline/core";
import { type Finding, isCloseBonus, measureNeeds } from "@upline/core/engine";

/**
 * What a plan asks for that the engine computes and this hub does not gather yet. Such a plan may be linted, back-tested in
 * golden cases and explained; it is not published, since its closes and orders would be computed from facts that are not there.
 */
export function unfedFacts(plan: Plan): Finding[] {
  const { given, kept, atOrders } = measureNeeds(plan);
  const names = [...new Set([...given, ...kept.keys(), ...atOrders])].sort();
  const measures = names.map((id) => unfed(`measures.${id}`, "asks for facts that the hub does not gather yet"));
  const text = JSON.stringify([plan.conditions, plan.active.condition, plan.ranks, plan.bonuses]);
  const asks = [
    ...(text.includes('"country":[') ? ["countries"] : []),
    ...(text.includes('"enrolled":{') ||
    /"what":"(days-enrolled|count","of":"enrolled)"/.test(JSON.stringify(plan.measures ?? {}))
      ? ["days of enrolment"]
      : []),
    ...(asksTitlesOfOrders(plan) ? ["titles at order time"] : []),
  ];
  if (plan.calendars !== undefined)
    measures.push(unfed("calendars", "are several lengths of period, which the hub does not close yet"));
  return [...measures, ...asks.map((what) => unfed("conditions", `asks for ${what}, which the hub does not gather yet`))];
}

function asksTitlesOfOrders(plan: Plan): boolean {
  const atOrders = plan.bonuses.filter((bonus) => !isCloseBonus(bonus));
  const text = JSON.stringify([plan.active.condition, atOrders]);
  return atOrders.length > 0 && (text.includes('"title":"') || text.includes('"by":"title"'));
}

function unfed(path: string, wrong: string): Finding {
  return { severity: "error", rule: "not-gathered", path, wrong, right: "to leave it out until then" };
}
