import type { Destination, VolumeKey, Volumes } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";

/** Volume entries: which volume an order, or an admin, put into which period. */

export type VolumeKind = Destination["kind"] | "adjustment";

export interface VolumeEntry extends VolumeKey, Volumes {
  readonly periodNo: number | null;
  readonly kind: VolumeKind;
  readonly orderNo: bigint | null;
  readonly revision: number | null;
  readonly effectiveAt: string;
  readonly actor: string | null;
  readonly reason: string | null;
}

export interface UnbookedOrder {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly placedAt: Date;
  /** Null is the house account. */
  readonly distributorNo: number | null;
  readonly snapshot: string;
}

/** Orders placed in a span whose newest revision is not booked yet, by number from `after` on. */
export async function findUnbooked(
  tx: Tx,
  args: { companyId: number; from: Date; to: Date; after: bigint; limit: number },
): Promise<UnbookedOrder[]> {
  const rows = await tx<
    { order_no: bigint; revision: number; placed_at: Date; distributor_no: number | null; snapshot: string }[]
  >`
    select o.order_no, o.revision, o.placed_at, o.distributor_no, r.snapshot
      from orders o
      left join volume_heads h on h.company_id = o.company_id and h.order_no = o.order_no
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.order_no > ${args.after} and o.placed_at >= ${args.from} and o.placed_at < ${args.to}
       and (h.revision is null or h.revision < o.revision)
     order by o.order_no limit ${args.limit}`;
  return rows.map((row) => ({
    orderNo: row.order_no,
    revision: row.revision,
    placedAt: row.placed_at,
    distributorNo: row.distributor_no,
    snapshot: row.snapshot,
  }));
}

export interface BookedVolume extends VolumeKey, Volumes {
  readonly orderNo: bigint;
  /** The period that newest volume went to. */
  readonly lastPeriodNo: number | null;
}

/** What is booked for these orders so far, in all periods and outside of them. */
export async function readBooked(tx: Tx, args: { companyId: number; orderNos: readonly bigint[] }): Promise<BookedVolume[]> {
  if (args.orderNos.length === 0) return [];
  const rows = await tx<
    {
      order_no: bigint;
      distributor_no: number;
      commission_class: string;
      market: string;
      self_purchase: boolean;
      open_fast_starts: string;
      currency: string;
      last_period_no: number | null;
      pv: bigint;
      qv: bigint;
      cv: bigint;
      net_minor: bigint;
    }[]
  >`
    select order_no, distributor_no, commission_class, market, self_purchase, open_fast_starts, currency,
           (array_agg(period_no order by entry_no desc) filter (where period_no is not null and pv + qv + cv + net_minor > 0))[1] as last_period_no,
           sum(pv)::bigint as pv, sum(qv)::bigint as qv, sum(cv)::bigint as cv, sum(net_minor)::bigint as net_minor
      from volume_entries where company_id = ${args.companyId} and order_no = any(${args.orderNos.map(String)}::bigint[])
     group by order_no, distributor_no, commission_class, market, self_purchase, open_fast_starts, currency`;
  return rows.map((row) => ({
    orderNo: row.order_no,
    distributorNo: row.distributor_no,
    commissionClass: row.commission_class,
    market: row.market,
    selfPurchase: row.self_purchase,
    openFastStarts: row.open_fast_starts,
    currency: row.currency,
    lastPeriodNo: row.last_period_no,
    pv: row.pv,
    qv: row.qv,
    cv: row.cv,
    netMinor: row.net_minor,
  }));
}

export async function insertVolumes(tx: Tx, companyId: number, entries: readonly VolumeEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const text = (value: bigint | null) => (value === null ? null : String(value));
  await tx`
    insert into volume_entries (company_id, period_no, kind, order_no, revision, distributor_no, commission_class, market, self_purchase,
      open_fast_starts, currency, pv, qv, cv, net_minor, effective_at, actor, reason)
    select ${companyId}, * from unnest(
      ${entries.map((one) => one.periodNo)}::integer[], ${entries.map((one) => one.kind)}::text[], ${entries.map((one) => text(one.orderNo))}::bigint[],
      ${entries.map((one) => one.revision)}::integer[], ${entries.map((one) => one.distributorNo)}::integer[],
      ${entries.map((one) => one.commissionClass)}::text[], ${entries.map((one) => one.market)}::text[],
      ${entries.map((one) => String(one.selfPurchase))}::text[]::boolean[], ${entries.map((one) => one.openFastStarts)}::text[],
      ${entries.map((one) => one.currency)}::text[], ${entries.map((one) => text(one.pv))}::bigint[], ${entries.map((one) => text(one.qv))}::bigint[],
      ${entries.map((one) => text(one.cv))}::bigint[], ${entries.map((one) => text(one.netMinor))}::bigint[],
      ${entries.map((one) => one.effectiveAt)}::timestamptz[], ${entries.map((one) => one.actor)}::text[], ${entries.map((one) => one.reason)}::text[])`;
}

/** Remembers up to which revision these orders are booked. */
export async function raiseHeads(
  tx: Tx,
  companyId: number,
  heads: readonly { orderNo: bigint; revision: number }[],
): Promise<void> {
  if (heads.length === 0) return;
  await tx`
    insert into volume_heads (company_id, order_no, revision)
    select ${companyId}, * from unnest(${heads.map((one) => String(one.orderNo))}::bigint[], ${heads.map((one) => one.revision)}::integer[])
    on conflict (company_id, order_no) do update set revision = excluded.revision`;
}

/** Closed periods that refunds reached since their standing run was locked: what a "reverse-delta" run would take in. */
export async function periodsWithShadow(tx: Tx, companyId: number): Promise<{ periodNo: number; entries: number }[]> {
  const rows = await tx<{ period_no: number; entries: number }[]>`
    select v.period_no, count(*)::int as entries
      from volume_entries v
      join close_runs r on r.company_id = v.company_id and r.period_no = v.period_no and r.kind = 'committed'
       and not exists (select from close_runs n where n.company_id = r.company_id and n.supersedes = r.run_no)
      join period_locks l on l.company_id = r.company_id and l.lock_no = r.lock_no
     where v.company_id = ${companyId} and v.kind = 'shadow' and v.entry_no > l.volume_upto
     group by v.period_no order by v.period_no`;
  return rows.map((row) => ({ periodNo: row.period_no, entries: row.entries }));
}
