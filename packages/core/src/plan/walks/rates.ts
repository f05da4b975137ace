import type { RateTable } from "../rates.ts";
import { type Ground, isActive, rankOf, type Why } from "./ground.ts";

/** Rates that go by something else than the earner's rank, or that a condition may keep from them. */
export interface OwnRates {
  /** The next source: whose volume or earning it is. */
  begin(source: number): void;
  /** The rate of a person at a level, in the table's units; 0 where they do not qualify. */
  units(no: number, level: number): number;
  /** The same as if they qualified. */
  missed(no: number, level: number): number;
  /** Why somebody active has no rate. */
  why(no: number, level: number): Why;
}

/** What a walk pays by: a table by rank, or `own` in its place. */
export interface RateRule {
  readonly table: RateTable;
  readonly own: OwnRates | null;
}

/** The rate of whoever is active at a level; 0 for everyone else. */
export function unitsAt({ table, own }: RateRule, ground: Ground, no: number, level: number): number {
  if (!isActive(ground, no)) return 0;
  return own === null ? table.units(rankOf(ground, no), level) : own.units(no, level);
}

/** The rate that somebody would have had if they qualified. */
export function missedAt({ table, own }: RateRule, ground: Ground, no: number, level: number): number {
  return own === null ? table.units(rankOf(ground, no), level) : own.missed(no, level);
}

/** Why somebody has no rate. */
export function whyNone({ own }: RateRule, ground: Ground, no: number, level: number): Why {
  if (!isActive(ground, no)) return "inactive";
  return own === null ? "rank" : own.why(no, level);
}
