import { DatedEdges, NO_EDGE, wider } from "./dated-edges.ts";
import { int32At } from "./typed.ts";

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

/** When an answer holds: from the first moment, included, until the second, in epoch milliseconds. */
export interface TimeSpan {
  from: number;
  to: number;
}

const DONE: NetworkOutcome = { kind: "done" };

export class SponsorTree {
  /** Latest recorded sponsor by distributor number; a move dated in the future is already here. */
  #sponsors: Int32Array<ArrayBuffer>;
  /** Those below by the latest edges: the first of them, and beside each the next and the one before. */
  #firstBelow: Int32Array<ArrayBuffer>;
  #nextBeside: Int32Array<ArrayBuffer>;
  #previousBeside: Int32Array<ArrayBuffer>;
  /** Every sponsor that a moved distributor has had, the first one from the beginning of time. */
  readonly #moves = new DatedEdges();
  /** Of those edges: the latest added under a sponsor, and the one added before it under the same. */
  #lastEdgeUnder = new Int32Array(0);
  #edgeBefore = new Int32Array(0);
  #size = 0;

  constructor(capacity = 1024) {
    this.#sponsors = new Int32Array(capacity);
    this.#firstBelow = new Int32Array(capacity).fill(NOBODY);
    this.#nextBeside = new Int32Array(capacity).fill(NOBODY);
    this.#previousBeside = new Int32Array(capacity).fill(NOBODY);
  }

  /** How many distributors there are; their numbers are 0 to size − 1. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that the columns take. */
  get bytes(): number {
    const columns = 4 * this.#sponsors.byteLength + this.#lastEdgeUnder.byteLength + this.#edgeBefore.byteLength;
    return columns + this.#moves.bytes;
  }

  /** Adds the distributor with the next number under a sponsor who is there already, or `NOBODY` for a root. */
  enrol(no: number, sponsor: number): NetworkOutcome {
    if (no !== this.#size) return refused(no < this.#size ? "already-enrolled" : "unknown-distributor");
    if (sponsor !== NOBODY && !this.has(sponsor)) return refused("unknown-sponsor");
    if (no === this.#sponsors.length) this.reserve(no + 1);
    this.#sponsors[no] = sponsor;
    this.#size++;
    this.#link(no, sponsor);
    return DONE;
  }

  /**
   * The first sponsor of somebody who was enrolled as a root, for whom it is learnt later than the enrolment: who has a
   * smaller number, so that there can be no circle.
   */
  settle(no: number, sponsor: number): NetworkOutcome {
    if (!this.has(no)) return refused("unknown-distributor");
    if (!this.has(sponsor) || sponsor >= no) return refused("unknown-sponsor");
    if (int32At(this.#sponsors, no) !== NOBODY || this.#moves.newestOf(no) !== NO_EDGE) return refused("already-enrolled");
    this.#sponsors[no] = sponsor;
    this.#link(no, sponsor);
    return DONE;
  }

  has(no: number): boolean {
    return Number.isInteger(no) && no >= 0 && no < this.#size;
  }

  /** What `move` would answer, without moving anybody: whoever asks first may still think better of it. */
  judgeMove(no: number, sponsor: number, at: number): NetworkOutcome {
    if (!this.has(no)) return refused("unknown-distributor");
    if (sponsor !== NOBODY && !this.has(sponsor)) return refused("unknown-sponsor");
    if (at <= this.latestMoveOf(no)) return refused("before-latest-move");
    if (this.#isUplineFrom(no, { below: sponsor, at })) return refused("cycle");
    return DONE;
  }

  /** From when on the latest move of somebody counts (epoch milliseconds); −∞ where they never moved. */
  latestMoveOf(no: number): number {
    const newest = this.#moves.newestOf(no);
    return newest === NO_EDGE ? Number.NEGATIVE_INFINITY : this.#moves.fromOf(newest);
  }

  /**
   * Moves a distributor with everyone below from `at` on (epoch milliseconds). Refuses what would
   * make a cycle at `at` or at any later time, and dates before the distributor's latest move.
   */
  move(no: number, sponsor: number, at: number): NetworkOutcome {
    const judged = this.judgeMove(no, sponsor, at);
    if (judged.kind === "refused") return judged;
    const newest = this.#moves.newestOf(no);
    const before = int32At(this.#sponsors, no);
    if (newest === NO_EDGE) this.#record(no, before, Number.NEGATIVE_INFINITY);
    this.#record(no, sponsor, at);
    this.#unlink(no, before);
    this.#sponsors[no] = sponsor;
    this.#link(no, sponsor);
    return DONE;
  }

  /** The sponsor as of a time, or `NOBODY`. A time before the enrolment answers with the first sponsor. */
  sponsorAsOf(no: number, at: number): number {
    const edge = this.#moves.size === 0 ? NO_EDGE : this.#moves.edgeAsOf(no, at);
    return edge === NO_EDGE ? int32At(this.#sponsors, no) : this.#moves.aboveOf(edge);
  }

  /** Everybody's sponsor at a time, by number, or `NOBODY`; narrows `span` to the time for which that is so. */
  sponsorsAsOf(at: number, span: TimeSpan): Int32Array {
    const sponsors = this.#sponsors.slice(0, this.#size);
    if (this.#moves.size === 0) return sponsors;
    for (let no = 0; no < this.#size; no++) {
      let counts = this.#moves.newestOf(no);
      if (counts === NO_EDGE) continue;
      for (; this.#moves.fromOf(counts) > at; counts = this.#moves.olderOf(counts))
        span.to = Math.min(span.to, this.#moves.fromOf(counts));
      span.from = Math.max(span.from, this.#moves.fromOf(counts));
      sponsors[no] = this.#moves.aboveOf(counts);
    }
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

  /**
   * Calls `visit` with everyone who stands directly under somebody at a time, in no order, and narrows `span` to the time
   * for which that is so.
   */
  visitBelow(no: number, at: number, span: TimeSpan, visit: (below: number) => void): void {
    for (let below = int32At(this.#firstBelow, no); below !== NOBODY; below = int32At(this.#nextBeside, below))
      if (this.#moves.newestOf(below) === NO_EDGE) visit(below);
    if (no >= this.#lastEdgeUnder.length) return;
    for (let edge = int32At(this.#lastEdgeUnder, no); edge !== NO_EDGE; edge = int32At(this.#edgeBefore, edge))
      if (this.#isCurrent(edge, at, span)) visit(this.#moves.belowOf(edge));
  }

  /** Whether an edge is the one that counts of its distributor at a time; narrows `span` to when the answer stays the same. */
  #isCurrent(edge: number, at: number, span: TimeSpan): boolean {
    let counts = this.#moves.newestOf(this.#moves.belowOf(edge));
    for (; this.#moves.fromOf(counts) > at; counts = this.#moves.olderOf(counts))
      span.to = Math.min(span.to, this.#moves.fromOf(counts));
    span.from = Math.max(span.from, this.#moves.fromOf(counts));
    return counts === edge;
  }

  /**
   * Whether `no` stands above `below`, or is the same, at `at` or at any time after it. An upline that changes meanwhile is
   * followed for each span of time by itself, so that it costs what there is to follow and not the moves of everybody else.
   */
  #isUplineFrom(no: number, { below, at }: { below: number; at: number }): boolean {
    const spans = [{ who: below, from: at, to: Number.POSITIVE_INFINITY }];
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      let { who, to } = span;
      while (who !== NOBODY) {
        if (who === no) return true;
        let edge = this.#moves.newestOf(who);
        if (edge === NO_EDGE) {
          who = int32At(this.#sponsors, who);
          continue;
        }
        // The newest that begins within the span comes first; the one that counts at its beginning is followed on here.
        for (; this.#moves.fromOf(edge) > span.from; edge = this.#moves.olderOf(edge)) {
          const from = this.#moves.fromOf(edge);
          if (from >= to) continue;
          spans.push({ who: this.#moves.aboveOf(edge), from, to });
          to = from;
        }
        who = this.#moves.aboveOf(edge);
      }
    }
    return false;
  }

  #record(no: number, sponsor: number, from: number): void {
    const edge = this.#moves.add(no, sponsor, from);
    if (sponsor === NOBODY) return;
    if (sponsor >= this.#lastEdgeUnder.length) this.#lastEdgeUnder = wider(this.#lastEdgeUnder, this.#size, NO_EDGE);
    if (edge >= this.#edgeBefore.length) this.#edgeBefore = wider(this.#edgeBefore, edge + 1, NO_EDGE);
    this.#edgeBefore[edge] = int32At(this.#lastEdgeUnder, sponsor);
    this.#lastEdgeUnder[sponsor] = edge;
  }

  #link(no: number, sponsor: number): void {
    if (sponsor === NOBODY) return;
    const first = int32At(this.#firstBelow, sponsor);
    this.#nextBeside[no] = first;
    this.#previousBeside[no] = NOBODY;
    if (first !== NOBODY) this.#previousBeside[first] = no;
    this.#firstBelow[sponsor] = no;
  }

  #unlink(no: number, sponsor: number): void {
    if (sponsor === NOBODY) return;
    const next = int32At(this.#nextBeside, no);
    const previous = int32At(this.#previousBeside, no);
    if (previous === NOBODY) this.#firstBelow[sponsor] = next;
    else this.#nextBeside[previous] = next;
    if (next !== NOBODY) this.#previousBeside[next] = previous;
    this.#nextBeside[no] = NOBODY;
  }

  /** Makes room for as many distributors at once, where it is known how many come. */
  reserve(size: number): void {
    if (size <= this.#sponsors.length) return;
    this.#sponsors = wider(this.#sponsors, size, NOBODY);
    this.#firstBelow = wider(this.#firstBelow, size, NOBODY);
    this.#nextBeside = wider(this.#nextBeside, size, NOBODY);
    this.#previousBeside = wider(this.#previousBeside, size, NOBODY);
  }
}

function refused(reason: (NetworkOutcome & { kind: "refused" })["reason"]): NetworkOutcome {
  return { kind: "refused", reason };
}
