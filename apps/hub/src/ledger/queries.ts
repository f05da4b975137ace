import { aliasedTable, and, asc, desc, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { type LedgerRow, ledger, transfers } from "../db/schema/ledger.ts";
import { distributors } from "../db/schema/network.ts";

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
