import { timingOf } from "./calendars.ts";
import { ranksOfCalendar } from "./closing-calendars.ts";
import { isCoded } from "./coded-pass-up.ts";
import { isCloseBonus } from "./dependencies.ts";
import { PlanError, type PlanProblem } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";
import { isKeyed } from "./tables.ts";

/**
 * Parts of the language that can be said and checked, and are not computed yet. A plan that uses one is refused where it
 * would be computed, so that no rule of a plan is passed over in silence.
 */
type Part = readonly [part: string, uses: (plan: Plan) => readonly (string | false | undefined)[]];

const eachBonusOf =
  (uses: (bonus: Bonus, path: string, plan: Plan) => string | false | undefined): Part[1] =>
  (plan) =>
    plan.bonuses.map((bonus, i) => uses(bonus, `bonuses[${i}]`, plan));

const eachBonus = (uses: (bonus: Bonus, path: string) => string | false | undefined): Part[1] => eachBonusOf(uses);

const field =
  (...names: readonly string[]): Part[1] =>
  (plan) =>
    plan.bonuses.flatMap((bonus, i) => names.map((name) => Reflect.get(bonus, name) !== undefined && `bonuses[${i}].${name}`));

const PARTS: readonly Part[] = [
  ["caps over the periods of another calendar", field("capCalendar")],
  [
    "conditions and tables in a pass-up that keeps, counts sales or pays the company",
    eachBonus(
      (bonus, path) =>
        bonus.kind === "pass-up" &&
        isCoded(bonus) &&
        (bonus.earnsIf !== undefined || (isKeyed(bonus.rates) && bonus.rates.by !== "rank")) &&
        path,
    ),
  ],
  [
    "measures over the periods of another calendar",
    (plan) =>
      Object.entries(plan.measures ?? {}).map(
        ([id, measure]) =>
          "over" in measure &&
          measure.over !== undefined &&
          "calendar" in measure.over &&
          measure.over.calendar !== undefined &&
          measure.over.calendar !== plan.rankCalendar &&
          `measures.${id}.over.calendar`,
      ),
  ],
  [
    "ranks of another close in the rank calendar, or both kinds in one calendar",
    eachBonusOf((bonus, path, plan) => {
      const { calendar, ranksOf } = timingOf(bonus);
      const own = calendar !== undefined && calendar === plan.rankCalendar;
      return ranksOf !== undefined && (own || ranksOf !== ranksOfCalendar(plan, calendar)) && `${path}.ranksOf`;
    }),
  ],
  [
    'matching of another calendar\'s bonuses "before-caps"',
    eachBonusOf(
      (bonus, path, plan) =>
        bonus.kind === "matching" &&
        bonus.amounts === "before-caps" &&
        bonus.of.some((id) => {
          const matched = plan.bonuses.find((other) => other.id === id);
          return matched !== undefined && isCloseBonus(matched) && timingOf(matched).calendar !== bonus.calendar;
        }) &&
        `${path}.amounts`,
    ),
  ],
];

/** Where a plan uses what is not computed yet. */
export function uncomputed(plan: Plan): PlanProblem[] {
  return PARTS.flatMap(([part, uses]) =>
    uses(plan).flatMap((path) =>
      typeof path === "string"
        ? [
            {
              path,
              wrong: `uses ${part}, which can be said and checked, but not computed yet`,
              right: "to leave it out until then",
            },
          ]
        : [],
    ),
  );
}

/** Throws `PlanError` for a plan that uses what is not computed yet. */
export function assertComputed(plan: Plan): void {
  const problems = uncomputed(plan);
  if (problems.length > 0) throw new PlanError(problems);
}
