import { multiplyRatio, type Ratio } from "../money.ts";
import { reduceRatio } from "../plan/parts.ts";
import type { RateTable } from "../plan/rates.ts";
import type { Rounding } from "../plan/schema.ts";
import { COMPANY, type Till } from "../plan/walks/ground.ts";
import { plainRatio, scaleRounded } from "./exact.ts";

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
}

/** Turns the shares a walk gives into minor units of one source's volume, each rounded once. */
export class CloseTill implements Till {
  readonly #sum: BonusSum;
  readonly #num: number;
  readonly #den: number;
  readonly #rounding: Rounding;
  source = -1;
  volume = 0;

  constructor(sum: BonusSum, table: RateTable, minorPerUnit: Ratio, rounding: Rounding) {
    const perShare = plainRatio(reduceRatio(multiplyRatio(minorPerUnit, { num: 1n, den: BigInt(table.denominator) })));
    this.#sum = sum;
    this.#num = perShare.num;
    this.#den = perShare.den;
    this.#rounding = rounding;
  }

  pay(no: number, level: number, units: number): void {
    this.#sum.add(no, this.source, level, this.#amount(units));
  }

  payBetween(no: number, level: number, upTo: number, before: number): void {
    this.#sum.add(no, this.source, level, this.#amount(upTo) - this.#amount(before));
  }

  pass(): void {}

  end(): void {}

  #amount(units: number): number {
    return scaleRounded(this.volume, this.#num * units, this.#den, this.#rounding);
  }
}
