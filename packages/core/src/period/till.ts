import type { Ratio } from "../money.ts";
import type { Rounding } from "../plan/schema.ts";
import { COMPANY, type Till } from "../plan/walks/ground.ts";
import { commonDenominator, plainWhole, scaleRounded, type Whole } from "./exact.ts";
import { CloseInputError } from "./input.ts";

/** One amount of a close in detail, for explanations, trials and refunds; sums are kept either way. */
export interface CloseEntry {
  readonly bonusId: string;
  /** -1 is the company: breakage. */
  readonly earner: number;
  /** The distributor whose volume or earning was paid on; -1 where there is no single one. */
  readonly source: number;
  readonly level: number;
  readonly amountMinor: number;
}

/** What one bonus comes to: minor units by earner, and what nobody qualified for. */
export class BonusSum {
  readonly bonusId: string;
  readonly amounts: Float64Array;
  breakageMinor = 0;
  readonly #entries: CloseEntry[] | null;

  constructor(bonusId: string, count: number, entries: CloseEntry[] | null) {
    this.bonusId = bonusId;
    this.amounts = new Float64Array(count);
    this.#entries = entries;
  }

  add(earner: number, source: number, level: number, amountMinor: number): void {
    if (amountMinor === 0) return;
    if (earner === COMPANY) this.breakageMinor += amountMinor;
    else this.amounts[earner] = (this.amounts[earner] as number) + amountMinor;
    if (this.#entries !== null) this.#entries.push({ bonusId: this.bonusId, earner, source, level, amountMinor });
  }

  /** Money that plain numbers cannot hold to the last unit is refused, not rounded. */
  assertExact(): void {
    for (const amount of this.amounts) {
      if (!Number.isSafeInteger(amount))
        throw new CloseInputError(`the bonus "${this.bonusId}" comes to ${amount} minor units for one distributor, more than 2^53`);
    }
  }
}

/** What a bonus pays on, by kind: minor units of one unit of each kind's volume, all whole over `den`. */
export interface Priced {
  readonly groups: readonly { readonly minorPerUnit: Ratio }[];
  readonly den: bigint;
}

/**
 * Turns the shares that walks give into minor units, rounded once for each earner and source: a
 * source's kinds of volume (own purchases, classes, markets) are worth different money and start at different
 * levels, so what they come to is collected exactly and rounded when the source is done.
 */
export class CloseTill implements Till {
  readonly #sum: BonusSum;
  readonly #rounding: Rounding;
  /** Minor units of one unit of volume and one of share, for every kind: numerators over one denominator. */
  readonly #nums: readonly Whole[];
  readonly #perShare: readonly bigint[];
  readonly #den: Whole;
  source = -1;
  /** The volume at hand, and what a unit of share of it is in `1 ÷ den` minor units. */
  #worth: Whole = 0;
  #gathering = false;
  readonly #gathered = new Gathered();

  /** `shareDenominators`: what the shares of each kind's walk are parts of. */
  constructor(sum: BonusSum, priced: Priced, shareDenominators: readonly number[], rounding: Rounding) {
    const shares = commonDenominator(shareDenominators.map((den) => ({ num: 1n, den: BigInt(den) })));
    this.#sum = sum;
    this.#rounding = rounding;
    this.#perShare = shareDenominators.map((den) => shares / BigInt(den));
    this.#nums = priced.groups.map(({ minorPerUnit }, kind) =>
      plainWhole(((minorPerUnit.num * priced.den) / minorPerUnit.den) * (this.#perShare[kind] as bigint)),
    );
    this.#den = plainWhole(priced.den * shares);
  }

  /** Begins a source; `once` where no earner can be met twice, so that each share is rounded as it comes. */
  begin(source: number, once: boolean): void {
    this.source = source;
    this.#gathering = !once;
  }

  /** The next volume of the source, by its kind. */
  take(kind: number, value: number): void {
    const num = this.#nums[kind] as Whole;
    const worth = typeof num === "number" ? value * num : Number.NaN;
    this.#worth = Number.isSafeInteger(worth) ? worth : BigInt(value) * BigInt(num);
  }

  /** The same for a volume that is known by its worth, in `1 ÷ den` minor units. */
  takeWorth(kind: number, worth: bigint): void {
    this.#worth = plainWhole(worth * (this.#perShare[kind] as bigint));
  }

  pay(no: number, level: number, units: number): void {
    if (this.#gathering) this.#gathered.add({ no, level, worth: this.#worth, upTo: units, before: 0 });
    else this.#sum.add(no, this.source, level, this.#amount(units));
  }

  payBetween(no: number, level: number, upTo: number, before: number): void {
    if (this.#gathering) this.#gathered.add({ no, level, worth: this.#worth, upTo, before });
    else this.#sum.add(no, this.source, level, this.#amount(upTo) - this.#amount(before));
  }

  pass(): void {}

  end(): void {}

  /** Ends a source. */
  finish(): void {
    if (!this.#gathering) return;
    this.#gathered.forEach(this.#den, this.#rounding, (no, level, amountMinor) => {
      this.#sum.add(no, this.source, level, amountMinor);
    });
  }

  #amount(units: number): number {
    return scaleRounded(this.#worth, units, this.#den, this.#rounding);
  }
}

interface Share {
  readonly no: number;
  readonly level: number;
  readonly worth: Whole;
  readonly upTo: number;
  readonly before: number;
}

/** Shares of one source by earner, exact until they are handed out. */
class Gathered {
  readonly #earners: number[] = [];
  readonly #levels: number[] = [];
  /** Running sums up to each share: of what is paid, and of what was paid below it. */
  readonly #upTo: Whole[] = [];
  readonly #before: Whole[] = [];
  /** The last share of the same earner before, or -1. */
  readonly #previous: number[] = [];
  readonly #keys: number[] = [];
  readonly #latest = new Map<number, number>();

  add({ no, level, worth, upTo, before }: Share): void {
    // What nobody qualified for is an amount of its own at each level.
    const key = no === COMPANY ? -1 - level : no;
    const previous = this.#find(key);
    this.#keys.push(key);
    this.#earners.push(no);
    this.#levels.push(level);
    this.#previous.push(previous);
    this.#upTo.push(plus(previous < 0 ? 0 : (this.#upTo[previous] as Whole), worth, upTo));
    this.#before.push(plus(previous < 0 ? 0 : (this.#before[previous] as Whole), worth, before));
    if (this.#keys.length > FEW) this.#latest.set(key, this.#keys.length - 1);
  }

  /** A handful is looked through faster than a map is kept. */
  #find(key: number): number {
    const count = this.#keys.length;
    if (count < FEW) {
      for (let i = count - 1; i >= 0; i--) if (this.#keys[i] === key) return i;
      return -1;
    }
    if (count === FEW) for (let i = 0; i < count; i++) this.#latest.set(this.#keys[i] as number, i);
    return this.#latest.get(key) ?? -1;
  }

  /** Hands out each share so that an earner's shares sum to their exact sum, rounded once. */
  forEach(den: Whole, rounding: Rounding, take: (no: number, level: number, amountMinor: number) => void): void {
    const round = (value: Whole): number => (value === 0 ? 0 : scaleRounded(value, 1, den, rounding));
    const given = (i: number): number => (i < 0 ? 0 : round(this.#upTo[i] as Whole) - round(this.#before[i] as Whole));
    for (let i = 0; i < this.#earners.length; i++)
      take(this.#earners[i] as number, this.#levels[i] as number, given(i) - given(this.#previous[i] as number));
    this.#keys.length = 0;
    this.#earners.length = 0;
    this.#levels.length = 0;
    this.#upTo.length = 0;
    this.#before.length = 0;
    this.#previous.length = 0;
    if (this.#latest.size > 0) this.#latest.clear();
  }
}

const FEW = 24;

function plus(sum: Whole, worth: Whole, units: number): Whole {
  if (typeof sum === "number" && typeof worth === "number") {
    const product = worth * units;
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum + product)) return sum + product;
  }
  return plainWhole(BigInt(sum) + BigInt(worth) * BigInt(units));
}
