import type postgres from "postgres";
import type { Sql, Tx } from "./connect.ts";
import { ARRAY_HEADER_BYTES, arrayParameter, type ElementType, writeArrayHeader } from "./packed-column.ts";

/**
 * A column of rows as an array in PostgreSQL's binary form, for statements on an order's path. Given a list the driver looks for
 * its type, serialises and escapes each element by itself: that costs more than everything else it does for a batch. And it
 * takes the type from the first element, and mistakes booleans and bigints for scalars. As text an array costs the
 * database a quarter of an insert.
 */
export type RowArray = postgres.Parameter<Uint8Array>;
type Client = Tx | Sql;

const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;
/** What an array is put together in; one that had to hold more than this is not kept. */
const KEPT_BYTES = 1 << 20;
/** Longer texts are written faster by the buffer itself. */
const SHORT_TEXT = 64;
const TWO_32 = 4_294_967_296;
/** PostgreSQL counts from the first day of 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

let bytes = Buffer.allocUnsafe(1 << 16);
let view = viewOf(bytes);
let at = 0;

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}

function room(needed: number): void {
  if (at + needed <= bytes.length) return;
  const wider = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + needed));
  bytes.copy(wider, 0, 0, at);
  bytes = wider;
  view = viewOf(bytes);
}

/** An array of what `add` writes of each row; it answers false for null. */
function arrayOf<Row>(client: Client, type: ElementType, rows: readonly Row[], add: (row: Row) => boolean): RowArray {
  at = ARRAY_HEADER_BYTES;
  let hasNulls = false;
  for (let index = 0; index < rows.length; index++) {
    if (add(rows[index] as Row)) continue;
    hasNulls = true;
    room(LENGTH_BYTES);
    view.setInt32(at, NULL_LENGTH);
    at += LENGTH_BYTES;
  }
  const length = writeArrayHeader(view, { type, count: rows.length, hasNulls, end: at });
  // A statement keeps its parameters until it is sent.
  const taken = Buffer.allocUnsafe(length);
  bytes.copy(taken, 0, 0, length);
  if (bytes.length > KEPT_BYTES) {
    bytes = Buffer.allocUnsafe(1 << 16);
    view = viewOf(bytes);
  }
  return arrayParameter(client, type, taken);
}

function fixed(width: number): number {
  room(LENGTH_BYTES + width);
  view.setInt32(at, width);
  const start = at + LENGTH_BYTES;
  at = start + width;
  return start;
}

function addLong(value: number | bigint): void {
  const start = fixed(8);
  if (typeof value === "bigint") {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is no int8`);
    view.setBigInt64(start, value);
  } else {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
    const high = Math.floor(value / TWO_32);
    view.setInt32(start, high);
    view.setUint32(start + 4, value - high * TWO_32);
  }
}

/** `bigint[]`. Throws RangeError for what is no whole number of 64 bits. */
export function bigints<Row>(client: Client, rows: readonly Row[], of: (row: Row) => number | bigint | null): RowArray {
  return arrayOf(client, "int8", rows, (row) => {
    const value = of(row);
    if (value === null) return false;
    addLong(value);
    return true;
  });
}

/** `integer[]`. Throws RangeError for what is no whole number of 32 bits. */
export function integers<Row>(client: Client, rows: readonly Row[], of: (row: Row) => number | null): RowArray {
  return arrayOf(client, "int4", rows, (row) => {
    const value = of(row);
    if (value === null) return false;
    if ((value | 0) !== value) throw new RangeError(`${value} is no int4`);
    view.setInt32(fixed(4), value);
    return true;
  });
}

/** `smallint[]`. Throws RangeError for what is no whole number of 16 bits. */
export function smallints<Row>(client: Client, rows: readonly Row[], of: (row: Row) => number): RowArray {
  return arrayOf(client, "int2", rows, (row) => {
    const value = of(row);
    if ((value << 16) >> 16 !== value) throw new RangeError(`${value} is no int2`);
    view.setInt16(fixed(2), value);
    return true;
  });
}

/** `boolean[]`. */
export function flags<Row>(client: Client, rows: readonly Row[], of: (row: Row) => boolean): RowArray {
  return arrayOf(client, "bool", rows, (row) => {
    view.setUint8(fixed(1), of(row) ? 1 : 0);
    return true;
  });
}

/** `text[]`. */
export function texts<Row>(client: Client, rows: readonly Row[], of: (row: Row) => string | null): RowArray {
  return arrayOf(client, "text", rows, (row) => {
    const value = of(row);
    if (value === null) return false;
    addText(value);
    return true;
  });
}

function addText(value: string): void {
  const { length } = value;
  // A character takes three bytes at most; those of four are two characters here.
  room(LENGTH_BYTES + length * 3);
  const start = at + LENGTH_BYTES;
  let index = 0;
  if (length <= SHORT_TEXT) {
    for (; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) break;
      bytes[start + index] = code;
    }
  }
  const written = index === length ? length : bytes.write(value, start);
  view.setInt32(at, written);
  at = start + written;
}

/** `timestamptz[]`, of moments to the millisecond, or of texts in ISO 8601 to the microsecond. Throws RangeError for what is none. */
export function moments<Row>(client: Client, rows: readonly Row[], of: (row: Row) => Date | string): RowArray {
  return arrayOf(client, "timestamptz", rows, (row) => {
    const moment = of(row);
    addLong(
      typeof moment === "string" ? microsecondsOf(Date.parse(moment), beyond(moment)) : microsecondsOf(moment.getTime(), 0),
    );
    return true;
  });
}

/** From the year 2285 on it is more than a number holds exactly. */
function microsecondsOf(epochMs: number, beyond: number): number | bigint {
  if (!Number.isInteger(epochMs)) throw new RangeError("no moment");
  const microseconds = (epochMs - EPOCH_MS) * 1000 + beyond;
  return Number.isSafeInteger(microseconds) ? microseconds : BigInt(epochMs - EPOCH_MS) * 1000n + BigInt(beyond);
}

const BEYOND_MILLISECONDS = /\.\d{3}(\d{1,3})/;

/** The microseconds of a text beyond its milliseconds. */
function beyond(text: string): number {
  const digits = text.length > 24 ? BEYOND_MILLISECONDS.exec(text)?.[1] : undefined;
  return digits === undefined ? 0 : Number(digits.padEnd(3, "0"));
}
