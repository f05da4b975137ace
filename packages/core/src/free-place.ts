import { NOBODY } from "./network.ts";

/** Where a newcomer goes when the chosen distributor's legs are taken. */
export type SpilloverMode = "breadth-first" | "depth-first" | "fewest-children" | "leftmost" | "rightmost";

/** On a leg: free at the moment, but not for long, as somebody is to stand there later. */
export const TAKEN = -2;

/** A placement tree as spillover looks at it, however it is kept. */
export interface Legs {
  readonly width: number;
  /** Levels below a distributor that are searched; infinite for a binary tree. */
  readonly depth: number;
  /** Who stands on somebody's legs now, by leg; NOBODY, or nothing, where one is free, and TAKEN where it will not stay so. */
  legsOf(parent: number): readonly number[];
}

export interface FreePlace {
  readonly parent: number;
  /** From 0. */
  readonly leg: number;
}

/** The place spillover would choose under a distributor; null where the tree has none within its depth. */
export function findFreePlace(legs: Legs, under: number, mode: SpilloverMode): FreePlace | null {
  if (mode === "leftmost" || mode === "rightmost") return outermost(legs, under, mode === "leftmost" ? 0 : legs.width - 1);
  if (mode === "depth-first") return deepFirst(legs, under, 1);
  return nearest(legs, under, mode === "fewest-children");
}

function outermost(legs: Legs, under: number, leg: number): FreePlace | null {
  let parent = under;
  for (let next = onLeg(legs.legsOf(parent), leg); next !== NOBODY; next = onLeg(legs.legsOf(parent), leg)) {
    if (next === TAKEN) return null;
    parent = next;
  }
  return { parent, leg };
}

function deepFirst(legs: Legs, under: number, level: number): FreePlace | null {
  if (level > legs.depth) return null;
  const own = legs.legsOf(under);
  for (let leg = 0; leg < legs.width; leg++) {
    const below = onLeg(own, leg);
    if (below === NOBODY) return { parent: under, leg };
    if (below === TAKEN) continue;
    const free = deepFirst(legs, below, level + 1);
    if (free !== null) return free;
  }
  return null;
}

/** Level by level from the left; with `balanced` the parent with the fewest directly below on the first open level. */
function nearest(legs: Legs, under: number, balanced: boolean): FreePlace | null {
  let level = [under];
  for (let depth = 1; depth <= legs.depth && level.length > 0; depth++) {
    const occupied = level.map((parent) => legs.legsOf(parent).filter((child) => child !== NOBODY));
    let best = -1;
    for (const [index, children] of occupied.entries()) {
      if (children.length >= legs.width) continue;
      if (best < 0 || (balanced && children.length < (occupied[best]?.length ?? 0))) best = index;
      if (!balanced) break;
    }
    const parent = level[best];
    if (parent !== undefined) return { parent, leg: freeLeg(legs.legsOf(parent)) };
    level = occupied.flat().filter((child) => child !== TAKEN);
  }
  return null;
}

function onLeg(own: readonly number[], leg: number): number {
  return own[leg] ?? NOBODY;
}

function freeLeg(own: readonly number[]): number {
  let leg = 0;
  while (onLeg(own, leg) !== NOBODY) leg++;
  return leg;
}
