import type { UplineDistributor } from "../order-facts.ts";

/** Why a distributor cannot earn now: not in an earning status, short of the period's personal volume, or of what `active.condition` asks. */
export type Inactivity = "status" | "pv" | "condition";

/** A distributor of the upline with what the plan makes of them. */
export interface Candidate {
  readonly distributor: UplineDistributor;
  readonly rankNo: number;
  readonly inactive: Inactivity | null;
}
