import type { InfinityBonus } from "../infinity.ts";
import { aboveOf, type Ground, rankOf, type Till } from "./ground.ts";
import { type RateRule, unitsAt, whyNone } from "./rates.ts";

export interface InfinityRule extends RateRule {
  readonly belowLevel: number;
  readonly pay: InfinityBonus["pay"];
  readonly budget: number;
  readonly highest: number;
}

/** Pay below the level pay until it is blocked, by the plan's mode. Commission-plans section 7. */
export function walkInfinity(rule: InfinityRule, ground: Ground, start: number, till: Till): void {
  const { pay } = rule;
  if (pay.mode === "blocked") walkBlocked(rule, pay.levelsUnder, ground, start, till);
  else if (pay.mode === "differential") walkHighest(rule, ground, start, till);
  else walkAdditive(rule, ground, start, till);
}

/** An upline is blocked by anyone of their rank or higher between, unless the source is at most `levelsUnder` levels under them. */
function walkBlocked(rule: InfinityRule, levelsUnder: number, ground: Ground, start: number, till: Till): void {
  let blockedUpTo = -2;
  let level = 1;
  for (let no = start; no >= 0; no = aboveOf(ground, no), level++) {
    const own = rankOf(ground, no);
    const units = unitsAt(rule, ground, no, 1);
    if (level > rule.belowLevel) {
      if (units > 0 && own > blockedUpTo) till.pay(no, level, units, -1);
      else till.pass(no, level, "skipped", units === 0 ? whyNone(rule, ground, no, 1) : "blocked");
    }
    if (level > levelsUnder && own > blockedUpTo) blockedUpTo = own;
  }
}

function walkHighest(rule: InfinityRule, ground: Ground, start: number, till: Till): void {
  let paid = 0;
  let level = 1;
  for (let no = start; no >= 0 && paid < rule.highest; no = aboveOf(ground, no), level++) {
    if (level <= rule.belowLevel) continue;
    const own = unitsAt(rule, ground, no, 1);
    if (own > paid) {
      till.payBetween(no, level, own, paid);
      paid = own;
    } else till.pass(no, level, "skipped", own > 0 ? "already-paid" : whyNone(rule, ground, no, 1));
  }
}

/** Shares of ever higher ranks add up until the budget is spent; the first upline is never paid. */
function walkAdditive(rule: InfinityRule, ground: Ground, start: number, till: Till): void {
  let paid = 0;
  let paidRank = -2;
  let level = 1;
  for (let no = start; no >= 0 && paid < rule.budget; no = aboveOf(ground, no), level++) {
    if (level <= Math.max(1, rule.belowLevel)) continue;
    const rankNo = rankOf(ground, no);
    const own = unitsAt(rule, ground, no, 1);
    if (own > 0 && rankNo > paidRank) {
      const upTo = Math.min(rule.budget, paid + own);
      till.payBetween(no, level, upTo, paid);
      paid = upTo;
      paidRank = rankNo;
    } else till.pass(no, level, "skipped", own > 0 ? "already-paid" : whyNone(rule, ground, no, 1));
  }
}
