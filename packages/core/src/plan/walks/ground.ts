/**
 * What every walk up a tree stands on. At order time the ground is one order's upline (number 0 is
 * the owner); at a close it is the whole network. One walk serves both, so they cannot disagree.
 */
export interface Ground {
  /** Next upline by number, -1 at the root. */
  readonly above: Int32Array;
  /** Rank numbers, -1 for none. */
  readonly rank: Int16Array;
  /** 1 where the distributor is active. */
  readonly active: Uint8Array;
}

/** The company, where a share that nobody qualified for goes. */
export const COMPANY = -1;

/** Why a distributor was passed over. */
export type Why = "inactive" | "rank" | "blocked" | "already-paid" | "passed-up";

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
