import { wider } from "./dated-edges.ts";
import type { SponsorTree, TimeSpan } from "./network.ts";
import { int32At, itemAt } from "./typed.ts";

/** Everyone below somebody as of a time, level by level and within a level by number. */
export interface Downline {
  readonly members: Int32Array;
  /** Level `n` is `members` from `starts[n - 1]` to `starts[n]`; level 1 is the frontline. */
  readonly starts: readonly number[];
  /** Whether nobody stands deeper. */
  readonly complete: boolean;
  /** The times for which it is the same, while nobody is enrolled or moved. */
  readonly span: Readonly<TimeSpan>;
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
  { no, at, depth }: { no: number; at: number; depth: number },
  enrolledAt: (no: number) => number,
): Generator<undefined, Downline> {
  const span: TimeSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const members = new Numbers();
  const starts = [0];
  let level = Int32Array.of(no);
  while (level.length > 0 && starts.length <= depth) {
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
  return { members: members.taken(), starts: trimmed(starts), complete: level.length === 0, span };
}

/** Levels at the end in which nobody is. */
function trimmed(starts: number[]): number[] {
  while (starts.length > 1 && starts.at(-1) === starts.at(-2)) starts.pop();
  return starts;
}

/** Which level a member's place in `members` is in. */
export function levelOf(downline: Downline, index: number): number {
  let level = 1;
  while (itemAt(downline.starts, level) <= index) level++;
  return level;
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
