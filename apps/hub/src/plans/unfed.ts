import type { Plan } from "@upline/core";
import { type Finding, lessOf, soldAs } from "@upline/core/engine";

/**
 * What a plan asks for that the engine computes and this hub does not gather yet. Such a plan may be linted, tried in golden
 * cases and explained; it is not published, since its closes and orders would be computed from facts that are not there.
 */
export function unfedFacts(plan: Plan): Finding[] {
  const bonuses = plan.bonuses.flatMap(unfedOfBonus);
  if (plan.calendars === undefined || plan.measures === undefined) return bonuses;
  const wrong = "stand in a plan with calendars, whose closes the hub does not gather them for yet";
  return [{ ...unfed("measures", wrong), right: "to leave them out, or one length of period" }, ...bonuses];
}

/** What a bonus asks of orders that their volumes do not tell yet. */
function unfedOfBonus(bonus: Plan["bonuses"][number], i: number): Finding[] {
  const path = `bonuses[${i}]`;
  const atClose = bonus.snapshot === "close";
  const asks: [field: string, what: string][] = [];
  if (bonus.appliesTo?.orders !== undefined) asks.push(["appliesTo.orders", "whether an order came of a subscription"]);
  if (atClose && lessOf(bonus).length > 0) asks.push(["base.less", "what orders paid"]);
  if (atClose && soldAs(bonus) === "retail") asks.push(["base", "retail prices at a close"]);
  return asks.map(([field, what]) => unfed(`${path}.${field}`, `asks for ${what}, which the hub does not gather yet`));
}

function unfed(path: string, wrong: string): Finding {
  return { severity: "error", rule: "not-gathered", path, wrong, right: "to leave it out until then" };
}
