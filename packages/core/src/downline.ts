import { wider } from "./dated-edges.ts";
import type { SponsorTree, TimeSpan } from "./network.ts";
import { int32At, itemAt } from "./typed.ts";

/** Everyone below somebody as of a time, level by level and within a level by number. */
export interface Downline {
  readonly members: Int32Array;
  /** Level `n` is `members` from `starts[n - 1]` to `starts[n]`; level 1 is the frontline. */
  readonly starts: readonly number[];
  /** How many levels were walked; without end where nobody stands deeper. */
  readonly depth: number;
  /** The times for which it is the same, while nobody is enrolled or moved. */
  readonly span: Readonly<TimeSpan>;
}

export interface WalkFrom {
  readonly no: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly depth: number;
  /** Asked after each level: whether those that were walked are enough. */
  readonly isEnough?: ((starts: readonly number[]) => boolean) | undefined;
}

/** So many distributors are walked at once: some milliseconds. */
const STEP = 16_384;

/**
 * Walks down level by level, and pauses (yields) every some milliseconds, so that a million do not hold up whatever else is
 * to be done. It is to be thrown away where the tree has changed during a pause.
 * Whoever is enrolled later than `at` is left out; those below are walked all the same, as they may have been enrolled before.
 */
export function* walkDownline(
  tree: SponsorTree,
  { no, at, depth, isEnough = () => false }: WalkFrom,
  enrolledAt: (no: number) => number,
): Generator<undefined, Downline> {
  const span: TimeSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const members = new Numbers();
  const starts = [0];
  let level = Int32Array.of(no);
  while (level.length > 0 && starts.length <= depth && !isEnough(starts)) {
    const below = new Numbers();
    for (let index = 0; index < level.length; index++) {
      const before = below.size;
      tree.visitBelow(int32At(level, index), at, span, (member) => below.push(member));
      if ((below.size ^ before) >= STEP || index % STEP === STEP - 1) yield;
    }
    level = sorted(below.taken(), tree.size);
    yield;
    for (let index = 0; index < level.length; index++) {
      const member = int32At(level, index);
      const since = enrolledAt(member);
      if (since > at) span.to = Math.min(span.to, since);
      else {
        span.from = Math.max(span.from, since);
        members.push(member);
      }
      if (index % STEP === STEP - 1) yield;
    }
    starts.push(members.size);
  }
  const walked = level.length === 0 ? Number.POSITIVE_INFINITY : starts.length - 1;
  return { members: members.taken(), starts: trimmed(starts), depth: walked, span };
}

/** Levels at the end in which nobody is. */
function trimmed(starts: number[]): number[] {
  while (starts.length > 1 && starts.at(-1) === starts.at(-2)) starts.pop();
  return starts;
}

/** Members behind one of them, at most `limit`, not deeper than `depth`. */
export function membersAfter(
  { members, starts }: Pick<Downline, "members" | "starts">,
  { after, depth, limit }: { after?: { level: number; no: number } | undefined; depth: number; limit: number },
): { no: number; level: number }[] {
  const found: { no: number; level: number }[] = [];
  for (let level = after?.level ?? 1; level <= Math.min(depth, starts.length - 1); level++) {
    const end = itemAt(starts, level);
    let index = itemAt(starts, level - 1);
    if (level === after?.level) index = firstAbove(members, { no: after.no, from: index, to: end });
    for (; index < end; index++) {
      if (found.length === limit) return found;
      found.push({ no: int32At(members, index), level });
    }
  }
  return found;
}

/** The first place of a level whose number is above one. */
function firstAbove(members: Int32Array, { no, from, to }: { no: number; from: number; to: number }): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (int32At(members, middle) <= no) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers in ascending order. A large share of all is marked bit by bit and read off, which is much faster than comparing. */
function sorted(numbers: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  if (numbers.length < size >> 6) return numbers.sort();
  const marks = new Int32Array((size >> 5) + 1);
  for (const no of numbers) marks[no >> 5] = int32At(marks, no >> 5) | (1 << (no & 31));
  let taken = 0;
  for (let word = 0; word < marks.length; word++)
    for (let bits = int32At(marks, word); bits !== 0; bits &= bits - 1)
      numbers[taken++] = (word << 5) + 31 - Math.clz32(bits & -bits);
  return numbers;
}

class Numbers {
  #column = new Int32Array(16);
  size = 0;

  push(no: number): void {
    if (this.size === this.#column.length) this.#column = wider(this.#column, this.size + (this.size >> 1), 0);
    this.#column[this.size++] = no;
  }

  /** What was pushed, without what was kept free. */
  taken(): Int32Array<ArrayBuffer> {
    return this.#column.subarray(0, this.size);
  }
}
