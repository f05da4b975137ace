import { divideHalfUp, MoneyError } from "../money.ts";
import type { Rounding } from "./schema.ts";

/** num ÷ den to a whole minor unit by the plan's named rounding; symmetrical around zero, so a reversal mirrors its original. */
export function divideRounded(num: bigint, den: bigint, rounding: Rounding): bigint {
  if (den <= 0n) throw new MoneyError("a rate needs a positive denominator");
  switch (rounding) {
    case "half-up":
    // An amount that is shared with nobody is its own sum.
    case "largest-remainder":
      return divideHalfUp(num, den);
    case "down":
      return num / den;
    case "half-even":
      return divideHalfEven(num, den);
  }
}

function divideHalfEven(num: bigint, den: bigint): bigint {
  const n = num < 0n ? -num : num;
  const floor = n / den;
  const twice = (n % den) * 2n;
  const up = twice > den || (twice === den && floor % 2n === 1n);
  const q = up ? floor + 1n : floor;
  return num < 0n ? -q : q;
}
