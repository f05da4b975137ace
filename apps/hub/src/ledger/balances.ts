import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import { type FoldedDay, TRANSFER_KINDS, type Transfer } from "../db/schema/ledger.ts";
import type { Distributor } from "../db/schema/network.ts";

/**
 * Balances and daily figures as of this moment: what is folded (`fold.ts`), and the rows behind it. One statement reads
 * both, so that a fold at the same time is seen whole or not at all. Amounts are minor units.
 */

/** What one account holds in one currency: credits less debits. */
export type AccountBalance = Record<"account", Transfer["creditAccount"]> & Pick<Transfer, "currency"> & Sums<"balance">;
export type DistributorBalance = AccountBalance & Pick<Distributor, "distributorNo" | "distributorId">;

async function foldedTo(tx: Tx, companyId: number): Promise<bigint> {
  const [fold] = await tx<Sums<"foldedTo">[]>`select folded_to as "foldedTo" from ledger_folds where company_id = ${companyId}`;
  return fold?.foldedTo ?? 0n;
}

/**
 * The rows that are not folded, of one distributor where one is asked for: `tail`, with each row's two movements as `moves`. How far the fold goes is asked twice:
 * before (`after`), because the planner reads a few rows by their index only where it knows the number, and in the statement
 * itself, because a fold may have gone further since. It never goes back.
 */
function unfolded(
  tx: Tx,
  { companyId, after, distributorId }: { companyId: number; after: bigint; distributorId?: string | undefined },
) {
  const ofDistributor =
    distributorId === undefined
      ? tx``
      : tx`and distributor_no = (select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${distributorId})`;
  return tx`
    tail as (
      select * from transfer_rows
       where company_id = ${companyId} and transfer_id > ${after}
         and transfer_id > coalesce((select folded_to from ledger_folds where company_id = ${companyId}), 0) ${ofDistributor}),
    moves as (
      select case when m.account < 10 then m.distributor_no else 0 end as owner_no, m.account, m.currency_no, m.amount
        from (select distributor_no, credit_account as account, currency_no, amount from tail
              union all
              select distributor_no, debit_account, currency_no, -amount from tail) m)`;
}

/** What the company's own accounts hold. */
export async function companyBalances(tx: Tx, companyId: number): Promise<AccountBalance[]> {
  const after = await foldedTo(tx, companyId);
  return tx<AccountBalance[]>`
    with ${unfolded(tx, { companyId, after })}
    select b.account, currency_code(b.currency_no) as currency, sum(b.balance)::bigint as balance
      from (select account, currency_no, balance from folded_balances where company_id = ${companyId} and owner_no = 0
            union all
            select account, currency_no, amount from moves where owner_no = 0) b
     group by b.account, b.currency_no
     order by b.currency_no, b.account`;
}

/** What the accounts of a page of distributors hold: of those who ever had a transfer, the newest number first. */
export async function listBalances(
  tx: Tx,
  args: { companyId: number; distributorId?: string | undefined; before?: number | undefined; limit: number },
): Promise<DistributorBalance[]> {
  const { companyId, distributorId } = args;
  const after = await foldedTo(tx, companyId);
  const wanted = tx`${args.before === undefined ? tx`` : tx`and owner_no < ${args.before}`}
    ${
      distributorId === undefined
        ? tx``
        : tx`and owner_no = (select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${distributorId})`
    }`;
  return tx<DistributorBalance[]>`
    with ${unfolded(tx, { companyId, after, distributorId })},
    owners as (
      (select owner_no from folded_balances where company_id = ${companyId} and owner_no > 0 ${wanted}
        group by owner_no order by owner_no desc limit ${args.limit})
      union
      (select owner_no from moves where owner_no > 0 ${wanted} group by owner_no order by owner_no desc limit ${args.limit})
      order by owner_no desc limit ${args.limit})
    select b.owner_no as "distributorNo", d.distributor_id as "distributorId", b.account, currency_code(b.currency_no) as currency,
           sum(b.balance)::bigint as balance
      from (select f.owner_no, f.account, f.currency_no, f.balance
              from owners o join folded_balances f on f.company_id = ${companyId} and f.owner_no = o.owner_no
            union all
            select m.owner_no, m.account, m.currency_no, m.amount from owners o join moves m on m.owner_no = o.owner_no) b
      join distributors d on d.company_id = ${companyId} and d.distributor_no = b.owner_no
     group by b.owner_no, d.distributor_id, b.account, b.currency_no
     order by b.owner_no desc, b.currency_no, b.account`;
}

/** What the transfers of one kind, day (UTC, of the time at which they took effect) and currency come to, without a sign. */
export type DayFigure = Pick<FoldedDay, "day"> & Pick<Transfer, "kind" | "currency"> & Sums<"transfers" | "amount">;

/** Whose days: the company's, or those of one shop or one distributor. */
export type DaysOf = { readonly storeId: string } | { readonly distributorNo: number } | null;

/** The figures of the days from `from` to `to` ("2026-11-01"), both included, the newest day first. */
export async function dailyFigures(
  tx: Tx,
  args: { companyId: number; from: string; to: string; of?: DaysOf },
): Promise<DayFigure[]> {
  const { companyId, from, to } = args;
  const after = await foldedTo(tx, companyId);
  const { folded, ofTail } = daysOf(tx, companyId, args.of ?? null);
  return tx<DayFigure[]>`
    with ${unfolded(tx, { companyId, after })}
    select f.day::text as day, (${[...TRANSFER_KINDS]}::text[])[f.kind_no] as kind,
           currency_code(f.currency_no) as currency, sum(f.transfers)::bigint as transfers, sum(f.amount)::bigint as amount
      from (select day, kind_no, currency_no, transfers, amount from ${folded} and day >= ${from}::date and day <= ${to}::date
            union all
            select (effective_at at time zone 'UTC')::date, kind_no, currency_no, 1, amount from tail where ${ofTail}) f
     where f.day >= ${from}::date and f.day <= ${to}::date
     group by f.day, f.kind_no, f.currency_no
     order by f.day desc, f.currency_no, f.kind_no`;
}

/** The folded rows of somebody's days, and which of the rows behind the fold are theirs. */
function daysOf(tx: Tx, companyId: number, of: DaysOf) {
  if (of === null) return { folded: tx`folded_days where company_id = ${companyId}`, ofTail: tx`true` };
  if ("storeId" in of)
    return {
      folded: tx`folded_store_days where company_id = ${companyId} and store_id = ${of.storeId}`,
      ofTail: tx`source_kind = 1 and exists (
        select from orders o where o.company_id = ${companyId} and o.order_no = tail.source_no and o.store_id = ${of.storeId})`,
    };
  return {
    folded: tx`folded_distributor_days where company_id = ${companyId} and distributor_no = ${of.distributorNo}`,
    ofTail: tx`distributor_no = ${of.distributorNo}`,
  };
}
