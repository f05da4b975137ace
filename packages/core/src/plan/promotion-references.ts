import type { KnownNames } from "./known-names.ts";
import type { PlanProblem } from "./problem.ts";
import type { Promotion } from "./promotions.ts";
import { type Plan, planDocument } from "./schema.ts";

/** Fields of a bonus that a promotion may set: tables and amounts. */
const SETTABLE: ReadonlySet<string> = new Set([
  "rates",
  "classRates",
  "opens",
  "amounts",
  "completion",
  "size",
  "units",
  "pay",
  "pays",
  "percentage",
  "positionCap",
  "ownerCap",
]);

/** Whether promotions set what they may, of what there is, and never one field twice at one time. */
export function promotionReferences(known: KnownNames, problemsOf: (plan: Plan) => readonly PlanProblem[]): void {
  const promotions = known.plan.promotions ?? [];
  promotions.forEach((promotion, i) => {
    const path = `promotions[${i}]`;
    if (promotion.from >= promotion.until)
      known.add(`${path}.until`, `is "${promotion.until}", no day after "from"`, "the day after the last one");
    for (const field of Object.keys(promotion.set)) checkField(known, field, `${path}.set.${field}`);
    checkOverlaps(known, promotions, i);
  });
  if (known.problems.length > 0) return;
  promotions.forEach((promotion, i) => {
    checkOutcome(known, promotion, `promotions[${i}].set`, problemsOf);
  });
}

function checkField(known: KnownNames, field: string, path: string): void {
  const [where = "", id = "", part = "", ...rest] = field.split(".");
  const right = '"bonuses.<id>.rates" or another table or amount of a bonus, or "conditions.<name>"';
  if (where === "conditions" && part === "") known.check("condition", id, path);
  else if (where !== "bonuses" || rest.length > 0 || !SETTABLE.has(part))
    known.add(path, "is nothing that a promotion may set", right);
  else if (known.check("bonus", id, path) && !(part in (known.plan.bonuses.find((bonus) => bonus.id === id) ?? {})))
    known.add(
      path,
      `is not said by the bonus "${id}", and a promotion only changes what the plan says`,
      "a field that the bonus has",
    );
}

function checkOverlaps(known: KnownNames, promotions: readonly Promotion[], place: number): void {
  const own = promotions[place] as Promotion;
  promotions.slice(0, place).forEach((other, j) => {
    const field = Object.keys(own.set).find((name) => name in other.set);
    if (field !== undefined && own.from < other.until && other.from < own.until)
      known.add(
        `promotions[${place}].set.${field}`,
        `is set by promotions[${j}] at the same time`,
        "dates that do not overlap, or one promotion for both",
      );
  });
}

function checkOutcome(
  known: KnownNames,
  promotion: Promotion,
  path: string,
  problemsOf: (plan: Plan) => readonly PlanProblem[],
): void {
  const parsed = planDocument.safeParse(withPromotion(known.plan, promotion));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    known.add(
      path,
      `does not fit where it is set: ${issue?.path.join(".")} ${issue?.message}`,
      "values of the form that the plan itself has there",
    );
    return;
  }
  for (const { path: at, wrong, right } of problemsOf(parsed.data)) known.add(`${path}: ${at}`, wrong, right);
}

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
