import { setImmediate as turn } from "node:timers/promises";
import type { TimeSpan } from "@upline/core";
import type { Network } from "./network.ts";

/** So many people are looked at before everything else has its turn: about a millisecond. */
const STEP = 32_768;
/** A tree that is moved in while it is counted is counted anew; after so many times without a pause. */
const PATIENT = 3;

/**
 * Who stands under whom at a time and how many below each, of the whole company at once: counting one downline after the other
 * would walk those at the top for every row that is shown. 16 bytes a distributor. 0 is the company, and everybody is below it.
 */
export class TreeSums {
  /** For how long it is true, as long as nobody is moved: epoch milliseconds, the end is not included. */
  readonly span: TimeSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  readonly moves: number;
  readonly #at: number;
  #above: Int32Array;
  #below: Int32Array;
  #frontline: Int32Array;
  /** Those who were there at first, whoever stands below somebody before them. */
  #lowestFirst = new Int32Array(0);
  #size = 0;

  private constructor(network: Network, at: number) {
    this.moves = network.moves;
    this.#at = at;
    this.#above = network.tree.sponsorsAsOf(at, this.span);
    this.#above[0] = 0;
    this.#below = new Int32Array(this.#above.length);
    this.#frontline = new Int32Array(this.#above.length);
  }

  /** Counts everybody, in steps. To be thrown away where somebody was moved meanwhile. */
  static *count(network: Network, at: number): Generator<undefined, TreeSums> {
    const sums = new TreeSums(network, at);
    yield;
    const size = settledUpTo(network, sums.#above.length);
    const open = new Int32Array(size);
    for (let no = 1; no < size; no++) {
      if (no % STEP === 0) yield;
      const above = Math.max(0, sums.#above[no] as number);
      sums.#above[no] = above;
      open[above] = (open[above] as number) + 1;
      if (sums.#isThere(network, no)) sums.#frontline[above] = (sums.#frontline[above] as number) + 1;
    }
    const order = new Int32Array(Math.max(0, size - 1));
    let last = 0;
    yield;
    for (let no = 1; no < size; no++) if (open[no] === 0) order[last++] = no;
    for (let place = 0; place < last; place++) {
      if (place % STEP === 0) yield;
      const no = order[place] as number;
      const above = sums.#above[no] as number;
      sums.#below[above] =
        (sums.#below[above] as number) + (sums.#below[no] as number) + (network.enrolledAtOf(no) <= at ? 1 : 0);
      open[above] = (open[above] as number) - 1;
      if (open[above] === 0 && above !== 0) order[last++] = above;
    }
    sums.#lowestFirst = order;
    sums.#size = size - 1;
    return sums;
  }

  /** The highest number that is counted. */
  get size(): number {
    return this.#size;
  }

  #isThere(network: Network, no: number): boolean {
    const since = network.enrolledAtOf(no);
    if (since > this.#at) this.span.to = Math.min(this.span.to, since);
    else this.span.from = Math.max(this.span.from, since);
    return since <= this.#at;
  }

  /** Counts who was enrolled since, under whoever sponsors them. */
  grow(network: Network): void {
    while (this.#size < network.size && network.isSettled(this.#size + 1)) {
      const no = ++this.#size;
      if (no >= this.#above.length) this.#widen(no + 1);
      const above = Math.max(0, network.tree.sponsorAsOf(no, this.#at));
      this.#above[no] = above;
      if (!this.#isThere(network, no)) continue;
      this.#frontline[above] = (this.#frontline[above] as number) + 1;
      for (let up = above; ; up = this.#above[up] as number) {
        this.#below[up] = (this.#below[up] as number) + 1;
        if (up === 0) break;
      }
    }
  }

  #widen(size: number): void {
    const wide = (column: Int32Array): Int32Array => {
      const other = new Int32Array(Math.ceil(size * 1.25));
      other.set(column);
      return other;
    };
    [this.#above, this.#below, this.#frontline] = [wide(this.#above), wide(this.#below), wide(this.#frontline)];
  }

  /** The sponsor; 0 is the company. */
  aboveOf(no: number): number {
    return this.#above[no] ?? 0;
  }

  /** How many stand below somebody, on all levels. */
  belowOf(no: number): number {
    return this.#below[no] ?? 0;
  }

  frontlineOf(no: number): number {
    return this.#frontline[no] ?? 0;
  }

  /** Whom somebody sponsors; of the company whoever has no sponsor. */
  membersUnder(network: Network, no: number): number[] {
    const isThere = (other: number) => other <= this.#size && network.enrolledAtOf(other) <= this.#at;
    if (no !== 0) return network.frontlineAt(no, this.#at).filter(isThere);
    const members: number[] = [];
    for (let other = 1; other <= this.#size; other++) if (this.#above[other] === 0 && isThere(other)) members.push(other);
    return members;
  }

  /** What everybody has together with all below, of what each has by number: in steps. */
  *sumUp(own: (no: number) => number): Generator<undefined, Float64Array> {
    const sums = new Float64Array(this.#above.length);
    const size = this.#size;
    const add = (no: number) => {
      const sum = (sums[no] as number) + own(no);
      sums[no] = sum;
      const above = this.#above[no] as number;
      sums[above] = (sums[above] as number) + sum;
    };
    // Whoever came since has a higher number than all above them.
    for (let no = size; no > this.#lowestFirst.length; no--) add(no);
    for (let place = 0; place < this.#lowestFirst.length; place++) {
      if (place % STEP === STEP - 1) yield;
      add(this.#lowestFirst[place] as number);
    }
    return sums;
  }
}

/** How many come before the first one whose sponsor is not here yet, the company among them. */
function settledUpTo(network: Network, size: number): number {
  for (let no = 1; no < size; no++) if (!network.isSettled(no)) return no;
  return size;
}

const KEPT = 2;
const kept = new WeakMap<Network, TreeSums[]>();
const underWay = new WeakMap<Network, Promise<unknown>>();

/** The tree as it is at a time (epoch milliseconds), counted. What was counted is used again until somebody is moved; one count at a time. */
export async function treeSumsOf(network: Network, at: number): Promise<TreeSums> {
  for (let before = underWay.get(network); before !== undefined; before = underWay.get(network)) await before;
  const isTrue = ({ moves, span }: TreeSums) => moves === network.moves && at >= span.from && at < span.to;
  const known = (kept.get(network) ?? []).find(isTrue);
  known?.grow(network);
  if (known !== undefined && isTrue(known)) return known;
  const counting = countPatiently(network, at);
  const over = () => void underWay.delete(network);
  underWay.set(network, counting.then(over, over));
  return counting;
}

async function countPatiently(network: Network, at: number): Promise<TreeSums> {
  for (let attempt = 1; ; attempt++) {
    const { moves } = network;
    const steps = TreeSums.count(network, at);
    let step = steps.next();
    while (!step.done && moves === network.moves) {
      if (attempt <= PATIENT) await turn();
      step = steps.next();
    }
    if (!step.done || moves !== network.moves) continue;
    step.value.grow(network);
    const others = (kept.get(network) ?? []).filter((each) => each.moves === moves);
    kept.set(network, [step.value, ...others].slice(0, KEPT));
    return step.value;
  }
}
