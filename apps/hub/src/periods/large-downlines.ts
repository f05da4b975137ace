import type { CloseInput } from "@upline/core/engine";

/** Whom no request could compute the part of the tree of: whoever has more than so many people below, in all trees together. */

/** A part of this size is read and computed within the time of a request. */
export const MOST_OF_A_PART = 1_000;

/** Of larger parts nothing is kept, and each is walked. */
const MOST_KNOWN = 65_535;

/** The engine's numbers of whoever's part holds more than `most` people, themselves included. */
export function largeDownlines({ network }: Pick<CloseInput, "network">, most: number): number[] {
  const { count } = network;
  const trees = [network.sponsor, ...Object.values(network.placements).map(({ parent }) => parent)];
  const under = trees.map((above) => heads(above, count));
  const isLarge = new Uint8Array(count);
  const seenBy = new Int32Array(count).fill(-1);
  /** A number that somebody's part does not exceed; 0 is not known yet. */
  const atMost = new Uint16Array(most > MOST_KNOWN ? 0 : count);
  const walked = new Int32Array(most + 1);
  const found: number[] = [];
  // Whoever came later mostly stands below: of them is known how many they have, so that hardly anybody's part is walked.
  for (let no = count - 1; no >= 0; no--) {
    if (isLarge[no] === 1) continue;
    const bound = boundOf(no);
    const size = bound > most ? sizeOf(no) : bound;
    if (size > most) mark(no);
    else atMost[no] = size;
  }
  return found.sort((one, other) => one - other);

  /** No part is larger than those of all who stand right below, together: who is in two of them counts twice. */
  function boundOf(no: number): number {
    let bound = 1;
    for (const { first, next } of under)
      for (let below = first[no] as number; below >= 0; below = next[below] as number) {
        const known = atMost[below] ?? 0;
        if (known === 0) return Number.POSITIVE_INFINITY;
        bound += known;
      }
    return bound;
  }

  /** Goes down until there are too many; whoever is met and known for too many is enough. */
  function sizeOf(no: number): number {
    walked[0] = no;
    seenBy[no] = no;
    let size = 1;
    for (let index = 0; index < size; index++) {
      const member = walked[index] as number;
      if (size > most || isLarge[member] === 1) return most + 1;
      for (const { first, next } of under)
        for (let below = first[member] as number; below >= 0; below = next[below] as number) {
          if (seenBy[below] === no) continue;
          seenBy[below] = no;
          walked[size++] = below;
          if (size > most) return size;
        }
    }
    return size;
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
