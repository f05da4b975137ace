import { aboveOf, type Ground, isActive, rankOf, type Till } from "./ground.ts";

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
  let paid = 0;
  let level = 1;
  for (let no = start; no >= 0 && paid < rule.highest; no = aboveOf(ground, no)) {
    const share = isActive(ground, no) ? shareOf(no) : 0;
    if (share > paid) {
      till.payBetween(no, level, share, paid);
      paid = share;
    } else {
      till.pass(no, level, "skipped", isActive(ground, no) ? "already-paid" : "inactive");
    }
    if (rankOf(ground, no) >= rule.stopRank) return;
    level++;
  }
}
