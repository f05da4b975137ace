import { parseDecimal } from "../money.ts";
import { volumeOf } from "../plan/parts.ts";
import type { CloseTree } from "./close-trees.ts";
import { commonDenominator } from "./exact.ts";
import type { CloseInput, CloseOrders } from "./input.ts";
import type { CloseMeasures } from "./measures.ts";
import { sumUp } from "./tree.ts";
import { sumsPlainly } from "./volumes.ts";

/** Volumes and activity that ranks are judged by. A distributor's own volume in a period never counts below zero here. */
export interface RankFacts {
  readonly pv: Float64Array;
  /** Own volume in the plan's rank volume: PV, or QV. */
  readonly own: Float64Array;
  /** Group volume in the plan's rank volume, by the tree of ranks. */
  readonly gv: Float64Array;
  readonly retail: Float64Array;
  readonly active: Uint8Array;
  /** The same, of those whose volume plain numbers cannot hold exactly; the columns then hold the nearest. */
  readonly beyond?: Readonly<Record<"pv" | "own" | "gv", ReadonlyMap<number, bigint>>>;
}

/** A volume of the facts to the last ten-thousandth. */
export function exactFact(facts: RankFacts, column: "pv" | "own" | "gv", no: number): bigint {
  return facts.beyond?.[column].get(no) ?? BigInt(facts[column][no] as number);
}

export function factsOf(input: CloseInput, { above, order }: CloseTree, people: CloseMeasures): RankFacts {
  const { network, plan } = input;
  const rankVolume = plan.rankVolume ?? "pv";
  const pv = sumByOwner(input, "pv");
  const own = rankVolume === "pv" ? pv : sumByOwner(input, "qv");
  const needsRetail = plan.ranks.some((rank) => rank.requires.retailVolume !== undefined);
  const retail = needsRetail ? sumByOwner(input, rankVolume, true).volume : new Float64Array(network.count);
  const active = activeOf(input, input.lastClosed?.pv ?? pv.volume, people);
  const facts = { pv: pv.volume, own: own.volume, retail, active };
  if (own.exact === null && sumsPlainly(own.volume)) return { ...facts, gv: sumUp(own.volume, above, order, null) };
  const group = exactGroups(own, above, order);
  const beyond = { pv: beyondPlain(pv.exact), own: beyondPlain(own.exact), gv: beyondPlain(group) };
  return { ...facts, gv: Float64Array.from(group, Number), beyond };
}

interface OwnVolume {
  readonly volume: Float64Array;
  /** The same where plain numbers could not hold all of it. */
  readonly exact: readonly bigint[] | null;
}

function exactGroups(own: OwnVolume, above: Int32Array, order: Int32Array): bigint[] {
  const sum = [...(own.exact ?? Array.from(own.volume, BigInt))];
  for (let place = order.length - 1; place >= 0; place--) {
    const no = order[place] as number;
    const up = above[no] as number;
    if (up >= 0) sum[up] = (sum[up] as bigint) + (sum[no] as bigint);
  }
  return sum;
}

function beyondPlain(exact: readonly bigint[] | null): Map<number, bigint> {
  const found = new Map<number, bigint>();
  exact?.forEach((value, no) => {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) found.set(no, value);
  });
  return found;
}

/** A column of the orders summed per owner, over all rows or own customers' rows only. Never below zero. */
function sumByOwner(input: CloseInput, column: "pv" | "qv", customersOnly = false): OwnVolume {
  const { orders, network, plan } = input;
  const values = orders[column];
  const factors = plan.commissionClasses.map((commissionClass) => parseDecimal(commissionClass.factors?.[column] ?? "1"));
  const den = commonDenominator(factors);
  const weights = factors.map((factor) => (factor.num * den) / factor.den);
  const largest = weights.reduce(greater, 1n);
  let all = 0;
  for (let row = 0; row < values.length; row++) all += Math.abs(values[row] as number);
  if (all * Number(largest) > Number.MAX_SAFE_INTEGER) return wideSums(input, column, customersOnly, { weights, den });
  const sum = new Float64Array(network.count);
  if (largest === 1n && den === 1n && !customersOnly && weights.every((weight) => weight === 1n))
    addAll(sum, orders.owner, values);
  else addWeighted(sum, { orders, values, weights: weights.map(Number), customersOnly });
  const whole = Number(den);
  for (let no = 0; no < sum.length; no++) {
    const value = sum[no] as number;
    if (value < 0) sum[no] = 0;
    else if (whole !== 1) sum[no] = Math.floor(value / whole);
  }
  return { volume: sum, exact: null };
}

const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Tight on purpose: with millions of rows these loops are where a close waits for memory. */
function addAll(sum: Float64Array, owner: Int32Array, values: Float64Array): void {
  for (let row = 0; row < owner.length; row++) {
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + (values[row] as number);
  }
}

function addWeighted(
  sum: Float64Array,
  {
    orders,
    values,
    weights,
    customersOnly,
  }: { orders: CloseOrders; values: Float64Array; weights: number[]; customersOnly: boolean },
): void {
  const { owner, self, classNo } = orders;
  for (let row = 0; row < owner.length; row++) {
    if (customersOnly && self[row] === 1) continue;
    const no = owner[row] as number;
    sum[no] = (sum[no] as number) + (values[row] as number) * (weights[classNo[row] as number] as number);
  }
}

function wideSums(
  { orders, network }: CloseInput,
  column: "pv" | "qv",
  customersOnly: boolean,
  { weights, den }: { weights: readonly bigint[]; den: bigint },
): OwnVolume {
  const sum = new Array<bigint>(network.count).fill(0n);
  for (let row = 0; row < orders.owner.length; row++) {
    if (customersOnly && orders.self[row] === 1) continue;
    const no = orders.owner[row] as number;
    sum[no] = (sum[no] as bigint) + BigInt(orders[column][row] as number) * (weights[orders.classNo[row] as number] as bigint);
  }
  const exact = sum.map((value) => (value < 0n ? 0n : value / den));
  return { volume: Float64Array.from(exact, Number), exact };
}

/** Active: an earning status, the plan's minimum of personal volume in the period that is judged, and the plan's condition. */
function activeOf(input: CloseInput, pv: Float64Array, people: CloseMeasures): Uint8Array {
  const minimum = Number(volumeOf(input.plan.active.minimumPv));
  const newcomers = input.plan.active.beforeFirstClose === "active" ? minimum : -1;
  const active = new Uint8Array(input.network.count);
  for (let no = 0; no < active.length; no++) {
    const counted = pv[no] as number;
    active[no] = input.network.earning[no] === 1 && (counted < 0 ? newcomers : counted) >= minimum ? 1 : 0;
  }
  const { condition } = input.plan.active;
  if (condition === undefined) return active;
  const holds = people.holds(condition);
  for (let no = 0; no < active.length; no++) if (active[no] === 1 && !holds(no)) active[no] = 0;
  return active;
}
