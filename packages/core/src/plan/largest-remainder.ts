import { divideFloor, divideHalfUp, type Ratio } from "../money.ts";

/**
 * Whole minor units for exact shares, so that together they come to their exact sum, rounded once half up: each share is
 * cut down, and the units that are left go to the largest remainders; of equal ones to the share that `order` puts first.
 * Shares below zero in all mirror those above it, so that what is taken back is what was given. `order` must tell any two
 * shares apart, so that the answer does not depend on how they are listed.
 */
export function shareByRemainder<T extends { readonly exact: Ratio }>(
  shares: readonly T[],
  order: (a: T, b: T) => number,
): bigint[] {
  const den = shares.reduce((common, { exact }) => leastMultiple(common, exact.den), 1n);
  const nums = shares.map(({ exact }) => exact.num * (den / exact.den));
  const sum = nums.reduce((all, num) => all + num, 0n);
  const sign = sum < 0n ? -1n : 1n;
  const cut = nums.map((num) => divideFloor(sign * num, den));
  const remainders = nums.map((num, i) => sign * num - (cut[i] as bigint) * den);
  const spare = divideHalfUp(sign * sum, den) - cut.reduce((all, units) => all + units, 0n);
  const first = shares.map((_, i) => i).sort((i, j) => byRemainder(remainders, i, j) || order(shares[i] as T, shares[j] as T));
  const raised = new Set(first.slice(0, Number(spare)));
  return cut.map((units, i) => sign * (raised.has(i) ? units + 1n : units));
}

function byRemainder(remainders: readonly bigint[], i: number, j: number): number {
  const [a, b] = [remainders[i] as bigint, remainders[j] as bigint];
  return a > b ? -1 : a < b ? 1 : 0;
}

function leastMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** Text before text, the company (null) behind everybody. */
export function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
