/** Totals in which one leg may count only so much. Commission-plans section 2. */

/** The largest total T in which no leg counts more than num/den × T; `own` is no leg. */
export function cappedTotal(own: number, legs: number[], num: number, den: number): number {
  const whole = legs.reduce((sum, leg) => sum + leg, own);
  if (whole * den <= Number.MAX_SAFE_INTEGER) return largestTotal(whole, legs, num, den);
  return wideTotal(own, legs, BigInt(num), BigInt(den));
}

/**
 * Capping the k biggest legs at share × T gives T = rest ÷ (1 − k·share); the first k whose next leg
 * fits is the answer, and it is found before k·share reaches 1.
 */
function largestTotal(whole: number, legs: number[], num: number, den: number): number {
  legs.sort((a, b) => b - a);
  let rest = whole;
  for (let k = 0; den - k * num > 0; k++) {
    const total = Math.floor((rest * den) / (den - k * num));
    if (k >= legs.length || (legs[k] as number) * den <= total * num) return total;
    rest -= legs[k] as number;
  }
  return rest;
}

/** The same where plain numbers would not be exact. */
function wideTotal(own: number, legs: number[], num: bigint, den: bigint): number {
  legs.sort((a, b) => b - a);
  let rest = legs.reduce((sum, leg) => sum + BigInt(leg), BigInt(own));
  for (let k = 0; den - BigInt(k) * num > 0n; k++) {
    const total = (rest * den) / (den - BigInt(k) * num);
    if (k >= legs.length || BigInt(legs[k] as number) * den <= total * num) return Number(total);
    rest -= BigInt(legs[k] as number);
  }
  return Number(rest);
}
