import { divideRounded } from "../plan/rounding.ts";
import type { Rounding } from "../plan/schema.ts";
import { scaleRounded } from "./exact.ts";

/** How one position's two sides are paid, with everything that depends on its rank already looked up. */
export type PairPay =
  | { readonly mode: "percent" | "ratio" | "strong-minus-weak"; readonly num: number; readonly den: number }
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

export interface PairCap {
  readonly atMostMinor: number;
  readonly volume: "consumed" | "kept";
}

/** Pairs one position's sides. Commission-plans section 5; a used volume is taken oldest first (`lots.ts`). */
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
      const matched = Math.min(left, right);
      return capped(matched, scaleRounded(matched, pay.num, pay.den, rounding), cap);
    }
    case "ratio": {
      const matched = Math.min(left, right);
      return capped(matched, matched === 0 ? 0 : scaledByRatio(matched, Math.max(left, right), pay, rounding), cap);
    }
  }
}

/** matched × share × weaker ÷ stronger, rounded once. */
function scaledByRatio(weak: number, strong: number, share: { num: number; den: number }, rounding: Rounding): number {
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

/** Whole cycles; the stronger side is decided anew before each. */
function payCycles(left: number, right: number, pay: PairPay & { mode: "cycle" }, cap: PairCap | null): Pairing {
  const most =
    cap !== null && cap.volume === "kept" && pay.paysMinor > 0
      ? Math.floor(cap.atMostMinor / pay.paysMinor)
      : Number.POSITIVE_INFINITY;
  let restLeft = left;
  let restRight = right;
  let cycles = 0;
  for (; cycles < most; cycles++) {
    const leftIsStrong = restLeft >= restRight;
    if (Math.max(restLeft, restRight) < pay.strong || Math.min(restLeft, restRight) < pay.weak) break;
    restLeft -= leftIsStrong ? pay.strong : pay.weak;
    restRight -= leftIsStrong ? pay.weak : pay.strong;
  }
  const full = cycles * pay.paysMinor;
  const amountMinor = cap === null ? full : Math.min(full, cap.atMostMinor);
  return { usedLeft: left - restLeft, usedRight: right - restRight, matched: cycles, amountMinor, cutMinor: full - amountMinor };
}

function payStep(
  left: number,
  right: number,
  steps: readonly { weak: number; paysMinor: number }[],
  cap: PairCap | null,
): Pairing {
  const weak = Math.min(left, right);
  let best = { weak: 0, paysMinor: 0 };
  for (const step of steps) if (weak >= step.weak && step.weak >= best.weak) best = step;
  return capped(best.weak, best.paysMinor, cap);
}

/** One vendor's meaning of "binary": the excess of the stronger side, with the excess carried before. Nothing is used up by pay. */
function payExcess(sides: Sides, pay: { num: number; den: number }, cap: PairCap | null, rounding: Rounding): Pairing {
  const base = Math.abs(sides.left - sides.right) + sides.carriedLeft + sides.carriedRight;
  const full = scaleRounded(base, pay.num, pay.den, rounding);
  const amountMinor = cap === null ? full : Math.min(full, cap.atMostMinor);
  const weak = Math.min(sides.left, sides.right);
  return {
    usedLeft: sides.carriedLeft + weak,
    usedRight: sides.carriedRight + weak,
    matched: base,
    amountMinor,
    cutMinor: full - amountMinor,
  };
}

/** What stays on both sides after pairing, before caps and expiry. */
export function remainder(mode: "carry" | "net-off" | "flush", left: number, right: number): { left: number; right: number } {
  if (mode === "flush") return { left: 0, right: 0 };
  if (mode === "carry") return { left, right };
  const weaker = Math.min(left, right);
  return { left: left - weaker, right: right - weaker };
}
