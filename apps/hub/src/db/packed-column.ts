import type postgres from "postgres";
import type { Sql, Tx } from "./connect.ts";

/** Types by PostgreSQL's numbers: of an element, and of its array. */
const TYPES = {
  int2: { element: 21, array: 1005 },
  int4: { element: 23, array: 1007 },
  int8: { element: 20, array: 1016 },
  bool: { element: 16, array: 1000 },
  text: { element: 25, array: 1009 },
  timestamptz: { element: 1184, array: 1185 },
} as const;
export type ElementType = keyof typeof TYPES;

/** Of a column the type, and the bytes of one element. */
const WIDTHS = { int2: 2, int4: 4, int8: 8 } as const;
export type ColumnType = keyof typeof WIDTHS;

/** Dimensions, a flag for nulls, the elements' type; of the one dimension its length and first index. Then the elements, each behind its length. */
export const ARRAY_HEADER_BYTES = 20;
const WITHOUT_DIMENSION = 12;
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
  #length = ARRAY_HEADER_BYTES;
  count = 0;

  constructor(type: ColumnType) {
    this.#type = type;
    this.#width = LENGTH_BYTES + WIDTHS[type];
    this.#view = viewOf(ARRAY_HEADER_BYTES + 1_024 * this.#width);
  }

  /** Throws RangeError for what is no whole number of the column's type. */
  add(value: number): void {
    if (this.#length + this.#width > this.#view.byteLength) this.#grow();
    const at = this.#length + LENGTH_BYTES;
    this.#view.setInt32(this.#length, WIDTHS[this.#type]);
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
    const length = writeArrayHeader(view, { type: this.#type, count: this.count, hasNulls: false, end: this.#length });
    const taken = new Uint8Array(view.buffer, 0, length);
    this.#view = viewOf(view.byteLength);
    this.#length = ARRAY_HEADER_BYTES;
    this.count = 0;
    return taken;
  }

  #grow(): void {
    const wider = viewOf(ARRAY_HEADER_BYTES + 2 * (this.#view.byteLength - ARRAY_HEADER_BYTES));
    new Uint8Array(wider.buffer).set(new Uint8Array(this.#view.buffer));
    this.#view = wider;
  }
}

/** Writes what stands before the elements of an array, which end at `end`; answers how long it is: an empty one is a part of its header alone. */
export function writeArrayHeader(
  view: DataView,
  { type, count, hasNulls, end }: { type: ElementType; count: number; hasNulls: boolean; end: number },
): number {
  view.setInt32(0, count === 0 ? 0 : 1);
  view.setInt32(4, hasNulls ? 1 : 0);
  view.setInt32(8, TYPES[type].element);
  view.setInt32(12, count);
  view.setInt32(16, 1);
  return count === 0 ? WITHOUT_DIMENSION : end;
}

/** An array for a statement: it travels as it is, and needs no cast. */
export function arrayParameter(client: Sql | Tx, type: ElementType, taken: Uint8Array): postgres.Parameter<Uint8Array> {
  return client.typed(taken, TYPES[type].array) as postgres.Parameter<Uint8Array>;
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
    return (index) => arrayParameter(tx, this.#types[index] as ColumnType, taken[index] as Uint8Array);
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
