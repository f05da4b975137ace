import type { LevelSpan } from "../plan/measures.ts";

/**
 * Numbers of people that are counted from the leaves upward: whoever is done is added to those above, so that a person's
 * number is complete as soon as everyone below has been judged.
 */
export interface Counter {
  /** By person, complete once all below are added; in ten-thousandths, as every measure. */
  readonly column: Float64Array;
  /** Adds a person who is done, and whether they meet what is counted. */
  add(no: number, meets: boolean): void;
}

/** One of any measure. */
export const ONE = 10_000;

/** People of some levels below; without a last level everyone further down. */
export function levelCounter(above: Int32Array, span: LevelSpan): Counter {
  const column = new Float64Array(above.length);
  const last = span.to ?? Number.POSITIVE_INFINITY;
  // Level 0 is the person, who is not below themselves: what they are is added when they are done.
  if (last === Number.POSITIVE_INFINITY && span.from <= 1) return wholeCounter(above, column, span.from);
  return {
    column,
    add(no, meets) {
      if (!meets) return;
      let level = 0;
      for (let up = no; up >= 0 && level <= last; up = above[up] as number, level++)
        if (level >= span.from) column[up] = (column[up] as number) + ONE;
    },
  };
}

/** Everyone below: a sum handed up, since walking to the root from everyone would take too long. */
function wholeCounter(above: Int32Array, column: Float64Array, from: number): Counter {
  return {
    column,
    add(no, meets) {
      if (from === 0 && meets) column[no] = (column[no] as number) + ONE;
      const up = above[no] as number;
      const handed = (column[no] as number) + (from === 1 && meets ? ONE : 0);
      if (up >= 0) column[up] = (column[up] as number) + handed;
    },
  };
}

/** Legs that hold at least one such person, at most `depth` levels below where that is said. */
export function legCounter(above: Int32Array, depth: number, counts: (leg: number) => boolean): Counter {
  const column = new Float64Array(above.length);
  /** Levels down to the nearest such person of a leg, the head being 1; 0 where there is none. */
  const nearest = new Int32Array(above.length);
  return {
    column,
    add(no, meets) {
      if (meets) nearest[no] = 1;
      const up = above[no] as number;
      const down = nearest[no] as number;
      if (up < 0 || down === 0) return;
      if (down <= depth && counts(no)) column[up] = (column[up] as number) + ONE;
      const known = nearest[up] as number;
      if (known === 0 || known > down + 1) nearest[up] = down + 1;
    },
  };
}

/** Personal group volume: own volume and that of everyone below who has not broken away. */
export function groupCounter(above: Int32Array, own: Float64Array): Counter {
  const column = own.slice();
  return {
    column,
    add(no, breaksAway) {
      const up = above[no] as number;
      if (up >= 0 && !breaksAway) column[up] = (column[up] as number) + (column[no] as number);
    },
  };
}
