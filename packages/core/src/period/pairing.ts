import { divideRounded } from "../plan/rounding.ts";
import type { Rounding } from "../plan/schema.ts";
import { scaleRounded, type Whole } from "./exact.ts";

/** How one position's two sides are paid, with everything that depends on its rank already looked up. */
export type PairPay =
  | { readonly mode: "percent" | "ratio" | "strong-minus-weak"; readonly num: Whole; readonly den: Whole }
  | { readonly mode: "cycle"; readonly strong: number; readonly weak: number; readonly paysMinor: number }
  | { readonly mode: "table"; readonly steps: readonly { readonly weak: number; readonly paysMinor: number }[] };

/** Volume of the two sides: carried from earlier closes, and new. */
export interface Sides {
  readonly left: number;
  readonly right: number;
  readonly carriedLeft: number;
  readonly carriedRight: number;
}

export interface Pairing {
  /** Volume used up on each side. */
  readonly usedLeft: number;
  readonly usedRight: number;
  /** Volume that was paid on, or the number of cycles. */
  readonly matched: number;
  readonly amountMinor: number;
  /** What the position cap cut off. */
  readonly cutMinor: number;
}

/** The most that a position is paid, in minor units and in cycles, and what becomes of volume matched beyond. */
export interface PairCap {
  readonly atMostMinor: number;
  /** Absent: no limit. */
  readonly atMostCycles?: number;
  readonly volume: "consumed" | "kept";
}

export const NO_PAIRING: Pairing = { usedLeft: 0, usedRight: 0, matched: 0, amountMinor: 0, cutMinor: 0 };

interface CappedPay {
  readonly pays: readonly PairPay[];
  readonly cap: PairCap | null;
}

/**
 * Pairs one position's sides by one rule after the other, each on the volume that those before it left. Caps are of all rules
 * together, and what counts as matched is what rules that count what the first does matched. What caps cut off is what the
 * pairs would have paid without them, in every mode and whatever becomes of the volume.
 */
export function pairInTurn(sides: Sides, paying: CappedPay, rounding: Rounding): Pairing {
  const paired = pairUnderCaps(sides, paying, rounding);
  if (paying.cap?.volume !== "kept") return paired;
  const { amountMinor } = pairUnderCaps(sides, { ...paying, cap: null }, rounding);
  return { ...paired, cutMinor: Math.max(0, amountMinor - paired.amountMinor) };
}

function pairUnderCaps(sides: Sides, { pays, cap }: CappedPay, rounding: Rounding): Pairing {
  const [only] = pays;
  if (only !== undefined && pays.length === 1) return pairSides(sides, only, cap, rounding);
  let all = NO_PAIRING;
  let cycles = 0;
  for (const pay of pays) {
    const left = sides.left + sides.carriedLeft - all.usedLeft;
    const right = sides.right + sides.carriedRight - all.usedRight;
    const open = cap === null ? null : lessPaid(cap, all.amountMinor, cycles);
    const pairing = pairSides({ left, right, carriedLeft: 0, carriedRight: 0 }, pay, open, rounding);
    if (pay.mode === "cycle") cycles += pairing.matched;
    const alike = (pay.mode === "cycle") === (only?.mode === "cycle");
    all = {
      usedLeft: all.usedLeft + pairing.usedLeft,
      usedRight: all.usedRight + pairing.usedRight,
      matched: all.matched + (alike ? pairing.matched : 0),
      amountMinor: all.amountMinor + pairing.amountMinor,
      cutMinor: all.cutMinor + pairing.cutMinor,
    };
  }
  return all;
}

function lessPaid(cap: PairCap, paidMinor: number, cycles: number): PairCap {
  const atMostCycles = Math.max(0, (cap.atMostCycles ?? Number.POSITIVE_INFINITY) - cycles);
  return { ...cap, atMostMinor: cap.atMostMinor - paidMinor, atMostCycles };
}

/** Pairs one position's sides. Commission-plans section 5; a used volume is taken oldest first. */
export function pairSides(sides: Sides, pay: PairPay, cap: PairCap | null, rounding: Rounding): Pairing {
  const left = sides.left + sides.carriedLeft;
  const right = sides.right + sides.carriedRight;
  switch (pay.mode) {
    case "cycle":
      return payCycles(left, right, pay, cap);
    case "table":
      return payStep(left, right, pay.steps, cap);
    case "strong-minus-weak":
      return payExcess(sides, pay, cap, rounding);
    case "percent": {
      const matched = weaker(left, right);
      return capped(matched, scaleRounded(matched, pay.num, pay.den, rounding), cap);
    }
    case "ratio": {
      const matched = weaker(left, right);
      return capped(matched, matched === 0 ? 0 : scaledByRatio(matched, Math.max(left, right), pay, rounding), cap);
    }
  }
}

/** What both sides have; nothing where more came back on one of them than it held. */
function weaker(left: number, right: number): number {
  return Math.max(0, Math.min(left, right));
}

/** matched × share × weaker ÷ stronger, rounded once. */
function scaledByRatio(weak: number, strong: number, share: { num: Whole; den: Whole }, rounding: Rounding): number {
  return Number(divideRounded(BigInt(weak) * BigInt(weak) * BigInt(share.num), BigInt(strong) * BigInt(share.den), rounding));
}

/** The same volume is used on both sides; where the cap keeps volume, only the part that was paid is used. */
function capped(matched: number, amountMinor: number, cap: PairCap | null): Pairing {
  if (cap === null || amountMinor <= cap.atMostMinor)
    return { usedLeft: matched, usedRight: matched, matched, amountMinor, cutMinor: 0 };
  const used = cap.volume === "consumed" ? matched : Number((BigInt(matched) * BigInt(cap.atMostMinor)) / BigInt(amountMinor));
  return {
    usedLeft: used,
    usedRight: used,
    matched: used,
    amountMinor: cap.atMostMinor,
    cutMinor: amountMinor - cap.atMostMinor,
  };
}

/**
 * Whole cycles; the stronger side is decided anew before each. Runs of cycles alike are taken at once, so that
 * a small cycle on much volume ends as soon as a large one.
 */
function payCycles(left: number, right: number, pay: PairPay & { mode: "cycle" }, cap: PairCap | null): Pairing {
  if (!(pay.strong > 0 && pay.weak > 0)) throw new RangeError("a cycle must use volume on both sides");
  const made = cap !== null && cap.volume === "kept" ? mostCycles(pay, cap) : Number.POSITIVE_INFINITY;
  const rest = { left, right };
  let cycles = 0;
  while (cycles < made) {
    const strong = rest.left >= rest.right ? "left" : "right";
    const weak = strong === "left" ? "right" : "left";
    const possible = Math.min(Math.floor(rest[strong] / pay.strong), Math.floor(rest[weak] / pay.weak), made - cycles);
    if (possible < 1) break;
    const run = Math.min(possible, runOf(rest[strong] - rest[weak], pay));
    rest[strong] -= run * pay.strong;
    rest[weak] -= run * pay.weak;
    cycles += run;
    const pairs = pay.strong > pay.weak ? turnsOf(rest, pay, made - cycles) : 0;
    rest.left -= pairs * (pay.strong + pay.weak);
    rest.right -= pairs * (pay.strong + pay.weak);
    cycles += 2 * pairs;
  }
  const full = cycles * pay.paysMinor;
  const paid = Math.min(cycles, cap?.atMostCycles ?? Number.POSITIVE_INFINITY) * pay.paysMinor;
  const amountMinor = cap === null ? full : Math.min(paid, cap.atMostMinor);
  return {
    usedLeft: left - rest.left,
    usedRight: right - rest.right,
    matched: cycles,
    amountMinor,
    cutMinor: full - amountMinor,
  };
}

/** How many whole cycles a cap pays. */
function mostCycles(pay: PairPay & { mode: "cycle" }, cap: PairCap): number {
  const byMoney = pay.paysMinor > 0 ? Math.floor(cap.atMostMinor / pay.paysMinor) : Number.POSITIVE_INFINITY;
  return Math.min(byMoney, cap.atMostCycles ?? Number.POSITIVE_INFINITY);
}

/** How many cycles in a row the stronger side stays the stronger one; without end where a cycle does not take more of it. */
function runOf(excess: number, pay: { strong: number; weak: number }): number {
  if (pay.strong <= pay.weak) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(excess / (pay.strong - pay.weak)));
}

/** Of sides so close that each cycle turns them round: how many pairs of cycles both can give, less one to be safe at the end. */
function turnsOf(rest: { left: number; right: number }, pay: { strong: number; weak: number }, most: number): number {
  if (Math.abs(rest.left - rest.right) >= pay.strong - pay.weak) return 0;
  const pairs = Math.min(Math.floor(Math.min(rest.left, rest.right) / (pay.strong + pay.weak)), Math.floor(most / 2));
  return Math.max(0, pairs - 1);
}

function payStep(
  left: number,
  right: number,
  steps: readonly { weak: number; paysMinor: number }[],
  cap: PairCap | null,
): Pairing {
  const weak = Math.min(left, right);
  let best = { weak: 0, paysMinor: 0 };
  if (weak < 0) return capped(0, 0, cap);
  for (const step of steps) if (weak >= step.weak && step.weak >= best.weak) best = step;
  return capped(best.weak, best.paysMinor, cap);
}

/** One vendor's meaning of "binary": the excess of the stronger side, with the excess carried before. Nothing is used up by pay. */
function payExcess(sides: Sides, pay: { num: Whole; den: Whole }, cap: PairCap | null, rounding: Rounding): Pairing {
  const left = netted(sides.left, sides.carriedLeft);
  const right = netted(sides.right, sides.carriedRight);
  const base = Math.abs(left.fresh - right.fresh) + left.carried + right.carried;
  const full = scaleRounded(base, pay.num, pay.den, rounding);
  const amountMinor = cap === null ? full : Math.min(full, cap.atMostMinor);
  const weak = Math.min(left.fresh, right.fresh);
  // Used is what does not stay: of a side in deficit nothing more than what made up for it.
  const usedOf = (side: ReturnType<typeof netted>, all: number): number => all - (side.fresh - weak) - side.deficit;
  return {
    usedLeft: usedOf(left, sides.left + sides.carriedLeft),
    usedRight: usedOf(right, sides.right + sides.carriedRight),
    matched: base,
    amountMinor,
    cutMinor: full - amountMinor,
  };
}

/** A side after returned goods are taken off the other volume it has; `deficit` is what they exceed it by, not above 0. */
function netted(fresh: number, carried: number): { fresh: number; carried: number; deficit: number } {
  if (fresh >= 0 && carried >= 0) return { fresh, carried, deficit: 0 };
  const sum = fresh + carried;
  if (sum <= 0) return { fresh: 0, carried: 0, deficit: sum };
  return carried < 0 ? { fresh: sum, carried: 0, deficit: 0 } : { fresh: 0, carried: sum, deficit: 0 };
}

/** What stays on both sides after pairing, before caps and expiry. A side below zero keeps waiting in every mode. */
export function remainder(mode: "carry" | "net-off" | "flush", left: number, right: number): { left: number; right: number } {
  if (mode === "flush") return { left: Math.min(0, left), right: Math.min(0, right) };
  if (mode === "carry") return { left, right };
  const less = weaker(left, right);
  return { left: left - less, right: right - less };
}
