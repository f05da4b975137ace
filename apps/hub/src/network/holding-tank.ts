import type { Network } from "./network.ts";

/** So many numbers lie side by side in memory when they are looked at. */
const BLOCK = 128;
/** Steps of this part of a circle spread most evenly over it. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Who has no place in a tree yet, whenever it begins: the earliest enrolled first, of the same moment by the bytes of the id,
 * behind the number of a page before. Everybody is looked at, a few nanoseconds for each.
 */
export function earliestWaiting(
  network: Network,
  { tree, limit, after }: { readonly tree: string; readonly limit: number; readonly after?: number | undefined },
): number[] {
  const places = network.placesOf(tree);
  const earliest: number[] = [];
  const isBefore = (a: number, b: number) => (network.enrolledAtOf(a) - network.enrolledAtOf(b) || network.compareIds(a, b)) < 0;
  let latest = Number.POSITIVE_INFINITY;
  for (const first of scatteredBlocks(network.size))
    for (let no = first; no < first + BLOCK && no <= network.size; no++) {
      if (network.enrolledAtOf(no) > latest || places?.has(no)) continue;
      if (after !== undefined && !isBefore(after, no)) continue;
      const last = earliest[limit - 1];
      if (last !== undefined && isBefore(last, no)) continue;
      earliest.splice(
        indexAmong(earliest, (other) => isBefore(other, no)),
        0,
        no,
      );
      earliest.length = Math.min(earliest.length, limit);
      if (earliest.length === limit) latest = network.enrolledAtOf(earliest[limit - 1] ?? 0);
    }
  return earliest;
}

/**
 * Where the blocks of the numbers 1 to `size` begin, far from each other one after the other: numbers that run against the
 * dates, as those of a file do whose newest line is its first, would otherwise each push out another of those kept so far.
 */
function* scatteredBlocks(size: number): Generator<number> {
  const blocks = Math.ceil(size / BLOCK);
  let step = Math.max(1, Math.round(blocks * GOLDEN));
  while (commonDivisor(step, blocks) > 1) step++;
  for (let taken = 0, block = 0; taken < blocks; taken++, block = (block + step) % blocks) yield block * BLOCK + 1;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** How many of a sorted list come before. */
function indexAmong(sorted: readonly number[], isBefore: (other: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
