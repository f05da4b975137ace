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
  #owner: Int32Array;
  #kind: Uint16Array;
  #values: Float64Array;
  /** A distributor's first row, and each row's next of the same distributor, plus one: they have few. */
  readonly #first: Int32Array;
  #next: Int32Array;
  readonly #members: Members;
  readonly #asks: CloseAsks;
  /** PV, QV, CV and net, and behind them what the plan asks for besides. */
  readonly #width: number;

  constructor(members: Members, asks: CloseAsks) {
    this.#members = members;
    this.#asks = asks;
    this.#width = VALUES + moreColumns(asks);
    const rows = Math.max(FEWEST, members.count);
    this.#owner = new Int32Array(rows);
    this.#kind = new Uint16Array(rows);
    this.#next = new Int32Array(rows);
    this.#values = new Float64Array(rows * this.#width);
    this.#first = new Int32Array(members.count);
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
      // A new row may have made them wider.
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
    let last = -1;
    for (let row = this.#firstRowOf(owner); row >= 0; row = (this.#next[row] as number) - 1) {
      if (this.#kind[row] === kind) return row;
      last = row;
    }
    if (this.#rows === this.#owner.length) this.#grow();
    const added = this.#rows++;
    this.#owner[added] = owner;
    this.#kind[added] = kind;
    if (last < 0) this.#first[owner] = added + 1;
    else this.#next[last] = added + 1;
    return added;
  }

  #firstRowOf(owner: number): number {
    const first = this.#first[owner];
    if (first === undefined) throw new RangeError("a volume belongs to nobody of the close");
    return first - 1;
  }

  #grow(): void {
    const length = Math.ceil(this.#rows * 1.25);
    this.#owner = widened(this.#owner, new Int32Array(length));
    this.#kind = widened(this.#kind, new Uint16Array(length));
    this.#next = widened(this.#next, new Int32Array(length));
    this.#values = widened(this.#values, new Float64Array(length * this.#width));
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
    const values = this.#values;
    const more = Array.from({ length: this.#width - VALUES }, () => new Float64Array(this.#rows));
    const subscription = new Uint8Array(this.#rows);
    let kept = 0;
    for (const row of this.#inOrder()) {
      const kind = this.#kinds[this.#kind[row] as number] as VolumeKind;
      const at = row * this.#width;
      const [pv, qv, cv, net] = [
        values[at] as number,
        values[at + 1] as number,
        values[at + 2] as number,
        values[at + 3] as number,
      ];
      const others = this.#othersOf(row);
      const noneElse = others === NO_NUMBERS || others.every((minor) => minor === 0);
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
      for (let i = 0; i < others.length; i++)
        (more[i] as Float64Array)[kept] = kind.currency === currency ? (others[i] as number) : 0;
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
    const placeOf = (row: number): number => places[this.#kind[row] as number] as number;
    const order = new Int32Array(this.#rows);
    let count = 0;
    for (let owner = 0; owner < this.#first.length; owner++) {
      const from = count;
      for (let row = this.#firstRowOf(owner); row >= 0; row = (this.#next[row] as number) - 1) {
        let at = count++;
        for (; at > from && placeOf(order[at - 1] as number) > placeOf(row); at--) order[at] = order[at - 1] as number;
        order[at] = row;
      }
    }
    return order;
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
const FEWEST = 64;
const NO_NUMBERS = new Float64Array(0);

const moreColumns = ({ retail, less }: CloseAsks): number => (retail ? 1 : 0) + less.length;

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
