import { createHash } from "node:crypto";
import postgres from "postgres";
import type { Database, Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import { HubError } from "../errors.ts";

/** A run's hold on a store. */
export interface StoreHold {
  /** Throws HubError where the session that held the store broke off: from then on another run may be at it. */
  demand(): void;
}

/**
 * Runs work while nobody else, in any replica or at any terminal, works on the store; null where
 * somebody does. The lock is the session's: it goes with the process, however that ends, and with the
 * database. It has a connection of its own, because reading a store may take minutes.
 */
export async function withStoreLock<T>(
  db: Pick<Database, "url">,
  storeId: string,
  work: (hold: StoreHold) => Promise<T>,
): Promise<T | null> {
  let isLost = false;
  const demand = () => {
    if (isLost)
      throw new HubError(
        "unavailable",
        "The hold on the store broke off with the database: the run goes on when it is tried again.",
      );
  };
  const sql = postgres(db.url, {
    max: 1,
    onnotice: () => {},
    onclose: () => {
      isLost = true;
    },
    idle_timeout: 0,
    connection: { application_name: "upline-store-lock" },
  });
  try {
    const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${String(keyOf(storeId))}::bigint) as locked`;
    return row?.locked ? await work({ demand }) : null;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * Keeps everybody off a store until the transaction ends, so that what it writes of the store's import is read by the run that
 * begins behind it; false where somebody works on it.
 */
export async function holdStore(tx: Tx, storeId: string): Promise<boolean> {
  const [row] = await tx<Counts<"held">[]>`select pg_try_advisory_xact_lock(${String(keyOf(storeId))}::bigint)::int as held`;
  return row?.held === 1;
}

/** Whether somebody works on the store just now. */
export async function isStoreLocked(tx: Tx, storeId: string): Promise<boolean> {
  // PostgreSQL shows a key of 64 bits as two halves of 32, without their sign.
  const key = BigInt.asUintN(64, keyOf(storeId));
  const [row] = await tx<Counts<"locks">[]>`
    select count(*)::int as locks from pg_locks
      where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and classid = ${String(key >> 32n)}::bigint::oid and objid = ${String(key & 0xffffffffn)}::bigint::oid`;
  return (row?.locks ?? 0) > 0;
}

function keyOf(storeId: string): bigint {
  return createHash("sha256").update(`upline store ${storeId}`).digest().readBigInt64BE();
}
