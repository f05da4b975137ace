import type { z } from "zod";
import type { PlanProblem } from "./problem.ts";
import { type Plan, planDocument } from "./schema.ts";

/** A document by the schema alone: the plan, or every path where it has not the form, what is wrong there and what would be right. */
export function readDocument(document: unknown): Plan | readonly PlanProblem[] {
  const parsed = planDocument.safeParse(document, { reportInput: true, error: rightValue });
  return parsed.success ? parsed.data : parsed.error.issues.flatMap((issue) => describe(issue, document));
}

/** Whether a document had the form. */
export function isPlan(read: Plan | readonly PlanProblem[]): read is Plan {
  return "format" in read;
}

type Issue = z.core.$ZodIssue;

function describe(issue: Issue, document: unknown): PlanProblem[] {
  const path = pathText(issue.path);
  if (issue.code === "invalid_key")
    return [{ path, wrong: "is no name that can be written in a plan", right: issue.issues[0]?.message ?? issue.message }];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: path === "plan" ? key : `${path}.${key}`,
      wrong: "is no field of a plan here",
      right: "to leave it out or correct its spelling",
    }));
  }
  const found = valueAt(document, issue.path);
  const wrong = found === undefined ? "is missing" : `is ${show(found)}`;
  const branch = issue.code === "invalid_union" ? nearestBranch(issue.errors) : null;
  if (branch !== null)
    return branch.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] } as Issue, document));
  if (issue.code === "invalid_union" && "discriminator" in issue && typeof issue.discriminator === "string") {
    const options =
      "options" in issue && Array.isArray(issue.options)
        ? issue.options.map(show).join(", ")
        : "a kind of this list in the documentation";
    return [{ path, wrong, right: `one of ${options}` }];
  }
  return [{ path, wrong, right: rightFor(issue) }];
}

/**
 * Of the forms a value may have, the one it comes nearest to: wrong only inside of itself, and in the fewest places. Null
 * where it has none of the forms at all.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const depth = (branch: readonly Issue[]): number =>
    Math.min(...branch.map((issue) => (issue.code === "unrecognized_keys" ? 0 : issue.path.length)));
  const found = branches
    .filter((branch) => branch.length > 0 && depth(branch) > 0)
    .sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  return found[0] ?? null;
}

/** Where the schema says nothing of its own. */
function rightValue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return `a value of type ${issue.expected}`;
  return issue.code === "invalid_union" || issue.code === "invalid_format"
    ? "a form that docs/plan-language.md shows"
    : undefined;
}

function rightFor(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.length === 1 ? show(issue.values[0]) : `one of ${issue.values.map(show).join(", ")}`;
    case "too_small":
      return `at least ${issue.minimum}${issue.origin === "array" ? " of them" : issue.origin === "string" ? " characters" : ""}`;
    case "too_big":
      return `at most ${issue.maximum}${issue.origin === "array" ? " of them" : issue.origin === "string" ? " characters" : ""}`;
    default:
      return issue.message;
  }
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "plan";
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`)).join("");
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const part of path)
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  return value;
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  const text = JSON.stringify(typeof value === "bigint" ? String(value) : value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
