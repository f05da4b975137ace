import { parseDecimal, type Ratio } from "../money.ts";
import type { LevelRates, RankRates } from "./parts.ts";
import { reduceRatio } from "./parts.ts";
import type { Rank } from "./ranks.ts";

/**
 * Rates by rank number and level, as whole units over one denominator, so that walks add and compare
 * them as plain numbers. Rank numbers are positions in the plan's ranks, lowest 0; -1 is no rank.
 */
export class RateTable {
  readonly levels: number;
  /** A power of ten: 5 % may be 5 of 100. */
  readonly denominator: number;
  readonly #ranks: number;
  /** Units by rank and level, one row after the other, "none" first. */
  readonly #cells: Int32Array;
  readonly #lowest: Int32Array;
  readonly #known = new Map<number, RateText>();

  /** `others` are further shares that are compared with the rates, so that the denominator fits them too. */
  constructor(rows: readonly (readonly string[])[], others: readonly string[] = []) {
    const decimals = Math.max(0, ...[...rows.flat(), ...others].map((text) => (text.split(".")[1] ?? "").length));
    this.denominator = 10 ** decimals;
    this.levels = Math.max(0, ...rows.map((row) => row.length));
    this.#ranks = rows.length;
    this.#cells = new Int32Array(rows.length * this.levels);
    rows.forEach((row, r) => {
      row.forEach((text, i) => {
        this.#cells[r * this.levels + i] = unitsOf(text, this.denominator);
      });
    });
    this.#lowest = Int32Array.from(
      { length: this.levels },
      (_, i) => rows.findIndex((_row, r) => this.units(r - 1, i + 1) > 0) - 1,
    );
  }

  /** The rate of a rank at a level from 1, in units; 0 where that rank is not paid there. */
  units(rankNo: number, level: number): number {
    return level > this.levels ? 0 : (this.#cells[(rankNo + 1) * this.levels + level - 1] as number);
  }

  /** The lowest rank paid at a level: what an unqualified upline there would have needed; -2 where nobody is. */
  lowestRank(level: number): number {
    return level > this.levels ? -2 : (this.#lowest[level - 1] as number);
  }

  /** The highest rate of any rank at a level, in units. */
  highest(level: number): number {
    return Math.max(0, ...Array.from({ length: this.#ranks }, (_, i) => this.units(i - 1, level)));
  }

  /** Units as an exact fraction and as the decimal a plan would write. */
  rate(units: number): RateText {
    let known = this.#known.get(units);
    if (known === undefined) {
      const ratio = reduceRatio({ num: BigInt(units), den: BigInt(this.denominator) });
      known = { ratio, text: decimalText(units, this.denominator) };
      this.#known.set(units, known);
    }
    return known;
  }
}

export interface RateText {
  readonly ratio: Ratio;
  readonly text: string;
}

/** Rates by rank and level. A rank's own row wins over "*"; "none" is the row of no rank. */
export function compileLevelRates(rates: LevelRates, ranks: readonly Rank[], others: readonly string[] = []): RateTable {
  return new RateTable(
    [rates.none, ...ranks.map((rank) => rates[rank.id])].map((row) => row ?? rates["*"] ?? []),
    others,
  );
}

/** One rate per rank, as a table of one level. */
export function compileRankRates(rates: RankRates, ranks: readonly Rank[], others: readonly string[] = []): RateTable {
  return compileLevelRates(Object.fromEntries(Object.entries(rates).map(([key, rate]) => [key, [rate]])), ranks, others);
}

/** A value by rank: the rank's own, or that of "*"; "none" is the one of no rank (rank number -1). */
export function byRank<T>(values: Readonly<Record<string, T>>, ranks: readonly Rank[]): (rankNo: number) => T | undefined {
  const list = [values.none ?? values["*"], ...ranks.map((rank) => values[rank.id] ?? values["*"])];
  return (rankNo) => list[rankNo + 1];
}

export function unitsOf(text: string, denominator: number): number {
  const ratio = parseDecimal(text);
  return Number((ratio.num * BigInt(denominator)) / ratio.den);
}

function decimalText(units: number, denominator: number): string {
  const decimals = String(denominator).length - 1;
  if (decimals === 0) return String(units);
  const digits = String(units).padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, -decimals) : `${digits.slice(0, -decimals)}.${fraction}`;
}
