import type { Rounding } from "../src/plan/schema.ts";
import { Fraction, sumOf } from "./fraction.ts";
import type { Person } from "./world.ts";

/** Who is owed: a person, or the company where nobody qualified. */
export type Payee = Person | "company";

/**
 * What one bonus owes, as exact minor units. What one payee is owed on one source is one amount, rounded once; a payee
 * who is owed the difference of two shares is owed the difference of the two rounded amounts. The company's are by level.
 */
export class Due {
  readonly #exact = new Map<string, Owed>();
  readonly #rounding: Rounding;

  constructor(rounding: Rounding) {
    this.#rounding = rounding;
  }

  owe(
    payee: Payee,
    source: Person,
    { level, upTo, less = Fraction.ZERO }: { level: number; upTo: Fraction; less?: Fraction },
  ): void {
    const byLevel = payee === "company" || this.#rounding === "largest-remainder";
    const key = `${payee === "company" ? payee : payee.no} ${byLevel ? level : ""} ${source.no}`;
    const known = this.#exact.get(key) ?? { payee, source, level, upTo: Fraction.ZERO, less: Fraction.ZERO };
    this.#exact.set(key, { ...known, upTo: known.upTo.plus(upTo), less: known.less.plus(less) });
  }

  /** Every single amount, of those whom the bonus may pay. */
  amounts(may: (payee: Payee) => boolean = () => true): { payee: Payee; minor: bigint }[] {
    const owed = [...this.#exact.values()].filter(({ payee }) => may(payee));
    if (this.#rounding === "largest-remainder") return togetherBySource(owed);
    return owed.map(({ payee, upTo, less }) => ({
      payee,
      minor: upTo.rounded(this.#rounding) - less.rounded(this.#rounding),
    }));
  }
}

interface Owed {
  readonly payee: Payee;
  readonly source: Person;
  readonly level: number;
  readonly upTo: Fraction;
  readonly less: Fraction;
}

/** The shares of one source come to their sum rounded once: unit by unit to whoever is furthest below, nearer levels and lower ids first. */
function togetherBySource(owed: readonly Owed[]): { payee: Payee; minor: bigint }[] {
  const sources = new Set(owed.map(({ source }) => source));
  return [...sources].flatMap((source) => {
    const idOf = ({ payee }: Owed): string => (payee === "company" ? "~" : payee.key);
    const shares = owed
      .filter((each) => each.source === source)
      .sort((a, b) => a.level - b.level || (idOf(a) < idOf(b) ? -1 : 1))
      .map((each) => ({ payee: each.payee, exact: each.upTo.minus(each.less), minor: 0n }));
    for (const share of shares) share.minor = share.exact.floor();
    const promised = sumOf(shares.map(({ exact }) => exact)).rounded("half-up");
    const missing = ({ exact, minor }: (typeof shares)[number]): Fraction => exact.minus(Fraction.whole(minor));
    while (shares.reduce((sum, { minor }) => sum + minor, 0n) < promised) {
      const furthest = shares.reduce((best, share) => (missing(share).isMoreThan(missing(best)) ? share : best));
      furthest.minor += 1n;
    }
    return shares.map(({ payee, minor }) => ({ payee, minor }));
  });
}
