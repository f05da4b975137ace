import type { Sql } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Delivery, InboxGroup } from "../db/schema/inbox.ts";

/** What waits in the inbox: found for the sweeper, company by company, and counted for readiness. */

export type NumberedDelivery = Pick<Delivery, "companyId" | "deliveryId">;
export type NumberedGroup = Pick<InboxGroup, "companyId" | "groupNo">;
export type Group = Pick<InboxGroup, "companyId" | "groupNo" | "deliveryIds">;

/** How much the bodies of deliveries take as they are stored; the oldest first. */
export function sizesOf(gate: Sql, deliveryIds: readonly bigint[]): Promise<(Pick<Delivery, "deliveryId"> & Counts<"bytes">)[]> {
  return gate<(Pick<Delivery, "deliveryId"> & Counts<"bytes">)[]>`
    select delivery_id as "deliveryId", coalesce(packed_from, pg_column_size(sealed), pg_column_size(body)) as bytes from inbox
     where delivery_id = any(${deliveryIds.map(String)}::bigint[])`;
}

/** Every company, with the group up to which all is done: where its sweep begins. */
export async function sweepStarts(gate: Sql): Promise<NumberedGroup[]> {
  return gate<NumberedGroup[]>`
    select companies.company_id as "companyId", inbox_floor.delivery_id as "groupNo" from companies cross join inbox_floor`;
}

/** For each company the groups after one, at most `limit`, in their order. One company's do not stand in the way of another's. */
export function groupsAfter(gate: Sql, args: { after: readonly NumberedGroup[]; upTo: bigint; limit: number }): Promise<Group[]> {
  return gate<Group[]>`
    select c.company_id as "companyId", g.group_no as "groupNo", g.delivery_ids as "deliveryIds"
      from unnest(${args.after.map(({ companyId }) => companyId)}::integer[], ${args.after.map(({ groupNo }) => String(groupNo))}::bigint[])
        as c (company_id, group_no)
     cross join lateral (
       select group_no, delivery_ids from inbox_groups
        where company_id = c.company_id and group_no > c.group_no and group_no <= ${args.upTo}
        order by group_no limit ${args.limit}) g
     order by c.company_id, g.group_no`;
}

/** Which of these have no outcome and wait for no attempt of their own. */
export async function findWaiting(gate: Sql, deliveryIds: readonly bigint[]): Promise<Set<bigint>> {
  const rows = await gate<Pick<Delivery, "deliveryId">[]>`
    select w.delivery_id as "deliveryId" from unnest(${deliveryIds.map(String)}::bigint[]) as w (delivery_id)
      left join lateral (select true as done from inbox_outcomes where delivery_id = w.delivery_id limit 1) o on true
      left join lateral (select true as kept from inbox_retries where delivery_id = w.delivery_id limit 1) r on true
     where o.done is null and r.kept is null`;
  return new Set(rows.map((row) => row.deliveryId));
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

/** Moves the floor, where every sweep begins, up to a group: everything up to it is done, or waits for an attempt of its own. */
export async function raiseFloor(gate: Sql, groupNo: bigint): Promise<void> {
  await gate`update inbox_floor set delivery_id = ${groupNo} where delivery_id < ${groupNo}`;
}

/** Forgets attempts that are over. */
export async function forgetAttempts(gate: Sql): Promise<void> {
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

/** How many deliveries wait, over all companies, up to a bound: for readiness. */
export async function countPending(gate: Sql): Promise<number> {
  const [row] = await gate<Counts<"waiting">[]>`
    select count(*)::int as waiting from (
      (select w.delivery_id from inbox_floor cross join companies c
        cross join lateral (select delivery_ids from inbox_groups where company_id = c.company_id and group_no > inbox_floor.delivery_id) g
        cross join lateral unnest(g.delivery_ids) as w (delivery_id)
         where not exists (select from inbox_outcomes o where o.delivery_id = w.delivery_id) limit ${COUNTED})
      union
      (select r.delivery_id from inbox_retries r
         where not exists (select from inbox_outcomes o where o.delivery_id = r.delivery_id) limit ${COUNTED})
      limit ${COUNTED}) waiting`;
  return row?.waiting ?? 0;
}
