import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import type { Transfer } from "../db/schema/ledger.ts";
import type { Distributor } from "../db/schema/network.ts";
import type { OrderRevision } from "../db/schema/orders.ts";
import { direction } from "../ledger/sign.ts";

/** Reads of commissions: what the ledger holds per entry of an order. Amounts are minor units. */

/** What the ledger holds of one entry of an order. */
export type EntrySum = Record<"orderNo", Transfer["sourceNo"]> &
  Pick<Transfer, "entryKey" | "currency" | "effectiveAt" | "recordedAt"> &
  // Everything booked for the entry, and everything taken back from it; what stands is their difference.
  Sums<"bookedMinor" | "reversedMinor"> & {
    /** Null is the company. */
    readonly distributorId: Distributor["distributorId"] | null;
    /** The revision that last booked something for the entry: its snapshot has the entry. */
    readonly bookedRevision: Transfer["revision"] | null;
  };

const sums = (tx: Tx) => tx`
  coalesce(sum(t.amount) filter (where ${direction(tx, "adds")}), 0)::bigint as "bookedMinor",
  coalesce(sum(t.amount) filter (where ${direction(tx, "subtracts")}), 0)::bigint as "reversedMinor",
  max(t.revision) filter (where ${direction(tx, "adds")}) as "bookedRevision",
  min(t.effective_at) as "effectiveAt", max(t.recorded_at) as "recordedAt"`;

/** Every entry of one order, as it stood after a revision; the newest where none is given. */
export function readEntrySums(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; upToRevision?: number; entryKey?: string },
): Promise<EntrySum[]> {
  return tx<EntrySum[]>`
    select t.source_no as "orderNo", t.entry_key as "entryKey", d.distributor_id as "distributorId", t.currency, ${sums(tx)}
      from transfers t left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     where t.company_id = ${args.companyId} and t.source_kind = 1 and t.source_no = ${args.orderNo}
       ${args.upToRevision === undefined ? tx`` : tx`and t.revision <= ${args.upToRevision}`}
       ${args.entryKey === undefined ? tx`` : tx`and t.entry_key = ${args.entryKey}`}
     group by t.source_no, t.entry_key, d.distributor_id, t.currency
     order by t.entry_key`;
}

export interface CommissionFilter {
  readonly orderNo?: bigint | undefined;
  /** Null is the company: what nobody qualified for. */
  readonly distributorId?: string | null | undefined;
}

/** Entries of all orders, the newest order first, from `before` on. */
export function listEntrySums(
  tx: Tx,
  args: CommissionFilter & { companyId: number; before?: { orderNo: bigint; entryKey: string } | undefined; limit: number },
): Promise<EntrySum[]> {
  const { companyId, distributorId } = args;
  const none = tx``;
  const whose =
    distributorId === undefined
      ? none
      : distributorId === null
        ? tx`and t.distributor_no = 0`
        : tx`and t.distributor_no = (select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${distributorId})`;
  const upTo = args.before === undefined ? none : tx`and t.source_no <= ${args.before.orderNo}`;
  const ofOrder = args.orderNo === undefined ? none : tx`and t.source_no = ${args.orderNo}`;
  const beyond =
    args.before === undefined ? none : tx`and (t.source_no < ${args.before.orderNo} or t.entry_key > ${args.before.entryKey})`;
  // The page's orders first: each has an entry at least, but for that of the cursor, which may have none left.
  return tx<EntrySum[]>`
    with page as materialized (
      select t.source_no from transfer_rows t
       where t.company_id = ${companyId} and t.source_kind = 1 ${whose} ${ofOrder} ${upTo}
       group by t.source_no order by t.source_no desc limit ${args.limit + 1})
    select s.*, d.distributor_id as "distributorId" from (
      select t.source_no as "orderNo", t.entry_key as "entryKey", t.distributor_no, t.currency, ${sums(tx)}
        from page join transfers t on t.company_id = ${companyId} and t.source_kind = 1 and t.source_no = page.source_no
       where true ${whose} ${beyond}
       group by t.source_no, t.entry_key, t.distributor_no, t.currency
       order by t.source_no desc, t.entry_key
       limit ${args.limit}) s
      left join distributors d on d.company_id = ${companyId} and d.distributor_no = s.distributor_no
     order by s."orderNo" desc, s."entryKey"`;
}

/** A revision of an order, or with null its newest. */
export type WantedRevision = Pick<OrderRevision, "orderNo"> & { readonly revision: OrderRevision["revision"] | null };

/** Snapshots of several orders: of the newest revision, or of the one named. */
export async function readSnapshots(
  tx: Tx,
  args: { companyId: number; wanted: readonly WantedRevision[] },
): Promise<Map<string, string>> {
  const { wanted } = args;
  if (wanted.length === 0) return new Map();
  const rows = await tx<(WantedRevision & Pick<OrderRevision, "snapshot">)[]>`
    select w.order_no as "orderNo", w.revision, r.snapshot
      from unnest(${wanted.map(({ orderNo }) => String(orderNo))}::bigint[], ${wanted.map(({ revision }) => revision)}::integer[]) as w (order_no, revision)
      join orders o on o.company_id = ${args.companyId} and o.order_no = w.order_no
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = coalesce(w.revision, o.revision)`;
  return new Map(rows.map((row) => [snapshotKey(row), row.snapshot]));
}

export function snapshotKey({ orderNo, revision }: WantedRevision): string {
  return `${orderNo} ${revision ?? "newest"}`;
}
