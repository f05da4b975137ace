import type { RateTable } from "../rates.ts";
import type { UnilevelBonus } from "../unilevel.ts";
import { aboveOf, COMPANY, type Ground, isActive, rankOf, type Till } from "./ground.ts";
import { missedAt, type RateRule, unitsAt, whyNone } from "./rates.ts";

export interface LevelRule extends RateRule {
  readonly compression: UnilevelBonus["compression"];
  readonly unqualifiedEarner: UnilevelBonus["unqualifiedEarner"];
  /** The walk ends after this rank or higher; above every rank where there is no such end. */
  readonly stopRank: number;
}

/** No rank stops the walk. */
export const NO_STOP = 32_767;

/** Walks up from `start`, one level at a time, until levels or upline are used up. Commission-plans section 3. */
export function walkLevels(rule: LevelRule, ground: Ground, start: number, till: Till): void {
  const { table, compression } = rule;
  let level = 1;
  let no = start;
  for (; no >= 0 && level <= table.levels; no = aboveOf(ground, no)) {
    const earns = isActive(ground, no);
    const units = unitsAt(rule, ground, no, level);
    if (units > 0) {
      till.pay(no, level, units, COMPANY);
      level++;
    } else if (compression === "dynamic" || (compression === "standard" && !earns)) {
      till.pass(no, level, "skipped", whyNone(rule, ground, no, level));
    } else {
      till.pass(no, level, "unearned", whyNone(rule, ground, no, level));
      if (rule.unqualifiedEarner !== "none") giveUnearned(rule, ground, no, level, till);
      level++;
    }
    if (rankOf(ground, no) >= rule.stopRank) return;
  }
  if (level <= table.levels) till.end(level);
}

/**
 * The share of a level whose distributor did not earn it goes on by the plan's policy. It is their own
 * rate there, or where their rank has none, that of the lowest rank that has one.
 */
function giveUnearned(rule: LevelRule, ground: Ground, missed: number, level: number, till: Till): void {
  const { table } = rule;
  const units = missedAt(rule, ground, missed, level) || lowestRate(table, level);
  if (units === 0) return;
  till.pay(rule.unqualifiedEarner === "company" ? COMPANY : nextQualified(rule, ground, missed, level), level, units, missed);
}

function nextQualified(rule: LevelRule, ground: Ground, missed: number, level: number): number {
  if (rankOf(ground, missed) >= rule.stopRank) return COMPANY;
  for (let no = aboveOf(ground, missed); no >= 0; no = aboveOf(ground, no)) {
    if (unitsAt(rule, ground, no, level) > 0) return no;
    if (rankOf(ground, no) >= rule.stopRank) return COMPANY;
  }
  return COMPANY;
}

function lowestRate(table: RateTable, level: number): number {
  const rank = table.lowestRank(level);
  return rank < -1 ? 0 : table.units(rank, level);
}
