import type { CloseInput } from "@upline/core/engine";

/** Whom no request could compute the part of the tree of: whoever has more than so many people below, in all trees together. */

/** A part of this size is read and computed within the time of a request. */
export const MOST_OF_A_PART = 1_000;

/** The engine's numbers of whoever's part holds more than `most` people, themselves included. */
export function largeDownlines({ network }: Pick<CloseInput, "network">, most: number): number[] {
  const { count } = network;
  const trees = [network.sponsor, ...Object.values(network.placements).map(({ parent }) => parent)];
  const under = trees.map((above) => heads(above, count));
  const isLarge = new Uint8Array(count);
  const seenBy = new Int32Array(count).fill(-1);
  const walked: number[] = [];
  const found: number[] = [];
  for (let no = 0; no < count; no++) if (isLarge[no] === 0 && countsMore(no)) mark(no);
  return found;

  /** Goes down until there are too many; whoever is met and known for too many is enough. */
  function countsMore(no: number): boolean {
    walked.length = 0;
    walked.push(no);
    seenBy[no] = no;
    for (let index = 0; index < walked.length; index++) {
      const member = walked[index] as number;
      if (walked.length > most || isLarge[member] === 1) return true;
      for (const { first, next } of under)
        for (let below = first[member] as number; below >= 0; below = next[below] as number) {
          if (seenBy[below] === no) continue;
          seenBy[below] = no;
          walked.push(below);
          if (walked.length > most) return true;
        }
    }
    return false;
  }

  /** Whoever stands above a large team has one too. */
  function mark(no: number): void {
    const open = [no];
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      if (isLarge[member] === 1) continue;
      isLarge[member] = 1;
      found.push(member);
      for (const above of trees) if ((above[member] as number) >= 0) open.push(above[member] as number);
    }
  }
}

/** Everyone's first person below, and each one's next beside them. */
function heads(above: Int32Array, count: number): { readonly first: Int32Array; readonly next: Int32Array } {
  const first = new Int32Array(count).fill(-1);
  const next = new Int32Array(count).fill(-1);
  for (let no = count - 1; no >= 0; no--) {
    const up = above[no] as number;
    if (up < 0) continue;
    next[no] = first[up] as number;
    first[up] = no;
  }
  return { first, next };
}
