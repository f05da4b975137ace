import { ACCOUNTS, type Account, type Target, type Transfer } from "@upline/core";
import type { Tx } from "../db/connect.ts";

/** The one writer of the ledger, and what it wrote. Amounts are minor units. */

export interface TransferRow extends Transfer {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly currency: string;
  readonly effectiveAt: string;
}

/** The ledger's only way in for orders. */
export async function insertTransfers(
  tx: Tx,
  args: { companyId: number; transfers: readonly TransferRow[]; numberOf: (distributorId: string) => number | null },
): Promise<void> {
  const { companyId, transfers } = args;
  if (transfers.length === 0) return;
  const owner = (account: Account) => {
    if (account.owner === null) return 0;
    const no = args.numberOf(account.owner);
    if (no === null) throw new Error("a transfer names a distributor that the directory does not know");
    return no;
  };
  await tx`
    insert into transfers (company_id, source_kind, source_no, revision, seq, kind, entry_key, distributor_no,
      debit_owner, debit_account, credit_owner, credit_account, amount, currency, effective_at)
    select ${companyId}, 1, * from unnest(
      ${transfers.map((one) => String(one.orderNo))}::bigint[], ${transfers.map((one) => one.revision)}::integer[], ${transfers.map((one) => one.seq)}::smallint[],
      ${transfers.map((one) => one.kind)}::text[], ${transfers.map((one) => one.entryKey)}::text[],
      ${transfers.map((one) => owner(one.debit) || owner(one.credit))}::integer[],
      ${transfers.map((one) => owner(one.debit))}::integer[], ${transfers.map((one) => ACCOUNTS[one.debit.name])}::smallint[],
      ${transfers.map((one) => owner(one.credit))}::integer[], ${transfers.map((one) => ACCOUNTS[one.credit.name])}::smallint[],
      ${transfers.map((one) => String(one.amountMinor))}::bigint[], ${transfers.map((one) => one.currency)}::text[], ${transfers.map((one) => one.effectiveAt)}::timestamptz[])`;
}

/** What the ledger holds for these orders, per order and entry. */
export async function readPosted(
  tx: Tx,
  args: { companyId: number; orderNos: readonly bigint[]; idOf: (no: number) => string | null },
): Promise<Map<bigint, Map<string, Target>>> {
  const posted = new Map<bigint, Map<string, Target>>();
  if (args.orderNos.length === 0) return posted;
  const rows = await tx<{ source_no: bigint; entry_key: string; distributor_no: number; amount: bigint }[]>`
    select source_no, entry_key, distributor_no,
           sum(case when kind in ('commission', 'breakage') then amount else -amount end)::bigint as amount
      from transfers
     where company_id = ${args.companyId} and source_kind = 1 and source_no = any(${args.orderNos.map(String)}::bigint[])
     group by source_no, entry_key, distributor_no`;
  for (const row of rows) {
    const entries = posted.get(row.source_no) ?? new Map<string, Target>();
    entries.set(row.entry_key, { earner: args.idOf(row.distributor_no), amountMinor: row.amount });
    posted.set(row.source_no, entries);
  }
  return posted;
}
