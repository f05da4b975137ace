import { inEnglish } from "../reasons/in-english.ts";
import { type Reason, type ReasonKind, reason } from "../reasons/reason.ts";
import { timingOf } from "./calendars.ts";
import { ranksOfCalendar } from "./closing-calendars.ts";
import { isCloseBonus } from "./dependencies.ts";
import { PlanError } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";

/**
 * What can be said and has no one meaning that could be computed. A plan that uses it is refused where it would be
 * computed, with what says the same, so that no rule of a plan is passed over in silence.
 */
type Part = readonly [wrong: ReasonKind, right: ReasonKind, uses: (plan: Plan) => readonly (string | false | undefined)[]];

const eachBonus =
  (uses: (bonus: Bonus, path: string, plan: Plan) => string | false | undefined): Part[2] =>
  (plan) =>
    plan.bonuses.map((bonus, i) => uses(bonus, `bonuses[${i}]`, plan));

const field =
  (...names: readonly string[]): Part[2] =>
  (plan) =>
    plan.bonuses.flatMap((bonus, i) => names.map((name) => Reflect.get(bonus, name) !== undefined && `bonuses[${i}].${name}`));

const PARTS: readonly Part[] = [
  ["caps-across-calendars", "cap-of-longer", field("capCalendar")],
  [
    "ranks-of-two-kinds",
    "second-calendar",
    eachBonus((bonus, path, plan) => {
      const { calendar, ranksOf } = timingOf(bonus);
      const own = calendar !== undefined && calendar === plan.rankCalendar;
      return ranksOf !== undefined && (own || ranksOf !== ranksOfCalendar(plan, calendar)) && `${path}.ranksOf`;
    }),
  ],
  [
    "matches-before-caps",
    "after-caps",
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
export function uncomputed(plan: Plan): { readonly path: string; readonly wrong: Reason; readonly right: Reason }[] {
  return PARTS.flatMap(([wrong, right, uses]) =>
    uses(plan).flatMap((path) => (typeof path === "string" ? [{ path, wrong: reason(wrong), right: reason(right) }] : [])),
  );
}

/** Throws `PlanError` for a plan that uses what is not computed yet. */
export function assertComputed(plan: Plan): void {
  const problems = uncomputed(plan).map(({ path, wrong, right }) => {
    return { path, wrong: inEnglish(wrong), right: inEnglish(right) };
  });
  if (problems.length > 0) throw new PlanError(problems);
}
