import type { KnownNames } from "./known-names.ts";
import type { PlanProblem } from "./problem.ts";
import { promotionSets, withPromotion } from "./promoted.ts";
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
  if (known.problems.length > 0) return;
  for (const decidedBy of ["order-date", "period-start"] as const)
    for (const together of promotionSets(known.plan, decidedBy))
      if (together.length > 1) {
        const set = Object.assign({}, ...together.map((promotion) => promotion.set)) as Promotion["set"];
        checkOutcome(known, { set }, `promotions ${together.map(({ id }) => `"${id}"`).join(" and ")} together`, problemsOf);
      }
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
  promotion: Pick<Promotion, "set">,
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
