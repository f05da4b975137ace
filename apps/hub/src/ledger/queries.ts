import type { Tx } from "../db/connect.ts";

/** Reads of the ledger. Amounts are minor units; paging is by event id, newest first. */

export interface LedgerRow {
  readonly event_id: bigint;
  /** Null where a period's close caused it. */
  readonly order_id: bigint | null;
  readonly distributor_id: string | null;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly kind: string;
  readonly entry_key: string;
  readonly effective_at: Date;
  readonly recorded_at: Date;
  readonly calc_snapshot_json: string | null;
}

export function listLedger(
  tx: Tx,
  args: {
    companyId: number;
    distributorId?: string | undefined;
    orderId?: bigint | undefined;
    before?: bigint | undefined;
    limit: number;
  },
): Promise<LedgerRow[]> {
  return tx<LedgerRow[]>`
    select event_id, order_id, distributor_id, amount_minor, currency, kind, entry_key, effective_at, recorded_at, calc_snapshot_json
      from ledger
     where company_id = ${args.companyId}
       ${args.distributorId === undefined ? tx`` : tx`and distributor_id = ${args.distributorId}`}
       ${args.orderId === undefined ? tx`` : tx`and order_id = ${args.orderId}`}
       ${args.before === undefined ? tx`` : tx`and event_id < ${args.before}`}
     order by event_id desc limit ${args.limit}`;
}

export interface BalanceRow {
  readonly owner_no: number;
  /** Null is the company. */
  readonly distributor_id: string | null;
  readonly account: number;
  readonly currency: string;
  /** Credits less debits. */
  readonly balance: bigint;
}

/** What the company's own accounts hold. */
export function companyBalances(tx: Tx, companyId: number): Promise<BalanceRow[]> {
  return tx<BalanceRow[]>`
    select 0 as owner_no, null as distributor_id, m.account, m.currency, sum(m.amount)::bigint as balance
      from (select credit_account as account, currency, amount from transfers where company_id = ${companyId} and credit_owner = 0
            union all
            select debit_account, currency, -amount from transfers where company_id = ${companyId} and debit_owner = 0) m
     group by m.account, m.currency
     order by m.currency, m.account`;
}

/** What the accounts of a page of distributors hold: of those who ever had a transfer, the newest number first. */
export function listBalances(
  tx: Tx,
  args: { companyId: number; distributorId?: string | undefined; before?: number | undefined; limit: number },
): Promise<BalanceRow[]> {
  const { companyId } = args;
  return tx<BalanceRow[]>`
    with owners as (
      select d.distributor_no, d.distributor_id from distributors d
       where d.company_id = ${companyId}
         and exists (select from transfers t where t.company_id = ${companyId} and t.distributor_no = d.distributor_no)
         ${args.distributorId === undefined ? tx`` : tx`and d.distributor_id = ${args.distributorId}`}
         ${args.before === undefined ? tx`` : tx`and d.distributor_no < ${args.before}`}
       order by d.distributor_no desc limit ${args.limit})
    select o.distributor_no as owner_no, o.distributor_id, m.account, m.currency, sum(m.amount)::bigint as balance
      from owners o
      join lateral (
        select t.credit_account as account, t.currency, t.amount from transfers t
         where t.company_id = ${companyId} and t.distributor_no = o.distributor_no and t.credit_owner = o.distributor_no
        union all
        select t.debit_account, t.currency, -t.amount from transfers t
         where t.company_id = ${companyId} and t.distributor_no = o.distributor_no and t.debit_owner = o.distributor_no) m on true
     group by o.distributor_no, o.distributor_id, m.account, m.currency
     order by o.distributor_no desc, m.currency, m.account`;
}

export interface OrderTransferRow {
  readonly transfer_id: bigint;
  readonly revision: number;
  readonly kind: string;
  readonly entry_key: string;
  readonly distributor_id: string | null;
  readonly debit_owner: string | null;
  readonly debit_account: number;
  readonly credit_owner: string | null;
  readonly credit_account: number;
  readonly amount: bigint;
  readonly currency: string;
  readonly effective_at: Date;
  readonly recorded_at: Date;
}

/** Every transfer an order caused, in the order of their writing; one entry of it where `entryKey` is given. */
export function readOrderTransfers(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; entryKey?: string; limit: number },
): Promise<OrderTransferRow[]> {
  const name = (column: string) =>
    tx`(select distributor_id from distributors where company_id = t.company_id and distributor_no = t.${tx(column)})`;
  return tx<OrderTransferRow[]>`
    select t.transfer_id, t.revision, t.kind, t.entry_key, ${name("distributor_no")} as distributor_id,
           ${name("debit_owner")} as debit_owner, t.debit_account, ${name("credit_owner")} as credit_owner, t.credit_account,
           t.amount, t.currency, t.effective_at, t.recorded_at
      from transfers t
     where t.company_id = ${args.companyId} and t.source_kind = 1 and t.source_no = ${args.orderNo}
       ${args.entryKey === undefined ? tx`` : tx`and t.entry_key = ${args.entryKey}`}
     order by t.revision, t.seq limit ${args.limit}`;
}
