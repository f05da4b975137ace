import type { Ratio } from "../money.ts";
import type { Rounding } from "../plan/schema.ts";
import { COMPANY, type Till } from "../plan/walks/ground.ts";
import { commonDenominator, plainWhole, scaleRounded, type Whole } from "./exact.ts";
import { CloseInputError } from "./input.ts";
import { RemainderShares } from "./remainder-shares.ts";

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

  get keepsEntries(): boolean {
    return this.#entries !== null;
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
        throw new CloseInputError(
          `the bonus "${this.bonusId}" comes to ${amount} minor units for one distributor, more than 2^53`,
        );
    }
  }
}

/** What a bonus pays on, by kind: minor units of one unit of each kind's volume, all whole over `den`. */
export interface Priced {
  readonly groups: readonly { readonly minorPerUnit: Ratio }[];
  readonly den: bigint;
}

/** The plan's rounding, and the ids that break ties where shares are rounded together. */
export interface ShareRounding {
  readonly rounding: Rounding;
  readonly keyOf: (no: number) => string;
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
  /** Nothing: shares are rounded as they come. Sums: by earner, in plain numbers. Shares: one by one, however large. */
  #collecting: "nothing" | "sums" | "shares" = "nothing";
  readonly #gathered = new Gathered();
  readonly #few = new FewSums();
  readonly #mostUnits: number;
  /** Shares of a source that are rounded together; null where each is rounded by itself. */
  readonly #together: RemainderShares | null;

  /** `shareDenominators`: what the shares of each kind's walk are parts of. */
  constructor(sum: BonusSum, priced: Priced, shareDenominators: readonly number[], { rounding, keyOf }: ShareRounding) {
    const shares = commonDenominator(shareDenominators.map((den) => ({ num: 1n, den: BigInt(den) })));
    this.#sum = sum;
    this.#rounding = rounding;
    this.#perShare = shareDenominators.map((den) => shares / BigInt(den));
    this.#nums = priced.groups.map(({ minorPerUnit }, kind) =>
      plainWhole(((minorPerUnit.num * priced.den) / minorPerUnit.den) * (this.#perShare[kind] as bigint)),
    );
    this.#den = plainWhole(priced.den * shares);
    this.#mostUnits = Math.max(1, ...shareDenominators) * MOST_LEVELS;
    this.#together = rounding === "largest-remainder" ? new RemainderShares(this.#den, keyOf) : null;
  }

  /** Begins a source; `once` where no earner can be met twice, so that each share is rounded as it comes. */
  begin(source: number, once: boolean): void {
    this.source = source;
    this.#collecting = once ? "nothing" : "shares";
  }

  /** The same where earners may be met twice, and `worth` bounds what `1 ÷ den` minor units all volumes of the source are. */
  beginPlain(source: number, worth: number): void {
    this.source = source;
    const plain = worth * this.#mostUnits <= Number.MAX_SAFE_INTEGER && !this.#sum.keepsEntries;
    this.#collecting = plain ? "sums" : "shares";
  }

  /** What one volume of a kind is worth; not a number where that takes a bigint. */
  worthOf(kind: number, value: number): number {
    const num = this.#nums[kind];
    return typeof num === "number" ? value * num : Number.NaN;
  }

  /** The next volume of the source, by its kind. */
  take(kind: number, value: number): void {
    this.#few.rewind();
    const num = this.#nums[kind] as Whole;
    const worth = typeof num === "number" ? value * num : Number.NaN;
    this.#worth = Number.isSafeInteger(worth) ? worth : BigInt(value) * BigInt(num);
  }

  /** The same for a volume that is known by its worth, in `1 ÷ den` minor units. */
  takeWorth(kind: number, worth: bigint): void {
    this.#worth = plainWhole(worth * (this.#perShare[kind] as bigint));
  }

  pay(no: number, level: number, units: number): void {
    if (this.#together !== null) this.#together.add(no, level, BigInt(this.#worth) * BigInt(units));
    else if (this.#collecting === "nothing") this.#sum.add(no, this.source, level, this.#amount(units));
    else if (this.#collecting === "sums") this.#collect(no, level, units, 0);
    else this.#gathered.add({ no, level, worth: this.#worth, upTo: units, before: 0 });
  }

  payBetween(no: number, level: number, upTo: number, before: number): void {
    if (this.#together !== null) this.#together.add(no, level, BigInt(this.#worth) * BigInt(upTo - before));
    else if (this.#collecting === "nothing") this.#sum.add(no, this.source, level, this.#amount(upTo) - this.#amount(before));
    else if (this.#collecting === "sums") this.#collect(no, level, upTo, before);
    else this.#gathered.add({ no, level, worth: this.#worth, upTo, before });
  }

  #collect(no: number, level: number, upTo: number, before: number): void {
    // What nobody qualified for is an amount of its own at each level.
    const place = this.#few.placeOf(no === COMPANY ? -1 - level : no);
    const worth = this.#worth as number;
    this.#few.upTo[place] = (this.#few.upTo[place] as number) + worth * upTo;
    if (before !== 0) this.#few.before[place] = (this.#few.before[place] as number) + worth * before;
  }

  pass(): void {}

  end(): void {}

  /** Ends a source. */
  finish(): void {
    if (this.#together !== null)
      this.#together.handOut((no, level, amountMinor) => {
        this.#sum.add(no, this.source, level, amountMinor);
      });
    else if (this.#collecting === "sums") this.#handOut();
    else if (this.#collecting === "shares")
      this.#gathered.forEach(this.#den, this.#rounding, (no, level, amountMinor) => {
        this.#sum.add(no, this.source, level, amountMinor);
      });
  }

  #handOut(): void {
    const { count, keys, upTo, before } = this.#few;
    for (let index = 0; index < count; index++) {
      const key = keys[index] as number;
      const below = before[index] as number;
      const all = scaleRounded(upTo[index] as number, 1, this.#den, this.#rounding);
      const amountMinor = below === 0 ? all : all - scaleRounded(below, 1, this.#den, this.#rounding);
      if (key >= 0) this.#sum.add(key, this.source, 0, amountMinor);
      else this.#sum.add(COMPANY, this.source, -1 - key, amountMinor);
    }
    this.#few.clear();
  }

  #amount(units: number): number {
    return scaleRounded(this.#worth, units, this.#den, this.#rounding);
  }
}

/**
 * Sums of one source by earner, small enough to stay in the processor. Each of a source's volumes is walked up the
 * same upline, so an earner is nearly always met where the walk before left off.
 */
class FewSums {
  count = 0;
  keys = new Int32Array(64);
  upTo = new Float64Array(64);
  before = new Float64Array(64);
  #next = 0;
  readonly #places = new Map<number, number>();

  /** The place of an earner's sums, new ones at zero. */
  placeOf(key: number): number {
    let place = this.#next;
    if (place >= this.count || this.keys[place] !== key) place = this.#find(key);
    this.#next = place + 1;
    return place;
  }

  #find(key: number): number {
    const { count, keys } = this;
    if (count <= MANY) {
      for (let index = 0; index < count; index++) if (keys[index] === key) return index;
    } else {
      const known = this.#places.get(key);
      if (known !== undefined) return known;
    }
    if (count === keys.length) this.#grow();
    this.keys[count] = key;
    this.upTo[count] = 0;
    this.before[count] = 0;
    this.count = count + 1;
    if (this.count === MANY + 1) for (let index = 0; index <= MANY; index++) this.#places.set(this.keys[index] as number, index);
    else if (this.count > MANY) this.#places.set(key, count);
    return count;
  }

  #grow(): void {
    const wide = {
      keys: new Int32Array(this.count * 2),
      upTo: new Float64Array(this.count * 2),
      before: new Float64Array(this.count * 2),
    };
    wide.keys.set(this.keys);
    wide.upTo.set(this.upTo);
    wide.before.set(this.before);
    Object.assign(this, wide);
  }

  rewind(): void {
    this.#next = 0;
  }

  clear(): void {
    if (this.count > MANY) this.#places.clear();
    this.count = 0;
    this.#next = 0;
  }
}

/** So many earners are looked through faster than a map is kept. */
const MANY = 32;

/** Levels a table can have. */
const MOST_LEVELS = 100;

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
    if (this.#keys.length > MANY) this.#latest.set(key, this.#keys.length - 1);
  }

  /** A handful is looked through faster than a map is kept. */
  #find(key: number): number {
    const count = this.#keys.length;
    if (count < MANY) {
      for (let i = count - 1; i >= 0; i--) if (this.#keys[i] === key) return i;
      return -1;
    }
    if (count === MANY) for (let i = 0; i < count; i++) this.#latest.set(this.#keys[i] as number, i);
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

function plus(sum: Whole, worth: Whole, units: number): Whole {
  if (typeof sum === "number" && typeof worth === "number") {
    const product = worth * units;
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum + product)) return sum + product;
  }
  return plainWhole(BigInt(sum) + BigInt(worth) * BigInt(units));
}
