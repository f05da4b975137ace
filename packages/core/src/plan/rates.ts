import { parseDecimal, type Ratio } from "../money.ts";
import type { LevelRates, RankRates } from "./parts.ts";
import type { Rank } from "./schema.ts";

/** A rate ready to use, with the text the plan wrote it in. */
export interface Rate {
  readonly ratio: Ratio;
  readonly text: string;
}

/** Rates by rank number and level. Rank numbers are positions in the plan's ranks, lowest 0; -1 is no rank. */
export interface RateTable {
  readonly levels: number;
  /** The rate of a rank at a level from 1, or null where that rank is not paid there. */
  rate(rankNo: number, level: number): Rate | null;
  /** The lowest rank paid at a level, with its rate: what an unqualified upline there would have needed. */
  lowest(level: number): { readonly rankNo: number; readonly rate: Rate } | null;
}

/** Turns a plan's rates by rank and level into arrays. A rank's own row wins over "*"; "none" is the row of no rank. */
export function compileLevelRates(rates: LevelRates, ranks: readonly Rank[]): RateTable {
  const rows = [rates.none, ...ranks.map((rank) => rates[rank.id])].map((row) => (row ?? rates["*"] ?? []).map(compileRate));
  const levels = Math.max(0, ...rows.map((row) => row.length));
  const lowest = Array.from({ length: levels }, (_, i) => {
    const at = rows.findIndex((row) => row[i] !== undefined && row[i] !== null);
    return at < 0 ? null : { rankNo: at - 1, rate: rows[at]?.[i] as Rate };
  });
  return {
    levels,
    rate: (rankNo, level) => rows[rankNo + 1]?.[level - 1] ?? null,
    lowest: (level) => lowest[level - 1] ?? null,
  };
}

/** One rate per rank, as a table of one level. */
export function compileRankRates(rates: RankRates, ranks: readonly Rank[]): RateTable {
  return compileLevelRates(Object.fromEntries(Object.entries(rates).map(([key, rate]) => [key, [rate]])), ranks);
}

/** A rate of zero is no pay at all: null. */
function compileRate(text: string): Rate | null {
  const ratio = parseDecimal(text);
  return ratio.num === 0n ? null : { ratio, text };
}
