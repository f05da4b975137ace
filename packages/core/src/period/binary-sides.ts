import type { BinaryBonus } from "../plan/binary.ts";
import { volumeOf } from "../plan/parts.ts";
import type { CloseContext } from "./context.ts";
import { commonDenominator } from "./exact.ts";
import { type BinaryCarry, CloseInputError } from "./input.ts";
import type { Sides } from "./pairing.ts";
import { sumUp } from "./tree.ts";
import { sumsPlainly, type VolumeGroup } from "./volumes.ts";

/** New volume of a period by side. */
export interface SideVolumes {
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** What of it is the positions' own; absent where own volume takes no side. */
  readonly own?: { readonly left: Float64Array; readonly right: Float64Array };
}

/** Each side's volume: everything placed below that leg, and what of the own takes its place there. */
export function sideVolumes(bonus: BinaryBonus, context: CloseContext, carried: BinaryCarry): SideVolumes {
  const { count } = context.input.network;
  const { above: parent, leg, order } = context.trees.named(bonus.tree);
  const below = sumUp(
    binaryVolume(bonus, context, () => true),
    parent,
    order,
    null,
  );
  const left = new Float64Array(count);
  const right = new Float64Array(count);
  for (let no = 0; no < count; no++) {
    const up = parent[no] as number;
    if (up < 0) continue;
    const side = leg?.[no] === 0 ? left : right;
    side[up] = (side[up] as number) + (below[no] as number);
  }
  return placeOwn(bonus, context, { left, right }, carried);
}

/**
 * Own volume on a side of the position itself. The weaker side is the one with less volume, carried and new, before any own
 * volume; the left one of equals. `aboveOnly` is taken off own purchases first, then off own customers' orders; goods
 * returned come off whole.
 */
function placeOwn(bonus: BinaryBonus, context: CloseContext, sides: SideVolumes, carried: BinaryCarry): SideVolumes {
  const placed = [
    { place: bonus.ownVolume ?? "above", self: true },
    { place: bonus.customerVolume ?? "above", self: false },
  ].flatMap(({ place, self }) =>
    place === "above" ? [] : [{ place, volume: binaryVolume(bonus, context, (group) => group.self === self) }],
  );
  if (placed.length === 0) return sides;
  const { count } = context.input.network;
  const own = { left: new Float64Array(count), right: new Float64Array(count) };
  const from = bonus.aboveOnly === undefined ? 0 : Number(volumeOf(bonus.aboveOnly.from));
  for (let no = 0; no < count; no++) {
    const { left, right, carriedLeft, carriedRight } = sidesOf(sides, carried, no);
    const weaker = left + carriedLeft <= right + carriedRight ? "left" : "right";
    let without = from;
    for (const { place, volume } of placed) {
      const value = volume[no] as number;
      const less = Math.max(0, Math.min(without, value));
      without -= less;
      const side = place === "weaker-side" ? weaker : place;
      own[side][no] = (own[side][no] as number) + value - less;
    }
  }
  return {
    left: sides.left.map((volume, no) => volume + (own.left[no] as number)),
    right: sides.right.map((volume, no) => volume + (own.right[no] as number)),
    own,
  };
}

/** Both sides of one position, new and carried. */
export function sidesOf(fresh: { left: Float64Array; right: Float64Array }, carried: BinaryCarry, no: number): Sides {
  const left = fresh.left[no] as number;
  const right = fresh.right[no] as number;
  return { left, right, carriedLeft: total(carried.left, no), carriedRight: total(carried.right, no) };
}

function total(ages: readonly Float64Array[], no: number): number {
  let sum = 0;
  for (const age of ages) sum += age[no] ?? 0;
  return sum;
}

/**
 * Volume of all classes and markets the bonus takes, returned goods taken off; pairs mix markets, so money
 * is at the rate of "*". Class factors are applied exactly and the sum is cut once to whole ten-thousandths.
 */
function binaryVolume(bonus: BinaryBonus, context: CloseContext, counts: (group: VolumeGroup) => boolean): Float64Array {
  const own = new Float64Array(context.input.network.count);
  const groups = context.volumes.raw({ ...bonus, base: "cv", inVolume: true }).groups.filter(counts);
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
