import { createHash } from "node:crypto";

/**
 * What each line of a file would do, in a text that a preview gives and the act takes back: so that it does what was looked at, or says
 * by line where that is not so any more.
 */

/** What a line does now: enrols or maps what is new, or changes what is there. A line that does nothing has none. */
export interface RowOutcome {
  readonly line: number;
  readonly kind: "new" | "changed";
  /** What it was decided by; of the same line the same, as long as nobody else has changed that. */
  readonly by: unknown;
}

/** Digits of the digest: enough that a change is not missed by chance, and few, as there is one for each line. */
const DIGITS = 10;

/** `told` as a preview gave it, such as `n2.1f0c2e9a7b,c5.…`: a letter for the kind, the line, a digest. */
export const TOLD_PATTERN = /^(?:[nc]\d{1,9}\.[0-9a-f]{10}(?:,|$))*$/;

export function toldOf(outcomes: readonly RowOutcome[]): string {
  return outcomes.map((one) => `${one.kind === "new" ? "n" : "c"}${one.line}.${digestOf(one)}`).join(",");
}

const digestOf = ({ by }: RowOutcome): string => createHash("sha256").update(JSON.stringify(by)).digest("hex").slice(0, DIGITS);

export interface OtherOutcome {
  readonly line: number;
  /** What the preview said of the line; null where it said that nothing changes. */
  readonly was: RowOutcome["kind"] | null;
  readonly is: RowOutcome["kind"] | null;
}

/** The lines that do something else now than a preview told, by line. */
export function othersThanTold(told: string, outcomes: readonly RowOutcome[]): OtherOutcome[] {
  const before = new Map(
    told.split(",").flatMap((part) => {
      const [, letter, line, digest] = /^([nc])(\d+)\.([0-9a-f]+)$/.exec(part) ?? [];
      return letter === undefined ? [] : [[Number(line), { kind: letter === "n" ? "new" : "changed", digest }] as const];
    }),
  );
  const others: OtherOutcome[] = [];
  for (const outcome of outcomes) {
    const was = before.get(outcome.line);
    before.delete(outcome.line);
    if (was?.kind === outcome.kind && was.digest === digestOf(outcome)) continue;
    others.push({ line: outcome.line, was: (was?.kind as RowOutcome["kind"] | undefined) ?? null, is: outcome.kind });
  }
  for (const [line, was] of before) others.push({ line, was: was.kind as RowOutcome["kind"], is: null });
  return others.sort((a, b) => a.line - b.line);
}
