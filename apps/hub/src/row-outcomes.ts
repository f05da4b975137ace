import { createHash } from "node:crypto";

/**
 * What each line of a file would do, in a text that a preview gives and the act takes back: so that it does what was looked at, or says
 * by line where that is not so any more.
 */

/** What a line does now: enrols or maps what is new, or changes what is there. A line that does nothing has none. */
export interface RowOutcome {
  readonly line: number;
  readonly kind: "new" | "changed";
  /** What the line says, and what it was decided by; of the same line the same, as long as nobody else has changed that. */
  readonly by: unknown;
}

/** Characters of the digest: enough that a change is not missed by chance, and few, as a file of 50,000 lines goes along with all of them. */
const CHARACTERS = 5;

/** `told` as a preview gave it, such as `n2.x1Fq_-aG7o,c9.…`: a letter for the kind, a line, and a digest of it and of each line behind it. */
export const TOLD_PATTERN = /^(?:[nc]\d{1,9}\.(?:[\w-]{5})+(?:,|$))*$/;

export function toldOf(outcomes: readonly RowOutcome[]): string {
  let text = "";
  let before: RowOutcome | undefined;
  for (const one of outcomes) {
    if (before?.kind !== one.kind || before.line + 1 !== one.line)
      text += `${before === undefined ? "" : ","}${one.kind === "new" ? "n" : "c"}${one.line}.`;
    text += digestOf(one);
    before = one;
  }
  return text;
}

const digestOf = ({ by }: RowOutcome): string =>
  createHash("sha256").update(JSON.stringify(by)).digest("base64url").slice(0, CHARACTERS);

interface ToldRow {
  readonly kind: RowOutcome["kind"];
  readonly digest: string;
}

function readTold(told: string): Map<number, ToldRow> {
  const rows = new Map<number, ToldRow>();
  for (const part of told.split(",")) {
    const [, letter, first, digests = ""] = /^([nc])(\d+)\.([\w-]+)$/.exec(part) ?? [];
    const kind = letter === "n" ? "new" : "changed";
    for (let at = 0; at < digests.length; at += CHARACTERS)
      rows.set(Number(first) + at / CHARACTERS, { kind, digest: digests.slice(at, at + CHARACTERS) });
  }
  return rows;
}

export interface OtherOutcome {
  readonly line: number;
  /** What the preview said of the line; null where it said that nothing changes. */
  readonly was: RowOutcome["kind"] | null;
  readonly is: RowOutcome["kind"] | null;
}

/** The lines that do something else now than a preview told, by line. */
export function othersThanTold(told: string, outcomes: readonly RowOutcome[]): OtherOutcome[] {
  const before = readTold(told);
  const others: OtherOutcome[] = [];
  for (const outcome of outcomes) {
    const was = before.get(outcome.line);
    before.delete(outcome.line);
    if (was?.kind === outcome.kind && was.digest === digestOf(outcome)) continue;
    others.push({ line: outcome.line, was: was?.kind ?? null, is: outcome.kind });
  }
  for (const [line, was] of before) others.push({ line, was: was.kind, is: null });
  return others.sort((a, b) => a.line - b.line);
}
