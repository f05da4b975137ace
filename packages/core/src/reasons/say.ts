import type { Reason, ReasonWords } from "./reason.ts";

/** A reason in the words of a language. */
export function sayReason({ kind, facts, parts = [] }: Reason, words: ReasonWords): string {
  return words[kind](
    facts,
    parts.map((part) => sayReason(part, words)),
  );
}
