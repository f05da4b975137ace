import { Fraction, lesser, sumOf } from "./fraction.ts";

/** Volume that a side carries, in parcels by the close that they came in: the oldest first. */
export interface Parcel {
  readonly close: number;
  readonly volume: Fraction;
}

export const volumeOf = (parcels: readonly Parcel[]): Fraction => sumOf(parcels.map(({ volume }) => volume));

/** What is left of a side after a close: the oldest goes first, and what is `life` closes old is lost. */
export function keptParcels(
  before: readonly Parcel[],
  { close, fresh, kept, life }: { close: number; fresh: Fraction; kept: Fraction; life: number },
): Parcel[] {
  let gone = volumeOf(before).plus(fresh).minus(kept);
  const left: Parcel[] = [];
  for (const parcel of [...before, { close, volume: fresh }]) {
    const taken = lesser(parcel.volume, gone);
    gone = gone.minus(taken);
    const volume = parcel.volume.minus(taken);
    if (volume.isMoreThan(Fraction.ZERO) && close - parcel.close < life) left.push({ close: parcel.close, volume });
  }
  return left;
}
