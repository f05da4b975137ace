import { reason } from "../reasons/reason.ts";
import { poolUnits } from "./bonus-tables.ts";
import { conditionPlaces, leavesOf, needsOf } from "./condition-leaves.ts";
import { ACTIVE, type Condition } from "./conditions.ts";
import { type Finding, findingOf } from "./finding.ts";
import { countedMeasures, tableMeasures } from "./measure-needs.ts";
import type { Measure } from "./measures.ts";
import type { Bonus, Plan } from "./schema.ts";

/** Pay for recruiting, and names that nothing uses. */

/** A reward or levels that are opened by enrolments or kits alone pay for recruiting, whatever they are called: refused. */
export function payForRecruiting(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) =>
    recruitingPlaces(plan, bonus).map(([field, measures]) =>
      findingOf("error", "pay-for-recruiting", `bonuses[${i}].${field}`, {
        wrong: reason(
          "pays-for-recruiting",
          {},
          measures.map((name) => reason("is-named", { name })),
        ),
        right: reason("measure-of-sales"),
      }),
    ),
  );
}

/** Places of a bonus where every measure that is asked for counts people or kits. */
function recruitingPlaces(plan: Plan, bonus: Bonus): [field: string, measures: string[]][] {
  const asked: [string, readonly string[]][] = [];
  if ("opens" in bonus && bonus.opens !== undefined) asked.push(["opens", [bonus.opens.measure]]);
  if (bonus.kind === "reward" && bonus.for.kind === "per-step") asked.push(["for.measure", [bonus.for.measure]]);
  if (bonus.kind === "pool" && poolUnits(bonus).every(({ by }) => by === "measure"))
    asked.push(["units", poolUnits(bonus).flatMap((unit) => (unit.by === "measure" ? [unit.measure] : []))]);
  if (bonus.kind === "reward" && "when" in bonus.for) {
    const needs = needsOf(plan, bonus.for.when);
    const selling = needs.ownRank || needs.ranksBelow || (needs.active && activeSells(plan)) || asksTitle(plan, bonus.for.when);
    if (!selling) asked.push(["for.when", [...needs.ownMeasures]]);
  }
  return asked.flatMap(([field, ids]): [string, string[]][] =>
    ids.length > 0 && ids.every((id) => countsRecruits(plan, plan.measures?.[id])) ? [[field, [...ids]]] : [],
  );
}

/** Whether a measure is of enrolments or kits: people who need nothing that is sold, or items of fee classes only. */
function countsRecruits(plan: Plan, measure: Measure | undefined): boolean {
  if (measure === undefined) return false;
  if (measure.what === "days-enrolled") return true;
  if (measure.what === "count") return measure.meeting === undefined || !asksForSales(plan, measure.meeting);
  if (measure.what === "periods") return !asksForSales(plan, measure.meeting);
  if (!("classes" in measure) || measure.classes === undefined) return false;
  const fees = new Set(plan.commissionClasses.flatMap(({ id, enrolmentFee }) => (enrolmentFee === true ? [id] : [])));
  return measure.classes.every((id) => fees.has(id));
}

/** Whether meeting a condition takes sales or volume of somebody. */
function asksForSales(plan: Plan, condition: Condition): boolean {
  const needs = needsOf(plan, condition);
  if (needs.ownRank || needs.ranksBelow || asksTitle(plan, condition)) return true;
  if (needs.active && activeSells(plan)) return true;
  return [...needs.ownMeasures].some((id) => !countsRecruits(plan, plan.measures?.[id]));
}

function asksTitle(plan: Plan, condition: Condition): boolean {
  return leavesOf(condition, "").some(([, leaf]) => {
    if (typeof leaf === "string") return leaf !== ACTIVE && asksTitle(plan, plan.conditions?.[leaf] ?? { any: [] });
    return "title" in leaf;
  });
}

/** Whether being active takes volume. */
function activeSells(plan: Plan): boolean {
  return Number(plan.active.minimumPv) > 0 || (plan.active.condition !== undefined && asksForSales(plan, plan.active.condition));
}

/** Measures and conditions that nothing asks for. */
export function unusedNames(plan: Plan): Finding[] {
  const conditions = new Set<string>();
  const measures = new Set(plan.bonuses.flatMap((bonus) => [...tableMeasures(bonus), ...countedMeasures(bonus)]));
  for (const [, condition, asker] of conditionPlaces(plan)) if (asker !== "named") take(condition);
  for (const id of [...measures]) takeMeasure(id);
  return [...unused("measures", plan.measures, measures), ...unused("conditions", plan.conditions, conditions)];

  function take(condition: Condition): void {
    const needs = needsOf(plan, condition);
    for (const id of needs.measures) measures.add(id);
    for (const id of needs.conditions) conditions.add(id);
  }
  function takeMeasure(id: string): void {
    const measure = plan.measures?.[id];
    if (measure !== undefined && "meeting" in measure && measure.meeting !== undefined) take(measure.meeting);
  }
}

function unused(field: string, all: Readonly<Record<string, unknown>> | undefined, used: ReadonlySet<string>): Finding[] {
  return Object.keys(all ?? {})
    .filter((id) => !used.has(id))
    .map((id) =>
      findingOf("warning", "unused-name", `${field}.${id}`, {
        wrong: reason("asked-by-nothing"),
        right: reason("left-out-or-asked"),
      }),
    );
}
