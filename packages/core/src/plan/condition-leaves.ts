import { ACTIVE, type Comparison, type Condition, type Enrolled } from "./conditions.ts";
import type { Bonus, Plan } from "./schema.ts";

/** The parts of a condition that are no `all`, `any` or `not`, with where they stand. */
export type Leaf = string | Comparison | { rank: string } | { title: string } | { country: string[] } | Enrolled;

export function leavesOf(condition: Condition, path: string): [path: string, leaf: Leaf][] {
  if (typeof condition !== "object") return [[path, condition]];
  if ("all" in condition) return condition.all.flatMap((part, i) => leavesOf(part, `${path}.all[${i}]`));
  if ("any" in condition) return condition.any.flatMap((part, i) => leavesOf(part, `${path}.any[${i}]`));
  return "not" in condition ? leavesOf(condition.not, `${path}.not`) : [[path, condition]];
}

/** Where a condition stands decides what it may ask for. */
export type Asker = "active" | "rank" | "bonus" | "named";

/** Every condition of a plan outside of measures. */
export function conditionPlaces(plan: Plan): [path: string, condition: Condition, asker: Asker][] {
  const found: [string, Condition | undefined, Asker][] = [
    ...Object.entries(plan.conditions ?? {}).map(([id, own]): [string, Condition, Asker] => [`conditions.${id}`, own, "named"]),
    ["active.condition", plan.active.condition, "active"],
    ...plan.ranks.map(({ requires }, i): [string, Condition | undefined, Asker] => [
      `ranks[${i}].requires.condition`,
      requires.condition,
      "rank",
    ]),
  ];
  const outside = found.flatMap(([path, own, asker]): [string, Condition, Asker][] =>
    own === undefined ? [] : [[path, own, asker]],
  );
  const ofBonuses = plan.bonuses.flatMap((bonus, i) =>
    bonusConditions(bonus, `bonuses[${i}]`).map(([path, own]): [string, Condition, Asker] => [path, own, "bonus"]),
  );
  return [...outside, ...ofBonuses];
}

/** The conditions of one bonus. */
export function bonusConditions(bonus: Bonus, path: string): [path: string, condition: Condition][] {
  const found: [string, Condition | undefined][] = [
    [`${path}.earnsIf`, bonus.earnsIf],
    [`${path}.matchedIf`, bonus.kind === "matching" ? bonus.matchedIf : undefined],
    ...rewardConditions(bonus, `${path}.for`),
  ];
  return found.flatMap(([at, own]): [string, Condition][] => (own === undefined ? [] : [[at, own]]));
}

function rewardConditions(bonus: Bonus, path: string): [string, Condition | undefined][] {
  if (bonus.kind !== "reward" || !("when" in bonus.for)) return [];
  return [
    [`${path}.when`, bonus.for.when],
    [`${path}.since`, bonus.for.kind === "each-period" ? bonus.for.since : undefined],
  ];
}

/** What a condition needs, directly or through the conditions and measures it names. */
export interface Needs {
  readonly measures: ReadonlySet<string>;
  /** Those asked of the person themselves. */
  readonly ownMeasures: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
  readonly active: boolean;
  /** Ranks of this close: of the person, and of people below by what a measure counts. */
  readonly ownRank: boolean;
  readonly ranksBelow: boolean;
}

export function needsOf(plan: Plan, condition: Condition): Needs {
  const needs = {
    measures: new Set<string>(),
    ownMeasures: new Set<string>(),
    conditions: new Set<string>(),
    active: false,
    ownRank: false,
    ranksBelow: false,
  };
  const visit = (own: Condition, below: boolean): void => {
    for (const [, leaf] of leavesOf(own, "")) {
      if (leaf === ACTIVE) needs.active = true;
      else if (typeof leaf === "string") {
        const named = plan.conditions?.[leaf];
        const key = `${leaf}${below ? " below" : ""}`;
        if (named === undefined || seen.has(key)) continue;
        seen.add(key);
        needs.conditions.add(leaf);
        visit(named, below);
      } else if ("rank" in leaf) needs[below ? "ranksBelow" : "ownRank"] = true;
      else if ("measure" in leaf) {
        if (!below) needs.ownMeasures.add(leaf.measure);
        visitMeasure(leaf.measure, below);
      }
    }
  };
  const seen = new Set<string>();
  const visitMeasure = (id: string, below: boolean): void => {
    const measure = plan.measures?.[id];
    if (measure === undefined || seen.has(`measure ${id}${below}`)) return;
    seen.add(`measure ${id}${below}`);
    needs.measures.add(id);
    if (measure.what === "pgv") needs.ranksBelow = true;
    if (measure.what === "count" && measure.meeting !== undefined) {
      visit(measure.meeting, true);
      // Level 0 is the person, who is counted too.
      if (measure.levels?.from === 0) visit(measure.meeting, below);
    }
    if (measure.what === "periods") visit(measure.meeting, below);
  };
  visit(condition, false);
  return needs;
}
