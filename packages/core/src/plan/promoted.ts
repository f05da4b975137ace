import { startOfDay } from "../period/dates.ts";
import { planHash } from "./hash.ts";
import type { Promotion } from "./promotions.ts";
import type { Bonus, Plan } from "./schema.ts";

/**
 * The plan as promotions change it: at order time by when an order was placed, at a close by when its period began. What
 * comes out is a plan without promotions that still answers to the hash of the published document.
 */

type DecidedBy = Promotion["decidedBy"];

/** Plans that came out, by the promotions that ran: an engine makes its tables once for each. */
const promoted = new WeakMap<Plan, Map<string, Plan>>();
const published = new WeakMap<Plan, Plan>();

/** The plan for an order placed at `at`, or for a close of a period that begins then; epoch milliseconds. */
export function promotedPlan(plan: Plan, decidedBy: DecidedBy, at: number): Plan {
  return plan.promotions === undefined ? plan : withPromotions(plan, promotionsAt(plan, decidedBy, at));
}

/** The promotions that run at an instant, as the plan lists them. */
export function promotionsAt(plan: Plan, decidedBy: DecidedBy, at: number): Promotion[] {
  return (plan.promotions ?? []).filter(
    ({ from, until, decidedBy: by }) =>
      by === decidedBy && startOfDay(from, plan.timeZone) <= at && at < startOfDay(until, plan.timeZone),
  );
}

/** Every set of promotions that runs at some time, the empty one first: each is a plan of its own to be looked at. */
export function promotionSets(plan: Plan, decidedBy: DecidedBy): Promotion[][] {
  const own = (plan.promotions ?? []).filter((promotion) => promotion.decidedBy === decidedBy);
  const sets = own.map(({ from }) => own.filter((other) => other.from <= from && from < other.until));
  return [[], ...new Map(sets.map((set) => [idsOf(set), set])).values()];
}

/** The plan with some of its promotions, made once. */
export function withPromotions(plan: Plan, promotions: readonly Promotion[]): Plan {
  const known = promoted.get(plan) ?? new Map<string, Plan>();
  promoted.set(plan, known);
  const ids = idsOf(promotions);
  let outcome = known.get(ids);
  if (outcome === undefined) {
    outcome = withPromotion(plan, { set: Object.assign({}, ...promotions.map(({ set }) => set)) as Promotion["set"] });
    known.set(ids, outcome);
    standsFor(outcome, plan);
  }
  return outcome;
}

/** Whether a promotion sets something of a bonus, or a condition that the bonus may ask for. */
export function promotionTouches({ set }: Promotion, bonus: Bonus): boolean {
  return Object.keys(set).some(
    (field) => field.startsWith(`bonuses.${bonus.id}.`) || (field.startsWith("conditions.") && bonus.earnsIf !== undefined),
  );
}

/** Says of a plan that was made of another that it answers to the same published document. */
export function standsFor(outcome: Plan, plan: Plan): void {
  published.set(outcome, publishedPlan(plan));
}

/** The document that was published, whatever promotions run. */
export function publishedPlan(plan: Plan): Plan {
  return published.get(plan) ?? plan;
}

/** Its hash. */
export function publishedHash(plan: Plan): string {
  return planHash(publishedPlan(plan));
}

const idsOf = (promotions: readonly Promotion[]): string => promotions.map(({ id }) => id).join(" ");

/** The plan as it stands while a promotion runs: a document like any other. */
export function withPromotion(plan: Plan, { set }: Pick<Promotion, "set">): Plan {
  const { promotions: _, ...base } = structuredClone(plan) as Plan;
  const outcome = base as Plan & { conditions?: Record<string, unknown> };
  for (const [field, value] of Object.entries(set)) {
    const [where, id = "", part = ""] = field.split(".");
    if (where === "conditions") outcome.conditions = { ...outcome.conditions, [id]: value } as Plan["conditions"];
    else
      outcome.bonuses = outcome.bonuses.map((bonus) => (bonus.id === id ? ({ ...bonus, [part]: value } as typeof bonus) : bonus));
  }
  return outcome;
}
