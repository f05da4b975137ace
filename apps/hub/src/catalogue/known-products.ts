import type { Mapping } from "./queries.ts";

/** How alike two names have to be: twice the words that they share, of all the words of both. */
const ALIKE = 0.6;

/** What stands between a SKU and what is put behind it, as in SLP-50-2. */
const BREAKS = "-_./ ";
const SHORTEST = 3;

/** Mapped products, put in order once, so that what is alike is found among thousands without a look at each. */
export class KnownProducts {
  readonly #rows: readonly Mapping[];
  readonly #bySku: ReadonlyMap<string, readonly Mapping[]>;
  /** Places of the rows in whose names a word stands; and how many words a row's name has. */
  readonly #byWord = new Map<string, number[]>();
  readonly #wordCounts: Uint16Array;
  readonly #shared: Uint16Array;

  /** What counts of each product; of two that are equally alike the earlier one is taken. */
  constructor(rows: readonly Mapping[]) {
    this.#rows = rows;
    this.#bySku = Map.groupBy(rows, (row) => row.platformSku);
    this.#wordCounts = new Uint16Array(rows.length);
    this.#shared = new Uint16Array(rows.length);
    for (const [place, { name }] of rows.entries()) {
      const words = wordsOf(name);
      this.#wordCounts[place] = words.size;
      for (const word of words) {
        const places = this.#byWord.get(word);
        if (places) places.push(place);
        else this.#byWord.set(word, [place]);
      }
    }
  }

  /** The one with the longest SKU that this one begins with, with something behind it, such as SLP-50-2 and SLP-50. */
  likeSku(sku: string, classes: ReadonlySet<string>): Mapping | null {
    for (let end = sku.length - 1; end >= SHORTEST; end--) {
      if (!BREAKS.includes(sku[end] as string)) continue;
      const found = this.#bySku.get(sku.slice(0, end))?.find((row) => classes.has(row.commissionClass));
      if (found !== undefined) return found;
    }
    return null;
  }

  /** The one whose name has the most words in common, where it has enough. */
  likeName(name: string, classes: ReadonlySet<string>): Mapping | null {
    const words = wordsOf(name);
    const touched: number[] = [];
    for (const word of words)
      for (const place of this.#byWord.get(word) ?? []) {
        if (this.#shared[place] === 0) touched.push(place);
        this.#shared[place] = (this.#shared[place] as number) + 1;
      }
    let best: { place: number; alike: number } | null = null;
    for (const place of touched) {
      const alike = (2 * (this.#shared[place] as number)) / (words.size + (this.#wordCounts[place] as number));
      this.#shared[place] = 0;
      if (alike < ALIKE || !classes.has((this.#rows[place] as Mapping).commissionClass)) continue;
      if (best === null || alike > best.alike || (alike === best.alike && place < best.place)) best = { place, alike };
    }
    return best === null ? null : (this.#rows[best.place] as Mapping);
  }
}

function wordsOf(name: string): ReadonlySet<string> {
  return new Set(name.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}
