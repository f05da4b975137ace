import { aliasedTable, and, asc, desc, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query, type Sums } from "../db/query.ts";
import { type LedgerRow, ledger, type Transfer, transfers } from "../db/schema/ledger.ts";
import { type Distributor, distributors } from "../db/schema/network.ts";

/** Reads of the ledger. Amounts are minor units; paging is by event id, newest first. */

export type LedgerEntry = Omit<LedgerRow, "companyId" | "sourceKind" | "sourceNo" | "distributorNo">;

export function listLedger(
  tx: Tx,
  args: {
    companyId: number;
    distributorId?: string | undefined;
    orderId?: bigint | undefined;
    before?: bigint | undefined;
    limit: number;
  },
): Promise<LedgerEntry[]> {
  return query(tx)
    .select({
      eventId: ledger.eventId,
      orderId: ledger.orderId,
      distributorId: ledger.distributorId,
      amountMinor: ledger.amountMinor,
      currency: ledger.currency,
      kind: ledger.kind,
      entryKey: ledger.entryKey,
      effectiveAt: ledger.effectiveAt,
      recordedAt: ledger.recordedAt,
      calcSnapshotJson: ledger.calcSnapshotJson,
    })
    .from(ledger)
    .where(
      and(
        eq(ledger.companyId, args.companyId),
        // By number and by source: only so can the rows' own indexes answer.
        args.distributorId === undefined
          ? undefined
          : eq(ledger.distributorNo, numberOfDistributor(tx, args.companyId, args.distributorId)),
        ...(args.orderId === undefined ? [] : [eq(ledger.sourceKind, 1), eq(ledger.sourceNo, args.orderId)]),
        before(ledger.eventId, args.before),
      ),
    )
    .orderBy(desc(ledger.eventId))
    .limit(args.limit);
}

function numberOfDistributor(tx: Tx, companyId: number, distributorId: string) {
  return query(tx)
    .select({ no: distributors.distributorNo })
    .from(distributors)
    .where(and(eq(distributors.companyId, companyId), eq(distributors.distributorId, distributorId)));
}

/** What one account holds in one currency: credits less debits. */
export type AccountBalance = Record<"account", Transfer["creditAccount"]> & Pick<Transfer, "currency"> & Sums<"balance">;
export type DistributorBalance = AccountBalance & Pick<Distributor, "distributorNo" | "distributorId">;

/** What the company's own accounts hold. */
export function companyBalances(tx: Tx, companyId: number): Promise<AccountBalance[]> {
  return tx<AccountBalance[]>`
    select m.account, m.currency, sum(m.amount)::bigint as balance
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
): Promise<DistributorBalance[]> {
  const { companyId } = args;
  return tx<DistributorBalance[]>`
    with owners as (
      select d.distributor_no, d.distributor_id from distributors d
       where d.company_id = ${companyId}
         and exists (select from transfers t where t.company_id = ${companyId} and t.distributor_no = d.distributor_no)
         ${args.distributorId === undefined ? tx`` : tx`and d.distributor_id = ${args.distributorId}`}
         ${args.before === undefined ? tx`` : tx`and d.distributor_no < ${args.before}`}
       order by d.distributor_no desc limit ${args.limit})
    select o.distributor_no as "distributorNo", o.distributor_id as "distributorId", m.account, m.currency, sum(m.amount)::bigint as balance
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

/** A transfer with the ids of everyone it is about; null is the company. */
export type OrderTransferRow = Awaited<ReturnType<typeof readOrderTransfers>>[number];

/** Every transfer an order caused, in the order of their writing; one entry of it where `entryKey` is given. */
export function readOrderTransfers(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; entryKey?: string | undefined; limit: number },
) {
  const about = aliasedTable(distributors, "about");
  const debtor = aliasedTable(distributors, "debtor");
  const creditor = aliasedTable(distributors, "creditor");
  return query(tx)
    .select({
      transferId: transfers.transferId,
      revision: transfers.revision,
      kind: transfers.kind,
      entryKey: transfers.entryKey,
      distributorId: about.distributorId,
      debitOwner: debtor.distributorId,
      debitAccount: transfers.debitAccount,
      creditOwner: creditor.distributorId,
      creditAccount: transfers.creditAccount,
      amount: transfers.amount,
      currency: transfers.currency,
      effectiveAt: transfers.effectiveAt,
      recordedAt: transfers.recordedAt,
    })
    .from(transfers)
    .leftJoin(about, and(eq(about.companyId, transfers.companyId), eq(about.distributorNo, transfers.distributorNo)))
    .leftJoin(debtor, and(eq(debtor.companyId, transfers.companyId), eq(debtor.distributorNo, transfers.debitOwner)))
    .leftJoin(creditor, and(eq(creditor.companyId, transfers.companyId), eq(creditor.distributorNo, transfers.creditOwner)))
    .where(
      and(
        eq(transfers.companyId, args.companyId),
        eq(transfers.sourceKind, 1),
        eq(transfers.sourceNo, args.orderNo),
        given(transfers.entryKey, args.entryKey),
      ),
    )
    .orderBy(asc(transfers.revision), asc(transfers.seq))
    .limit(args.limit);
}
