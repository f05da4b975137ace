import { DatedEdges, NO_EDGE } from "@upline/core";

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

/** Who stands where in one placement tree, as of any time. Before the first place there is none. */
export class Places {
  /** A move is never earlier than the place before it. */
  readonly #edges = new DatedEdges();
  #legs = new Uint8Array(16);
  #highestNo = 0;

  get bytes(): number {
    return this.#edges.bytes + this.#legs.byteLength;
  }

  add({ distributorNo, parentNo, leg, from }: Place): void {
    const edge = this.#edges.add(distributorNo, parentNo, from);
    if (edge >= this.#legs.length) {
      const wide = new Uint8Array(Math.ceil((edge + 1) * 1.25));
      wide.set(this.#legs);
      this.#legs = wide;
    }
    this.#legs[edge] = leg;
    this.#highestNo = Math.max(this.#highestNo, distributorNo);
  }

  /** Whether somebody has a place, from whenever on. */
  has(no: number): boolean {
    return this.#edges.newestOf(no) !== NO_EDGE;
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
