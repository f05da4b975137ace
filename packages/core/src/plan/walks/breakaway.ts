import { aboveOf, type Ground, isActive, rankOf, type Till } from "./ground.ts";
import { missedAt, type RateRule, unitsAt, whyNone } from "./rates.ts";

export interface BreakawayRule extends RateRule {
  /** Rank number from which distributors break away. */
  readonly threshold: number;
  /** The least override of the differential mode; null is the mode by generation. */
  readonly floor: number | null;
}

/** Overrides above one broken-away leader, on that leader's group volume. Commission-plans section 4. */
export function walkBreakaway(rule: BreakawayRule, ground: Ground, leader: number, till: Till): void {
  if (rule.floor === null) walkByGeneration(rule, ground, leader, till);
  else payDifference(rule, rule.floor, ground, leader, till);
}

/** The generation is the number of broken-away leaders passed; the first who qualifies in each is paid. */
function walkByGeneration(rule: BreakawayRule, ground: Ground, leader: number, till: Till): void {
  let generation = 1;
  let paid = false;
  for (let no = aboveOf(ground, leader); no >= 0 && generation <= rule.table.levels; no = aboveOf(ground, no)) {
    const own = rankOf(ground, no);
    const units = paid ? 0 : unitsAt(rule, ground, no, generation);
    if (units > 0) {
      till.pay(no, generation, units, -1);
      paid = true;
    } else
      till.pass(no, generation, "skipped", isActive(ground, no) && paid ? "already-paid" : whyNone(rule, ground, no, generation));
    if (own >= rule.threshold) {
      generation++;
      paid = false;
    }
  }
}

/** The first upline whose rank has an override earns what it exceeds the leader's, or the floor. */
function payDifference(rule: BreakawayRule, floor: number, ground: Ground, leader: number, till: Till): void {
  const leaders = missedAt(rule, ground, leader, 1);
  for (let no = aboveOf(ground, leader); no >= 0; no = aboveOf(ground, no)) {
    const own = unitsAt(rule, ground, no, 1);
    if (own === 0) {
      till.pass(no, 1, "skipped", whyNone(rule, ground, no, 1));
      continue;
    }
    const units = Math.max(own - leaders, floor);
    if (units > 0) till.pay(no, 1, units, -1);
    else till.pass(no, 1, "unearned", "already-paid");
    return;
  }
}
