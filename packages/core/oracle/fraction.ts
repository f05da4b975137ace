import type { Rounding } from "../src/plan/schema.ts";

/** An exact fraction, in plain school arithmetic. */
export class Fraction {
  static readonly ZERO = new Fraction(0n, 1n);
  static readonly ONE = new Fraction(1n, 1n);
  readonly num: bigint;
  /** Above zero. */
  readonly den: bigint;

  private constructor(num: bigint, den: bigint) {
    this.num = num;
    this.den = den;
  }

  static whole(value: bigint | number): Fraction {
    return new Fraction(BigInt(value), 1n);
  }

  /** Reads "12.5". */
  static read(text: string): Fraction {
    const [before = "0", after = ""] = text.split(".");
    return Fraction.whole(BigInt(before + after)).over(Fraction.whole(10n ** BigInt(after.length)));
  }

  plus(other: Fraction): Fraction {
    return reduced(this.num * other.den + other.num * this.den, this.den * other.den, (num, den) => new Fraction(num, den));
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.num, other.den));
  }

  times(other: Fraction): Fraction {
    return reduced(this.num * other.num, this.den * other.den, (num, den) => new Fraction(num, den));
  }

  over(other: Fraction): Fraction {
    const sign = other.num < 0n ? -1n : 1n;
    return reduced(this.num * other.den * sign, this.den * other.num * sign, (num, den) => new Fraction(num, den));
  }

  /** Below zero, zero or above zero, as this is less than, equal to or more than the other. */
  against(other: Fraction): bigint {
    return this.num * other.den - other.num * this.den;
  }

  isAtLeast(other: Fraction): boolean {
    return this.against(other) >= 0n;
  }

  isMoreThan(other: Fraction): boolean {
    return this.against(other) > 0n;
  }

  get isZero(): boolean {
    return this.num === 0n;
  }

  /** The greatest whole number that is not above it. */
  floor(): bigint {
    const cut = this.num / this.den;
    return cut * this.den > this.num ? cut - 1n : cut;
  }

  /** Halves go away from zero ("half-up"), to the even neighbour, or everything goes towards zero ("down"). */
  rounded(rounding: Rounding): bigint {
    if (this.num < 0n) return -new Fraction(-this.num, this.den).rounded(rounding);
    const below = this.floor();
    if (rounding === "down") return below;
    const rest = this.minus(Fraction.whole(below)).against(HALF);
    if (rest !== 0n) return rest > 0n ? below + 1n : below;
    return rounding === "half-even" && below % 2n === 0n ? below : below + 1n;
  }
}

const HALF = Fraction.read("0.5");

export function sumOf(values: readonly Fraction[]): Fraction {
  return values.reduce((sum, value) => sum.plus(value), Fraction.ZERO);
}

export const greatest = (values: readonly Fraction[]): Fraction =>
  values.reduce((most, value) => (value.isMoreThan(most) ? value : most), Fraction.ZERO);

export const lesser = (a: Fraction, b: Fraction): Fraction => (a.isMoreThan(b) ? b : a);

function reduced<T>(num: bigint, den: bigint, make: (num: bigint, den: bigint) => T): T {
  let a = num < 0n ? -num : num;
  let b = den;
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? make(0n, 1n) : make(num / a, den / a);
}

/** Shares whole units by weight: whole parts first, spare units to the largest rests, ties by key. */
export function shareOut(total: bigint, weights: ReadonlyMap<string, Fraction>): Map<string, bigint> {
  const all = sumOf([...weights.values()]);
  const parts = [...weights].map(([key, weight]) => {
    const exact = Fraction.whole(total).times(weight).over(all);
    return { key, units: exact.floor(), rest: exact.minus(Fraction.whole(exact.floor())) };
  });
  parts.sort((a, b) => (a.rest.against(b.rest) === 0n ? (a.key < b.key ? -1 : 1) : b.rest.isMoreThan(a.rest) ? 1 : -1));
  const spare = total - parts.reduce((sum, part) => sum + part.units, 0n);
  return new Map(parts.map(({ key, units }, place) => [key, units + (BigInt(place) < spare ? 1n : 0n)]));
}
