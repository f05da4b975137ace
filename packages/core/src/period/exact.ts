import { divideRounded } from "../plan/rounding.ts";
import type { Rounding } from "../plan/schema.ts";

/**
 * value × num ÷ den to a whole number by the named rounding, exact: plain numbers while the product is
 * below 2^53, bigint above. `value`, `num` and `den` are whole, `den` positive.
 */
export function scaleRounded(value: number, num: number, den: number, rounding: Rounding): number {
  const product = value * num;
  if (rounding !== "half-up" || product > Number.MAX_SAFE_INTEGER || product < 0) {
    return Number(divideRounded(BigInt(value) * BigInt(num), BigInt(den), rounding));
  }
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

/** A fraction of bigints as plain numbers; asserts that nothing is lost. */
export function plainRatio(ratio: { num: bigint; den: bigint }): { num: number; den: number } {
  const num = Number(ratio.num);
  const den = Number(ratio.den);
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den))
    throw new RangeError(`the rate ${ratio.num}/${ratio.den} has too many digits`);
  return { num, den };
}
