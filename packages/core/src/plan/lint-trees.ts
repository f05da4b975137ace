import { conditionPlaces, needsOf } from "./condition-leaves.ts";
import type { Finding } from "./finding.ts";
import type { Measure } from "./measures.ts";
import type { Plan } from "./schema.ts";
import { placementNamed } from "./trees.ts";

/** What the linter says of the trees that a plan names; `stored` are the company's placement trees, where they are known. */
export function treeFindings(plan: Plan, stored: readonly string[] | undefined): Finding[] {
  if (plan.trees === undefined) return [];
  return [...missingTrees(plan, stored), ...unusedTrees(plan), ...ranksAcrossTrees(plan)];
}

function missingTrees(plan: Plan, stored: readonly string[] | undefined): Finding[] {
  return Object.keys(plan.trees ?? {})
    .filter((name) => placementNamed(plan, name) !== null && stored?.includes(name) === false)
    .map((name) => ({
      severity: "error",
      rule: "no-tree",
      path: `trees.${name}`,
      wrong: `is a placement tree, and the company has none of this name`,
      right: stored?.length === 0 ? "to add the tree first" : `one of ${stored?.join(", ")}, or to add the tree first`,
    }));
}

function unusedTrees(plan: Plan): Finding[] {
  const ofMeasures = Object.values(plan.measures ?? {}).map((measure) => ("tree" in measure ? measure.tree : undefined));
  const ofBonuses = plan.bonuses.map((bonus) => ("tree" in bonus ? bonus.tree : undefined));
  const used = new Set([plan.rankTree, ...ofMeasures, ...ofBonuses]);
  return Object.keys(plan.trees ?? {})
    .filter((name) => !used.has(name))
    .map((name) => ({
      severity: "warning",
      rule: "unused-name",
      path: `trees.${name}`,
      wrong: "is gone by nowhere",
      right: "to leave it out, or the walk or measure that should go by it",
    }));
}

/** Ranks judged on one tree that count ranks of people below on another: no order of judging may serve both. */
function ranksAcrossTrees(plan: Plan): Finding[] {
  const rankTree = placementNamed(plan, plan.rankTree);
  const found = conditionPlaces(plan).flatMap(([path, condition, asker]): [string, string][] => {
    if (asker !== "rank") return [];
    const crossing = [...needsOf(plan, condition).measures].filter((id) => {
      const measure = plan.measures?.[id];
      return measure !== undefined && countsRanks(plan, measure) && placementNamed(plan, treeOf(measure)) !== rankTree;
    });
    return crossing.map((id) => [path, id]);
  });
  return found.map(([path, id]) => ({
    severity: "warning",
    rule: "rank-trees",
    path,
    wrong: `asks for "${id}", which counts ranks of people below by another tree than "${plan.rankTree}": a close in which two people stand above each other in the two is refused`,
    right: "one tree for both, or to place everyone below whoever enrolled them",
  }));
}

function countsRanks(plan: Plan, measure: Measure): boolean {
  if (measure.what === "pgv") return true;
  if (measure.what !== "count" || measure.meeting === undefined) return false;
  const needs = needsOf(plan, measure.meeting);
  return needs.ownRank || needs.ranksBelow;
}

/** Whom somebody enrolled is counted by who enrolled whom, whatever side of a tree is asked for. */
function treeOf(measure: Measure): string | undefined {
  if (measure.what === "count" && measure.of === "enrolled") return undefined;
  return "tree" in measure ? measure.tree : undefined;
}
