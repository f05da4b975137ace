import { z } from "zod";
import { ident, levelRates, money, named, rankKey, rankRates, share, volume } from "./parts.ts";

/**
 * The one word for a table: rows by something about a person. A plain object is a table by rank, as it always was. What a
 * row holds depends on where the table stands: shares by level, one share, an amount, a volume, a number.
 */

const keys = z.enum(["rank", "title", "source-rank", "leg-rank"]);

/** How a table by measure is read. */
export const applies = z
  .enum(["whole", "excess", "above-first"])
  .meta(
    named(
      "applies",
      "whole: the row that is reached holds for everything; excess: each part at the row it falls into; above-first: the row that is reached, on what lies above the first row",
    ),
  );

function keyed<Row extends z.ZodType>(row: Row) {
  return z.discriminatedUnion("by", [
    z
      .strictObject({ by: keys, rows: z.record(rankKey, row) })
      .describe(
        "By rank, by title (the highest rank ever), by source-rank (of whose volume or earning it is), or by leg-rank (of who stands directly below the earner on the way there)",
      ),
    z
      .strictObject({
        by: z.literal("measure"),
        measure: ident,
        applies,
        rows: z
          .array(z.strictObject({ from: volume, row }))
          .min(1)
          .max(100),
      })
      .describe("By a measure of the earner: the highest row whose from is reached"),
    z
      .strictObject({
        by: z.literal("order-size"),
        of: z.enum(["pv", "qv", "cv"]),
        rows: z
          .array(z.strictObject({ from: volume, row }))
          .min(1)
          .max(100),
      })
      .describe("By the size of the whole order; at order time"),
    z.strictObject({ by: z.literal("class"), rows: z.record(ident, row) }).describe("By the item's commission class"),
  ]);
}

export const levelTable = z
  .union([levelRates, keyed(z.array(share).min(1).max(100))])
  .meta(named("levelTable", "Shares of level 1, 2, 3 and so on: by rank, or by title, measure, or a rank below"));
export type LevelTable = z.infer<typeof levelTable>;

export const shareTable = z
  .union([rankRates, keyed(share)])
  .meta(named("shareTable", "One share: by rank, or by title, measure, or a rank below"));
export type ShareTable = z.infer<typeof shareTable>;

/** Fixed amounts by rank: "*" for every rank not named. */
export const rankMoney = z.record(rankKey, money);

export const moneyTable = z
  .union([rankMoney, keyed(money)])
  .meta(named("moneyTable", "One amount: by rank, or by title, measure, or a rank below"));
export type MoneyTable = z.infer<typeof moneyTable>;

const moneyRow = z.array(money).min(1).max(20);
export const levelMoneyTable = z
  .union([z.record(rankKey, z.union([money, moneyRow])), keyed(z.union([money, moneyRow]))])
  .meta(
    named("levelMoneyTable", "Amounts of the first person and of those above: by rank, title, measure, class, or a rank below"),
  );
export type LevelMoneyTable = z.infer<typeof levelMoneyTable>;

export const volumeTable = z
  .union([volume, z.record(rankKey, volume), keyed(volume)])
  .meta(named("volumeTable", "A volume, or volumes by rank, title or measure"));

const few = z.int().min(0).max(1_000_000);
export const countTable = z
  .union([few, z.record(rankKey, few), keyed(few)])
  .meta(named("countTable", "A number, or numbers by rank, title or measure"));

/** Levels opened by a measure: what is not open has no rate. */
export const opens = z
  .strictObject({
    measure: ident,
    levels: z
      .array(
        z.strictObject({
          from: volume.describe("From this much of the measure on"),
          upTo: z.int().min(1).max(1000).describe("the levels up to this one are open"),
        }),
      )
      .min(1)
      .max(100),
  })
  .meta(named("opens", "How many levels are open to the earner, by a measure; below the first row none is"));
export type Opens = z.infer<typeof opens>;

interface Threshold<Row> {
  readonly from: string;
  readonly row: Row;
}
interface Keyed<Row> {
  readonly by: string;
  readonly rows: Readonly<Record<string, Row>> | readonly Threshold<Row>[];
}
/** A table of any row. */
export type Table<Row> = Readonly<Record<string, Row>> | Keyed<Row>;

/** Whether a table says what it is keyed by; else it is one by rank. No row is a word, so a rank may be called "by". */
export function isKeyed<Row>(table: Table<Row>): table is Keyed<Row> {
  return "rows" in table && typeof table.by === "string" && /^[a-z-]+$/.test(table.by);
}

/** A table's rows with their keys as the document has them; a row by measure or size has its threshold for key. */
export function rowsOf<Row>(table: Table<Row>): [key: string, row: Row][] {
  return thresholdRows(table) ?? Object.entries(keyRows(table));
}

/** The rows of a table by measure or size as the document has them, or null. */
export function thresholdRows<Row>(table: Table<Row>): [from: string, row: Row][] | null {
  if (!isKeyed(table) || !isList(table.rows)) return null;
  return table.rows.map(({ from, row }) => [from, row]);
}

/** The rows of a table by rank, title or class. */
export function keyRows<Row>(table: Table<Row>): Readonly<Record<string, Row>> {
  if (!isKeyed(table)) return table;
  return isList(table.rows) ? {} : table.rows;
}

/** The same table with other rows. */
export function mapRows<Row, Whole extends Table<Row>>(table: Whole, change: (row: Row) => Row): Whole {
  const records = (rows: Readonly<Record<string, Row>>): Record<string, Row> =>
    Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, change(row)]));
  if (!isKeyed<Row>(table)) return records(keyRows<Row>(table)) as Whole;
  const { rows } = table;
  return { ...table, rows: isList(rows) ? rows.map(({ from, row }) => ({ from, row: change(row) })) : records(rows) };
}

/** `Array.isArray` knows no read-only lists. */
function isList<Row>(rows: Keyed<Row>["rows"]): rows is readonly Threshold<Row>[] {
  return Array.isArray(rows);
}
