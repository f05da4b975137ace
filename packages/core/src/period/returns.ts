import { float64At, itemAt } from "../typed.ts";
import type { CloseInput } from "./input.ts";

/**
 * Returned goods at a close. Where they outweigh what somebody sold in the period, the plan's
 * `negativeVolume` decides. Under `charge` they are paid back by whoever would earn on them, as far as earlier
 * closes counted what came back; under `carry` they wait and reduce later volume; under `forgive` they
 * are forgotten. What earlier closes never counted is owed by nobody: it is taken off the rest of the same
 * distributor's volume, and what then is left waits (under `forgive` it is forgotten).
 */

/** Sums by group and distributor; `exact` where plain numbers could not hold every one, for all of them. */
export interface Summed {
  readonly volumes: readonly Float64Array[];
  readonly exact: readonly (readonly bigint[])[] | null;
}

/** Worth of each group's volume by distributor, in `1 ÷ den` minor units. */
export type Settled = ReadonlyMap<number, readonly bigint[]>;

export interface ReturnsCase {
  readonly input: CloseInput;
  readonly bonusId: string;
  /** What one unit of each group's volume is worth. */
  readonly weights: readonly bigint[];
  /** What one unit of a deficit is worth. */
  readonly unit: bigint;
  readonly summed: Summed;
  /** What earlier closes counted, by group, of some distributors. */
  readonly before: (owners: ReadonlySet<number>) => ReadonlyMap<number, readonly bigint[]>;
}

export interface ReturnsOutcome {
  readonly volumes: readonly Float64Array[];
  readonly settled: Settled | null;
  /** What waits for later closes, in units of the deficit; null where nothing does. */
  readonly deficit: Float64Array | null;
}

export function settleReturns(returns: ReturnsCase): ReturnsOutcome {
  const { input, summed, bonusId } = returns;
  const rule = input.plan.negativeVolume ?? "charge";
  const waiting = rule === "forgive" ? undefined : input.carried.deficits?.[bonusId];
  const owners = summed.exact === null ? ownersOf(summed.volumes, waiting) : everyone(input.network.count);
  if (owners.size === 0) return { volumes: summed.volumes, settled: null, deficit: null };
  const before = rule === "charge" ? returns.before(owners) : new Map<number, readonly bigint[]>();
  const volumes = summed.volumes.map((volume) => volume.slice());
  const settled = new Map<number, readonly bigint[]>();
  const deficit = new Float64Array(input.network.count);
  let anyDeficit = false;
  for (const no of owners) {
    const own = summed.volumes.map((volume, group) => summed.exact?.[group]?.[no] ?? BigInt(float64At(volume, no)));
    const { worths, open } = settleOne(returns, own, before.get(no), BigInt(waiting?.[no] ?? 0) * returns.unit);
    settled.set(no, worths);
    for (const volume of volumes) volume[no] = 0;
    if (open === 0n || rule === "forgive") continue;
    deficit[no] = Number((2n * open + returns.unit) / (2n * returns.unit));
    anyDeficit = true;
  }
  return { volumes, settled, deficit: anyDeficit ? deficit : null };
}

/** Whoever has a negative sum, or a deficit that waits. */
function ownersOf(volumes: readonly Float64Array[], waiting: Float64Array | undefined): Set<number> {
  const owners = new Set<number>();
  for (const volume of volumes) for (let no = 0; no < volume.length; no++) if (float64At(volume, no) < 0) owners.add(no);
  for (let no = 0; waiting !== undefined && no < waiting.length; no++) if (waiting[no] !== 0) owners.add(no);
  return owners;
}

const everyone = (count: number): Set<number> => new Set(Array.from({ length: count }, (_, no) => no));

/** One distributor: what each group is paid on, and what of the returned goods stays open. */
function settleOne(
  { weights }: ReturnsCase,
  own: readonly bigint[],
  before: readonly bigint[] | undefined,
  waiting: bigint,
): { worths: bigint[]; open: bigint } {
  const worths = own.map((volume, group) => volume * itemAt(weights, group));
  const counted = (before ?? []).map((volume, group) => volume * itemAt(weights, group));
  const goods = {
    owed: atLeastZero(counted.reduce((sum, worth) => sum + worth, 0n)),
    /** What came back of each group and is not dealt with yet. */
    open: worths.map((worth) => atLeastZero(-worth)),
  };
  const charge = (group: number, atMost: bigint): void => {
    const charged = least(itemAt(goods.open, group), least(atLeastZero(atMost), goods.owed));
    goods.owed -= charged;
    goods.open[group] = itemAt(goods.open, group) - charged;
    worths[group] = itemAt(worths, group) - charged;
  };
  for (const [group, worth] of worths.entries()) if (worth < 0n) worths[group] = 0n;
  // Where it was counted before; then off what else was sold; then wherever else something was counted.
  for (const group of worths.keys()) charge(group, counted[group] ?? 0n);
  const left = takeOff(worths, goods.open, waiting);
  for (const group of worths.keys()) charge(group, goods.owed);
  return { worths, open: goods.open.reduce((sum, amount) => sum + amount, left) };
}

/** Takes what waits, then what came back, off what was sold; answers what still waits. */
function takeOff(worths: bigint[], open: bigint[], waiting: bigint): bigint {
  let waits = waiting;
  for (const [group, worth] of worths.entries()) {
    let sold = atLeastZero(worth);
    const take = (most: bigint): bigint => {
      const taken = least(sold, most);
      sold -= taken;
      return taken;
    };
    waits -= take(waits);
    for (const [from, back] of open.entries()) open[from] = back - take(back);
    if (worth > 0n) worths[group] = sold;
  }
  return waits;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);
