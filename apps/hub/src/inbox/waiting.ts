import type { Sql } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Delivery } from "../db/schema/inbox.ts";
import { type PendingDelivery, readDeliveries } from "./queries.ts";

/** What waits in the inbox: found for the sweeper, counted for readiness. */

type Numbered = Pick<Delivery, "deliveryId">;

/** Bounds one look of the sweeper. */
const MISSING_LIMIT = 20_000;
/** What one look reads of bodies, which are stored as long as they are: the rest is for the next look. */
const SWEEP_BYTES = 16 << 20;

/**
 * Ids above the floor without an outcome, oldest first. Reads the narrow outcomes instead of the inbox,
 * whose rows are a page each; ids that were taken but never committed are among them.
 */
function missing(gate: Sql, upTo: bigint | null) {
  const last = upTo === null ? gate`(select max(delivery_id) from inbox)` : gate`${upTo}::bigint`;
  return gate`
    select n as delivery_id from generate_series((select delivery_id + 1 from inbox_floor), ${last}) as n
    except
    select delivery_id from inbox_outcomes where delivery_id > (select delivery_id from inbox_floor)
    order by 1 limit ${MISSING_LIMIT}`;
}

/**
 * Deliveries without an outcome that nobody in this process holds: left over by a crash, by another
 * replica's crash, or due for another attempt. `olderThanMs` leaves the fresh ones to the hand-off.
 */
export async function findPending(gate: Sql, args: { olderThanMs: number; limit: number }): Promise<PendingDelivery[]> {
  const rows = await gate<(Numbered & Sums<"before">)[]>`
    select i.delivery_id as "deliveryId",
           sum(pg_column_size(i.body)) over (order by i.delivery_id) - pg_column_size(i.body) as before
      from (select delivery_id from (${missing(gate, null)}) m
             union
            (select delivery_id from inbox_retries d where next_attempt_at <= now()
                and not exists (select from inbox_outcomes o where o.delivery_id = d.delivery_id)
              order by next_attempt_at limit ${args.limit})) m
     cross join lateral (select * from inbox where delivery_id = m.delivery_id offset 0) i
      left join inbox_retries r on r.delivery_id = i.delivery_id
     where i.received_at < now() - make_interval(secs => ${args.olderThanMs / 1000})
       and (r.next_attempt_at is null or r.next_attempt_at <= now())
     order by i.delivery_id
     limit ${args.limit}`;
  const fitting = rows.filter(({ before }) => before < SWEEP_BYTES);
  if (fitting.length === 0) return [];
  return readDeliveries(gate, { deliveryIds: fitting.map((row) => row.deliveryId) });
}

/** The newest delivery there is; 0 in an empty inbox. */
export async function newestDelivery(gate: Sql): Promise<bigint> {
  const [row] = await gate<Numbered[]>`select coalesce(max(delivery_id), 0)::bigint as "deliveryId" from inbox`;
  return row?.deliveryId ?? 0n;
}

/**
 * Moves the sweeper's starting point over what is finished or waits for an attempt of its own, at most
 * to `upTo`: a delivery so old that nobody can still commit one with a smaller id. Forgets attempts that are over.
 */
export async function raiseFloor(gate: Sql, upTo: bigint): Promise<void> {
  await gate`
    update inbox_floor set delivery_id = greatest(delivery_id, coalesce(
      (select min(i.delivery_id) - 1 from (${missing(gate, upTo)}) m
        cross join lateral (select delivery_id from inbox where delivery_id = m.delivery_id offset 0) i
        where not exists (select from inbox_retries r where r.delivery_id = i.delivery_id)),
      ${upTo}::bigint))`;
  await gate`
    delete from inbox_retries r where exists (select from inbox_outcomes o where o.delivery_id = r.delivery_id)`;
}

/** How many deliveries wait, over all companies, up to a bound: for readiness. */
export async function countPending(gate: Sql): Promise<number> {
  const [row] = await gate<Counts<"waiting">[]>`
    select count(*)::int as waiting from (${missing(gate, null)}) m
     cross join lateral (select delivery_id from inbox where delivery_id = m.delivery_id offset 0) i`;
  return row?.waiting ?? 0;
}
