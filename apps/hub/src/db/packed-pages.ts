import { setImmediate as turn } from "node:timers/promises";
import type { Column } from "drizzle-orm";
import type postgres from "postgres";
import type { Sql, Tx } from "./connect.ts";

/**
 * Rows by the page, a whole column in one piece of bytes: a row of its own costs the driver and the garbage collector far
 * more than what stands in it, and a company's network is millions of rows.
 *
 * Unlike a whole array (`packed.ts`), whose texts become strings, a page's texts stay bytes until somebody asks for one.
 * `packed…` is the SQL of one column, `Packed…` reads it. `by` is the column that the page is ordered by.
 */

/** Whole numbers of 32 bits. An empty page is empty bytes. */
export function packedInts(tx: Sql | Tx, column: Column, by: Column): postgres.Fragment {
  return tx.unsafe(`coalesce(string_agg(int4send("${column.name}"), ''::bytea order by "${by.name}"), '')`);
}

/** Whole numbers of 64 bits; `absent` stands for null. */
export function packedLongs(tx: Sql | Tx, column: Column, { by, absent }: { by: Column; absent: bigint }): postgres.Fragment {
  return tx.unsafe(`coalesce(string_agg(int8send(coalesce("${column.name}", ${absent})), ''::bytea order by "${by.name}"), '')`);
}

export function packedMoments(tx: Sql | Tx, column: Column, by: Column): postgres.Fragment {
  return tx.unsafe(`coalesce(string_agg(timestamptz_send("${column.name}"), ''::bytea order by "${by.name}"), '')`);
}

/** The bytes of texts, and how many each has; `expression` is SQL of the hub's own that is never null. */
export function packedTexts(
  tx: Sql | Tx,
  expression: string,
  by: Column,
): { bytes: postgres.Fragment; lengths: postgres.Fragment } {
  return {
    bytes: tx.unsafe(`coalesce(string_agg(textsend(${expression}), ''::bytea order by "${by.name}"), '')`),
    lengths: tx.unsafe(
      `coalesce(string_agg(int2send(octet_length(${expression})::smallint), ''::bytea order by "${by.name}"), '')`,
    ),
  };
}

/** The row of a query that puts many together: there always is one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("a query that puts rows together answered none");
  return row;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export class PackedInts {
  readonly #view: DataView;
  constructor(bytes: Buffer) {
    this.#view = viewOf(bytes);
  }
  get length(): number {
    return this.#view.byteLength / 4;
  }
  at(index: number): number {
    return this.#view.getInt32(index * 4);
  }
}

export class PackedLongs {
  readonly #view: DataView;
  constructor(bytes: Buffer) {
    this.#view = viewOf(bytes);
  }
  at(index: number): bigint {
    return this.#view.getBigInt64(index * 8);
  }
}

/** PostgreSQL counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

export class PackedMoments {
  readonly #view: DataView;
  constructor(bytes: Buffer) {
    this.#view = viewOf(bytes);
  }
  /** Epoch milliseconds; what is finer is cut off, as a Date does. */
  at(index: number): number {
    const microseconds = this.#view.getInt32(index * 8) * 2 ** 32 + this.#view.getUint32(index * 8 + 4);
    return Math.floor(microseconds / 1000) + EPOCH_MS;
  }
}

/** Texts of a page, one after the other: `next` moves `start` and `end` to the text that follows. */
export class PackedTexts {
  readonly source: Uint8Array;
  readonly #lengths: DataView;
  #taken = 0;
  start = 0;
  end = 0;
  constructor({ bytes, lengths }: { readonly bytes: Buffer; readonly lengths: Buffer }) {
    this.source = bytes;
    this.#lengths = viewOf(lengths);
  }
  next(): this {
    this.start = this.end;
    this.end += this.#lengths.getUint16(this.#taken++ * 2);
    return this;
  }
  toString(): string {
    return Buffer.from(this.source.buffer, this.source.byteOffset + this.start, this.end - this.start).toString("utf8");
  }
}

/** A page that says where it ends, for the one behind it. */
export interface Page {
  readonly rows: number;
  readonly last: string;
}

/**
 * Takes in a table page by page: the database reads the next one while this one is taken in, and whatever else the process
 * has to do comes between two of them. "" asks for the first page; one that is not full is the last.
 */
export async function eachPage<P extends Page>(pages: {
  readonly size: number;
  readonly read: (last: string) => Promise<P>;
  readonly take: (page: P) => void;
}): Promise<void> {
  const { size, read, take } = pages;
  for (let next: Promise<P> | null = read(""); next !== null; ) {
    const page: P = await next;
    next = page.rows < size ? null : read(page.last);
    // If this page cannot be taken in, nobody waits for the next: it must not be a promise that nobody hears.
    next?.catch(() => {});
    take(page);
    await turn();
  }
}
