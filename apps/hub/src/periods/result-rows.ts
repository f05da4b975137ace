import type { CloseInput, CloseResult } from "@upline/core/engine";

/** The results of a close row by row: of whoever had volume, a rank, a title or is active; everyone else has nothing to tell. */
export class ResultRows {
  readonly #zeroIsNothing: readonly Column[];
  readonly #ranks: readonly Column[];
  readonly #graceUsed: Column;
  readonly #count: number;

  constructor(input: CloseInput, { facts, ranks }: CloseResult) {
    const { active, pv, own, gv, retail } = facts;
    this.#zeroIsNothing = [active, pv, own, gv, ranks.personalGroupVolume, retail, activeLegs(input, active)];
    this.#ranks = [ranks.qualified, ranks.paidAs, ranks.title];
    this.#graceUsed = ranks.graceUsed;
    this.#count = input.network.count;
  }

  has(no: number): boolean {
    for (const column of this.#zeroIsNothing) if (column[no] !== 0) return true;
    for (const column of this.#ranks) if (column[no] !== -1) return true;
    return this.#graceUsed[no] !== 0;
  }

  /** Distributor, active (0 or 1), pv, own, gv, personal group, retail, active legs, qualified, rank, title, grace used. */
  *[Symbol.iterator](): Generator<readonly number[]> {
    const columns = [...this.#zeroIsNothing, ...this.#ranks, this.#graceUsed];
    for (let no = 0; no < this.#count; no++) {
      if (!this.has(no)) continue;
      const row = new Array<number>(columns.length + 1);
      row[0] = no + 1;
      for (let index = 0; index < columns.length; index++) row[index + 1] = columns[index]?.[no] as number;
      yield row;
    }
  }
}

type Column = Float64Array | Int32Array | Int16Array | Uint8Array;

function activeLegs({ network }: CloseInput, active: Uint8Array): Int32Array {
  const legs = new Int32Array(network.count);
  for (let no = 0; no < network.count; no++) {
    const up = network.sponsor[no] as number;
    if (up >= 0 && active[no] === 1) legs[up] = (legs[up] as number) + 1;
  }
  return legs;
}
