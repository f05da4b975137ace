import { Standings } from "./standings.ts";
import type { TextBytes } from "./text-index.ts";

/** What a close found of somebody that orders ask for. */
export interface Judgement {
  /** A rank's id; the highest ever held. */
  readonly title: string | null;
  /** Ten-thousandths by measure; what is not there is 0. */
  readonly measures: Readonly<Record<string, bigint>>;
}

const NOTHING: Judgement = { title: null, measures: {} };

/** Everyone's judgements as of any time, by distributor number; before the first close there are none. */
export class Judgements {
  /** Dated texts, as statuses are: many people have the same. */
  readonly #texts = new Standings();
  readonly #read = new Map<string, Judgement>();

  get bytes(): number {
    return this.#texts.bytes;
  }

  add(no: number, row: { readonly from: number; readonly found: TextBytes }): void {
    this.#texts.add(no, { from: row.from, kind: this.#texts.kindOf(row.found), periodPv: 0n });
  }

  asOf(no: number, at: number): Judgement {
    const row = this.#texts.asOf(no, at);
    if (row === null || row.from > at) return NOTHING;
    const known = this.#read.get(row.status);
    if (known !== undefined) return known;
    if (this.#read.size >= READ_MAX) this.#read.clear();
    const judgement = readJudgement(row.status);
    this.#read.set(row.status, judgement);
    return judgement;
  }
}

const READ_MAX = 10_000;

/** Neither rank ids nor names of measures have spaces, so that the text has none. */
export function judgementText({ title, measures }: Judgement): string {
  const found = Object.entries(measures).filter(([, value]) => value !== 0n);
  return JSON.stringify({
    ...(title === null ? {} : { title }),
    ...(found.length === 0 ? {} : { measures: Object.fromEntries(found.map(([id, value]) => [id, String(value)])) }),
  });
}

/** Throws SyntaxError for a text that `judgementText` did not write. */
export function readJudgement(text: string): Judgement {
  const { title = null, measures = {} } = JSON.parse(text) as { title?: string; measures?: Record<string, string> };
  return { title, measures: Object.fromEntries(Object.entries(measures).map(([id, value]) => [id, BigInt(value)])) };
}
