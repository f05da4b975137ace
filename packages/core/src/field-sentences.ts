import type { z } from "zod";

type RawIssue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  date: "a date",
  null: "null",
};

/**
 * What a validator found wrong with a field, as people say it. It follows the field's name ("limit: must be 1 or more"),
 * and stands in wherever a schema has no sentence of its own.
 */
export function fieldSentence(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return isMissing(issue) ? `is missing: send ${kindOf(issue.expected)}` : `must be ${kindOf(issue.expected)}`;
    case "too_small":
      return boundSentence(issue.origin, Number(issue.minimum), "least", issue.inclusive ?? true);
    case "too_big":
      return boundSentence(issue.origin, Number(issue.maximum), "most", issue.inclusive ?? true);
    case "invalid_value":
      return `must be ${choice(issue.values.map(String))}`;
    case "unrecognized_keys":
      return `${issue.keys.join(", ")} is not known here: leave it out, or correct its spelling`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return isMissing(issue) ? "is missing" : NO_FORM;
    case "invalid_format":
      return "is not written in the form that the API's description shows";
    default:
      return "cannot be used: the API's description shows what it may be";
  }
}

/** Where none of several forms fits: the issues of each form say more. */
export const NO_FORM = "has none of the forms that the API's description shows";

function isMissing(issue: RawIssue): boolean {
  return "input" in issue && issue.input === undefined;
}

function kindOf(expected: unknown): string {
  return KINDS[String(expected)] ?? "another kind of value";
}

function boundSentence(origin: unknown, bound: number, side: "least" | "most", inclusive: boolean): string {
  if (origin === "string") {
    if (side === "least" && bound === 1) return "is empty: fill it in";
    return `must have at ${side} ${bound} ${bound === 1 ? "character" : "characters"}`;
  }
  if (origin === "array" || origin === "set") return `must have at ${side} ${bound} ${bound === 1 ? "entry" : "entries"}`;
  if (!inclusive) return `must be ${side === "least" ? "more" : "less"} than ${bound}`;
  return `must be ${bound} or ${side === "least" ? "more" : "less"}`;
}

function choice(values: readonly string[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
