import type { Tx } from "../db/connect.ts";

/** Reads of commissions: what the ledger holds per entry of an order. Amounts are minor units. */

export interface EntrySum {
  readonly order_no: bigint;
  readonly entry_key: string;
  readonly distributor_id: string | null;
  readonly currency: string;
  /** Everything booked for the entry, and everything taken back from it; what stands is their difference. */
  readonly booked_minor: bigint;
  readonly reversed_minor: bigint;
  /** The revision that last booked something for the entry: its snapshot has the entry. */
  readonly booked_revision: number | null;
  readonly effective_at: Date;
  readonly recorded_at: Date;
}

const sums = (tx: Tx) => tx`
  coalesce(sum(t.amount) filter (where t.kind in ('commission', 'breakage')), 0)::bigint as booked_minor,
  coalesce(sum(t.amount) filter (where t.kind in ('clawback', 'breakage-clawback')), 0)::bigint as reversed_minor,
  max(t.revision) filter (where t.kind in ('commission', 'breakage')) as booked_revision,
  min(t.effective_at) as effective_at, max(t.recorded_at) as recorded_at`;

/** Every entry of one order, as it stood after a revision; the newest where none is given. */
export function readEntrySums(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; upToRevision?: number; entryKey?: string },
): Promise<EntrySum[]> {
  return tx<EntrySum[]>`
    select t.source_no as order_no, t.entry_key, d.distributor_id, t.currency, ${sums(tx)}
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
  return tx<EntrySum[]>`
    select s.*, d.distributor_id from (
      select t.source_no as order_no, t.entry_key, t.distributor_no, t.currency, ${sums(tx)}
        from transfers t
       where t.company_id = ${companyId} and t.source_kind = 1 ${whose}
         ${args.orderNo === undefined ? none : tx`and t.source_no = ${args.orderNo}`}
         ${
           args.before === undefined
             ? none
             : tx`and t.source_no <= ${args.before.orderNo} and (t.source_no < ${args.before.orderNo} or t.entry_key > ${args.before.entryKey})`
         }
       group by t.source_no, t.entry_key, t.distributor_no, t.currency
       order by t.source_no desc, t.entry_key
       limit ${args.limit}) s
      left join distributors d on d.company_id = ${companyId} and d.distributor_no = s.distributor_no
     order by s.order_no desc, s.entry_key`;
}

/** Snapshots of several orders: of the newest revision, or of the one named. */
export async function readSnapshots(
  tx: Tx,
  args: { companyId: number; of: readonly { orderNo: bigint; revision: number | null }[] },
): Promise<Map<string, string>> {
  if (args.of.length === 0) return new Map();
  const rows = await tx<{ order_no: bigint; revision: number | null; snapshot: string }[]>`
    select w.order_no, w.revision, r.snapshot
      from unnest(${args.of.map((one) => String(one.orderNo))}::bigint[], ${args.of.map((one) => one.revision)}::integer[]) as w (order_no, revision)
      join orders o on o.company_id = ${args.companyId} and o.order_no = w.order_no
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = coalesce(w.revision, o.revision)`;
  return new Map(rows.map((row) => [snapshotKey(row.order_no, row.revision), row.snapshot]));
}

export function snapshotKey(orderNo: bigint, revision: number | null): string {
  return `${orderNo} ${revision ?? "newest"}`;
}
