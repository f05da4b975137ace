import { type Column, getTableName, type SQL, sql } from "drizzle-orm";
import { bigint, check, customType, integer, timestamp } from "drizzle-orm/pg-core";
import type { JSONValue } from "postgres";

/** Columns that many tables share. Every type is read and written as the pool of `connect.ts` does it by itself. */

export const companyId = () => integer("company_id").notNull();
/** A 64-bit integer: `bigint` in code. A default is written as SQL (sql`1`): drizzle-kit cannot print a bigint literal. */
export const int8 = (name: string) => bigint(name, { mode: "bigint" });
/** A moment: `Date` in code. */
export const moment = (name: string) => timestamp(name, { withTimezone: true });
export const recordedAt = () => moment("recorded_at").notNull().defaultNow();
/** Text that sorts by its bytes, as code sorts it, whatever the database's language. */
export const byteText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
/** Drizzle's own jsonb turns a value to text, which the pool would then store as a JSON string: here the pool alone converts. */
const jsonb = customType<{ data: JSONValue }>({ dataType: () => "jsonb" });
export const json = (name: string) => jsonb(name);
export const transactionId = customType<{ data: string }>({ dataType: () => "xid8" });

export const PLATFORMS = ["shopify", "woocommerce", "magento"] as const;

/** A check of one column, under the name that PostgreSQL itself would give it. */
export function checked(column: Column, condition: SQL) {
  return check(`${getTableName(column.table)}_${column.name}_check`, condition);
}

/** The database too refuses what is not in the list that types the column. */
export function among(column: Column, values: readonly string[]) {
  return checked(column, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`);
}

/** A SHA-256 in hexadecimal digits. */
export const hexHash = (column: Column) => checked(column, sql`${column} ~ '^[0-9a-f]{64}$'`);
export const filled = (column: Column) => checked(column, sql`${column} <> ''`);
