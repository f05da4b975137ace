import { lessOf } from "./bonus-base.ts";
import { timingOf } from "./calendars.ts";
import { bonusConditions, needsOf } from "./condition-leaves.ts";
import { countedMeasures, endsBefore, tableMeasures } from "./measure-needs.ts";
import type { Bonus, Plan } from "./schema.ts";

/** The bonuses of which this one needs the amounts. */
export function dependsOn(bonus: Bonus, plan: Plan): readonly string[] {
  const matched = [...(bonus.kind === "matching" ? bonus.of : []), ...lessOf(bonus)];
  if (plan.measures === undefined) return matched;
  const asked = [...bonusMeasures(bonus, plan)].flatMap((id) => {
    const measure = plan.measures?.[id];
    return measure?.what === "earned" && !endsBefore(measure) ? measure.bonuses : [];
  });
  return [...matched, ...asked];
}

/** Every measure that a bonus asks for, by conditions, tables, steps and units. */
function bonusMeasures(bonus: Bonus, plan: Plan): Set<string> {
  const found = new Set([...tableMeasures(bonus), ...countedMeasures(bonus)]);
  for (const [, condition] of bonusConditions(bonus, "")) for (const id of needsOf(plan, condition).measures) found.add(id);
  return found;
}

/** Whether a bonus has anything to do at the close. */
export function isCloseBonus(bonus: Bonus): boolean {
  return bonus.snapshot === "close" || (bonus.kind === "matrix" && bonus.completion !== undefined);
}

/** Close bonuses, of one calendar or of all, ordered so that each comes after those it matches; otherwise as the plan lists them. */
export function closeOrder(plan: Plan, calendar?: string): Bonus[] {
  const wanted = plan.bonuses.filter(
    (bonus) => isCloseBonus(bonus) && (calendar === undefined || timingOf(bonus).calendar === calendar),
  );
  return inDependencyOrder(wanted, (bonus) => dependsOn(bonus, plan));
}

/** Bonuses ordered so that each comes after those of them it needs; otherwise as they are listed. Throws where they need each other. */
export function inDependencyOrder(wanted: readonly Bonus[], needs: (bonus: Bonus) => readonly string[]): Bonus[] {
  const ids = new Set(wanted.map((bonus) => bonus.id));
  const done = new Set<string>();
  const ordered: Bonus[] = [];
  while (ordered.length < wanted.length) {
    const next = wanted.find((bonus) => !done.has(bonus.id) && needs(bonus).every((id) => !ids.has(id) || done.has(id)));
    if (next === undefined)
      throw new Error(`bonuses depend on each other in a circle: ${ordered.map(({ id }) => id).join(", ")} do not`);
    ordered.push(next);
    done.add(next.id);
  }
  return ordered;
}

/** The first circle of bonuses that each need the next, or null. */
export function findCircle(plan: Plan): string[] | null {
  return circleIn(new Map(plan.bonuses.map((bonus) => [bonus.id, dependsOn(bonus, plan)])));
}

/** The first circle of fast starts that each replace the next, or null: none of them could be said to stand. */
export function findRivals(plan: Plan): string[] | null {
  const fastStarts = plan.bonuses.flatMap((bonus) => (bonus.kind === "fast-start" ? [bonus] : []));
  const ids = new Set(fastStarts.map((bonus) => bonus.id));
  return circleIn(new Map(fastStarts.map((bonus) => [bonus.id, bonus.replaces.filter((id) => ids.has(id))])));
}

/** The first circle of names that each need the next, or null. */
export function circleIn(needs: ReadonlyMap<string, readonly string[]>): string[] | null {
  for (const start of needs.keys()) {
    const path = circleFrom(start, start, needs, []);
    if (path !== null) return path;
  }
  return null;
}

function circleFrom(
  start: string,
  at: string,
  needs: ReadonlyMap<string, readonly string[]>,
  path: readonly string[],
): string[] | null {
  for (const next of needs.get(at) ?? []) {
    if (next === start) return [...path, at, start];
    if (path.includes(at)) return null;
    const found = circleFrom(start, next, needs, [...path, at]);
    if (found !== null) return found;
  }
  return null;
}
