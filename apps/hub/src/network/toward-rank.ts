import { type Plan, volumeOf } from "@upline/core";

/** The rank above somebody's, and the volume that it asks of a period. */
export interface TowardRank {
  readonly id: string;
  readonly name: string;
  /** Which volume is asked: the whole group's, or where none is asked the own. */
  readonly by: "gv" | "pv";
  /** Ten-thousandths. */
  readonly needed: bigint;
}

/**
 * What of volume the next rank asks, where it is the volume that the tree shows: null at the top, where the rank asks for none, where it
 * counts less of large legs, and where ranks go by a placement tree.
 */
export function towardRank(plan: Plan, rank: string | null): TowardRank | null {
  const next = plan.ranks[plan.ranks.findIndex(({ id }) => id === rank) + 1];
  if (next === undefined) return null;
  const { id, name, requires } = next;
  const goesBySponsors = plan.rankTree === undefined || plan.trees?.[plan.rankTree]?.is === "enrolment";
  if (requires.gv !== undefined)
    return goesBySponsors && requires.gv.maxLeg === undefined
      ? { id, name, by: "gv", needed: volumeOf(requires.gv.volume) }
      : null;
  return requires.pv === undefined ? null : { id, name, by: "pv", needed: volumeOf(requires.pv) };
}
