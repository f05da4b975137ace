import { int32At, itemAt } from "./typed.ts";
/**
 * The sponsor tree: who enrolled whom, as of any time. Distributors are dense whole numbers (the
 * hub keeps the mapping to ids), so that a million of them cost a few typed arrays.
 * Only a distributor who was moved has a history; everyone else's first sponsor stands for all time.
 */

/** No distributor: the sponsor of a root. */
export const NOBODY = -1;

export type NetworkOutcome =
  | { readonly kind: "done" }
  | {
      readonly kind: "refused";
      readonly reason: "unknown-distributor" | "unknown-sponsor" | "already-enrolled" | "cycle" | "before-latest-move";
    };

/** The sponsors a moved distributor has had: `sponsors[i]` from `from[i]` (epoch milliseconds) until the next. */
interface History {
  readonly from: number[];
  readonly sponsors: number[];
}

const DONE: NetworkOutcome = { kind: "done" };

export class SponsorTree {
  /** Latest recorded sponsor by distributor number; a move dated in the future is already here. */
  #sponsors: Int32Array;
  #firstBelow: Int32Array;
  #nextBeside: Int32Array;
  readonly #moves = new Map<number, History>();
  /** Times of all moves, ascending: a new edge must be free of cycles at each later one. */
  readonly #moveTimes: number[] = [];
  #size = 0;

  constructor(capacity = 1024) {
    this.#sponsors = new Int32Array(capacity);
    this.#firstBelow = new Int32Array(capacity).fill(NOBODY);
    this.#nextBeside = new Int32Array(capacity).fill(NOBODY);
  }

  /** How many distributors there are; their numbers are 0 to size − 1. */
  get size(): number {
    return this.#size;
  }

  /** Latest recorded sponsors, for the period engine: read only, `length` may exceed `size`. */
  get latestSponsors(): Int32Array {
    return this.#sponsors;
  }

  /** Adds the distributor with the next number under a sponsor who is there already, or `NOBODY` for a root. */
  enrol(no: number, sponsor: number): NetworkOutcome {
    if (no !== this.#size) return refused(no < this.#size ? "already-enrolled" : "unknown-distributor");
    if (sponsor !== NOBODY && !this.has(sponsor)) return refused("unknown-sponsor");
    if (no === this.#sponsors.length) this.#grow();
    this.#sponsors[no] = sponsor;
    this.#size++;
    this.#link(no, sponsor);
    return DONE;
  }

  has(no: number): boolean {
    return Number.isInteger(no) && no >= 0 && no < this.#size;
  }

  /**
   * Moves a distributor with everyone below from `at` on (epoch milliseconds). Refuses what would
   * make a cycle at `at` or at any later recorded move, and dates before the distributor's latest move.
   */
  move(no: number, sponsor: number, at: number): NetworkOutcome {
    if (!this.has(no)) return refused("unknown-distributor");
    if (sponsor !== NOBODY && !this.has(sponsor)) return refused("unknown-sponsor");
    const history = this.#moves.get(no);
    if (history !== undefined && at <= (history.from.at(-1) as number)) return refused("before-latest-move");
    const later = this.#moveTimes.slice(firstAfter(this.#moveTimes, at));
    if ([at, ...later].some((time) => this.#isUpline(no, sponsor, time))) return refused("cycle");
    this.#record(no, sponsor, at, history);
    return DONE;
  }

  /** The sponsor as of a time, or `NOBODY`. A time before the enrolment answers with the first sponsor. */
  sponsorAsOf(no: number, at: number): number {
    const history = this.#moves.size === 0 ? undefined : this.#moves.get(no);
    if (history === undefined) return int32At(this.#sponsors, no);
    return itemAt(history.sponsors, firstAfter(history.from, at) - 1);
  }

  /** Everyone's sponsor as of a time, as a column for a period's close. */
  sponsorsAsOf(at: number): Int32Array {
    const sponsors = this.#sponsors.slice(0, this.#size);
    for (const no of this.#moves.keys()) sponsors[no] = this.sponsorAsOf(no, at);
    return sponsors;
  }

  /** Sponsors from the nearest to the root, at most `maxDepth` of them, as of a time. */
  uplineAsOf(no: number, at: number, maxDepth = Number.POSITIVE_INFINITY): number[] {
    const upline: number[] = [];
    for (
      let above = this.sponsorAsOf(no, at);
      above !== NOBODY && upline.length < maxDepth;
      above = this.sponsorAsOf(above, at)
    ) {
      upline.push(above);
    }
    return upline;
  }

  /** Everyone whose sponsor is `no` as of a time, by number: who was moved away later is among them, who came later is not. */
  frontlineAsOf(no: number, at: number): number[] {
    const near = this.#moves.size === 0 ? this.#frontline(no) : [...new Set([...this.#frontline(no), ...this.#moves.keys()])];
    return near.filter((below) => this.sponsorAsOf(below, at) === no).sort((a, b) => a - b);
  }

  /** Everyone below by the latest recorded edges, level by level; `maxDepth` 1 is the frontline. */
  downline(no: number, maxDepth = Number.POSITIVE_INFINITY): number[] {
    const found: number[] = [];
    let level = [no];
    for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
      level = level.flatMap((member) => this.#frontline(member));
      for (const member of level) found.push(member);
    }
    return found;
  }

  #frontline(no: number): number[] {
    const found: number[] = [];
    for (let below = int32At(this.#firstBelow, no); below !== NOBODY; below = int32At(this.#nextBeside, below)) found.push(below);
    return found.sort((a, b) => a - b);
  }

  /** Whether `no` is `from` or stands above it at a time. */
  #isUpline(no: number, from: number, at: number): boolean {
    for (let upline = from; upline !== NOBODY; upline = this.sponsorAsOf(upline, at)) if (upline === no) return true;
    return false;
  }

  #record(no: number, sponsor: number, at: number, history: History | undefined): void {
    const before = int32At(this.#sponsors, no);
    this.#moves.set(no, {
      from: [...(history?.from ?? [Number.NEGATIVE_INFINITY]), at],
      sponsors: [...(history?.sponsors ?? [before]), sponsor],
    });
    this.#moveTimes.splice(firstAfter(this.#moveTimes, at), 0, at);
    this.#unlink(no, before);
    this.#sponsors[no] = sponsor;
    this.#link(no, sponsor);
  }

  #link(no: number, sponsor: number): void {
    if (sponsor === NOBODY) return;
    this.#nextBeside[no] = int32At(this.#firstBelow, sponsor);
    this.#firstBelow[sponsor] = no;
  }

  #unlink(no: number, sponsor: number): void {
    if (sponsor === NOBODY) return;
    const next = int32At(this.#nextBeside, no);
    if (this.#firstBelow[sponsor] === no) this.#firstBelow[sponsor] = next;
    else {
      let beside = int32At(this.#firstBelow, sponsor);
      while (this.#nextBeside[beside] !== no) beside = int32At(this.#nextBeside, beside);
      this.#nextBeside[beside] = next;
    }
    this.#nextBeside[no] = NOBODY;
  }

  #grow(): void {
    const capacity = Math.max(16, this.#sponsors.length * 2);
    this.#sponsors = widened(this.#sponsors, capacity);
    this.#firstBelow = widened(this.#firstBelow, capacity);
    this.#nextBeside = widened(this.#nextBeside, capacity);
  }
}

function refused(reason: (NetworkOutcome & { kind: "refused" })["reason"]): NetworkOutcome {
  return { kind: "refused", reason };
}

function widened(array: Int32Array, capacity: number): Int32Array {
  const wide = new Int32Array(capacity).fill(NOBODY, array.length);
  wide.set(array);
  return wide;
}

/** Index of the first time later than `at` in ascending times. */
function firstAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (itemAt(times, middle) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
