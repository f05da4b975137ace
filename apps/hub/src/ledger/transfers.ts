import { ACCOUNTS, type Account, type Target, type Transfer } from "@upline/core";
import { writeColumns } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import type { CloseRun } from "../db/schema/close-runs.ts";
import type { Transfer as TransferRow } from "../db/schema/ledger.ts";
import { signedAmount } from "./sign.ts";

/** The one writer of the ledger, for orders and for closes, and what it wrote. Amounts are minor units. */

/** A transfer of an order's revision. */
export interface OrderTransfer extends Transfer {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly currency: string;
  readonly effectiveAt: string;
}

/** The ledger's only way in for orders. */
export async function insertTransfers(
  tx: Tx,
  args: { companyId: number; transfers: readonly OrderTransfer[]; numberOf: (distributorId: string) => number | null },
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
      ${transfers.map((transfer) => String(transfer.orderNo))}::bigint[], ${transfers.map((transfer) => transfer.revision)}::integer[],
      ${transfers.map((transfer) => transfer.seq)}::smallint[], ${transfers.map((transfer) => transfer.kind)}::text[],
      ${transfers.map((transfer) => transfer.entryKey)}::text[],
      ${transfers.map((transfer) => owner(transfer.debit) || owner(transfer.credit))}::integer[],
      ${transfers.map((transfer) => owner(transfer.debit))}::integer[], ${transfers.map((transfer) => ACCOUNTS[transfer.debit.name])}::smallint[],
      ${transfers.map((transfer) => owner(transfer.credit))}::integer[], ${transfers.map((transfer) => ACCOUNTS[transfer.credit.name])}::smallint[],
      ${transfers.map((transfer) => String(transfer.amountMinor))}::bigint[], ${transfers.map((transfer) => transfer.currency)}::text[],
      ${transfers.map((transfer) => transfer.effectiveAt)}::timestamptz[])`;
}

/** What orders' entries stand at in the ledger, by order and entry. */
export type Posted = ReadonlyMap<bigint, ReadonlyMap<string, Target>>;

export async function readPosted(
  tx: Tx,
  args: { companyId: number; orderNos: readonly bigint[]; idOf: (no: number) => string | null },
): Promise<Posted> {
  const posted = new Map<bigint, Map<string, Target>>();
  if (args.orderNos.length === 0) return posted;
  const rows = await tx<(Pick<TransferRow, "sourceNo" | "entryKey" | "distributorNo"> & Sums<"amountMinor">)[]>`
    select t.source_no as "sourceNo", t.entry_key as "entryKey", t.distributor_no as "distributorNo",
           sum(${signedAmount(tx)})::bigint as "amountMinor"
      from transfers t
     where t.company_id = ${args.companyId} and t.source_kind = 1 and t.source_no = any(${args.orderNos.map(String)}::bigint[])
     group by t.source_no, t.entry_key, t.distributor_no`;
  for (const { sourceNo, entryKey, distributorNo, amountMinor } of rows) {
    const entries = posted.get(sourceNo) ?? new Map<string, Target>();
    entries.set(entryKey, { earner: args.idOf(distributorNo), amountMinor });
    posted.set(sourceNo, entries);
  }
  return posted;
}

/** One difference to post for a close: distributor (0 is breakage), signed minor units. */
export type Posting = readonly [distributorNo: number, differenceMinor: number];

export interface PostingTarget {
  readonly companyId: number;
  readonly runNo: bigint;
  readonly bonusId: string;
  /** The bonus' place among those of the run. */
  readonly place: number;
  readonly periodName: string;
  readonly currency: string;
  readonly effectiveAt: Date;
}

/**
 * The ledger's only way in for closes: the differences of one bonus. The distributor and the bonus' place
 * are part of the rows' key: the same effect cannot be written twice.
 */
export function insertPostings(tx: Tx, target: PostingTarget, postings: Iterable<Posting>): Promise<number> {
  const { held, breakage } = ACCOUNTS;
  const expense = ACCOUNTS["commission-expense"];
  return writeColumns(
    postings,
    (column) => tx`
    insert into transfers (company_id, source_kind, source_no, revision, seq, kind, entry_key, distributor_no,
      debit_owner, debit_account, credit_owner, credit_account, amount, currency, effective_at)
    select ${target.companyId}, 2, ${target.runNo}, p.no, ${target.place}::smallint,
           case when p.no = 0 then 'breakage' || case when p.minor < 0 then '-clawback' else '' end
                else case when p.minor < 0 then 'clawback' else 'commission' end end,
           ${target.bonusId}::text || ':' || ${target.periodName}::text, p.no,
           case when p.minor > 0 then 0 else p.no end,
           case when p.minor > 0 then ${expense}::smallint when p.no = 0 then ${breakage}::smallint else ${held}::smallint end,
           case when p.minor > 0 then p.no else 0 end,
           case when p.minor < 0 then ${expense}::smallint when p.no = 0 then ${breakage}::smallint else ${held}::smallint end,
           abs(p.minor), ${target.currency}, ${target.effectiveAt}
      from unnest(${column(0)}::text::integer[], ${column(1)}::text::bigint[]) as p (no, minor)`,
  );
}

/** Of a posted bonus, what a distributor's entry stands at; distributor 0 is the company: breakage. */
export type PostedSum = Record<"bonusId", TransferRow["entryKey"]> & Pick<TransferRow, "distributorNo"> & Sums<"amountMinor">;

/** What the committed closes of a period posted so far, by bonus and distributor. */
export function readPeriodPosted(tx: Tx, args: Pick<CloseRun, "companyId" | "periodNo">): AsyncIterable<PostedSum[]> {
  return tx<PostedSum[]>`
    select split_part(t.entry_key, ':', 1) as "bonusId", t.distributor_no as "distributorNo",
           sum(${signedAmount(tx)})::bigint as "amountMinor"
      from close_runs r
      join transfers t on t.company_id = r.company_id and t.source_kind = 2 and t.source_no = r.run_no
     where r.company_id = ${args.companyId} and r.period_no = ${args.periodNo} and r.kind = 'committed'
     group by 1, 2`.cursor(20_000);
}
