import { type Reason, reason } from "../reasons/reason.ts";
import { conditionPlaces, needsOf } from "./condition-leaves.ts";
import { type Finding, findingOf } from "./finding.ts";
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
    .map((name) =>
      findingOf("error", "no-tree", `trees.${name}`, { wrong: reason("no-such-tree"), right: treeOfThese(stored ?? []) }),
    );
}

/** What would be right in place of a tree that the company does not have. */
export function treeOfThese(trees: readonly string[]): Reason {
  return trees.length === 0 ? reason("add-the-tree") : reason("tree-of-these", { trees: trees.join(", ") });
}

function unusedTrees(plan: Plan): Finding[] {
  const ofMeasures = Object.values(plan.measures ?? {}).map((measure) => ("tree" in measure ? measure.tree : undefined));
  const ofBonuses = plan.bonuses.map((bonus) => ("tree" in bonus ? bonus.tree : undefined));
  const used = new Set([plan.rankTree, ...ofMeasures, ...ofBonuses]);
  return Object.keys(plan.trees ?? {})
    .filter((name) => !used.has(name))
    .map((name) =>
      findingOf("warning", "unused-name", `trees.${name}`, {
        wrong: reason("tree-unused"),
        right: reason("left-out-or-gone-by"),
      }),
    );
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
  return found.map(([path, id]) =>
    findingOf("warning", "rank-trees", path, {
      wrong: reason("ranks-across-trees", { measure: id, tree: String(plan.rankTree) }),
      right: reason("one-tree-for-both"),
    }),
  );
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
