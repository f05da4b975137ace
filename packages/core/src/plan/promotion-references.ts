import type { KnownNames } from "./known-names.ts";
import type { PlanProblem } from "./problem.ts";
import { promotionSets, withPromotion } from "./promoted.ts";
import type { Promotion } from "./promotions.ts";
import { isPlan, readDocument } from "./read-document.ts";
import type { Plan } from "./schema.ts";
import { type Table, thresholdRows } from "./tables.ts";

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
  promotions.forEach((promotion, i) => {
    checkRows(known, promotion, `promotions[${i}].set`);
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
  else if (known.check("bonus", id, path) && !(part in (bonusOf(known, id) ?? {})))
    known.add(
      path,
      `is not said by the bonus "${id}", and a promotion only changes what the plan says`,
      "a field that the bonus has",
    );
}

const bonusOf = (known: KnownNames, id: string) => known.plan.bonuses.find((bonus) => bonus.id === id);

/** What somebody reached once in life must be the same row while a promotion runs. */
function checkRows(known: KnownNames, { set }: Promotion, path: string): void {
  for (const [field, value] of Object.entries(set)) {
    const [, id = "", part = ""] = field.split(".");
    const bonus = bonusOf(known, id);
    if (part !== "amounts" || bonus?.kind !== "reward" || bonus.for.kind !== "first-time") continue;
    if (stepsOf(value as Table<unknown>) !== stepsOf(bonus.amounts))
      known.add(
        `${path}.${field}`,
        "changes the steps of amounts that are paid once in life for each",
        "the plan's own steps with other amounts",
      );
  }
}

/** The thresholds of a table; all tables by ranks have the same steps. */
function stepsOf(table: Table<unknown>): string {
  return (thresholdRows(table) ?? [])
    .map(([from]) => Number(from))
    .sort((a, b) => a - b)
    .join(" ");
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
  const read = readDocument(withPromotion(known.plan, promotion));
  for (const { path: at, wrong, right } of isPlan(read) ? problemsOf(read) : read) known.add(`${path}: ${at}`, wrong, right);
}
