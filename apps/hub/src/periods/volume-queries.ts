import type { OrderFacts, OrderVolume } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Order, OrderRevision } from "../db/schema/orders.ts";
import type { Period, VolumeEntry as StoredVolume, VolumeHead } from "../db/schema/periods.ts";

/** Volume entries: which volume an order, or an admin, put into which period. */

type Facts = "subscription" | "firstOrder" | "buyer" | "items" | "retailMinor" | "lessMinor";
type Volumes = "pv" | "qv" | "cv" | "netMinor";
type Key = "distributorNo" | "commissionClass" | "market" | "selfPurchase" | "openFastStarts" | "currency";

/** A new entry; the moment is text, as the order says it. */
export type NewVolume = Omit<StoredVolume, "companyId" | "entryNo" | "effectiveAt" | "recordedAt" | Facts> &
  Record<"effectiveAt", string> &
  Pick<OrderVolume, Asked>;

/** What only some plans ask of an order. */
type Asked = "facts" | "items" | "retailMinor" | "lessMinor";

/** An order whose newest revision is not booked; without a distributor it is the house account's. */
export type UnbookedOrder = Pick<Order, "orderNo" | "revision" | "placedAt" | "distributorNo"> & Pick<OrderRevision, "snapshot">;

/** Orders placed in a span whose newest revision is not booked in a calendar yet, by number from `after` on. */
export function findUnbooked(
  tx: Tx,
  args: { companyId: number; calendar: string; from: Date; to: Date; after: bigint; limit: number },
): Promise<UnbookedOrder[]> {
  return tx<UnbookedOrder[]>`
    select o.order_no as "orderNo", o.revision, o.placed_at as "placedAt", o.distributor_no as "distributorNo", r.snapshot
      from orders o
      left join volume_heads h on h.company_id = o.company_id and h.order_no = o.order_no and h.calendar = ${args.calendar}
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.order_no > ${args.after} and o.placed_at >= ${args.from} and o.placed_at < ${args.to}
       and (h.revision is null or h.revision < o.revision)
     order by o.order_no limit ${args.limit}`;
}

/** The same of some distributors: orders that are theirs, and those of which volume is booked for them. */
export function findUnbookedOf(
  tx: Tx,
  args: { companyId: number; calendar: string; from: Date; to: Date; distributorNos: readonly number[] },
): Promise<UnbookedOrder[]> {
  const some = args.distributorNos as number[];
  return tx<UnbookedOrder[]>`
    with theirs as (
      select order_no from orders where company_id = ${args.companyId} and distributor_no = any(${some}::integer[])
      union
      select order_no from volume_entries
       where company_id = ${args.companyId} and distributor_no = any(${some}::integer[]) and calendar = ${args.calendar} and order_no is not null)
    select o.order_no as "orderNo", o.revision, o.placed_at as "placedAt", o.distributor_no as "distributorNo", r.snapshot
      from theirs
      join orders o on o.company_id = ${args.companyId} and o.order_no = theirs.order_no
      left join volume_heads h on h.company_id = o.company_id and h.order_no = o.order_no and h.calendar = ${args.calendar}
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.placed_at >= ${args.from} and o.placed_at < ${args.to} and (h.revision is null or h.revision < o.revision)
     order by o.order_no`;
}

type StoredBooked = Pick<VolumeHead, "orderNo"> &
  Pick<StoredVolume, Key | Exclude<Facts, "lessMinor">> &
  Record<"lastPeriodNo", StoredVolume["periodNo"]> &
  Record<"lessMinors", StoredVolume["lessMinor"][] | null> &
  Sums<Volumes>;

/** What is booked for an order of one kind of volume, and the period that the newest volume of it went to. */
export type BookedVolume = Omit<StoredBooked, Facts | "lessMinors"> & Pick<OrderVolume, Asked>;

/** What is booked for these orders in a calendar so far, in all its periods and outside of them. */
export async function readBooked(
  tx: Tx,
  args: { companyId: number; calendar: string; orderNos: readonly bigint[] },
): Promise<BookedVolume[]> {
  if (args.orderNos.length === 0) return [];
  const rows = await tx<StoredBooked[]>`
    select order_no as "orderNo", distributor_no as "distributorNo", commission_class as "commissionClass", market,
           self_purchase as "selfPurchase", open_fast_starts as "openFastStarts", currency,
           (array_agg(period_no order by entry_no desc) filter (where period_no is not null and pv + qv + cv + net_minor > 0))[1] as "lastPeriodNo",
           sum(pv)::bigint as pv, sum(qv)::bigint as qv, sum(cv)::bigint as cv, sum(net_minor)::bigint as "netMinor",
           subscription, first_order as "firstOrder", buyer, sum(items)::bigint as items,
           sum(retail_minor)::bigint as "retailMinor", jsonb_agg(less_minor) filter (where less_minor is not null) as "lessMinors"
      from volume_entries where company_id = ${args.companyId} and order_no = any(${args.orderNos.map(String)}::bigint[]) and calendar = ${args.calendar}
     group by order_no, distributor_no, commission_class, market, self_purchase, open_fast_starts, currency, subscription, first_order, buyer`;
  return rows.map(({ subscription, firstOrder, buyer, items, retailMinor, lessMinors, ...booked }) => ({
    ...booked,
    ...(subscription === null || firstOrder === null || buyer === null
      ? {}
      : { facts: { subscription, firstOrder, buyer }, items: items ?? 0n }),
    ...(retailMinor === null ? {} : { retailMinor }),
    ...(lessMinors === null ? {} : { lessMinor: summedLess(lessMinors) }),
  }));
}

function summedLess(booked: readonly StoredVolume["lessMinor"][]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const each of booked) for (const [id, minor] of Object.entries(each ?? {})) sums[id] = (sums[id] ?? 0n) + BigInt(minor);
  return sums;
}

const lessText = ({ lessMinor }: NewVolume): string | null =>
  lessMinor === undefined
    ? null
    : JSON.stringify(Object.fromEntries(Object.entries(lessMinor).map(([id, minor]) => [id, String(minor)])));

export async function insertVolumes(tx: Tx, companyId: number, entries: readonly NewVolume[]): Promise<void> {
  if (entries.length === 0) return;
  const column = <Value>(value: (entry: NewVolume) => Value): Value[] => entries.map(value);
  const text = (value: bigint | null) => (value === null ? null : String(value));
  const fact = (value: (facts: OrderFacts, entry: NewVolume) => string) =>
    column((entry) => (entry.facts == null ? null : value(entry.facts, entry)));
  await tx`
    insert into volume_entries (company_id, period_no, calendar, kind, order_no, revision, distributor_no, commission_class, market, self_purchase,
      open_fast_starts, currency, pv, qv, cv, net_minor, subscription, first_order, buyer, items,
      retail_minor, less_minor, effective_at, actor, reason)
    select ${companyId}, * from unnest(
      ${column((entry) => entry.periodNo)}::integer[], ${column((entry) => entry.calendar)}::text[], ${column((entry) => entry.kind)}::text[], ${column((entry) => text(entry.orderNo))}::bigint[],
      ${column((entry) => entry.revision)}::integer[], ${column((entry) => entry.distributorNo)}::integer[],
      ${column((entry) => entry.commissionClass)}::text[], ${column((entry) => entry.market)}::text[],
      ${column((entry) => String(entry.selfPurchase))}::text[]::boolean[], ${column((entry) => entry.openFastStarts)}::text[],
      ${column((entry) => entry.currency)}::text[], ${column((entry) => text(entry.pv))}::bigint[], ${column((entry) => text(entry.qv))}::bigint[],
      ${column((entry) => text(entry.cv))}::bigint[], ${column((entry) => text(entry.netMinor))}::bigint[],
      ${fact((facts) => String(facts.subscription))}::text[]::boolean[], ${fact((facts) => String(facts.firstOrder))}::text[]::boolean[],
      ${fact((facts) => facts.buyer)}::text[], ${fact((_, entry) => String(entry.items ?? 0n))}::text[]::bigint[],
      ${column((entry) => text(entry.retailMinor ?? null))}::bigint[], ${column(lessText)}::text[]::jsonb[],
      ${column((entry) => entry.effectiveAt)}::timestamptz[], ${column((entry) => entry.actor)}::text[], ${column((entry) => entry.reason)}::text[])`;
}

/** Remembers up to which revision these orders are booked. */
export async function raiseHeads(tx: Tx, companyId: number, heads: readonly Omit<VolumeHead, "companyId">[]): Promise<void> {
  if (heads.length === 0) return;
  await tx`
    insert into volume_heads (company_id, order_no, calendar, revision)
    select ${companyId}, * from unnest(${heads.map((head) => String(head.orderNo))}::bigint[], ${heads.map((head) => head.calendar)}::text[],
      ${heads.map((head) => head.revision)}::integer[])
    on conflict (company_id, order_no, calendar) do update set revision = excluded.revision`;
}

/** Closed periods that refunds reached since their standing run was locked: what a "reverse-delta" run would take in. */
export async function periodsWithShadow(tx: Tx, companyId: number): Promise<(Pick<Period, "periodNo"> & Counts<"entries">)[]> {
  const rows = await tx<(Pick<Period, "periodNo"> & Counts<"entries">)[]>`
    select v.period_no as "periodNo", count(*)::int as entries
      from volume_entries v
      join close_runs r on r.company_id = v.company_id and r.period_no = v.period_no and r.kind = 'committed'
       and not exists (select from close_runs n where n.company_id = r.company_id and n.supersedes = r.run_no)
      join period_locks l on l.company_id = r.company_id and l.lock_no = r.lock_no
     where v.company_id = ${companyId} and v.kind = 'shadow' and v.entry_no > l.volume_upto
     group by v.period_no order by v.period_no`;
  return [...rows];
}
