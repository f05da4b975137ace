import { multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { classFilter } from "../plan/compile.ts";
import { baseRateOf } from "../plan/order-bonuses.ts";
import { type AppliesTo, minorPerVolumeUnit, reduceRatio } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import type { CloseInput, CloseOrders } from "./input.ts";

/** A column of the orders summed per owner, over all rows or own customers' rows only. Never below zero. */
export function sumByOwner(input: CloseInput, column: "pv" | "qv" | "cv", customersOnly = false): Float64Array {
  const { orders, network, plan } = input;
  const factors = plan.commissionClasses.map((one) => parseDecimal(one.factors?.[column] ?? "1"));
  const plain = factors.every((factor) => factor.num === factor.den);
  const sum = new Float64Array(network.count);
  const values = orders[column];
  if (plain && !customersOnly) addAll(sum, orders.owner, values);
  else addByFactor(sum, orders, values, factors, customersOnly);
  for (let no = 0; no < sum.length; no++) if ((sum[no] as number) < 0) sum[no] = 0;
  return sum;
}

/** Tight on purpose: with millions of rows these loops are where a close waits for memory. */
function addAll(sum: Float64Array, owner: Int32Array, values: Float64Array): void {
  for (let row = 0; row < owner.length; row++) {
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + (values[row] as number);
  }
}

function addChosen(sum: Float64Array, owner: Int32Array, values: Float64Array, groups: Uint16Array, wanted: number): void {
  for (let row = 0; row < owner.length; row++) {
    if (groups[row] !== wanted) continue;
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + (values[row] as number);
  }
}

function addByFactor(
  sum: Float64Array,
  orders: CloseOrders,
  values: Float64Array,
  factors: readonly Ratio[],
  customersOnly: boolean,
): void {
  const { owner, self, classNo } = orders;
  for (let row = 0; row < owner.length; row++) {
    if (customersOnly && self[row] === 1) continue;
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + times(values[row] as number, factors[classNo[row] as number] as Ratio);
  }
}

/** A row's volume by its class's factor, cut to a whole ten-thousandth. */
function times(value: number, factor: Ratio): number {
  return Math.trunc((value * Number(factor.num)) / Number(factor.den));
}

/** The volume of one bonus by source distributor, of rows that share a rate table, a start and a value in money. */
export interface VolumeGroup {
  /** Which rate table of the bonus, by class; "" for the usual one. */
  readonly table: string;
  readonly self: boolean;
  /** Minor units of one unit of `volume`. */
  readonly minorPerUnit: Ratio;
  readonly volume: Float64Array;
}

interface VolumeBonus {
  readonly id: string;
  readonly appliesTo?: AppliesTo | undefined;
  readonly base: "cv" | "net";
  readonly baseRate?: string | undefined;
  /** The values are wanted as volume by class factor, not as money: binary pairs mix markets. */
  readonly inVolume?: boolean;
}

/**
 * Sums what a bonus is computed on per source distributor. At a close an amount is rounded once per
 * earner, bonus and source distributor, so that the order of rows cannot matter.
 */
export class VolumeBook {
  readonly #input: CloseInput;
  readonly #replaced: ReadonlySet<string>;
  /** Sums already made, by the selection that made them: most bonuses of a plan share one. */
  readonly #known = new Map<string, Float64Array[]>();

  constructor(input: CloseInput) {
    this.#input = input;
    this.#replaced = new Set(input.plan.bonuses.flatMap((bonus) => (bonus.kind === "fast-start" ? bonus.replaces : [])));
  }

  /** Own purchases and customers' orders as one, for bonuses that treat a source's volume alike. */
  whole(bonus: VolumeBonus): VolumeGroup[] {
    const merged: VolumeGroup[] = [];
    for (const group of this.groups(bonus)) {
      const same = merged.find(
        (one) => one.minorPerUnit.num * group.minorPerUnit.den === group.minorPerUnit.num * one.minorPerUnit.den,
      );
      if (same === undefined) merged.push({ ...group, self: false, volume: group.volume.slice() });
      else
        for (let no = 0; no < same.volume.length; no++)
          same.volume[no] = (same.volume[no] as number) + (group.volume[no] as number);
    }
    return merged;
  }

  /** Own purchases apart from customers' orders, because they start at different levels. */
  groups(bonus: VolumeBonus, tables: readonly string[] = []): VolumeGroup[] {
    const { cells, groups } = selectCells(this.#input, bonus, tables);
    const dropFastStart = this.#replaced.has(bonus.id) && this.#input.orders.fastStart !== undefined;
    const key = `${bonus.base}|${dropFastStart}|${cells.join()}`;
    let sums = this.#known.get(key);
    if (sums === undefined) {
      sums = sumCells(this.#input, bonus.base, cells, groups.length, dropFastStart);
      this.#known.set(key, sums);
    }
    return groups.map((group, i) => ({ ...group, volume: (sums as Float64Array[])[i] as Float64Array }));
  }
}

type Cells = { readonly cells: Int32Array; readonly groups: Omit<VolumeGroup, "volume">[] };

/** For every class, market and kind of buyer the group its rows belong to, or -1. */
function selectCells(input: CloseInput, bonus: VolumeBonus, tables: readonly string[]): Cells {
  const { plan, orders } = input;
  const takesClass = classFilter(bonus, plan);
  const cells = new Int32Array(plan.commissionClasses.length * orders.markets.length * 2).fill(-1);
  const groups: Omit<VolumeGroup, "volume">[] = [];
  const known = new Map<string, number>();
  plan.commissionClasses.forEach((one, classNo) => {
    orders.markets.forEach((market, marketNo) => {
      for (const self of [false, true]) {
        if (!takesClass(one.id) || !takesRow(plan, bonus.appliesTo, market, self)) continue;
        const table = tables.includes(one.id) ? one.id : "";
        const minorPerUnit = unitValue(input, bonus, one.id, market);
        const key = `${table}|${self}|${minorPerUnit.num}/${minorPerUnit.den}`;
        const group = known.get(key) ?? groups.push({ table, self, minorPerUnit }) - 1;
        known.set(key, group);
        cells[cellOf(orders, classNo, marketNo, self)] = group;
      }
    });
  });
  return { cells, groups };
}

const cellOf = (orders: CloseOrders, classNo: number, marketNo: number, self: boolean): number =>
  (classNo * orders.markets.length + marketNo) * 2 + (self ? 1 : 0);

function takesRow(plan: Plan, appliesTo: AppliesTo | undefined, market: string, self: boolean): boolean {
  if (self && plan.ownPurchase === "pays-nobody") return false;
  if (appliesTo?.buyers !== undefined && !appliesTo.buyers.includes(self ? "self" : "customer")) return false;
  return appliesTo?.markets === undefined || appliesTo.markets.includes(market);
}

/** Minor units for one unit of the base: of CV by market and class, or of net, times the bonus's base rate. */
function unitValue(input: CloseInput, bonus: VolumeBonus, classId: string, market: string): Ratio {
  const baseRate = baseRateOf(bonus);
  if (bonus.base === "net") return reduceRatio(baseRate);
  const factor = parseDecimal(input.plan.commissionClasses.find((one) => one.id === classId)?.factors?.cv ?? "1");
  if (bonus.inVolume === true) return reduceRatio(factor);
  return reduceRatio(multiplyRatio(multiplyRatio(perVolumeUnit(input, market), factor), baseRate));
}

/** Minor units of the close's currency for one ten-thousandth of CV in a market. */
export function perVolumeUnit(input: CloseInput, market: string): Ratio {
  const { cvRates } = input.plan;
  return minorPerVolumeUnit(parseDecimal(cvRates[market] ?? cvRates["*"] ?? "0"), input.currency);
}

/** One pass per group: a single column of sums is what fits the processor, two at once are three times as slow. */
function sumCells(
  input: CloseInput,
  base: "cv" | "net",
  cells: Int32Array,
  count: number,
  dropFastStart: boolean,
): Float64Array[] {
  const { orders, network } = input;
  const values = base === "cv" ? orders.cv : (orders.netMinor ?? new Float64Array(orders.owner.length));
  const groups = groupOfRows(orders, cells, dropFastStart);
  return Array.from({ length: count }, (_, wanted) => {
    const sum = new Float64Array(network.count);
    addChosen(sum, orders.owner, values, groups, wanted);
    return sum;
  });
}

/** No group: the bonus does not take the row. */
const NO_GROUP = 65_535;

function groupOfRows(orders: CloseOrders, cells: Int32Array, dropFastStart: boolean): Uint16Array {
  const { classNo, marketNo, self, fastStart } = orders;
  const markets = orders.markets.length;
  const groups = new Uint16Array(orders.owner.length);
  for (let row = 0; row < groups.length; row++) {
    const group = cells[((classNo[row] as number) * markets + (marketNo[row] as number)) * 2 + (self[row] as number)] as number;
    groups[row] = group < 0 ? NO_GROUP : group;
  }
  if (dropFastStart && fastStart !== undefined)
    for (let row = 0; row < groups.length; row++) if (fastStart[row] === 1) groups[row] = NO_GROUP;
  return groups;
}

/** The period's CV of every row in minor units of the close's currency. */
export function companyCvMinor(input: CloseInput): bigint {
  const { orders, plan } = input;
  const markets = orders.markets.length;
  const sums = new Float64Array(plan.commissionClasses.length * markets);
  for (let row = 0; row < orders.owner.length; row++) {
    const cell = (orders.classNo[row] as number) * markets + (orders.marketNo[row] as number);
    sums[cell] = (sums[cell] as number) + (orders.cv[row] as number);
  }
  return sums.reduce((total, sum, cell) => {
    const factor = parseDecimal(plan.commissionClasses[Math.floor(cell / markets)]?.factors?.cv ?? "1");
    const perUnit = multiplyRatio(perVolumeUnit(input, orders.markets[cell % markets] as string), factor);
    return total + (BigInt(sum) * perUnit.num) / perUnit.den;
  }, 0n);
}
