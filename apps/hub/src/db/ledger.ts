import type { Tx } from "./connect.ts";

/** Reads of the ledger. Amounts are minor units; paging is by event id, newest first. */

export interface LedgerRow {
  readonly event_id: bigint;
  readonly order_id: bigint;
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
  args: { companyId: number; distributorId?: string; orderId?: bigint; before?: bigint; limit: number },
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
  readonly distributor_id: string | null;
  readonly account: number;
  readonly currency: string;
  readonly balance: bigint;
}

/** What every account holds, folded from the transfers: credits less debits. Owner null is the company. */
export function listBalances(tx: Tx, args: { companyId: number; distributorNo?: number }): Promise<BalanceRow[]> {
  const which = args.distributorNo === undefined ? tx`` : tx`and distributor_no = ${args.distributorNo}`;
  const owner = args.distributorNo === undefined ? tx`` : tx`where m.owner = ${args.distributorNo}`;
  return tx<BalanceRow[]>`
    select d.distributor_id, m.account, m.currency, sum(m.amount)::bigint as balance
      from (select credit_owner as owner, credit_account as account, currency, amount from transfers where company_id = ${args.companyId} ${which}
            union all
            select debit_owner, debit_account, currency, -amount from transfers where company_id = ${args.companyId} ${which}) m
      left join distributors d on d.company_id = ${args.companyId} and d.distributor_no = m.owner
      ${owner}
     group by d.distributor_id, m.account, m.currency
     order by d.distributor_id nulls first, m.currency, m.account`;
}
