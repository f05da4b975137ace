import { allocate, multiplyRatio } from "../money.ts";
import type { BinaryBonus } from "../plan/binary.ts";
import { baseRateOf } from "../plan/order-bonuses.ts";
import { ownRow } from "../plan/own-rates.ts";
import { type PlanMoney, reduceRatio, volumeOf } from "../plan/parts.ts";
import { byRank, compileRankRates, rowCount } from "../plan/rates.ts";
import type { Table } from "../plan/tables.ts";
import type { CloseContext } from "./context.ts";
import { commonDenominator, plainRatio } from "./exact.ts";
import { amountIn, type BinaryCarry, CloseInputError } from "./input.ts";
import { type PairCap, type Pairing, type PairPay, pairSides, remainder, type Sides } from "./pairing.ts";
import type { BonusSum } from "./till.ts";
import { sumUp } from "./tree.ts";
import { perVolumeUnit, sumsPlainly } from "./volumes.ts";

/** What a binary close leaves and shows besides the amounts. */
export interface BinaryOutcome {
  readonly carry: BinaryCarry;
  /** New volume of the period by side, before anything carried. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** What was paid on: volume, or a number of cycles. */
  readonly matched: Float64Array;
  readonly counts: "volume" | "cycles";
  readonly usedLeft: Float64Array;
  readonly usedRight: Float64Array;
  /** What position and owner caps cut off, minor units. */
  readonly cutMinor: number;
}

/** Pairs every position of a placement tree for one period. Closes must run one after the other, each on the carry of the one before. */
export function closeBinary(bonus: BinaryBonus, context: CloseContext, sum: BonusSum): BinaryOutcome {
  const { count } = context.input.network;
  const sides = sideVolumes(bonus, context);
  const carried = context.input.carried.binary[bonus.id] ?? { left: [], right: [] };
  const ages = bonus.expiresAfterPeriods ?? 1;
  const carry = { left: emptyAges(ages, count), right: emptyAges(ages, count) };
  const out = {
    carry,
    counts: bonus.pay.mode === "cycle" ? ("cycles" as const) : ("volume" as const),
    ...sides,
    matched: new Float64Array(count),
    usedLeft: new Float64Array(count),
    usedRight: new Float64Array(count),
  };
  const payOf = payOfPosition(bonus, context);
  const eligible = eligibility(bonus, context);
  const cut = new Float64Array(count);
  for (let no = 0; no < count; no++) {
    const held = sidesOf(sides, carried, no);
    if (held.left === 0 && held.right === 0 && held.carriedLeft === 0 && held.carriedRight === 0) continue;
    const earns = eligible(no);
    const pairing = earns ? pairSides(held, ...payOf(no), context.input.plan.rounding) : NO_PAIRING;
    sum.add(no, no, 0, pairing.amountMinor);
    out.matched[no] = pairing.matched;
    out.usedLeft[no] = pairing.usedLeft;
    out.usedRight[no] = pairing.usedRight;
    cut[no] = pairing.cutMinor;
    const flushed = bonus.flushIfInactive && context.active[no] !== 1;
    keepRest(bonus, { no, held, pairing, mode: flushed ? "flush" : earns ? bonus.remainder : "carry" }, carried, carry);
  }
  capOwners(bonus, context, sum, cut);
  context.cutByOwner.set(bonus.id, cut);
  return { ...out, cutMinor: cut.reduce((all, minor) => all + minor, 0) };
}

/** Both sides of one position, new and carried. */
function sidesOf(fresh: { left: Float64Array; right: Float64Array }, carried: BinaryCarry, no: number): Sides {
  const left = fresh.left[no] as number;
  const right = fresh.right[no] as number;
  return { left, right, carriedLeft: total(carried.left, no), carriedRight: total(carried.right, no) };
}

interface Paired {
  readonly no: number;
  readonly held: Sides;
  readonly pairing: Pairing;
  /** What becomes of the rest; whoever could not be paid keeps everything. */
  readonly mode: BinaryBonus["remainder"];
}

/** What a position keeps for the next close. */
function keepRest(
  bonus: BinaryBonus,
  { no, held, pairing, mode }: Paired,
  carried: BinaryCarry,
  carry: { left: Float64Array[]; right: Float64Array[] },
): void {
  const left = held.left + held.carriedLeft - pairing.usedLeft;
  const right = held.right + held.carriedRight - pairing.usedRight;
  const rest = remainder(mode, left, right);
  keep(bonus, carried.left, carry.left, no, held.left, rest.left);
  keep(bonus, carried.right, carry.right, no, held.right, rest.right);
}

const NO_PAIRING: Pairing = { usedLeft: 0, usedRight: 0, matched: 0, amountMinor: 0, cutMinor: 0 };

const emptyAges = (ages: number, count: number): Float64Array[] => Array.from({ length: ages }, () => new Float64Array(count));

function total(ages: readonly Float64Array[], no: number): number {
  let sum = 0;
  for (const age of ages) sum += age[no] ?? 0;
  return sum;
}

/**
 * Files what is left of a side by age, newest first: what was used or returned was the oldest, and what is too
 * old or above the cap is lost. Below zero, more was returned than the side had: that waits without end.
 */
function keep(
  bonus: BinaryBonus,
  before: readonly Float64Array[],
  after: Float64Array[],
  no: number,
  fresh: number,
  rest: number,
): void {
  const cap = typeof bonus.carryCap === "string" ? Number(volumeOf(bonus.carryCap)) : Number.POSITIVE_INFINITY;
  let left = Math.min(rest, cap);
  if (bonus.expiresAfterPeriods === undefined || left < 0) {
    (after[0] as Float64Array)[no] = left;
    return;
  }
  for (let age = 0; age < after.length && left > 0; age++) {
    const held = Math.max(0, age === 0 ? fresh : (before[age - 1]?.[no] ?? 0));
    (after[age] as Float64Array)[no] = Math.min(held, left);
    left -= Math.min(held, left);
  }
}

/** Each side's volume: everything placed below that leg. */
function sideVolumes(bonus: BinaryBonus, context: CloseContext): { left: Float64Array; right: Float64Array } {
  const { count } = context.input.network;
  const { above: parent, leg, order } = context.trees.named(bonus.tree);
  const own = binaryVolume(bonus, context);
  const below = sumUp(own, parent, order, null);
  const left = new Float64Array(count);
  const right = new Float64Array(count);
  for (let no = 0; no < count; no++) {
    const up = parent[no] as number;
    if (up < 0) continue;
    const side = leg?.[no] === 0 ? left : right;
    side[up] = (side[up] as number) + (below[no] as number);
  }
  return { left, right };
}

/**
 * Volume of all classes and markets the bonus takes, returned goods taken off; pairs mix markets, so money
 * is at the rate of "*". Class factors are applied exactly and the sum is cut once to whole ten-thousandths.
 */
function binaryVolume(bonus: BinaryBonus, context: CloseContext): Float64Array {
  const own = new Float64Array(context.input.network.count);
  const { groups } = context.volumes.raw({ ...bonus, base: "cv", inVolume: true });
  const den = commonDenominator(groups.map((group) => group.minorPerUnit));
  const weights = groups.map(({ minorPerUnit }) => (minorPerUnit.num * den) / minorPerUnit.den);
  if (den === 1n && weights.every((weight) => weight === 1n)) {
    for (const { volume } of groups)
      for (let no = 0; no < own.length; no++) own[no] = (own[no] as number) + (volume[no] as number);
  } else {
    for (let no = 0; no < own.length; no++) {
      const sum = groups.reduce((all, { volume }, i) => all + BigInt(volume[no] as number) * (weights[i] as bigint), 0n);
      own[no] = Number(sum / den);
    }
  }
  if (!sumsPlainly(own))
    throw new CloseInputError(`the bonus "${bonus.id}" pairs more volume than fits below 2^53 ten-thousandths`);
  return own;
}

/** For a position how its pairs are paid and capped. */
function payOfPosition(bonus: BinaryBonus, context: CloseContext): (no: number) => [PairPay, PairCap | null] {
  const { plan, currency } = context.input;
  const minor = (amount: PlanMoney | undefined): number => (amount === undefined ? 0 : amountIn(amount, currency));
  const { people } = context;
  const capTable = bonus.positionCap ?? {};
  const capOf = byRank(capTable, plan.ranks);
  const capRow = ownRow(capTable);
  const caps = Array.from({ length: rowCount(capTable, plan) }, (_, i): PairCap | null => {
    const cap = capOf(i - 1);
    return cap === undefined ? null : { atMostMinor: minor(cap), volume: bonus.cappedVolume };
  });
  const { table, payOf } = payTable(bonus, context, minor);
  const payRow = ownRow(table);
  const rows = rowCount(table, plan);
  const pays = Array.from({ length: rows }, (_, i) => payOf(i - 1));
  return (no) => [pays[payRow(people, no) + 1] as PairPay, caps[capRow(people, no) + 1] as PairCap | null];
}

type PayTable = { table: Table<unknown>; payOf: (row: number) => PairPay };

function payTable(bonus: BinaryBonus, context: CloseContext, minor: (amount: PlanMoney | undefined) => number): PayTable {
  const { plan } = context.input;
  const { pay } = bonus;
  if (pay.mode === "cycle") {
    const pays = byRank(pay.pays, plan.ranks);
    const [strong, weak] = [Number(volumeOf(pay.strong)), Number(volumeOf(pay.weak))];
    return { table: pay.pays, payOf: (row) => ({ mode: "cycle", strong, weak, paysMinor: minor(pays(row)) }) };
  }
  if (pay.mode === "table") {
    const steps = pay.steps.map((step) => ({ weak: Number(volumeOf(step.weak)), paysMinor: minor(step.pays) }));
    return { table: {}, payOf: () => ({ mode: "table", steps }) };
  }
  const table = compileRankRates(pay.rates, plan.ranks);
  const perUnit = multiplyRatio(perVolumeUnit(context.input, "*"), baseRateOf(bonus));
  const payOf = (row: number): PairPay => ({
    mode: pay.mode,
    ...plainRatio(reduceRatio(multiplyRatio(perUnit, table.rate(table.units(row, 1)).ratio))),
  });
  return { table: pay.rates, payOf };
}

/** Who is paid at all: active, and where the plan asks for it with an active enrolment of their own on each side. */
function eligibility(bonus: BinaryBonus, context: CloseContext): (no: number) => boolean {
  const { active } = context;
  const earns = bonus.earnsIf === undefined ? null : context.people.holds(bonus.earnsIf);
  if (bonus.activeEnrolledEachSide !== true) return (no) => active[no] === 1 && (earns?.(no) ?? true);
  const { network } = context.input;
  const { above: parent, leg } = context.trees.named(bonus.tree);
  const sides = new Uint8Array(network.count);
  for (let no = 0; no < network.count; no++) {
    const sponsor = network.sponsor[no] as number;
    if (active[no] !== 1 || sponsor < 0) continue;
    let position = no;
    while (position >= 0 && parent[position] !== sponsor) position = parent[position] as number;
    if (position >= 0) sides[sponsor] = (sides[sponsor] as number) | (leg?.[position] === 0 ? 1 : 2);
  }
  return (no) => active[no] === 1 && sides[no] === 3 && (earns?.(no) ?? true);
}

/** Owners of several positions: what exceeds their cap is taken off all of them pro rata, by largest remainder. */
function capOwners(bonus: BinaryBonus, context: CloseContext, sum: BonusSum, cut: Float64Array): void {
  const { positionOwner, count } = context.input.network;
  if (bonus.ownerCap === undefined) return;
  const capOf = byRank(bonus.ownerCap, context.input.plan.ranks);
  const capRow = ownRow(bonus.ownerCap);
  const positions = new Map<number, number[]>();
  for (let no = 0; no < count; no++) {
    if (sum.amounts[no] === 0) continue;
    const owner = positionOwner?.[no] ?? no;
    positions.set(owner, [...(positions.get(owner) ?? []), no]);
  }
  for (const [owner, own] of positions) {
    const cap = capOf(capRow(context.people, owner));
    if (cap === undefined) continue;
    const atMost = amountIn(cap, context.input.currency);
    const earned = own.reduce((all, no) => all + (sum.amounts[no] as number), 0);
    if (earned <= atMost) continue;
    const parts = allocate(
      BigInt(atMost),
      own.map((no) => ({ key: context.key(no), weight: BigInt(sum.amounts[no] as number) })),
    );
    for (const no of own) {
      const less = (sum.amounts[no] as number) - Number(parts.get(context.key(no)));
      cut[no] = (cut[no] as number) + less;
      sum.add(no, no, -1, -less);
    }
  }
}
