import { inEnglish } from "../reasons/in-english.ts";
import type { Reason } from "../reasons/reason.ts";

/** One finding: an `error` refuses publication, a `warning` asks for a second look, a `note` is good to know. */
export interface Finding {
  readonly severity: "error" | "warning" | "note";
  readonly rule: string;
  readonly path: string;
  readonly wrong: string;
  readonly right: string;
  /** The two sentences before any language. */
  readonly reasons: { readonly wrong: Reason; readonly right: Reason };
}

/** A finding whose sentences are told by reasons. */
export function findingOf(
  severity: Finding["severity"],
  rule: string,
  path: string,
  { wrong, right }: Finding["reasons"],
): Finding {
  return { severity, rule, path, wrong: inEnglish(wrong), right: inEnglish(right), reasons: { wrong, right } };
}
