import { poolUnits } from "./bonus-tables.ts";
import { isCoded } from "./coded-pass-up.ts";
import { PlanError, type PlanProblem } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";
import { isKeyed } from "./tables.ts";

/**
 * Parts of the language that can be said and checked, and are not computed yet. A plan that uses one is refused where it
 * would be computed, so that no rule of a plan is passed over in silence.
 */
type Part = readonly [part: string, uses: (plan: Plan) => readonly (string | false | undefined)[]];

const eachBonus =
  (uses: (bonus: Bonus, path: string) => string | false | undefined): Part[1] =>
  (plan) =>
    plan.bonuses.map((bonus, i) => uses(bonus, `bonuses[${i}]`));

const field =
  (...names: readonly string[]): Part[1] =>
  (plan) =>
    plan.bonuses.flatMap((bonus, i) => names.map((name) => Reflect.get(bonus, name) !== undefined && `bonuses[${i}].${name}`));

const PARTS: readonly Part[] = [
  [
    "limits by a table",
    (plan) => [
      ...field("cycleCap", "capCalendar")(plan),
      ...eachBonus((bonus, path) => bonus.kind === "binary" && typeof bonus.carryCap === "object" && `${path}.carryCap`)(plan),
    ],
  ],
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
  ["calendars", (plan) => [plan.calendars !== undefined && "calendars"]],
  [
    "pools by measures, by another volume than CV, or with a limit for each share",
    eachBonus(
      (bonus, path) =>
        bonus.kind === "pool" &&
        (poolUnits(bonus).some(({ by }) => by === "measure") ||
          bonus.shareCap !== undefined ||
          (bonus.size.by === "share" && (bonus.size.of ?? "cv") !== "cv")) &&
        path,
    ),
  ],
  [
    "bases with deductions, or of PV, QV and retail price",
    eachBonus((bonus, path) => {
      if (bonus.kind === "retail")
        return bonus.pays.mode === "percent" && typeof bonus.pays.base === "object" && `${path}.pays.base`;
      return "base" in bonus && typeof bonus.base === "object" && `${path}.base`;
    }),
  ],
  [
    "further pay rules and places of own volume in a binary",
    field("thenPays", "ownVolume", "customerVolume", "aboveOnly", "unqualifiedPairs"),
  ],
  ["trees that a plan names", (plan) => [plan.trees !== undefined && "trees"]],
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
