import { float64At, int32At } from "./typed.ts";

/** No edge: somebody who has none at a time. */
export const NO_EDGE = -1;

/**
 * Who stood under whom, as of any time, of numbered people: dated rows in typed arrays, each of which names the row before
 * it of the same person. Some 20 bytes a row and 4 a person, so that millions of both stay small.
 */
export class DatedEdges {
  /** The newest edge by the number of who stands below. */
  #newest = new Int32Array(0);
  #below = new Int32Array(0);
  #above = new Int32Array(0);
  #older = new Int32Array(0);
  /** Epoch milliseconds. */
  #from = new Float64Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Bytes that the columns take. */
  get bytes(): number {
    return this.#newest.byteLength + this.#from.byteLength + 3 * this.#below.byteLength;
  }

  /** Adds an edge that counts from a moment on, not earlier than the same person's edge before; answers its index. */
  add(below: number, above: number, from: number): number {
    if (below >= this.#newest.length) this.#newest = wider(this.#newest, below + 1, NO_EDGE);
    if (this.#size === this.#below.length) this.#grow();
    const edge = this.#size++;
    this.#below[edge] = below;
    this.#above[edge] = above;
    this.#from[edge] = from;
    this.#older[edge] = int32At(this.#newest, below);
    this.#newest[below] = edge;
    return edge;
  }

  /** The latest recorded edge of somebody, whenever it begins. */
  newestOf(below: number): number {
    return below < this.#newest.length ? int32At(this.#newest, below) : NO_EDGE;
  }

  /** The edge that counts at a time: the latest that began by then. */
  edgeAsOf(below: number, at: number): number {
    let edge = this.newestOf(below);
    while (edge !== NO_EDGE && float64At(this.#from, edge) > at) edge = int32At(this.#older, edge);
    return edge;
  }

  belowOf(edge: number): number {
    return int32At(this.#below, edge);
  }

  aboveOf(edge: number): number {
    return int32At(this.#above, edge);
  }

  /** When it begins, in epoch milliseconds. */
  fromOf(edge: number): number {
    return float64At(this.#from, edge);
  }

  /** The same person's edge before it. */
  olderOf(edge: number): number {
    return int32At(this.#older, edge);
  }

  #grow(): void {
    const capacity = this.#size + 1;
    this.#below = wider(this.#below, capacity, NO_EDGE);
    this.#above = wider(this.#above, capacity, NO_EDGE);
    this.#older = wider(this.#older, capacity, NO_EDGE);
    this.#from = widerFloats(this.#from, this.#below.length);
  }
}

/** Room for at least `needed` elements and a quarter more: doubling would waste half of a large column. */
function roomFor(needed: number): number {
  return Math.max(16, Math.ceil(needed * 1.25));
}

/** A copy with room for more; what is new is `fill`. */
export function wider(column: Int32Array<ArrayBuffer>, needed: number, fill: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(roomFor(needed));
  wide.set(column);
  return wide.fill(fill, column.length);
}

function widerFloats(column: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(length);
  wide.set(column);
  return wide;
}
