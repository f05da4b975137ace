import { type Column, DrizzleQueryError, eq, type GetColumnData, getTableName, lt, type SQL } from "drizzle-orm";
import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import { type PostgresJsQueryResultHKT, PostgresJsSession } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import type { Sql, Tx } from "./connect.ts";

/**
 * The two ways to ask the database, both over a transaction that is open already.
 *
 * `query(tx)` is Drizzle's builder: for whatever people ask for and admins write. It costs some 0.4 ms of processor time
 * more than a prepared statement. tx`…` is hand-written SQL for an order's path and for sets, recursion and cursors.
 *
 * The rows of both have the names and types of the schema. Hand-written SQL gets them from `listed`: the list of columns
 * comes from the schema too, so it cannot differ from its type, and it is made once. (The driver could turn every name
 * into camelCase instead, but then a computed column's type would still be anybody's guess.)
 *
 *   const shown = { orderNo: orders.orderNo, stage: orders.stage };
 *   tx<Listed<typeof shown>[]>`select ${listed(tx, shown)} from orders where …`
 */
export type Query = Pick<
  PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>,
  "select" | "selectDistinct" | "selectDistinctOn" | "insert" | "update" | "delete" | "with" | "$with" | "$count"
>;

const dialect = new PgDialect();

/** The query builder over an open transaction, or over the gate's pool. */
export function query(tx: Sql | Tx): Query {
  return new PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>(dialect, new Session(tx), undefined);
}

/** The builder with transactions of its own, for a library that wants the database itself. */
export function databaseOf(sql: Sql): PgDatabase<PostgresJsQueryResultHKT, Record<string, never>> {
  return new PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>(dialect, new Session(sql), undefined);
}

/**
 * Drizzle's session without its `drizzle(client)`, which would make the client hand out dates as text to hand-written SQL
 * as well. Errors are the driver's own: Drizzle's carry the parameters in their message, and no SQLSTATE.
 */
class Session extends PostgresJsSession<postgres.Sql, Record<string, never>, Record<string, never>> {
  constructor(tx: Sql | Tx) {
    super(tx as unknown as postgres.Sql, dialect, undefined);
  }

  override prepareQuery: PostgresJsSession<postgres.Sql, Record<string, never>, Record<string, never>>["prepareQuery"] = (
    ...args
  ) => {
    const prepared = PostgresJsSession.prototype.prepareQuery.apply(this, args);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = (values) =>
      execute(values).catch((error: unknown) => {
        throw error instanceof DrizzleQueryError ? error.cause : error;
      });
    return prepared as never;
  };
}

/** A filter that somebody may have left out. */
export function given<C extends Column>(column: C, value: GetColumnData<C, "raw"> | undefined): SQL | undefined {
  return value === undefined ? undefined : eq(column, value);
}

/** Where the page before ended, for lists that are newest first. */
export function before<C extends Column>(column: C, cursor: GetColumnData<C, "raw"> | undefined): SQL | undefined {
  return cursor === undefined ? undefined : lt(column, cursor);
}

type Columns = Readonly<Record<string, Column>>;

/** A row of the columns that `listed` lists. */
export type Listed<C extends Columns> = { [Name in keyof C]: GetColumnData<C[Name]> };
/** What a hand-written query counts (`count(*)::int`). */
export type Counts<Names extends string> = Readonly<Record<Names, number>>;
/** What a hand-written query adds up (`sum(…)::bigint`). */
export type Sums<Names extends string> = Readonly<Record<Names, bigint>>;
/** What a hand-written query packs: whole arrays (`packed.ts`), or columns of a page (`packed-pages.ts`). */
export type Packed<Names extends string> = Readonly<Record<Names, Buffer>>;

const lists = new WeakMap<Columns, string>();

/** The columns of a hand-written SELECT or RETURNING, each under its name in code. Take `aliasedTable(orders, "o")` for `orders o`. */
export function listed(tx: Sql | Tx, columns: Columns): postgres.Fragment {
  let list = lists.get(columns);
  if (list === undefined) {
    list = Object.entries(columns)
      .map(([name, column]) => `"${getTableName(column.table)}"."${column.name}" as "${name}"`)
      .join(", ");
    lists.set(columns, list);
  }
  return tx.unsafe(list);
}

/** A piece that was written for the builder, inside hand-written SQL: a rule that both need is written once. */
export function embedded(tx: Sql | Tx, piece: SQL): postgres.Fragment {
  const { sql: text, params } = dialect.sqlToQuery(piece);
  const strings = text.split(/\$\d+/);
  return (tx as Tx)(Object.assign(strings, { raw: strings }), ...(params as postgres.ParameterOrFragment<never>[]));
}
