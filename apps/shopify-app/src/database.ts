import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { SCHEMA } from "./schema.ts";

export type Database = PostgresJsDatabase;
/** A transaction, or the database itself where none is needed. */
export type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];

export interface OpenDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

/** Any fixed number: two apps that start together take turns. */
const LOCK = 7_314_012;

/** Brings the app's schema up to date and opens the database. */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await owner`select pg_advisory_lock(${LOCK})`;
    await migrate(drizzle(owner), {
      migrationsFolder: join(import.meta.dirname, "migrations"),
      migrationsSchema: SCHEMA,
      migrationsTable: "migrations",
    });
  } finally {
    await owner.end();
  }
  const pool = postgres(url, { max: 10, connect_timeout: 10, idle_timeout: 60, onnotice: () => {} });
  return { db: drizzle(pool), close: () => pool.end({ timeout: 5 }) };
}

/** Whoever changes what is known of a shop's installation or token takes turns by it, until the transaction ends. */
export async function lockShop(tx: Tx, shop: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${SCHEMA} ${shop}`}, 0))`);
}
