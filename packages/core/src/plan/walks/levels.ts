import type { RateTable } from "../rates.ts";
import type { UnilevelBonus } from "../unilevel.ts";
import { COMPANY, type Ground, type Till } from "./ground.ts";

export interface LevelRule {
  readonly compression: UnilevelBonus["compression"];
  readonly unqualifiedEarner: UnilevelBonus["unqualifiedEarner"];
  readonly table: RateTable;
  /** The walk ends after this rank or higher; above every rank where there is no such end. */
  readonly stopRank: number;
}

/** No rank stops the walk. */
export const NO_STOP = 32_767;

/** Walks up from `start`, one level at a time, until levels or upline are used up. Commission-plans section 3. */
export function walkLevels(rule: LevelRule, ground: Ground, start: number, till: Till): void {
  const { table, compression } = rule;
  const { above, rank, active } = ground;
  let level = 1;
  let no = start;
  for (; no >= 0 && level <= table.levels; no = above[no] as number) {
    const earns = active[no] === 1;
    const units = earns ? table.units(rank[no] as number, level) : 0;
    if (units > 0) {
      till.pay(no, level, units, COMPANY);
      level++;
    } else if (compression === "dynamic" || (compression === "standard" && !earns)) {
      till.pass(no, level, "skipped", earns ? "rank" : "inactive");
    } else {
      till.pass(no, level, "unearned", earns ? "rank" : "inactive");
      if (rule.unqualifiedEarner !== "none") giveUnearned(rule, ground, no, level, till);
      level++;
    }
    if ((rank[no] as number) >= rule.stopRank) return;
  }
  if (level <= table.levels) till.end(level);
}

/**
 * The share of a level whose distributor did not earn it goes on by the plan's policy. It is their own
 * rate there, or where their rank has none, that of the lowest rank that has one.
 */
function giveUnearned(rule: LevelRule, ground: Ground, missed: number, level: number, till: Till): void {
  const { table } = rule;
  const units = table.units(ground.rank[missed] as number, level) || table.units(table.lowestRank(level), level);
  if (units === 0) return;
  till.pay(rule.unqualifiedEarner === "company" ? COMPANY : nextQualified(rule, ground, missed, level), level, units, missed);
}

function nextQualified(rule: LevelRule, ground: Ground, missed: number, level: number): number {
  if ((ground.rank[missed] as number) >= rule.stopRank) return COMPANY;
  for (let no = ground.above[missed] as number; no >= 0; no = ground.above[no] as number) {
    if (ground.active[no] === 1 && rule.table.units(ground.rank[no] as number, level) > 0) return no;
    if ((ground.rank[no] as number) >= rule.stopRank) return COMPANY;
  }
  return COMPANY;
}
