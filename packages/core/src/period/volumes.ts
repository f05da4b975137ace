import { multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { type Base, baseOf, isLess, isMoney } from "../plan/base.ts";
import { baseRateOf } from "../plan/bonus-base.ts";
import type { AppliesTo } from "../plan/bonus-parts.ts";
import { replacedBonuses } from "../plan/fast-start-windows.ts";
import { minorPerVolumeUnit, reduceRatio } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import { classFilter, takesSubscription } from "../plan/takes.ts";
import { commonDenominator } from "./exact.ts";
import type { CloseInput, CloseOrders } from "./input.ts";
import { columnOf, leftOfRows, lessDenominator, partOf } from "./less.ts";
import { type Settled, type Summed, settleReturns } from "./returns.ts";

/** The volume of one bonus by source distributor, of rows that share a rate table, a start and a value in money. */
export interface VolumeGroup {
  /** Which rate table of the bonus, by class; "" for the usual one. */
  readonly table: string;
  readonly self: boolean;
  /** Minor units of one unit of `volume`. */
  readonly minorPerUnit: Ratio;
  readonly volume: Float64Array;
}

/** Everything a bonus pays on. */
export interface SourceVolumes {
  readonly groups: readonly VolumeGroup[];
  /** Every group's `minorPerUnit` is a whole number over this. */
  readonly den: bigint;
  /** Distributors with returned goods or sums beyond plain numbers: their groups' worth; `volume` is 0 for them. */
  readonly settled: Settled | null;
}

export interface VolumeBonus {
  readonly id: string;
  readonly appliesTo?: AppliesTo | undefined;
  readonly base: Base;
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
  /** Sums already made, by the selection that made them: most bonuses of a plan share one. */
  readonly #known = new Map<string, Summed>();
  /** What returned goods are still to be taken off later volume, by bonus. */
  readonly deficits: Record<string, Float64Array> = {};

  constructor(input: CloseInput) {
    this.#input = input;
  }

  /** What bonuses are paid on, returned goods settled as the plan's `negativeVolume` says. */
  counted(bonus: VolumeBonus, tables: readonly string[] = []): SourceVolumes {
    const { cells, groups: sold } = selectCells(this.#input, bonus, tables);
    const groups = this.#withEarlier(bonus, tables, sold);
    const summed = padded(this.#sums(bonus, cells, sold.length), groups.length, this.#input.network.count);
    const unit = referenceUnit(this.#input, bonus);
    const den = commonDenominator([...groups.map((group) => group.minorPerUnit), unit]);
    const outcome = settleReturns({
      input: this.#input,
      bonusId: bonus.id,
      weights: groups.map(({ minorPerUnit }) => (minorPerUnit.num * den) / minorPerUnit.den),
      unit: (unit.num * den) / unit.den,
      summed,
      before: (owners) => this.#before(bonus, tables, groups, owners),
    });
    if (outcome.deficit !== null) this.deficits[bonus.id] = outcome.deficit;
    return {
      groups: groups.map((group, i) => ({ ...group, volume: outcome.volumes[i] as Float64Array })),
      den,
      settled: outcome.settled,
    };
  }

  /** The period's groups, and those that only earlier closes had: what was sold in them can still be owed. */
  #withEarlier(bonus: VolumeBonus, tables: readonly string[], sold: readonly GroupKey[]): readonly GroupKey[] {
    const { before } = this.#input;
    if (before === undefined) return sold;
    const known = new Set(sold.map(keyOf));
    const earlier = selectCells({ ...this.#input, orders: before }, bonus, tables).groups;
    return [...sold, ...earlier.filter((group) => !known.has(keyOf(group)))];
  }

  /** The sums as they are, returned goods taken off: what pools are shares of and binary legs are made of. */
  raw(bonus: VolumeBonus): { groups: readonly VolumeGroup[]; exact: readonly (readonly bigint[])[] | null } {
    const { cells, groups } = selectCells(this.#input, bonus, []);
    const { volumes, exact } = this.#sums(bonus, cells, groups.length);
    return { groups: groups.map((group, i) => ({ ...group, volume: volumes[i] as Float64Array })), exact };
  }

  #sums(bonus: VolumeBonus, cells: Int32Array, count: number): Summed {
    const key = `${isLess(bonus.base) ? `less ${bonus.id}` : baseOf(bonus.base)}|${cells.join()}`;
    let summed = this.#known.get(key);
    if (summed === undefined) {
      const values = valuesOf(this.#input, bonus);
      summed = sumCells(this.#input.orders, { people: this.#input.network.count, values, cells, count });
      this.#known.set(key, summed);
    }
    return summed;
  }

  /** What earlier closes counted of each group, for the distributors named. */
  #before(
    bonus: VolumeBonus,
    tables: readonly string[],
    groups: readonly GroupKey[],
    owners: ReadonlySet<number>,
  ): Map<number, bigint[]> {
    const found = new Map<number, bigint[]>();
    const { before } = this.#input;
    if (before === undefined || owners.size === 0) return found;
    const earlier = selectCells({ ...this.#input, orders: before }, bonus, tables);
    const place = earlier.groups.map((key) => groups.findIndex((group) => keyOf(group) === keyOf(key)));
    const values = valuesOf({ ...this.#input, orders: before }, bonus);
    for (let row = 0; row < before.owner.length; row++) {
      const no = before.owner[row] as number;
      const cell = earlier.cells[cellOfRow(before, row)] as number;
      const group = cell < 0 ? -1 : (place[cell] as number);
      if (group < 0 || !owners.has(no)) continue;
      const sums = found.get(no) ?? new Array<bigint>(groups.length).fill(0n);
      sums[group] = (sums[group] as bigint) + BigInt(values[row] as number);
      found.set(no, sums);
    }
    return found;
  }
}

/** Sums with empty groups behind them. */
function padded(summed: Summed, count: number, people: number): Summed {
  const more = count - summed.volumes.length;
  if (more === 0) return summed;
  const none = Array.from({ length: more }, () => new Float64Array(people));
  const exact = summed.exact === null ? null : [...summed.exact, ...none.map(() => new Array<bigint>(people).fill(0n))];
  return { volumes: [...summed.volumes, ...none], exact };
}

/** Adds groups whose walks are alike, so that a source is walked once for them. */
export function merged(volumes: SourceVolumes, alike: (a: VolumeGroup, b: VolumeGroup) => boolean): SourceVolumes {
  const groups: VolumeGroup[] = [];
  const into = volumes.groups.map((group) => {
    const same = groups.findIndex((other) => sameValue(other, group) && alike(other, group));
    if (same < 0) return groups.push({ ...group, volume: group.volume }) - 1;
    const sum = (groups[same] as VolumeGroup).volume.slice();
    for (let no = 0; no < sum.length; no++) sum[no] = (sum[no] as number) + (group.volume[no] as number);
    groups[same] = { ...(groups[same] as VolumeGroup), volume: sum };
    return same;
  });
  if (groups.length === volumes.groups.length) return volumes;
  if (volumes.settled === null) return { ...volumes, groups };
  const settled = new Map<number, bigint[]>();
  for (const [no, worths] of volumes.settled) {
    const sums = new Array<bigint>(groups.length).fill(0n);
    worths.forEach((worth, i) => {
      sums[into[i] as number] = (sums[into[i] as number] as bigint) + worth;
    });
    settled.set(no, sums);
  }
  return { ...volumes, groups, settled };
}

function sameValue(a: VolumeGroup, b: VolumeGroup): boolean {
  return a.minorPerUnit.num * b.minorPerUnit.den === b.minorPerUnit.num * a.minorPerUnit.den;
}

type GroupKey = Omit<VolumeGroup, "volume">;
type Cells = { readonly cells: Int32Array; readonly groups: GroupKey[] };

const keyOf = ({ table, self, minorPerUnit }: GroupKey): string => `${table}|${self}|${minorPerUnit.num}/${minorPerUnit.den}`;

const NO_SETS: readonly (readonly string[])[] = [[]];

/** For every class, market, kind of buyer and set of open fast starts the group its rows belong to, or -1. */
function selectCells(
  input: Pick<CloseInput, "plan" | "orders" | "currency">,
  bonus: VolumeBonus,
  tables: readonly string[],
): Cells {
  const { plan, orders } = input;
  const takesClass = classFilter(bonus, plan);
  const openSets = orders.openSets ?? NO_SETS;
  const kinds = KINDS.filter((kind) => kind.subscription === 0 || orders.subscription !== undefined);
  const cells = new Int32Array(plan.commissionClasses.length * orders.markets.length * kinds.length * openSets.length).fill(-1);
  const groups: GroupKey[] = [];
  const known = new Map<string, number>();
  // By name, so that the order of groups does not depend on which market's row came first.
  const markets = orders.markets.map((market, marketNo) => ({ market, marketNo })).sort((a, b) => (a.market < b.market ? -1 : 1));
  plan.commissionClasses.forEach(({ id }, classNo) => {
    if (!takesClass(id)) return;
    const replaced = openSets.map((open) => replacedBonuses(plan, open, id).has(bonus.id));
    const counts = openSets.map((open) => partOf(plan, bonus.base, { open, classId: id }));
    for (const { market, marketNo } of markets) {
      kinds.forEach((kind, kindNo) => {
        if (!takesRow(plan, bonus.appliesTo, market, kind) || replaced.every((isReplaced) => isReplaced)) return;
        const unit = unitValue(input, bonus, id, market);
        const cell = ((classNo * orders.markets.length + marketNo) * kinds.length + kindNo) * openSets.length;
        replaced.forEach((isReplaced, set) => {
          if (isReplaced) return;
          const part = counts[set] ?? null;
          const minorPerUnit = part === null ? unit : reduceRatio(multiplyRatio(unit, part));
          const group: GroupKey = { table: tables.includes(id) ? id : "", self: kind.self, minorPerUnit };
          const key = keyOf(group);
          if (!known.has(key)) known.set(key, groups.push(group) - 1);
          cells[cell + set] = known.get(key) as number;
        });
      });
    }
  });
  return { cells, groups };
}

/** What tells rows of one class and market apart, in the order of their cells. */
const KINDS = [
  { self: false, subscription: 0 },
  { self: true, subscription: 0 },
  { self: false, subscription: 1 },
  { self: true, subscription: 1 },
] as const;

function cellOfRow(orders: CloseOrders, row: number): number {
  const pair = (orders.classNo[row] as number) * orders.markets.length + (orders.marketNo[row] as number);
  const kind = orders.subscription === undefined ? 0 : (orders.subscription[row] as number) * 2;
  const perPair = orders.subscription === undefined ? 2 : 4;
  const cell = pair * perPair + kind + (orders.self[row] as number);
  return cell * (orders.openSets?.length ?? 1) + (orders.openSet?.[row] ?? 0);
}

function takesRow(
  plan: Plan,
  appliesTo: AppliesTo | undefined,
  market: string,
  { self, subscription }: (typeof KINDS)[number],
): boolean {
  if (!takesSubscription(appliesTo, subscription === 1)) return false;
  if (self && plan.ownPurchase === "pays-nobody") return false;
  if (appliesTo?.buyers !== undefined && !appliesTo.buyers.includes(self ? "self" : "customer")) return false;
  return appliesTo?.markets === undefined || appliesTo.markets.includes(market);
}

type Values = Pick<CloseInput, "plan" | "currency">;

/** Minor units for one unit of the base: of volume by market and class, or of money, times the bonus's base rate. */
function unitValue(input: Values, bonus: VolumeBonus, classId: string, market: string): Ratio {
  const baseRate = baseRateOf(bonus);
  if (isLess(bonus.base)) return reduceRatio(multiplyRatio({ num: 1n, den: lessDenominator(input, bonus.base) }, baseRate));
  const kind = baseOf(bonus.base);
  if (isMoney(kind)) return reduceRatio(baseRate);
  const factor = factorOf(input.plan, classId, kind);
  if (bonus.inVolume === true) return reduceRatio(factor);
  return reduceRatio(multiplyRatio(multiplyRatio(perVolumeUnit(input, market), factor), baseRate));
}

/** What deficits are counted in: a ten-thousandth of volume at the rate of "*", or a minor unit of money; 1 where that is worth nothing. */
function referenceUnit(input: Values, bonus: VolumeBonus): Ratio {
  const inMoney = isLess(bonus.base) || isMoney(baseOf(bonus.base));
  const unit = inMoney ? baseRateOf(bonus) : multiplyRatio(perVolumeUnit(input, "*"), baseRateOf(bonus));
  return unit.num === 0n ? { num: 1n, den: 1n } : reduceRatio(unit);
}

function factorOf(plan: Plan, classId: string, volume: "pv" | "qv" | "cv"): Ratio {
  return parseDecimal(plan.commissionClasses.find(({ id }) => id === classId)?.factors?.[volume] ?? "1");
}

/** Minor units of the close's currency for one ten-thousandth of CV in a market. */
export function perVolumeUnit(input: Values, market: string): Ratio {
  const { cvRates } = input.plan;
  return minorPerVolumeUnit(parseDecimal(cvRates[market] ?? cvRates["*"] ?? "0"), input.currency);
}

/** What of a bonus is summed: a column of the input, or what is left of one, in parts of a minor unit. */
function valuesOf(input: Pick<CloseInput, "plan" | "currency" | "orders">, bonus: VolumeBonus): Float64Array {
  const { id, base } = bonus;
  return isLess(base) ? leftOfRows(input, { id, base }) : columnOf(input.orders, baseOf(bonus.base));
}

/** One pass per group: a single column of sums is what fits the processor, two at once are three times as slow. */
function sumCells(
  orders: CloseOrders,
  { people, values, cells, count }: { people: number; values: Float64Array; cells: Int32Array; count: number },
): Summed {
  const groups = groupOfRows(orders, cells);
  if (!sumsPlainly(values)) {
    const exact = Array.from({ length: count }, () => new Array<bigint>(people).fill(0n));
    for (let row = 0; row < groups.length; row++) {
      const sums = exact[groups[row] as number];
      const no = orders.owner[row] as number;
      if (sums !== undefined) sums[no] = (sums[no] as bigint) + BigInt(values[row] as number);
    }
    return { volumes: exact.map((sums) => Float64Array.from(sums, Number)), exact };
  }
  const volumes = Array.from({ length: count }, (_, wanted) => {
    const sum = new Float64Array(people);
    addChosen(sum, { owner: orders.owner, values, groups }, wanted);
    return sum;
  });
  return { volumes, exact: null };
}

/** Whether any sum of these values is below 2^53: then plain numbers are exact. */
export function sumsPlainly(values: Float64Array): boolean {
  let all = 0;
  for (let row = 0; row < values.length; row++) all += Math.abs(values[row] as number);
  return all <= Number.MAX_SAFE_INTEGER;
}

/** Tight on purpose: with millions of rows these loops are where a close waits for memory. */
function addChosen(
  sum: Float64Array,
  { owner, values, groups }: { owner: Int32Array; values: Float64Array; groups: Uint16Array },
  wanted: number,
): void {
  for (let row = 0; row < owner.length; row++) {
    if (groups[row] !== wanted) continue;
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + (values[row] as number);
  }
}

/** No group: the bonus does not take the row. */
const NO_GROUP = 65_535;

function groupOfRows(orders: CloseOrders, cells: Int32Array): Uint16Array {
  if (orders.subscription !== undefined)
    return Uint16Array.from(orders.owner, (_, row) => {
      const group = cells[cellOfRow(orders, row)] as number;
      return group < 0 ? NO_GROUP : group;
    });
  const { classNo, marketNo, self, openSet } = orders;
  const markets = orders.markets.length;
  const sets = orders.openSets?.length ?? 1;
  const groups = new Uint16Array(orders.owner.length);
  for (let row = 0; row < groups.length; row++) {
    const cell = (((classNo[row] as number) * markets + (marketNo[row] as number)) * 2 + (self[row] as number)) * sets;
    const group = cells[openSet === undefined ? cell : cell + (openSet[row] as number)] as number;
    groups[row] = group < 0 ? NO_GROUP : group;
  }
  return groups;
}
