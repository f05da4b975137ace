import { parseDecimal, type Ratio } from "../money.ts";
import { reduceRatio, volumeOf } from "./parts.ts";
import type { Rank } from "./ranks.ts";
import { keyRows, type LevelTable, type ShareTable, type Table, thresholdRows } from "./tables.ts";

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

/** Rates by row and level; the rows of a table by rank are rank numbers. */
export function compileLevelRates(rates: LevelTable, ranks: readonly Rank[], others: readonly string[] = []): RateTable {
  return new RateTable(
    tableRows<readonly string[]>(rates, ranks).map((row) => row ?? []),
    others,
  );
}

/** One rate per row, as a table of one level. */
export function compileRankRates(rates: ShareTable, ranks: readonly Rank[], others: readonly string[] = []): RateTable {
  return new RateTable(
    tableRows<string>(rates, ranks).map((row) => (row === undefined ? [] : [row])),
    others,
  );
}

/** A value by row number, -1 the first: in a table by rank, that of a rank number. */
export function byRank<T>(values: Table<T>, ranks: readonly Rank[]): (rowNo: number) => T | undefined {
  const list = tableRows(values, ranks);
  return (rowNo) => list[rowNo + 1];
}

/** How many row numbers a table has, -1 among them. */
export function rowCount(table: Table<unknown>, plan: { readonly ranks: readonly Rank[] }): number {
  return tableRows(table, plan.ranks).length;
}

/**
 * A table's rows by row number + 1. By a rank or title: "none", then the ranks, each with its own row or that of "*". By
 * measure or size: nothing for whoever reaches no row, then the rows from the lowest threshold up.
 */
export function tableRows<T>(table: Table<T>, ranks: readonly Rank[]): (T | undefined)[] {
  const byMeasure = thresholdRows(table);
  if (byMeasure !== null)
    return [undefined, ...byMeasure.sort(([a], [b]) => Number(volumeOf(a) - volumeOf(b))).map(([, row]) => row)];
  const rows = keyRows(table);
  return [rows.none ?? rows["*"], ...ranks.map((rank) => rows[rank.id] ?? rows["*"])];
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
