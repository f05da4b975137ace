import type { Ground, Till } from "./ground.ts";

/**
 * Everyone on the path is paid what their share exceeds the highest already paid. Ends when nobody can
 * exceed it. Commission-plans section 4, order form; `shareOf` gives units, 0 for whoever is not active.
 */
export function walkDifferential(
  rule: { readonly highest: number; readonly stopRank: number },
  ground: Ground,
  start: number,
  shareOf: (no: number) => number,
  till: Till,
): void {
  const { above, rank, active } = ground;
  let paid = 0;
  let level = 1;
  for (let no = start; no >= 0 && paid < rule.highest; no = above[no] as number) {
    const share = active[no] === 1 ? shareOf(no) : 0;
    if (share > paid) {
      till.payBetween(no, level, share, paid);
      paid = share;
    } else {
      till.pass(no, level, "skipped", active[no] === 1 ? "already-paid" : "inactive");
    }
    if ((rank[no] as number) >= rule.stopRank) return;
    level++;
  }
}
