import { createHash } from "node:crypto";
import postgres from "postgres";
import type { Database } from "../db/connect.ts";

/**
 * Runs work while nobody else, in any replica or at any terminal, works on the store; null where
 * somebody does. The lock is the session's: it goes with the process, however that ends. It has a
 * connection of its own, because reading a store may take minutes.
 */
export async function withStoreLock<T>(db: Pick<Database, "url">, storeId: string, work: () => Promise<T>): Promise<T | null> {
  const sql = postgres(db.url, {
    max: 1,
    onnotice: () => {},
    idle_timeout: 0,
    connection: { application_name: "upline-store-lock" },
  });
  try {
    const key = createHash("sha256").update(`upline store ${storeId}`).digest().readBigInt64BE();
    const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${String(key)}::bigint) as locked`;
    return row?.locked ? await work() : null;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
