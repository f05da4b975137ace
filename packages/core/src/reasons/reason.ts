import type { ENGLISH } from "./english.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** What can be said: every language has a sentence for each, or does not compile. */
export type ReasonKind = keyof typeof ENGLISH;

/**
 * Why something is as it is, before any language: what kind of reason, its figures, and the reasons it is made of. What reads it
 * in words goes by the kind and never by another language's sentence.
 */
export interface Reason {
  readonly kind: ReasonKind;
  readonly facts: Facts;
  readonly parts?: readonly Reason[];
}

/** A language: a sentence for every kind of reason. */
export type ReasonWords = Readonly<Record<ReasonKind, Sentence>>;

/** A reason of some figures; one that is undefined is left out. */
export function reason(
  kind: ReasonKind,
  facts: Readonly<Record<string, string | undefined>> = {},
  parts: readonly Reason[] = [],
): Reason {
  const known = Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined));
  return parts.length === 0 ? { kind, facts: known } : { kind, facts: known, parts };
}
