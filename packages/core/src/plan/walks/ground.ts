/**
 * What every walk up a tree stands on. At order time the ground is one order's upline (number 0 is
 * the owner); at a close it is the whole network. One walk serves both, so they cannot disagree.
 */
export interface Ground {
  /**
   * Two numbers for each distributor, side by side because a walk needs both at once and a million of
   * them do not fit a processor's cache: the next upline (-1 at the root), and standing = rank × 2 + active.
   */
  readonly links: Int32Array;
}

/** Ground from columns: next upline (-1 at a root), rank number (-1 for none), and 1 where active. */
export function groundOf(above: ArrayLike<number>, rank: ArrayLike<number>, active: ArrayLike<number>, count: number): Ground {
  const links = new Int32Array(count * 2);
  for (let no = 0; no < count; no++) {
    links[no * 2] = above[no] as number;
    links[no * 2 + 1] = (rank[no] as number) * 2 + (active[no] as number);
  }
  return { links };
}

export function aboveOf(ground: Ground, no: number): number {
  return ground.links[no * 2] as number;
}

export function rankOf(ground: Ground, no: number): number {
  return (ground.links[no * 2 + 1] as number) >> 1;
}

export function isActive(ground: Ground, no: number): boolean {
  return ((ground.links[no * 2 + 1] as number) & 1) === 1;
}

/** The company, where a share that nobody qualified for goes. */
export const COMPANY = -1;

/** Why a distributor was passed over. */
export type Why = "inactive" | "rank" | "blocked" | "already-paid" | "passed-up" | "condition" | "row" | "closed";

/** `skipped` leaves the level to the next upline, `unearned` uses it up. */
export type How = "skipped" | "unearned";

/** Takes what a walk decides. Shares are units of the walk's rate table. */
export interface Till {
  /** A share of the base for `no`, or for the company; `from` is who missed it, or -1. */
  pay(no: number, level: number, units: number, from: number): void;
  /** What `upTo` exceeds `before`, so that the steps of a path sum to the highest share to the last unit. */
  payBetween(no: number, level: number, upTo: number, before: number): void;
  pass(no: number, level: number, how: How, why: Why): void;
  /** The upline ended with levels left. */
  end(level: number): void;
}
