import type { PlanProblem } from "./problem.ts";
import type { RunningTotalCap } from "./running-total.ts";
import type { Plan } from "./schema.ts";

export function runningTotals(plan: Plan): RunningTotalCap[] {
  return (plan.caps ?? []).flatMap((cap) => (cap.kind === "running-total" ? [cap] : []));
}

/** The order-time bonuses that caps on a running total reach, of one calendar or of all, as the plan lists them. */
export function cappedOrderBonuses(plan: Plan, calendar?: string): string[] {
  const caps = runningTotals(plan).filter((cap) => calendar === undefined || cap.calendar === calendar);
  const named = new Set(caps.flatMap((cap) => cap.bonuses));
  return plan.bonuses.flatMap((bonus) => (named.has(bonus.id) && isPaidAtOrder(bonus) ? [bonus.id] : []));
}

function isPaidAtOrder(bonus: Plan["bonuses"][number]): boolean {
  return bonus.snapshot !== "close";
}

/** What makes a cap on a running total say nothing, or take back what was never paid. */
export function runningTotalProblems(plan: Plan): PlanProblem[] {
  return (plan.caps ?? []).flatMap((cap, i) => {
    if (cap.kind !== "running-total") return [];
    const path = `caps[${i}]`;
    const problems: PlanProblem[] = [];
    for (const id of Object.keys(cap.atMost))
      if (!cap.bonuses.includes(id))
        problems.push({
          path: `${path}.atMost.${id}`,
          wrong: "is a cap of a bonus that this list does not count",
          right: `"${id}" among its bonuses`,
        });
    cap.bonuses.forEach((id, j) => {
      if (cap.bonuses.indexOf(id) !== j)
        problems.push({
          path: `${path}.bonuses[${j}]`,
          wrong: `counts "${id}" twice`,
          right: "each bonus once, in the order in which they count",
        });
    });
    return [...problems, ...orderTimeProblems(plan, cap, path)];
  });
}

function orderTimeProblems(plan: Plan, cap: RunningTotalCap, path: string): PlanProblem[] {
  const atOrder = cap.bonuses.filter((id) => plan.bonuses.some((bonus) => bonus.id === id && isPaidAtOrder(bonus)));
  const [first] = atOrder;
  if (first === undefined) return [];
  const problems: PlanProblem[] = [];
  if (plan.refundAfterClose !== "reverse-delta")
    problems.push({
      path: `${path}.bonuses`,
      wrong: `names "${first}", which is paid at order time: a later refund would take back what the cap has cut already`,
      right: '"refundAfterClose": "reverse-delta", which computes the cap again without what was refunded',
    });
  const matched = plan.bonuses.find((bonus) => bonus.kind === "matching" && bonus.of.some((id) => atOrder.includes(id)));
  if (matched !== undefined)
    problems.push({
      path: `${path}.bonuses`,
      wrong: `cuts what "${matched.id}" matches: "${first}" is paid at order time and capped at the close`,
      right: "a matching bonus of the close's bonuses only",
    });
  return problems;
}
