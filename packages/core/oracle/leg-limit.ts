import { Fraction, greatest, lesser, sumOf } from "./fraction.ts";

/** The largest T that own volume and legs of at most share × T come to: found by trying how many legs are cut. */
export function largestTotal(own: Fraction, legs: readonly Fraction[], share: Fraction): Fraction {
  const sorted = [...legs].sort((a, b) => (b.isMoreThan(a) ? 1 : -1));
  const counted = (total: Fraction): Fraction => own.plus(sumOf(legs.map((leg) => lesser(leg, total.times(share)))));
  const candidates = Array.from({ length: sorted.length + 1 }, (_, cut) => {
    const left = Fraction.ONE.minus(share.times(Fraction.whole(cut)));
    const rest = own.plus(sumOf(sorted.slice(cut)));
    return left.isMoreThan(Fraction.ZERO) ? rest.over(left) : own;
  });
  return greatest([own, ...candidates].filter((total) => counted(total).isAtLeast(total)));
}
