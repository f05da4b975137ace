import { DatedEdges, NO_EDGE, NOBODY } from "@upline/core";
import { TAKEN } from "@upline/core/engine";

/** Where somebody stands from a moment on (epoch milliseconds); parent 0 is the top of the tree. */
export interface Place {
  readonly distributorNo: number;
  readonly parentNo: number;
  /** From 0, below 100. */
  readonly leg: number;
  readonly from: number;
}

export interface PlaceSearch {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly before?: number | undefined;
  readonly limit: number;
  /** Nobody but this one. */
  readonly only?: number | undefined;
}

export interface Taken {
  readonly no: number;
  /** Epoch milliseconds; without end where nobody has moved them away. */
  readonly until: number;
}

/** Who stands where in one placement tree, as of any time. Before the first place there is none. */
export class Places {
  /** A move is never earlier than the place before it. */
  readonly #edges = new DatedEdges();
  #legs = new Uint8Array(16);
  /** The edge that came last below somebody, by their number; each names the one that came before it below the same. */
  #newestUnder = new Int32Array(16).fill(NO_EDGE);
  #olderUnder = new Int32Array(16);
  #highestNo = 0;
  #placed = 0;

  get bytes(): number {
    const columns = [this.#legs, this.#newestUnder, this.#olderUnder];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#edges.bytes);
  }

  /** How many have a place, from whenever on. */
  get placed(): number {
    return this.#placed;
  }

  add({ distributorNo, parentNo, leg, from }: Place): void {
    if (!this.has(distributorNo)) this.#placed++;
    const edge = this.#edges.add(distributorNo, parentNo, from);
    if (edge >= this.#legs.length) this.#widen(edge + 1);
    this.#legs[edge] = leg;
    if (parentNo >= this.#newestUnder.length) {
      const wide = new Int32Array(Math.ceil((parentNo + 1) * 1.25)).fill(NO_EDGE);
      wide.set(this.#newestUnder);
      this.#newestUnder = wide;
    }
    this.#olderUnder[edge] = this.#newestUnder[parentNo] as number;
    this.#newestUnder[parentNo] = edge;
    this.#highestNo = Math.max(this.#highestNo, distributorNo);
  }

  /** Whether somebody has a place, from whenever on. */
  has(no: number): boolean {
    return this.#edges.newestOf(no) !== NO_EDGE;
  }

  /** Where somebody stands at a time; null before the first place. */
  placeAsOf(no: number, at: number): Place | null {
    const edge = this.#edges.edgeAsOf(no, at);
    return edge === NO_EDGE ? null : this.#placeOf(edge);
  }

  /** Who stands directly below somebody at a time, by leg, the earliest placed first; below 0 are those at the top. */
  belowAsOf(parentNo: number, at: number): Place[] {
    return this.#edgesUnder(parentNo, at)
      .map((edge) => this.#placeOf(edge))
      .sort((a, b) => a.leg - b.leg || a.from - b.from || a.distributorNo - b.distributorNo);
  }

  /** From when on the latest place of somebody counts, and the first one; null where they have none. */
  placedFrom(no: number): { readonly first: number; readonly latest: number } | null {
    const newest = this.#edges.newestOf(no);
    if (newest === NO_EDGE) return null;
    let first = newest;
    for (let edge = newest; edge !== NO_EDGE; edge = this.#edges.olderOf(edge)) first = edge;
    return { first: this.#edges.fromOf(first), latest: this.#edges.fromOf(newest) };
  }

  /** Who stands on a leg at a time or at any later one, and until when; of several whoever stays longest. Null where it is free from then on. */
  takenFrom(parentNo: number, leg: number, { at, but }: { readonly at: number; readonly but: number }): Taken | null {
    let taken: Taken | null = null;
    for (const edge of this.#edgesUnderFrom(parentNo, at)) {
      const no = this.#edges.belowOf(edge);
      if (this.#legs[edge] !== leg || no === but) continue;
      const until = this.#endOf(edge);
      if (until > (taken?.until ?? at)) taken = { no, until };
    }
    return taken;
  }

  #endOf(edge: number): number {
    let end = Number.POSITIVE_INFINITY;
    for (let other = this.#edges.newestOf(this.#edges.belowOf(edge)); other !== edge; other = this.#edges.olderOf(other))
      end = this.#edges.fromOf(other);
    return end;
  }

  /** Whether `no` stands above somebody, or is the same, at a time or at any later one. */
  standsAboveFrom(no: number, below: number, at: number): boolean {
    const spans = [{ who: below, from: at, to: Number.POSITIVE_INFINITY }];
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      let { who, to } = span;
      while (who !== 0) {
        if (who === no) return true;
        let edge = this.#edges.newestOf(who);
        // The newest that begins within the span comes first; the one that counts at its beginning is followed on here.
        for (; edge !== NO_EDGE && this.#edges.fromOf(edge) > span.from; edge = this.#edges.olderOf(edge)) {
          const from = this.#edges.fromOf(edge);
          if (from >= to) continue;
          spans.push({ who: this.#edges.aboveOf(edge), from, to });
          to = from;
        }
        who = edge === NO_EDGE ? 0 : this.#edges.aboveOf(edge);
      }
    }
    return false;
  }

  /** Who stands below somebody at a time, on all levels; no more than `most` of them. */
  membersBelow(no: number, at: number, most: number): number[] {
    const members = [no];
    for (let index = 0; index < members.length && members.length <= most; index++)
      for (const edge of this.#edgesUnder(members[index] as number, at)) members.push(this.#edges.belowOf(edge));
    return members.slice(1, most + 1);
  }

  /**
   * Who stands on somebody's legs at a time, by leg; NOBODY where one is free from then on, and TAKEN where it is free for a while only, because
   * somebody is to stand there later.
   */
  legsFrom(parentNo: number, at: number): number[] {
    const legs: number[] = [];
    for (const edge of this.#edgesUnderFrom(parentNo, at)) {
      const leg = this.#legs[edge] as number;
      while (legs.length <= leg) legs.push(NOBODY);
      if (this.#edges.fromOf(edge) <= at) legs[leg] = this.#edges.belowOf(edge);
      else if (legs[leg] === NOBODY) legs[leg] = TAKEN;
    }
    return legs;
  }

  /** Who stands below somebody at a time or at any later one, on all levels. */
  membersFrom(no: number, at: number): Set<number> {
    const members = new Set([no]);
    for (const member of members) for (const edge of this.#edgesUnderFrom(member, at)) members.add(this.#edges.belowOf(edge));
    members.delete(no);
    return members;
  }

  /** How many stand below somebody at a time, counted so far only. */
  countBelow(no: number, at: number, most: number): number {
    const open = [no];
    let count = 0;
    for (let next = open.pop(); next !== undefined && count < most; next = open.pop())
      for (const edge of this.#edgesUnder(next, at)) {
        count++;
        open.push(this.#edges.belowOf(edge));
      }
    return Math.min(count, most);
  }

  /** Of the edges below somebody those that count at a time, the latest recorded first. */
  #edgesUnder(parentNo: number, at: number): number[] {
    return this.#recordedUnder(parentNo).filter((edge) => this.#edges.edgeAsOf(this.#edges.belowOf(edge), at) === edge);
  }

  /** Those that count at a time or at any later one. */
  #edgesUnderFrom(parentNo: number, at: number): number[] {
    return this.#recordedUnder(parentNo).filter((edge) => this.#endOf(edge) > at);
  }

  #recordedUnder(parentNo: number): number[] {
    const found: number[] = [];
    let edge = parentNo < this.#newestUnder.length ? (this.#newestUnder[parentNo] as number) : NO_EDGE;
    for (; edge !== NO_EDGE; edge = this.#olderUnder[edge] as number) found.push(edge);
    return found;
  }

  /** A time, and the later moments at which somebody's way up changes, in no order. */
  momentsAbove(no: number, at: number): number[] {
    const moments = [at];
    // What is found on the way is looked at as well.
    for (const moment of moments)
      for (const who of [no, ...this.uplineAsOf(no, moment)])
        for (
          let edge = this.#edges.newestOf(who);
          edge !== NO_EDGE && this.#edges.fromOf(edge) > at;
          edge = this.#edges.olderOf(edge)
        )
          if (!moments.includes(this.#edges.fromOf(edge))) moments.push(this.#edges.fromOf(edge));
    return moments;
  }

  /** Who stands above somebody at a time, and after each later change of it; nearest first. */
  uplinesFrom(no: number, at: number): number[][] {
    return this.momentsAbove(no, at).map((moment) => this.uplineAsOf(no, moment));
  }

  /** Nearest first, up to the top of the tree. */
  uplineAsOf(no: number, at: number): number[] {
    const upline: number[] = [];
    for (let up = this.#parentAsOf(no, at); up !== 0; up = this.#parentAsOf(up, at)) upline.push(up);
    return upline;
  }

  /** Who stands where at a time, the newest number first, at most `limit` below `before`. */
  search({ at, before = Number.POSITIVE_INFINITY, limit, only }: PlaceSearch): Place[] {
    const lowest = only ?? 1;
    const found: Place[] = [];
    for (let no = Math.min(before - 1, only ?? this.#highestNo); no >= lowest && found.length < limit; no--) {
      const edge = this.#edges.edgeAsOf(no, at);
      if (edge !== NO_EDGE) found.push(this.#placeOf(edge));
    }
    return found;
  }

  #widen(size: number): void {
    const room = Math.ceil(size * 1.25);
    const legs = new Uint8Array(room);
    legs.set(this.#legs);
    this.#legs = legs;
    const olderUnder = new Int32Array(room);
    olderUnder.set(this.#olderUnder);
    this.#olderUnder = olderUnder;
  }

  #placeOf(edge: number): Place {
    const edges = this.#edges;
    const leg = this.#legs[edge] ?? 0;
    return { distributorNo: edges.belowOf(edge), parentNo: edges.aboveOf(edge), leg, from: edges.fromOf(edge) };
  }

  #parentAsOf(no: number, at: number): number {
    const edge = this.#edges.edgeAsOf(no, at);
    return edge === NO_EDGE ? 0 : this.#edges.aboveOf(edge);
  }
}
