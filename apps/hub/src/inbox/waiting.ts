import type { Sql } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Delivery } from "../db/schema/inbox.ts";

/** What waits in the inbox: found for the sweeper, company by company, and counted for readiness. */

export type NumberedDelivery = Pick<Delivery, "companyId" | "deliveryId">;

/** The newest delivery that was there at a moment; 0 in an empty inbox. */
export interface Sample {
  readonly at: number;
  readonly newest: Delivery["deliveryId"];
}

export async function sampleInbox(gate: Sql): Promise<Sample> {
  const at = Date.now();
  const [row] = await gate<Sums<"newest">[]>`select coalesce(max(delivery_id), 0)::bigint as newest from inbox`;
  return { at, newest: row?.newest ?? 0n };
}

/** A sample to raise the floor to, once every transaction that had begun before it is over: none of them has a number from `horizon` on. */
export interface Mark extends Sample {
  readonly horizon: bigint;
}

export async function markInbox(gate: Sql): Promise<Mark> {
  const at = Date.now();
  const [row] = await gate<Sums<"newest" | "horizon">[]>`
    select coalesce(max(delivery_id), 0)::bigint as newest, pg_current_xact_id()::text::bigint as horizon from inbox`;
  if (row === undefined) throw new Error("the inbox says nothing");
  return { at, ...row };
}

/** How much the bodies of deliveries take as they are stored; the oldest first. */
export function sizesOf(gate: Sql, deliveryIds: readonly bigint[]): Promise<(Pick<Delivery, "deliveryId"> & Counts<"bytes">)[]> {
  return gate<(Pick<Delivery, "deliveryId"> & Counts<"bytes">)[]>`
    select delivery_id as "deliveryId", coalesce(pg_column_size(sealed), pg_column_size(body)) as bytes from inbox
     where delivery_id = any(${deliveryIds.map(String)}::bigint[])`;
}

/** Every company, with where everything below is done: where its sweep begins. */
export async function sweepStarts(gate: Sql): Promise<NumberedDelivery[]> {
  return gate<NumberedDelivery[]>`
    select companies.company_id as "companyId", inbox_floor.delivery_id as "deliveryId" from companies cross join inbox_floor`;
}

/** Of one company: those that wait, and up to which delivery all were looked at. */
export type Looked = Pick<Delivery, "companyId"> &
  Record<"examined", Delivery["deliveryId"]> &
  Counts<"count"> &
  Record<"waiting", readonly Delivery["deliveryId"][]>;

/**
 * For each company the deliveries after one, at most `limit`, and which of them have no outcome and wait for no
 * attempt of their own. One company's do not stand in the way of another's, however many they are.
 */
export function lookAfter(
  gate: Sql,
  args: { after: readonly NumberedDelivery[]; upTo: bigint; limit: number },
): Promise<Looked[]> {
  return gate<Looked[]>`
    select c.company_id as "companyId", max(w.delivery_id) as examined, count(*)::int as count,
           coalesce(array_agg(w.delivery_id order by w.delivery_id) filter (where o.done is null and r.kept is null), '{}') as waiting
      from unnest(${args.after.map(({ companyId }) => companyId)}::integer[], ${args.after.map(({ deliveryId }) => String(deliveryId))}::bigint[])
        as c (company_id, delivery_id)
     cross join lateral (
       select delivery_id from inbox
        where company_id = c.company_id and delivery_id > c.delivery_id and delivery_id <= ${args.upTo}
        order by delivery_id limit ${args.limit}) w
      left join lateral (select true as done from inbox_outcomes where delivery_id = w.delivery_id limit 1) o on true
      left join lateral (select true as kept from inbox_retries where delivery_id = w.delivery_id limit 1) r on true
     group by c.company_id`;
}

/** Deliveries whose next attempt is due, at most `limit` of each company. */
export function findDue(gate: Sql, args: { companyIds: readonly number[]; limit: number }): Promise<NumberedDelivery[]> {
  return gate<NumberedDelivery[]>`
    select c.company_id as "companyId", d.delivery_id as "deliveryId"
      from unnest(${[...args.companyIds]}::integer[]) as c (company_id)
     cross join lateral (
       select r.delivery_id from inbox_retries r
        where r.company_id = c.company_id and r.next_attempt_at <= now()
          and not exists (select from inbox_outcomes o where o.delivery_id = r.delivery_id)
        order by r.next_attempt_at limit ${args.limit}) d`;
}

/** At most so many deliveries does the floor rise over at once. */
const FLOOR_STEP = 50_000;

/**
 * Moves the floor, where every sweep begins, over deliveries that were examined and are done, and never over one that
 * waits, for an attempt of its own or otherwise. At most to the mark, and not at all while a transaction runs that could
 * still commit a delivery below it. Forgets attempts that are over.
 */
export async function raiseFloor(gate: Sql, mark: Mark): Promise<void> {
  await gate`
    with next as (
      select i.delivery_id, exists (select from inbox_outcomes o where o.delivery_id = i.delivery_id) as done
        from (select delivery_id from inbox
               where delivery_id > (select delivery_id from inbox_floor) and delivery_id <= ${mark.newest}
                 and pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= ${mark.horizon}
               order by delivery_id limit ${FLOOR_STEP}) i)
    update inbox_floor set delivery_id = greatest(delivery_id, coalesce(
      (select min(delivery_id) - 1 from next where not done), (select max(delivery_id) from next), 0))`;
  await gate`
    delete from inbox_retries r where exists (select from inbox_outcomes o where o.delivery_id = r.delivery_id)`;
}

/** Companies of the newest deliveries, whose shops sent something of late; the one with the newest first. */
export async function companiesOfNewest(gate: Sql, deliveries: number): Promise<Delivery["companyId"][]> {
  const rows = await gate<(Pick<Delivery, "companyId"> & Sums<"newest">)[]>`
    select company_id as "companyId", max(delivery_id) as newest
      from (select company_id, delivery_id from inbox order by delivery_id desc limit ${deliveries}) i
     group by company_id order by newest desc`;
  return rows.map(({ companyId }) => companyId);
}

/** Beyond this it does not matter how many wait. */
const COUNTED = 20_000;

/** How many deliveries wait, over all companies, up to a bound: for readiness. Reads the narrow outcomes instead of the inbox. */
export async function countPending(gate: Sql): Promise<number> {
  const [row] = await gate<Counts<"waiting">[]>`
    select count(*)::int as waiting from (
      select n as delivery_id
        from generate_series((select delivery_id + 1 from inbox_floor), (select max(delivery_id) from inbox)) as n
      except
      select delivery_id from inbox_outcomes where delivery_id > (select delivery_id from inbox_floor)
      limit ${COUNTED}) m
     cross join lateral (select delivery_id from inbox where delivery_id = m.delivery_id offset 0) i`;
  return row?.waiting ?? 0;
}
