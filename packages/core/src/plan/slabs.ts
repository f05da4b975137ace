import type { Ratio } from "../money.ts";
import { volumeOf } from "./parts.ts";
import type { RateTable } from "./rates.ts";

interface MeasureRows {
  readonly applies: "whole" | "excess" | "above-first";
  readonly rows: readonly { readonly from: string }[];
}

/**
 * The share that slabs come to for whoever has `value` of the measure, `part` of it in this period on top of what earlier
 * periods filled: what slabs give up to `value` less what they gave before, over `part`. Null where there is no part.
 */
export function dividedShare(table: MeasureRows, rates: RateTable): (value: number, part: number) => Ratio | null {
  const from = table.rows.map((row) => volumeOf(row.from)).sort((a, b) => (a < b ? -1 : 1));
  const units = from.map((_, place) => BigInt(rates.units(place, 1)));
  const givenUpTo = table.applies === "excess" ? excess(from, units) : null;
  return (value, part) => {
    if (part <= 0) return null;
    const [whole, before] = [BigInt(value), BigInt(value - part)];
    const den = BigInt(part) * BigInt(rates.denominator);
    if (givenUpTo !== null) return { num: givenUpTo(whole) - givenUpTo(before), den };
    const first = from[1] ?? 0n;
    const reached = from.reduce((last, threshold, place) => (whole >= threshold ? (units[place] as bigint) : last), 0n);
    return { num: reached * (above(whole, first) - above(before, first)), den };
  };
}

const above = (value: bigint, least: bigint): bigint => (value > least ? value - least : 0n);

/** Each part at the row it falls into. */
function excess(from: readonly bigint[], units: readonly bigint[]): (value: bigint) => bigint {
  return (value) =>
    from.reduce((sum, threshold, place) => {
      const next = from[place + 1];
      const within = above(value, threshold) - (next === undefined ? 0n : above(value, next));
      return sum + within * (units[place] as bigint);
    }, 0n);
}
