import type { Condition } from "./conditions.ts";
import { volumeOf } from "./parts.ts";
import { compileCondition, type Holds, type People } from "./people.ts";
import type { RateTable } from "./rates.ts";
import type { Plan } from "./schema.ts";
import { isKeyed, type Opens, type Table, thresholdRows } from "./tables.ts";
import { aboveOf, type Ground, type Why } from "./walks/ground.ts";
import type { OwnRates } from "./walks/rates.ts";

/** Rates that go by something else than the earner's rank, or that a condition or `opens` keeps from them. */

/** What such rates are asked of: people, the way up, and the whole order's size by volume where it is one order. */
export interface RateGround {
  readonly people: People;
  readonly ground: Ground;
  readonly orderSize?: (of: "pv" | "qv" | "cv") => number;
}

export type BindRates = (at: RateGround) => OwnRates;

interface RatedBonus {
  readonly earnsIf?: Condition | undefined;
  readonly opens?: Opens | undefined;
}

/** The rates of a bonus by `table`, to be bound to people; null where they go by the earner's rank alone. */
export function compileOwnRates(
  bonus: RatedBonus,
  table: Table<unknown>,
  { rates, plan }: { rates: RateTable; plan: Plan },
): BindRates | null {
  const rowOf = isKeyed(table) && table.by !== "rank" ? compileRow(table) : null;
  if (rowOf === null && bonus.earnsIf === undefined && bonus.opens === undefined) return null;
  const earns = bonus.earnsIf === undefined ? null : compileCondition(bonus.earnsIf, plan);
  const opens = bonus.opens === undefined ? null : compileOpens(bonus.opens);
  return (at) => new BoundRates({ rates, earns, opens, rowOf: rowOf ?? ownRank }, at);
}

/** Which row of a table somebody has: of a table by rank, a rank number; by measure or size, a place, -1 below the first. */
type RowOf = (at: RateGround, no: number, path: Path) => number;
interface Path {
  readonly source: number;
  /** Who stands directly below a person on the way from the source; the source itself where that is the person. */
  legOf(no: number): number;
}

const ownRank: RowOf = ({ people }, no) => people.rankNo(no);

/** The row of a table for a person; a source and a leg are asked for by some keys only. */
function compileRow(table: { readonly by: string } & object): RowOf {
  switch (table.by) {
    case "title":
      return ({ people }, no) => people.titleNo(no);
    case "source-rank":
      return ({ people }, _, { source }) => people.rankNo(source);
    case "leg-rank":
      return ({ people }, no, path) => people.rankNo(path.legOf(no));
    case "measure": {
      const place = placeIn(table);
      const id = "measure" in table ? String(table.measure) : "";
      return ({ people }, no) => place(people.measure(id, no));
    }
    case "order-size": {
      const place = placeIn(table);
      const of = "of" in table ? (table.of as "pv" | "qv" | "cv") : "pv";
      return ({ orderSize }) => place(orderSize?.(of) ?? 0);
    }
    default:
      return ownRank;
  }
}

/** The highest row whose threshold a value reaches, by place from 0; -1 below the first. */
function placeIn(table: object): (value: number) => number {
  const from = (thresholdRows(table as Table<unknown>) ?? []).map(([text]) => Number(volumeOf(text))).sort((a, b) => a - b);
  return (value) => {
    let place = -1;
    while (place + 1 < from.length && value >= (from[place + 1] as number)) place++;
    return place;
  };
}

/** The row number of a person in a table that looks at nobody else: by rank, title or measure. */
export function ownRow(table: Table<unknown>): (people: People, no: number) => number {
  if (!isKeyed(table) || table.by === "rank") return (people, no) => people.rankNo(no);
  const rowOf = compileRow(table);
  return (people, no) => rowOf({ people, ground: NOWHERE }, no, NO_PATH);
}

const NOWHERE: Ground = { links: new Int32Array(0) };
const NO_PATH: Path = { source: -1, legOf: (no) => no };

/** How many levels are open to a person. */
function compileOpens({ measure, levels }: Opens): (people: People, no: number) => number {
  const rows = levels.map(({ from, upTo }) => ({ from: Number(volumeOf(from)), upTo })).sort((a, b) => a.from - b.from);
  return (people, no) => {
    const value = people.measure(measure, no);
    return rows.reduce((open, row) => (value >= row.from ? row.upTo : open), 0);
  };
}

interface RatesBy {
  readonly rates: RateTable;
  readonly earns: Holds | null;
  readonly opens: ((people: People, no: number) => number) | null;
  readonly rowOf: RowOf;
}

class BoundRates implements OwnRates, Path {
  readonly #by: RatesBy;
  readonly #at: RateGround;
  source = -1;
  /** The last leg that was asked for: a walk goes up one by one. */
  #leg = -1;

  constructor(by: RatesBy, at: RateGround) {
    this.#by = by;
    this.#at = at;
  }

  begin(source: number): void {
    this.source = source;
    this.#leg = source;
  }

  legOf(no: number): number {
    if (no === this.source) return no;
    let leg = this.#leg;
    if (aboveOf(this.#at.ground, leg) !== no) {
      // Going on from the last one where that is on the way, else from the source anew.
      leg = leg === no ? this.source : leg;
      while (leg >= 0 && aboveOf(this.#at.ground, leg) !== no) leg = aboveOf(this.#at.ground, leg);
      if (leg < 0)
        for (leg = this.source; leg >= 0 && aboveOf(this.#at.ground, leg) !== no; ) leg = aboveOf(this.#at.ground, leg);
    }
    this.#leg = leg;
    return leg < 0 ? no : leg;
  }

  units(no: number, level: number): number {
    const { earns, opens } = this.#by;
    const { people } = this.#at;
    if (earns !== null && !earns(people, no)) return 0;
    return opens !== null && level > opens(people, no) ? 0 : this.missed(no, level);
  }

  missed(no: number, level: number): number {
    return this.#by.rates.units(this.#by.rowOf(this.#at, no, this), level);
  }

  why(no: number, level: number): Why {
    const { earns, opens, rowOf } = this.#by;
    const { people } = this.#at;
    if (earns !== null && !earns(people, no)) return "condition";
    if (opens !== null && level > opens(people, no)) return "closed";
    return rowOf === ownRank ? "rank" : "row";
  }
}
