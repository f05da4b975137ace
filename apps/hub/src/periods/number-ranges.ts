/** Numbers of distributors, both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** So many rows PostgreSQL sorts in memory. */
const NUMBERS_A_RANGE = 25_000;

/** Numbers 1 to `upto` in ranges that are read, and kept, one at a time. */
export function* numberRanges(upto: number): Generator<NumberRange> {
  for (let from = 1; from <= upto; from += NUMBERS_A_RANGE) yield { from, to: Math.min(upto, from + NUMBERS_A_RANGE - 1) };
}
