import type { Condition } from "../src/plan/conditions.ts";
import { isKeyed, keyRows, type LevelTable, type Opens, type Table, thresholdRows } from "../src/plan/tables.ts";
import { Fraction, greatest } from "./fraction.ts";
import type { Standing } from "./standing.ts";
import { factorOf, type Person, type Sale, uplineOf } from "./world.ts";
import { rowOf } from "./worth.ts";

interface Asking {
  readonly earnsIf?: Condition | undefined;
  readonly opens?: Opens | undefined;
  readonly tree?: string | undefined;
}

/** Whom a row of a table is asked for: the earner, and whose volume or earning it is. */
export interface Case {
  readonly person: Person;
  readonly source: Person;
}

/** What a bonus asks of its earners, and which row of a table each has. */
export class Terms {
  readonly #standing: Standing;
  readonly #bonus: Asking;
  /** The one sale of an order. */
  readonly #sale: Sale | undefined;

  constructor(standing: Standing, bonus: Asking, sale?: Sale) {
    this.#standing = standing;
    this.#bonus = bonus;
    this.#sale = sale;
  }

  qualifies(person: Person): boolean {
    return this.#bonus.earnsIf === undefined || this.#standing.holds(this.#bonus.earnsIf, person);
  }

  /** How many levels are open to a person. */
  open(person: Person): number {
    const { opens } = this.#bonus;
    if (opens === undefined) return Number.POSITIVE_INFINITY;
    return (
      highestReached(
        opens.levels.map(({ from, upTo }) => [from, upTo]),
        this.#standing.measure(opens.measure, person),
      ) ?? 0
    );
  }

  row<Row>(table: Table<Row>, { person, source }: Case): Row | undefined {
    const { plan } = this.#standing.world;
    if (!isKeyed(table)) return rowOf(plan, table, this.#standing.rank(person));
    if (table.by === "measure")
      return highestReached(thresholdRows(table) ?? [], this.#standing.measure(measureOf(table), person));
    if (table.by === "order-size") return highestReached(thresholdRows(table) ?? [], this.#orderSize(table));
    if (table.by === "class") {
      const rows = keyRows(table);
      return rows[this.#sale?.commissionClass ?? ""] ?? rows["*"];
    }
    return rowOf(plan, table, this.#rankAsked(table.by, { person, source }));
  }

  #rankAsked(by: string, { person, source }: Case): number {
    if (by === "title") return this.#standing.title(person);
    if (by === "source-rank") return this.#standing.rank(source);
    if (by !== "leg-rank") return this.#standing.rank(person);
    // Who stands directly below the earner on the way from the source; the source itself where that is the earner.
    const way = [source, ...uplineOf(this.#standing.world.plan, source, this.#bonus.tree)];
    return this.#standing.rank(way[Math.max(0, way.indexOf(person) - 1)] as Person);
  }

  #orderSize(table: object): Fraction {
    const of = "of" in table ? (table.of as "pv" | "qv" | "cv") : "pv";
    const sale = this.#sale as Sale;
    return sale[of].times(factorOf(this.#standing.world.plan, sale, of));
  }

  /** The rate of the lowest row that has one at a level: of the lowest rank, no rank being the lowest, or of the lowest threshold. */
  lowestAt(table: LevelTable, level: number): Fraction {
    const { plan } = this.#standing.world;
    const byThreshold = thresholdRows<readonly string[]>(table);
    const rows =
      byThreshold === null
        ? [-1, ...plan.ranks.keys()].map((rank) => rowOf<readonly string[]>(plan, table, rank))
        : byThreshold.sort(([a], [b]) => (Fraction.read(a).isMoreThan(Fraction.read(b)) ? 1 : -1)).map(([, row]) => row);
    const rates = rows.map((row) => Fraction.read(row?.[level - 1] ?? "0"));
    return rates.find((rate) => !rate.isZero) ?? Fraction.ZERO;
  }
}

export const measureOf = (table: object): string => ("measure" in table ? String(table.measure) : "");

/** The row of the highest threshold that a value reaches. */
export function highestReached<Row>(rows: readonly (readonly [from: string, row: Row])[], value: Fraction): Row | undefined {
  const reached = rows.filter(([from]) => value.isAtLeast(Fraction.read(from)));
  const highest = greatest(reached.map(([from]) => Fraction.read(from)));
  return reached.find(([from]) => Fraction.read(from).against(highest) === 0n)?.[1];
}
