import type { Candidate } from "./candidate.ts";
import type { People } from "./people.ts";

/** The people of one upline, as the last close stored what conditions and tables ask about them. */
export class LinePeople implements People {
  readonly #candidates: readonly Candidate[];
  readonly #numberOf: (rank: string | null) => number;

  constructor(candidates: readonly Candidate[], rankNo: (rank: string | null) => number) {
    this.#candidates = candidates;
    this.#numberOf = rankNo;
  }

  #of(no: number): Candidate {
    return this.#candidates[no] as Candidate;
  }

  /** Before the first close every measure is 0. */
  measure(id: string, no: number): number {
    return Number(this.#of(no).distributor.measures?.[id] ?? 0n);
  }

  rankNo(no: number): number {
    return this.#of(no).rankNo;
  }

  titleNo(no: number): number {
    return this.#numberOf(this.#of(no).distributor.title ?? null);
  }

  isActive(no: number): boolean {
    return this.#of(no).inactive === null;
  }

  country(no: number): string | null {
    return this.#of(no).distributor.country;
  }

  enrolledAt(no: number): number {
    return Date.parse(this.#of(no).distributor.enrolledAt);
  }
}
