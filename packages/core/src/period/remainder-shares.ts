import { compareNames, shareByRemainder } from "../plan/largest-remainder.ts";
import { COMPANY } from "../plan/walks/ground.ts";
import type { Whole } from "./exact.ts";

/**
 * The shares of one source under the rounding `largest-remainder`: kept exact by earner and level until the source is
 * done, then rounded together. What comes out does not depend on the order in which kinds of volume were walked.
 */
export class RemainderShares {
  readonly #den: bigint;
  readonly #keyOf: (no: number) => string;
  readonly #shares = new Map<string, { readonly no: number; readonly level: number; num: bigint }>();

  /** `keyOf` is what breaks ties between distributors: their ids. */
  constructor(den: Whole, keyOf: (no: number) => string) {
    this.#den = BigInt(den);
    this.#keyOf = keyOf;
  }

  add(no: number, level: number, num: bigint): void {
    const key = `${no} ${level}`;
    const share = this.#shares.get(key);
    if (share === undefined) this.#shares.set(key, { no, level, num });
    else share.num += num;
  }

  /** Of equal remainders the nearer level is rounded up first, then the lower distributor id. */
  handOut(take: (no: number, level: number, amountMinor: number) => void): void {
    const shares = [...this.#shares.values()].map(({ no, level, num }) => ({
      no,
      level,
      name: no === COMPANY ? null : this.#keyOf(no),
      exact: { num, den: this.#den },
    }));
    const amounts = shareByRemainder(shares, (a, b) => a.level - b.level || compareNames(a.name, b.name));
    shares.forEach(({ no, level }, i) => {
      take(no, level, Number(amounts[i]));
    });
    this.#shares.clear();
  }
}
