import type postgres from "postgres";
import type { Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { type NumberRange, numberRanges } from "./number-ranges.ts";
import { pageOfResult } from "./result-pages.ts";

/**
 * Whom a close is read of, and their numbers in the engine: everyone, by distributor number less one; or a part of the
 * company, numbered anew in the same order, so that what comes of them comes in the same order too.
 */
export class Members {
  readonly count: number;
  /** Distributor numbers, ascending; null is everyone. */
  readonly only: readonly number[] | null;
  readonly #places: ReadonlyMap<number, number> | null;

  private constructor(count: number, only: readonly number[] | null) {
    this.count = count;
    this.only = only;
    this.#places = only === null ? null : new Map(only.map((distributorNo, no) => [distributorNo, no]));
  }

  static everyone(count: number): Members {
    return new Members(count, null);
  }

  static some(distributorNos: Iterable<number>): Members {
    const only = [...distributorNos].sort((a, b) => a - b);
    return new Members(only.length, only);
  }

  /** The engine's number; -1 for the company, and for whoever is not among them. */
  noOf(distributorNo: number): number {
    return this.#places === null ? distributorNo - 1 : (this.#places.get(distributorNo) ?? -1);
  }

  distributorNoOf(no: number): number {
    return this.only === null ? no + 1 : (this.only[no] as number);
  }

  /** The engine's numbers of a packed column of distributor numbers. */
  places(packed: Buffer): Float64Array {
    const numbers = packedNumbers(packed);
    for (let index = 0; index < numbers.length; index++) numbers[index] = this.noOf(numbers[index] as number);
    return numbers;
  }

  /** What is read at once, one after the other. */
  *pieces(): Generator<Piece> {
    const { only } = this;
    if (only === null) for (const range of numberRanges(this.count)) yield { range };
    else for (let from = 0; from < only.length; from += NUMBERS_A_PIECE) yield { only: only.slice(from, from + NUMBERS_A_PIECE) };
  }

  /** The pages of results that they are in; the company's own are in page 0. */
  inPages(tx: Tx): postgres.Fragment {
    if (this.only === null) return tx``;
    const pages = [...new Set([0, ...this.only.map(pageOfResult)])];
    return tx`and page = any(${pages}::integer[])`;
  }

  /** Rows of these alone, by their distributor's number. */
  ownRows(tx: Tx): postgres.Fragment {
    return this.only === null ? tx`` : tx`and distributor_no = any(${this.only as number[]}::integer[])`;
  }
}

const NUMBERS_A_PIECE = 20_000;

export type Piece = { readonly range: NumberRange } | { readonly only: readonly number[] };

/** Rows of a piece, by their distributor's number. */
export function ofPiece(tx: Tx, piece: Piece): postgres.Fragment {
  return "only" in piece
    ? tx`distributor_no = any(${piece.only as number[]}::integer[])`
    : tx`distributor_no between ${piece.range.from} and ${piece.range.to}`;
}
