import type { Sql } from "../db/connect.ts";
import type { Delivery } from "../db/schema/inbox.ts";

/**
 * The newest delivery that was there at a moment, 0 in an empty inbox, and the transactions that were writing to it. Numbers up to the
 * newest had all been given out by then, to these or to transactions that were over: once these are over too, everything up to it is seen.
 */
export interface Sample {
  readonly at: number;
  readonly newest: Delivery["deliveryId"];
  readonly writers: ReadonlySet<string>;
}

export async function sampleInbox(gate: Sql): Promise<Sample> {
  const at = Date.now();
  // The newest is as of the statement's snapshot, the locks are read after it: nobody writes unseen between the two.
  const [row] = await gate<{ newest: bigint; writers: readonly string[] }[]>`
    select coalesce(max(delivery_id), 0)::bigint as newest,
           array(select virtualtransaction from pg_locks
                  where locktype = 'relation' and relation = 'inbox'::regclass and mode = 'RowExclusiveLock' and granted
                    and database = (select oid from pg_database where datname = current_database())) as writers
      from inbox`;
  return { at, newest: row?.newest ?? 0n, writers: new Set(row?.writers) };
}
