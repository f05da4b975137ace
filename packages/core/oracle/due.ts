import type { Rounding } from "../src/plan/schema.ts";
import { Fraction } from "./fraction.ts";
import type { Person } from "./world.ts";

/** Who is owed: a person, or the company where nobody qualified. */
export type Payee = Person | "company";

/**
 * What one bonus owes, as exact minor units. What one payee is owed on one source is one amount, rounded once; a payee
 * who is owed the difference of two shares is owed the difference of the two rounded amounts. The company's are by level.
 */
export class Due {
  readonly #exact = new Map<string, { payee: Payee; upTo: Fraction; less: Fraction }>();
  readonly #rounding: Rounding;

  constructor(rounding: Rounding) {
    this.#rounding = rounding;
  }

  owe(
    payee: Payee,
    source: Person,
    { level, upTo, less = Fraction.ZERO }: { level: number; upTo: Fraction; less?: Fraction },
  ): void {
    const key = payee === "company" ? `company ${level} ${source.no}` : `${payee.no} ${source.no}`;
    const known = this.#exact.get(key) ?? { payee, upTo: Fraction.ZERO, less: Fraction.ZERO };
    this.#exact.set(key, { payee, upTo: known.upTo.plus(upTo), less: known.less.plus(less) });
  }

  /** Every single amount. */
  amounts(): { payee: Payee; minor: bigint }[] {
    return [...this.#exact.values()].map(({ payee, upTo, less }) => ({
      payee,
      minor: upTo.rounded(this.#rounding) - less.rounded(this.#rounding),
    }));
  }
}
