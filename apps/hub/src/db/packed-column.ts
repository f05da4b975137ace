import type postgres from "postgres";
import type { Tx } from "./connect.ts";

/** Type of a column's elements; of its array; and the bytes of one element. */
const TYPES = {
  int2: { element: 21, array: 1005, bytes: 2 },
  int4: { element: 23, array: 1007, bytes: 4 },
  int8: { element: 20, array: 1016, bytes: 8 },
} as const;
export type ColumnType = keyof typeof TYPES;

/** Dimensions, a flag for nulls, the elements' type; of the one dimension its length and first index. Then the elements, each behind its length. */
const HEADER = 20;
const LENGTH_BYTES = 4;
const TWO_32 = 4_294_967_296;

/**
 * Whole numbers as an array in PostgreSQL's binary form, the other way round than `packed.ts`: its text costs either side
 * three times as much.
 */
export class PackedColumn {
  readonly #type: ColumnType;
  readonly #width: number;
  #view: DataView<ArrayBuffer>;
  #length = HEADER;
  count = 0;

  constructor(type: ColumnType) {
    this.#type = type;
    this.#width = LENGTH_BYTES + TYPES[type].bytes;
    this.#view = viewOf(HEADER + 1_024 * this.#width);
  }

  /** Throws RangeError for what is no whole number of the column's type. */
  add(value: number): void {
    if (this.#length + this.#width > this.#view.byteLength) this.#grow();
    const at = this.#length + LENGTH_BYTES;
    this.#view.setInt32(this.#length, TYPES[this.#type].bytes);
    if (this.#type === "int8") this.#addLong(at, value);
    else if (this.#type === "int4") {
      if ((value | 0) !== value) refuse(value, "int4");
      this.#view.setInt32(at, value);
    } else {
      if ((value << 16) >> 16 !== value) refuse(value, "int2");
      this.#view.setInt16(at, value);
    }
    this.#length += this.#width;
    this.count++;
  }

  #addLong(at: number, value: number): void {
    if (Number.isSafeInteger(value)) {
      const high = Math.floor(value / TWO_32);
      this.#view.setInt32(at, high);
      this.#view.setUint32(at + 4, value - high * TWO_32);
      return;
    }
    if (!Number.isInteger(value) || value >= 2 ** 63 || value < -(2 ** 63)) refuse(value, "int8");
    this.#view.setBigInt64(at, BigInt(value));
  }

  /** The array of everything added since the last time: it is the caller's, since a statement keeps it until it is sent. */
  take(): Uint8Array {
    const view = this.#view;
    const { element } = TYPES[this.#type];
    view.setInt32(0, this.count === 0 ? 0 : 1);
    view.setInt32(4, 0);
    view.setInt32(8, element);
    view.setInt32(12, this.count);
    view.setInt32(16, 1);
    const taken = new Uint8Array(view.buffer, 0, this.count === 0 ? HEADER - 8 : this.#length);
    this.#view = viewOf(view.byteLength);
    this.#length = HEADER;
    this.count = 0;
    return taken;
  }

  #grow(): void {
    const wider = viewOf(HEADER + 2 * (this.#view.byteLength - HEADER));
    new Uint8Array(wider.buffer).set(new Uint8Array(this.#view.buffer));
    this.#view = wider;
  }
}

/** What was taken of a column, for a statement: it travels as it is, and needs no cast. */
export function packedParameter(tx: Tx, type: ColumnType, taken: Uint8Array): postgres.Parameter<Uint8Array> {
  return tx.typed(taken, TYPES[type].array) as postgres.Parameter<Uint8Array>;
}

/** Columns that are filled row by row. */
export class PackedColumns {
  readonly #types: readonly ColumnType[];
  readonly #columns: readonly PackedColumn[];
  rows = 0;

  constructor(types: readonly ColumnType[]) {
    this.#types = types;
    this.#columns = types.map((type) => new PackedColumn(type));
  }

  add(row: readonly number[]): void {
    for (let index = 0; index < this.#columns.length; index++) (this.#columns[index] as PackedColumn).add(row[index] as number);
    this.rows++;
  }

  /** Everything added since the last time, by the column's index in the rows. */
  take(tx: Tx): ColumnArrays {
    const taken = this.#columns.map((column) => column.take());
    this.rows = 0;
    return (index) => packedParameter(tx, this.#types[index] as ColumnType, taken[index] as Uint8Array);
  }
}

/** The array of a column, by its index in the rows. */
export type ColumnArrays = (index: number) => postgres.Parameter<Uint8Array>;

function viewOf(bytes: number): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer(bytes));
}

function refuse(value: number, type: ColumnType): never {
  throw new RangeError(`${value} is no ${type}`);
}
