import type { Plan } from "@upline/core";
import type { CloseAsks, CloseOrders } from "@upline/core/engine";
import { packedNumbers } from "../db/packed.ts";
import type { VolumeKind, VolumePage } from "./gather-queries.ts";
import type { Members } from "./members.ts";
import { ANY_MARKET, fastStartIds } from "./order-volumes.ts";
import type { NewVolume } from "./volume-queries.ts";

/**
 * Volume summed by distributor and kind, in whatever order pages come. Whole numbers below 2^53 are exact as floats, in
 * any order of adding; what is beyond is refused by the engine.
 */
export class VolumeSums {
  readonly #kinds: VolumeKind[] = [];
  readonly #kindNos = new Map<string, number>();
  /** One row for each distributor and kind that was met. */
  #rows = 0;
  #owner = new Int32Array(4_096);
  #kind = new Uint16Array(4_096);
  #values: Float64Array;
  /** Where a distributor's row of a kind is, plus one: a table without chains, never more than half full. */
  #cells = new Int32Array(8_192);
  readonly #members: Members;
  readonly #asks: CloseAsks;
  /** PV, QV, CV and net, and behind them what the plan asks for besides. */
  readonly #width: number;

  constructor(members: Members, asks: CloseAsks) {
    this.#members = members;
    this.#asks = asks;
    this.#width = VALUES + moreColumns(asks);
    this.#values = new Float64Array(4_096 * this.#width);
  }

  add(page: VolumePage): void {
    const kind = this.#kindNo(page);
    const owners = this.#members.places(page.distributorNos);
    const pv = packedNumbers(page.pv);
    const qv = page.qv === null ? pv : packedNumbers(page.qv);
    const cv = page.cv === null ? pv : packedNumbers(page.cv);
    const net = packedNumbers(page.netMinor);
    const more = page.more === null ? NO_NUMBERS : packedNumbers(page.more);
    const width = this.#width;
    for (let index = 0; index < owners.length; index++) {
      const at = this.#rowOf(owners[index] as number, kind) * width;
      const values = this.#values;
      values[at] = (values[at] as number) + (pv[index] as number);
      values[at + 1] = (values[at + 1] as number) + (qv[index] as number);
      values[at + 2] = (values[at + 2] as number) + (cv[index] as number);
      values[at + 3] = (values[at + 3] as number) + (net[index] as number);
      for (let column = VALUES, from = index; column < width; column++, from += owners.length)
        values[at + column] = (values[at + column] as number) + (more[from] as number);
    }
  }

  /** One more entry, which is not stored yet. */
  addEntry(entry: NewVolume): void {
    const no = this.#members.noOf(entry.distributorNo);
    if (no < 0) return;
    const { subscription, retail, less } = this.#asks;
    const kind = { ...entry, onSubscription: subscription && entry.facts?.subscription === true };
    const at = this.#rowOf(no, this.#kindNo(kind)) * this.#width;
    const more = [...(retail ? [entry.retailMinor ?? entry.netMinor] : []), ...less.map((id) => entry.lessMinor?.[id] ?? 0n)];
    for (const [index, value] of [entry.pv, entry.qv, entry.cv, entry.netMinor, ...more].entries())
      this.#values[at + index] = (this.#values[at + index] as number) + Number(value);
  }

  #kindNo(kind: VolumeKind): number {
    const { commissionClass, market, selfPurchase, openFastStarts, currency, onSubscription } = kind;
    const key = JSON.stringify([commissionClass, market, selfPurchase, openFastStarts, currency, onSubscription]);
    const known = this.#kindNos.get(key);
    if (known !== undefined) return known;
    this.#kindNos.set(key, this.#kinds.length);
    return this.#kinds.push({ commissionClass, market, selfPurchase, openFastStarts, currency, onSubscription }) - 1;
  }

  #rowOf(owner: number, kind: number): number {
    const mask = this.#cells.length - 1;
    for (let cell = hashOf(owner, kind) & mask; ; cell = (cell + 1) & mask) {
      const row = (this.#cells[cell] as number) - 1;
      if (row < 0) return this.#addRow(owner, kind, cell);
      if (this.#owner[row] === owner && this.#kind[row] === kind) return row;
    }
  }

  #addRow(owner: number, kind: number, cell: number): number {
    if (this.#rows === this.#owner.length) {
      this.#grow();
      return this.#rowOf(owner, kind);
    }
    const row = this.#rows++;
    this.#owner[row] = owner;
    this.#kind[row] = kind;
    this.#cells[cell] = row + 1;
    return row;
  }

  #grow(): void {
    const length = this.#rows * 2;
    this.#owner = widened(this.#owner, new Int32Array(length));
    this.#kind = widened(this.#kind, new Uint16Array(length));
    this.#values = widened(this.#values, new Float64Array(length * this.#width));
    this.#cells = new Int32Array(length * 2);
    const mask = this.#cells.length - 1;
    for (let row = 0; row < this.#rows; row++) {
      let cell = hashOf(this.#owner[row] as number, this.#kind[row] as number) & mask;
      while (this.#cells[cell] !== 0) cell = (cell + 1) & mask;
      this.#cells[cell] = row + 1;
    }
  }

  /** The sums as a plan's rows, by distributor and then by kind; a row that is nothing is left out. */
  ordersOf(plan: Plan, currency: string): SummedOrders {
    const classes = new Map(plan.commissionClasses.map((commissionClass, i) => [commissionClass.id, i]));
    const classOf = this.#kinds.map((kind) => classes.get(kind.commissionClass));
    const markets = new Map([[ANY_MARKET, 0]]);
    const openSets = new Map([["", 0]]);
    const unknown = new Set<string>();
    const foreign = new Set<string>();
    const columns = columnsFor(this.#rows);
    const more = Array.from({ length: this.#width - VALUES }, () => new Float64Array(this.#rows));
    const subscription = new Uint8Array(this.#rows);
    let kept = 0;
    for (const row of this.#inOrder()) {
      const kind = this.#kinds[this.#kind[row] as number] as VolumeKind;
      const [pv, qv, cv, net] = this.#valuesOf(row);
      const others = this.#othersOf(row);
      const noneElse = others.every((minor) => minor === 0);
      const classNo = classOf[this.#kind[row] as number];
      if (classNo === undefined) unknown.add(kind.commissionClass);
      if (kind.currency !== currency && (net !== 0 || !noneElse)) foreign.add(kind.currency);
      if (classNo === undefined || (pv === 0 && qv === 0 && cv === 0 && net === 0 && noneElse)) continue;
      columns.owner[kept] = this.#owner[row] as number;
      columns.classNo[kept] = classNo;
      columns.marketNo[kept] = placeIn(markets, kind.market);
      columns.self[kept] = kind.selfPurchase ? 1 : 0;
      columns.openSet[kept] = placeIn(openSets, kind.openFastStarts);
      columns.pv[kept] = pv;
      columns.qv[kept] = qv;
      columns.cv[kept] = cv;
      subscription[kept] = kind.onSubscription ? 1 : 0;
      for (const [i, minor] of others.entries()) (more[i] as Float64Array)[kept] = kind.currency === currency ? minor : 0;
      columns.netMinor[kept++] = kind.currency === currency ? net : 0;
    }
    const trimmed = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, kept)]));
    const named = { markets: [...markets.keys()], openSets: [...openSets.keys()].map(fastStartIds) };
    const asked = this.#askedColumns(
      more.map((column) => column.subarray(0, kept)),
      subscription.subarray(0, kept),
    );
    return { orders: { ...(trimmed as typeof columns), ...named, ...asked }, unknown, foreign };
  }

  #askedColumns(
    more: readonly Float64Array[],
    subscription: Uint8Array,
  ): Pick<CloseOrders, "retailMinor" | "lessMinor" | "subscription"> {
    const { retail, less } = this.#asks;
    const deducted = retail ? more.slice(1) : more;
    return {
      ...(retail ? { retailMinor: more[0] as Float64Array } : {}),
      ...(less.length === 0 ? {} : { lessMinor: Object.fromEntries(less.map((id, i) => [id, deducted[i] as Float64Array])) }),
      ...(this.#asks.subscription ? { subscription } : {}),
    };
  }

  #valuesOf(row: number): [pv: number, qv: number, cv: number, net: number] {
    const at = row * this.#width;
    const values = this.#values;
    return [values[at] as number, values[at + 1] as number, values[at + 2] as number, values[at + 3] as number];
  }

  #othersOf(row: number): Float64Array {
    if (this.#width === VALUES) return NO_NUMBERS;
    const at = row * this.#width;
    return this.#values.subarray(at + VALUES, at + this.#width);
  }

  /** Rows by their distributor's number, and then by what their kind says, byte by byte. */
  #inOrder(): Int32Array {
    const sorted = this.#kinds.map((_, kind) => kind).sort((a, b) => compareKinds(this.#kinds[a], this.#kinds[b]));
    const places = new Int32Array(sorted.length);
    for (const [place, kind] of sorted.entries()) places[kind] = place;
    const rows = Int32Array.from({ length: this.#rows }, (_, row) => row);
    const byKind = countedOut(rows, (row) => places[this.#kind[row] as number] as number);
    return countedOut(byKind, (row) => this.#owner[row] as number);
  }
}

export interface SummedOrders {
  readonly orders: CloseOrders;
  /** Classes that the plan does not have: their volume counts nowhere. */
  readonly unknown: ReadonlySet<string>;
  /** Currencies other than the period's: there is no rate for their net. */
  readonly foreign: ReadonlySet<string>;
}

/** PV, QV, CV and net. */
const VALUES = 4;
const NO_NUMBERS = new Float64Array(0);

const moreColumns = ({ retail, less }: CloseAsks): number => (retail ? 1 : 0) + less.length;

function hashOf(owner: number, kind: number): number {
  const mixed = Math.imul(owner, 0x9e3779b1) ^ Math.imul(kind + 1, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function widened<T extends Int32Array | Uint16Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function columnsFor(length: number) {
  return {
    ...{ owner: new Int32Array(length), classNo: new Uint16Array(length), marketNo: new Uint16Array(length) },
    ...{ self: new Uint8Array(length), openSet: new Uint16Array(length), pv: new Float64Array(length) },
    ...{ qv: new Float64Array(length), cv: new Float64Array(length), netMinor: new Float64Array(length) },
  };
}

/** The number of a name, a new one for one that is met first. */
function placeIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

function compareKinds(a: VolumeKind | undefined, b: VolumeKind | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return (
    bytewise(a.commissionClass, b.commissionClass) ||
    bytewise(a.market, b.market) ||
    Number(a.selfPurchase) - Number(b.selfPurchase) ||
    bytewise(a.openFastStarts, b.openFastStarts) ||
    bytewise(a.currency, b.currency) ||
    Number(a.onSubscription) - Number(b.onSubscription)
  );
}

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The rows by a key from 0 on; rows of one key stay as they were. */
function countedOut(rows: Int32Array, keyOf: (row: number) => number): Int32Array {
  let most = 0;
  for (const row of rows) most = Math.max(most, keyOf(row));
  const next = new Int32Array(most + 2);
  for (const row of rows) {
    const key = keyOf(row) + 1;
    next[key] = (next[key] as number) + 1;
  }
  for (let key = 1; key < next.length; key++) next[key] = (next[key] as number) + (next[key - 1] as number);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const key = keyOf(row);
    sorted[next[key] as number] = row;
    next[key] = (next[key] as number) + 1;
  }
  return sorted;
}
