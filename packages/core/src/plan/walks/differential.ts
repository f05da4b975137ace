import { aboveOf, type Ground, isActive, rankOf, type Till, type Why } from "./ground.ts";
import type { OwnRates } from "./rates.ts";

export interface DifferentialRule {
  readonly highest: number;
  readonly stopRank: number;
  readonly own: OwnRates | null;
}

/**
 * Everyone on the path is paid what their share exceeds the highest already paid. Ends when nobody can
 * exceed it. Commission-plans section 4, order form; `shareOf` gives units, 0 for whoever is not active.
 */
export function walkDifferential(
  rule: DifferentialRule,
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
      till.pass(no, level, "skipped", isActive(ground, no) ? whyLess(rule, no, share) : "inactive");
    }
    if (rankOf(ground, no) >= rule.stopRank) return;
    level++;
  }
}

/** Somebody whom a condition or a table gives nothing is told so; else more was paid below. */
function whyLess({ own }: DifferentialRule, no: number, share: number): Why {
  return share === 0 && own !== null ? own.why(no, 1) : "already-paid";
}
