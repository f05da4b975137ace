import type { KnownNames } from "./known-names.ts";
import type { Measure } from "./measures.ts";
import type { Bonus } from "./schema.ts";
import { placementNamed } from "./trees.ts";

const WALKS: ReadonlySet<Bonus["kind"]> = new Set([
  "unilevel",
  "fast-start",
  "differential",
  "breakaway",
  "generation",
  "infinity",
  "pass-up",
  "matching",
]);

/** Which tree every walk and measure goes by. */
export function treeReferences(known: KnownNames): void {
  const { plan } = known;
  if (plan.trees !== undefined) {
    const enrolment = Object.values(plan.trees).filter(({ is }) => is === "enrolment").length;
    if (enrolment > 1) known.add("trees", "name who enrolled whom twice", "one tree that is enrolment");
    if (plan.rankTree === undefined)
      known.add("rankTree", "is missing in a plan with trees", "the tree whose legs and groups ranks are judged by");
  }
  if (plan.rankTree !== undefined) checkTree(known, plan.rankTree, "rankTree");
  plan.bonuses.forEach((bonus, i) => {
    const path = `bonuses[${i}].tree`;
    if (bonus.kind === "binary" || bonus.kind === "matrix") checkPlacement(known, bonus.tree, path);
    else if ("tree" in bonus && bonus.tree !== undefined) checkTree(known, bonus.tree, path);
    else if (WALKS.has(bonus.kind)) requireTree(known, path);
    if (bonus.kind === "pass-up" && placementNamed(plan, bonus.tree) !== null)
      known.add(path, "is a placement tree, but a pass-up counts whom a sponsor enrolled", 'the tree that is "enrolment"');
  });
  for (const [id, measure] of Object.entries(plan.measures ?? {})) checkMeasure(known, measure, `measures.${id}.tree`);
}

function checkMeasure(known: KnownNames, measure: Measure, path: string): void {
  if (measure.what !== "gv" && measure.what !== "pgv" && measure.what !== "leg-gv" && measure.what !== "count") return;
  const enrolled = measure.what === "count" && measure.of === "enrolled";
  if (measure.tree === undefined) {
    if (!enrolled) requireTree(known, path);
  } else if (enrolled && measure.side === undefined)
    known.add(path, "means nothing for whom somebody enrolled", 'to leave it out, or "side" of it');
  else checkTree(known, measure.tree, path);
}

function requireTree(known: KnownNames, path: string): void {
  const names = Object.keys(known.plan.trees ?? {});
  if (names.length > 0)
    known.add(path, "is missing in a plan with trees", `one of ${names.map((name) => `"${name}"`).join(", ")}`);
}

function checkTree(known: KnownNames, tree: string, path: string): void {
  const placed = known.plan.bonuses.some((bonus) => (bonus.kind === "binary" || bonus.kind === "matrix") && bonus.tree === tree);
  if (known.plan.trees === undefined && placed) return;
  if (known.plan.trees === undefined)
    known.add(path, `is "${tree}", but the plan names no trees`, '"trees" in the plan, or to leave it out');
  else known.check("tree", tree, path);
}

/** A binary and a matrix stand on a stored placement tree; a plan without trees names it here alone. */
function checkPlacement(known: KnownNames, tree: string, path: string): void {
  if (known.plan.trees === undefined || !known.check("tree", tree, path)) return;
  if (known.plan.trees[tree]?.is !== "placement")
    known.add(path, `is "${tree}", which is no placement tree`, 'a tree that is "placement"');
}
