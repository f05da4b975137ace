import { PlanError } from "./problem.ts";
import { isPlan, readDocument } from "./read-document.ts";
import { referenceProblems } from "./references.ts";
import type { Plan } from "./schema.ts";

/** Reads a plan document of any origin. Throws `PlanError` naming every path, what is wrong there and what would be right. */
export function parsePlan(document: unknown): Plan {
  const read = readDocument(document);
  if (!isPlan(read)) throw new PlanError(read);
  const problems = referenceProblems(read);
  if (problems.length > 0) throw new PlanError(problems);
  return deepFreeze(read);
}

/** The same for a plan written in TypeScript: the editor completes it, and it is checked when the module loads. */
export function definePlan(plan: Plan): Plan {
  return parsePlan(plan);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
