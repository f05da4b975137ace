import type { PlanMoney } from "./parts.ts";
import type { PoolBonus, PoolUnits } from "./pool.ts";
import type { Bonus } from "./schema.ts";
import { rowsOf, type Table } from "./tables.ts";

/** Every table of every kind of bonus, so that what is checked or told of tables is written once. */

type Cell = string | number | PlanMoney | readonly (string | PlanMoney)[] | readonly { weak: string; pays: PlanMoney }[];

export interface BonusTable {
  /** Where it stands in the bonus. */
  readonly field: string;
  readonly table: Table<Cell>;
  /** Limits only take away; everything else is what a bonus pays by. */
  readonly limits: boolean;
}

type TablesOf = { readonly [Kind in Bonus["kind"]]: (bonus: Extract<Bonus, { kind: Kind }>) => BonusTable[] };

const pays = (field: string, table: Table<Cell> | undefined): BonusTable[] =>
  table === undefined ? [] : [{ field, table, limits: false }];
const limits = (field: string, table: Table<Cell> | string | number | undefined): BonusTable[] =>
  typeof table === "object" ? [{ field, table, limits: true }] : [];
const rates = (bonus: { rates: Table<Cell> }): BonusTable[] => pays("rates", bonus.rates);

const TABLES: TablesOf = {
  retail: (bonus) => (bonus.pays.mode === "percent" ? pays("pays.rates", bonus.pays.rates) : []),
  unilevel: (bonus) => [
    ...rates(bonus),
    ...Object.entries(bonus.classRates ?? {}).flatMap(([id, table]) => pays(`classRates.${id}`, table)),
  ],
  "fast-start": rates,
  matrix: rates,
  differential: ({ percentage }) => (percentage.by === "group-volume" ? [] : pays("percentage.rates", percentage.rates)),
  breakaway: ({ override }) => (override.mode === "guaranteed-minimum" ? [] : pays("override.rates", override.rates)),
  generation: rates,
  infinity: rates,
  "pass-up": (bonus) => [...rates(bonus), ...pays("kept", bonus.kept)],
  binary: (bonus) => [
    ...[bonus.pay, ...(bonus.thenPays ?? [])].flatMap((pay, i) => binaryPay(i === 0 ? "pay" : `thenPays[${i - 1}]`, pay)),
    ...limits("positionCap", bonus.positionCap),
    ...limits("ownerCap", bonus.ownerCap),
    ...limits("carryCap", bonus.carryCap),
    ...limits("cycleCap", bonus.cycleCap),
  ],
  matching: rates,
  pool: (bonus) => [
    ...poolUnits(bonus).flatMap((unit, i) =>
      unit.by === "rank" ? pays(Array.isArray(bonus.units) ? `units[${i}].units` : "units.units", unit.units) : [],
    ),
    ...(bonus.shareCap !== undefined && "amount" in bonus.shareCap ? limits("shareCap.amount", bonus.shareCap.amount) : []),
  ],
  "rank-advancement": (bonus) => pays("amounts", bonus.amounts),
  reward: (bonus) => pays("amounts", bonus.amounts),
};

function binaryPay(field: string, pay: Extract<Bonus, { kind: "binary" }>["pay"]): BonusTable[] {
  if (pay.mode === "table") return [];
  return pay.mode === "cycle" ? pays(`${field}.pays`, pay.pays) : pays(`${field}.rates`, pay.rates);
}

export function bonusTables(bonus: Bonus): BonusTable[] {
  const tables = TABLES[bonus.kind] as (bonus: Bonus) => BonusTable[];
  return tables(bonus);
}

/** A pool's sources of units, of which a plan may give one or several. */
export function poolUnits({ units }: Pick<PoolBonus, "units">): readonly PoolUnits[] {
  return Array.isArray(units) ? units : [units];
}

/** Every share, amount and number of a table, as texts. */
export function cellTexts(table: Table<Cell>): string[] {
  return rowsOf(table).flatMap(([, row]) => textsOf(row));
}

function textsOf(cell: Cell | { weak: string; pays: PlanMoney }): string[] {
  if (typeof cell !== "object") return [String(cell)];
  if (Array.isArray(cell)) return cell.flatMap(textsOf);
  return Object.values(cell as Record<string, Cell>).flatMap(textsOf);
}
