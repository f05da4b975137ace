import { timingOf } from "./calendars.ts";
import { ranksOfCalendar } from "./closing-calendars.ts";
import { isCloseBonus } from "./dependencies.ts";
import { PlanError, type PlanProblem } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";

/**
 * What can be said and has no one meaning that could be computed. A plan that uses it is refused where it would be
 * computed, with what says the same, so that no rule of a plan is passed over in silence.
 */
type Part = readonly [part: string, right: string, uses: (plan: Plan) => readonly (string | false | undefined)[]];

const eachBonus =
  (uses: (bonus: Bonus, path: string, plan: Plan) => string | false | undefined): Part[2] =>
  (plan) =>
    plan.bonuses.map((bonus, i) => uses(bonus, `bonuses[${i}]`, plan));

const field =
  (...names: readonly string[]): Part[2] =>
  (plan) =>
    plan.bonuses.flatMap((bonus, i) => names.map((name) => Reflect.get(bonus, name) !== undefined && `bonuses[${i}].${name}`));

const PARTS: readonly Part[] = [
  [
    "caps of a binary over the periods of another calendar: what one close pays would hang on the closes before it",
    'one of "caps" that names the longer calendar and this bonus; over shorter periods, a bonus of that calendar',
    field("capCalendar"),
  ],
  [
    "two kinds of ranks in one calendar, while a close judges people once",
    "a second calendar of the same length, and the one kind by each",
    eachBonus((bonus, path, plan) => {
      const { calendar, ranksOf } = timingOf(bonus);
      const own = calendar !== undefined && calendar === plan.rankCalendar;
      return ranksOf !== undefined && (own || ranksOf !== ranksOfCalendar(plan, calendar)) && `${path}.ranksOf`;
    }),
  ],
  [
    'matching of another calendar\'s bonuses "before-caps", while a close keeps what it paid and not what caps cut',
    '"after-caps", or both in one calendar',
    eachBonus(
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
  return PARTS.flatMap(([part, right, uses]) =>
    uses(plan).flatMap((path) => (typeof path === "string" ? [{ path, wrong: `uses ${part}`, right }] : [])),
  );
}

/** Throws `PlanError` for a plan that uses what is not computed yet. */
export function assertComputed(plan: Plan): void {
  const problems = uncomputed(plan);
  if (problems.length > 0) throw new PlanError(problems);
}
