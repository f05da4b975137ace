import { moneyOf, type PlanMoney, volumeOf } from "./parts.ts";
import type { People } from "./people.ts";
import type { RewardBonus } from "./rewards.ts";
import type { Plan } from "./schema.ts";
import { isKeyed, keyRows, type Table, thresholdRows } from "./tables.ts";

/** Who is asked for the row of a reward's table. */
export interface RewardCase {
  /** Who is paid, and who brought the reward about, by number. */
  readonly earner: number;
  readonly person: number;
  /** Who stands directly below the earner on the way there; the person themselves where that is the earner. */
  readonly leg: number;
  /** Of the whole order, where it is one. */
  readonly orderSize?: (of: "pv" | "qv" | "cv") => number;
  /** Of the item sold, where it is one. */
  readonly commissionClass?: string;
}

/** A row of a reward's amounts: minor units for level 1, 2 and so on, and its place among the rows, from 1. */
export interface RewardRow {
  readonly place: number;
  readonly levels: readonly bigint[];
}

type Row = PlanMoney | readonly PlanMoney[];
type PlaceOf = (people: People, of: RewardCase) => number;

/**
 * A reward's table in minor units of a currency. Rows of a table by rank or title are placed "*", "none", then the ranks from
 * the lowest; rows by measure from the lowest threshold; by class as the plan lists the classes, "*" first.
 */
export class RewardRows {
  readonly #rows: readonly (RewardRow | null)[];
  readonly #placeOf: PlaceOf;

  constructor(bonus: RewardBonus, { plan, currency }: { plan: Plan; currency: string }) {
    const table = bonus.amounts as Table<Row>;
    const { rows, placeOf } = thresholdRows(table) === null ? byKey(table, plan) : byThreshold(table);
    this.#placeOf = placeOf;
    this.#rows = rows.map((row, i) => compileRow(row, i + 1, currency));
  }

  /** How many rows there may be: places run from 1 to this. */
  get places(): number {
    return this.#rows.length;
  }

  /** The row at a place; null where the table has none there, or none in this currency. */
  at(place: number): RewardRow | null {
    return this.#rows[place - 1] ?? null;
  }

  /** The row of a case; null where no row covers it. */
  of(people: People, of: RewardCase): RewardRow | null {
    return this.at(this.#placeOf(people, of));
  }
}

function compileRow(row: Row | undefined, place: number, currency: string): RewardRow | null {
  if (row === undefined) return null;
  const levels = (isList(row) ? row : [row]).map((amount) => moneyOf(amount, currency));
  return levels.every((minor) => minor !== null) ? { place, levels } : null;
}

function byThreshold(table: Table<Row>): { rows: readonly (Row | undefined)[]; placeOf: PlaceOf } {
  const sorted = (thresholdRows(table) ?? [])
    .map(([from, row]) => ({ from: Number(volumeOf(from)), row }))
    .sort((a, b) => a.from - b.from);
  const measure = "measure" in table ? String(table.measure) : null;
  const size = "of" in table ? (table.of as "pv" | "qv" | "cv") : "pv";
  const placeOf: PlaceOf = (people, { earner, orderSize }) => {
    const value = measure === null ? (orderSize?.(size) ?? 0) : people.measure(measure, earner);
    return sorted.findLastIndex(({ from }) => value >= from) + 1;
  };
  return { rows: sorted.map(({ row }) => row), placeOf };
}

function byKey(table: Table<Row>, plan: Plan): { rows: readonly (Row | undefined)[]; placeOf: PlaceOf } {
  const named = keyRows(table);
  const by = isKeyed(table) ? table.by : "rank";
  const keys = by === "class" ? plan.commissionClasses.map(({ id }) => id) : ["none", ...plan.ranks.map(({ id }) => id)];
  const rows = [named["*"], ...keys.map((key) => named[key])];
  const keyOf = keyAsked(by, keys);
  return {
    rows,
    placeOf: (people, of) => {
      const place = keyOf(people, of) + 2;
      return rows[place - 1] === undefined ? 1 : place;
    },
  };
}

/** The position of a case's key; -1 where it has none. */
function keyAsked(by: string, keys: readonly string[]): PlaceOf {
  if (by === "class") return (_, { commissionClass = "" }) => keys.indexOf(commissionClass);
  if (by === "title") return (people, { earner }) => people.titleNo(earner) + 1;
  if (by === "source-rank") return (people, { person }) => people.rankNo(person) + 1;
  if (by === "leg-rank") return (people, { leg }) => people.rankNo(leg) + 1;
  return (people, { earner }) => people.rankNo(earner) + 1;
}

/** `Array.isArray` knows no read-only lists. */
function isList(row: Row): row is readonly PlanMoney[] {
  return Array.isArray(row);
}
