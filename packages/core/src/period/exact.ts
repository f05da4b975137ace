import { compareRatio, type Ratio } from "../money.ts";
import { divideRounded } from "../plan/rounding.ts";
import type { Rounding } from "../plan/schema.ts";

/** A whole number: a plain one where it is below 2^53, since those are many times faster. */
export type Whole = number | bigint;

/**
 * value × num ÷ den to a whole number by the named rounding, exact: plain numbers while the product is
 * below 2^53, bigint above. All are whole, `den` is positive.
 */
export function scaleRounded(value: Whole, num: Whole, den: Whole, rounding: Rounding): number {
  if (typeof value === "bigint" || typeof num === "bigint" || typeof den === "bigint") return wide(value, num, den, rounding);
  const product = value * num;
  if (rounding !== "half-up" || product > Number.MAX_SAFE_INTEGER || product < 0) return wide(value, num, den, rounding);
  let quotient = Math.floor(product / den);
  let rest = product - quotient * den;
  if (rest < 0) {
    quotient--;
    rest += den;
  } else if (rest >= den) {
    quotient++;
    rest -= den;
  }
  return rest * 2 >= den ? quotient + 1 : quotient;
}

function wide(value: Whole, num: Whole, den: Whole, rounding: Rounding): number {
  return Number(divideRounded(BigInt(value) * BigInt(num), BigInt(den), rounding));
}

/** A fraction of bigints with plain numbers where they are small enough to be exact. */
export function plainRatio(ratio: Ratio): { num: Whole; den: Whole } {
  return { num: plainWhole(ratio.num), den: plainWhole(ratio.den) };
}

/** The same number in the quicker form where that is exact. */
export function plainWhole(value: bigint): Whole {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : value;
}

/** The least number that all denominators divide. */
export function commonDenominator(ratios: readonly Ratio[]): bigint {
  return ratios.reduce((common, { den }) => (common / greatestDivisor(common, den)) * den, 1n);
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function sumRatios(ratios: readonly Ratio[]): Ratio {
  return ratios.reduce((sum, ratio) => ({ num: sum.num * ratio.den + ratio.num * sum.den, den: sum.den * ratio.den }), NOTHING);
}

export const NOTHING: Ratio = { num: 0n, den: 1n };

/** A ratio, or zero where it is negative: the floor of limits and pools. */
export function floorAtZero(ratio: Ratio): Ratio {
  return compareRatio(ratio, NOTHING) < 0 ? NOTHING : ratio;
}
