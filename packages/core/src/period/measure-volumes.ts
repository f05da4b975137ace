import { parseDecimal } from "../money.ts";
import type { LevelSpan, Measure } from "../plan/measures.ts";
import { reduceRatio, volumeOf } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import type { CloseTree } from "./close-trees.ts";
import { commonDenominator } from "./exact.ts";
import { type CloseInput, CloseInputError } from "./input.ts";
import { cappedTotal } from "./leg-totals.ts";
import { type Below, childrenOf, sumUp } from "./tree.ts";
import { sumsPlainly } from "./volumes.ts";

/** Volumes that measures count, by person. */

type OwnVolume = Extract<Measure, { what: "pv" | "qv" | "cv" }>;
type OrdersOf = Pick<OwnVolume, "from" | "classes" | "markets">;

/** Own volume of the period, by the class factors, of the rows that are asked for; never below zero, as ranks have it. */
export function ownColumn(input: CloseInput, column: "pv" | "qv" | "cv", of: OrdersOf): Float64Array {
  const { orders, network, plan } = input;
  const { weights, whole } = classWeights(plan, column, of.classes);
  const markets = orders.markets.map((market) => of.markets === undefined || of.markets.includes(market));
  const self = of.from === undefined ? -1 : of.from === "customers" ? 1 : 0;
  const sum = new Float64Array(network.count);
  let all = 0;
  for (let row = 0; row < orders.owner.length; row++) {
    if (orders.self[row] === self || !markets[orders.marketNo[row] as number]) continue;
    const value = (orders[column][row] as number) * (weights[orders.classNo[row] as number] as number);
    const no = orders.owner[row] as number;
    sum[no] = (sum[no] as number) + value;
    all += Math.abs(value);
  }
  if (all > Number.MAX_SAFE_INTEGER)
    throw new CloseInputError(`a measure sums more ${column} than fits below 2^53 ten-thousandths`);
  for (let no = 0; no < sum.length; no++) sum[no] = Math.max(0, Math.floor((sum[no] as number) / whole));
  return sum;
}

/** By class the parts of `whole` that its volume counts, of classes that are asked for: the plan's factors. */
export function classWeights(
  plan: Plan,
  column: "pv" | "qv" | "cv",
  classes: readonly string[] | undefined,
): { readonly weights: readonly number[]; readonly whole: number } {
  const factors = plan.commissionClasses.map(({ factors: own }) => parseDecimal(own?.[column] ?? "1"));
  const den = commonDenominator(factors);
  const weights = factors.map(({ num, den: own }, classNo) =>
    classes === undefined || classes.includes(plan.commissionClasses[classNo]?.id ?? "") ? Number((num * den) / own) : 0,
  );
  return { weights, whole: Number(den) };
}

/** The volume of some levels: level 0 is the person. */
export function levelsColumn(own: Float64Array, tree: CloseTree, span: LevelSpan): Float64Array {
  if (!sumsPlainly(own)) throw new CloseInputError("a measure sums more group volume than fits below 2^53 ten-thousandths");
  const { from, to } = span;
  let level = own;
  const sum = to === undefined ? sumUp(own, tree.above, tree.order, null) : new Float64Array(own.length);
  const last = to ?? from - 1;
  for (let depth = 0; depth <= last; depth++) {
    const sign = to === undefined ? -1 : depth < from ? 0 : 1;
    if (sign !== 0) for (let no = 0; no < sum.length; no++) sum[no] = (sum[no] as number) + sign * (level[no] as number);
    if (depth < last) level = oneUp(level, tree.above);
  }
  return sum;
}

/** Everyone's children's values. */
function oneUp(values: Float64Array, above: Int32Array): Float64Array {
  const up = new Float64Array(values.length);
  for (let no = 0; no < values.length; no++) {
    const parent = above[no] as number;
    if (parent >= 0) up[parent] = (up[parent] as number) + (values[no] as number);
  }
  return up;
}

/** Group volume in which one leg counts only so much. `legs` is the volume of each person's own leg. */
export function limitedColumn(
  own: Float64Array,
  legs: Float64Array,
  tree: CloseTree,
  limit: { volume: string } | { share: string },
): Float64Array {
  const below = childrenOf(tree.above, own.length);
  if ("volume" in limit) {
    const most = Number(volumeOf(limit.volume));
    return Float64Array.from(own, (value, no) => legsOf(below, no, legs).reduce((sum, leg) => sum + Math.min(leg, most), value));
  }
  const { num, den } = reduceRatio(parseDecimal(limit.share));
  return Float64Array.from(own, (value, no) => cappedTotal(value, legsOf(below, no, legs), Number(num), Number(den)));
}

function legsOf(below: Below, no: number, volumes: Float64Array): number[] {
  const legs: number[] = [];
  for (let i = below.start[no] as number; i < (below.start[no + 1] as number); i++)
    legs.push(volumes[below.list[i] as number] as number);
  return legs;
}

/** The volume of the n-th leg by size, or of one side of a two-legged tree. */
export function legColumn(
  group: Float64Array,
  tree: CloseTree,
  which: { nth?: number | undefined; side?: "left" | "right" | undefined },
): Float64Array {
  const below = childrenOf(tree.above, group.length);
  if (which.side !== undefined) {
    const side = which.side === "left" ? 0 : 1;
    const column = new Float64Array(group.length);
    for (let no = 0; no < group.length; no++) {
      const up = tree.above[no] as number;
      if (up >= 0 && tree.leg?.[no] === side) column[up] = (column[up] as number) + (group[no] as number);
    }
    return column;
  }
  const place = (which.nth ?? 1) - 1;
  // A leg that is not there has no volume: the weaker side of a binary tree with one leg is 0.
  return Float64Array.from(group, (_, no) => legsOf(below, no, group).sort((a, b) => b - a)[place] ?? 0);
}
