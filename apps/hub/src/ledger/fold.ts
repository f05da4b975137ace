import { setTimeout as wait } from "node:timers/promises";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import { TRANSFER_KINDS } from "../db/schema/ledger.ts";
import type { FoldDifference } from "./fold-difference.ts";
import { foldNetSales, hasUnfoldedNetSales } from "./net-sales.ts";

/**
 * Folds the ledger into balances and daily figures (of the company, each shop, each distributor), in blocks, behind the orders' path: nobody who writes a transfer waits
 * for a balance, and nobody who asks for one sums a whole ledger. `balances.ts` adds what is not folded yet.
 *
 * Which rows may be folded: those that are all there. Ids are given out before a transaction commits, so that a greater id
 * may be seen before a smaller one. A mark takes the newest id first, and then a transaction's number: every transaction
 * with a greater number gets greater ids only (its number is older than its rows' ids: the trigger `transaction_first`).
 * Once the oldest running transaction is above the mark's number, every row up to the mark's id is there, or never will be.
 */

const BLOCK = 20_000;
const KINDS = [...TRANSFER_KINDS];
/** How often, and how long apart, a run looks whether the transactions before its mark have ended. */
const LOOKS = 20;
const LOOK_MS = 50;

/** Folds what can be folded, net sales (`net-sales.ts`) among it, and answers how many transfers. `goesOn` is asked between two blocks; what is folded stays. */
export async function foldLedger(
  db: Pick<Database, "app">,
  { companyId, goesOn = () => true }: { companyId: number; goesOn?: () => boolean },
): Promise<number> {
  await foldNetSales(db, { companyId, goesOn });
  let folded = 0;
  for (let look = 1; ; look++) {
    await asCompany(db, companyId, (tx) => markNewest(tx, companyId));
    const settled = await foldSettled(db, companyId, goesOn);
    folded += settled.rows;
    if (settled.all || look === LOOKS || !goesOn()) return folded;
    await wait(LOOK_MS);
  }
}

async function foldSettled(db: Pick<Database, "app">, companyId: number, goesOn: () => boolean) {
  for (let rows = 0; ; ) {
    const block = await asCompany(db, companyId, (tx) => foldBlock(tx, companyId));
    rows += block.rows;
    if (!block.more || !goesOn()) return { rows, all: block.all };
  }
}

/** The transaction is to have written nothing before: its number must be younger than the newest id. */
export async function markNewest(tx: Tx, companyId: number): Promise<void> {
  // A sequence that gave nothing yet says the number that it begins with.
  const [newest] = await tx<Sums<"id">[]>`
    select case when is_called then last_value else last_value - 1 end as id from transfer_rows_transfer_id_seq`;
  const markedTo = newest?.id ?? 0n;
  // A mark that still waits is kept, or none would ever be reached while orders come; one that names a transaction to come is
  // of another server, from which the database was restored.
  await tx`
    insert into ledger_folds as f (company_id, marked_to) values (${companyId}, ${markedTo})
    on conflict (company_id) do update set marked_to = excluded.marked_to, marked_xid = excluded.marked_xid
     where f.marked_to <= f.folded_to or f.marked_xid > excluded.marked_xid`;
}

interface FoldedBlock extends Counts<"rows"> {
  /** Rows are left that could be folded. */
  readonly more: boolean;
  /** Everything up to the mark is folded. */
  readonly all: boolean;
}

/** Folds one block, in one transaction: balances, daily figures and how far they go change together or not at all. */
export async function foldBlock(tx: Tx, companyId: number): Promise<FoldedBlock> {
  const [fold] = await tx<(Sums<"foldedTo" | "markedTo"> & Counts<"settled">)[]>`
    select folded_to as "foldedTo", marked_to as "markedTo", (marked_xid < pg_snapshot_xmin(pg_current_snapshot()))::int as settled
      from ledger_folds where company_id = ${companyId} for update`;
  if (fold === undefined || fold.markedTo <= fold.foldedTo) return { rows: 0, more: false, all: true };
  if (fold.settled === 0) return { rows: 0, more: false, all: false };
  const [block] = await tx<(Counts<"rows"> & Sums<"last">)[]>`
    select count(*)::int as rows, max(transfer_id) as last from (
      select transfer_id from transfer_rows
       where company_id = ${companyId} and transfer_id > ${fold.foldedTo} and transfer_id <= ${fold.markedTo}
       order by transfer_id limit ${BLOCK}) b`;
  const rows = block?.rows ?? 0;
  const more = rows === BLOCK;
  await addRows(tx, { companyId, after: fold.foldedTo, upTo: more ? (block?.last ?? fold.foldedTo) : fold.markedTo });
  return { rows, more, all: !more };
}

/** The block is summed by distributor and by order first: what is looked up, sorted and added is a fifth of its rows. */
async function addRows(tx: Tx, { companyId, after, upTo }: { companyId: number; after: bigint; upTo: bigint }): Promise<void> {
  await tx`
    with block as materialized (
      select source_kind, source_no, distributor_no, (effective_at at time zone 'UTC')::date as day, currency_no, kind_no, debit_account,
             credit_account, amount
        from transfer_rows where company_id = ${companyId} and transfer_id > ${after} and transfer_id <= ${upTo}),
    of_each as materialized (
      select distributor_no, day, currency_no, kind_no, debit_account, credit_account, count(*) as transfers, sum(amount) as amount
        from block
       group by distributor_no, day, currency_no, kind_no, debit_account, credit_account),
    balances as (
      insert into folded_balances as f (company_id, owner_no, account, currency_no, balance)
      select ${companyId}, case when m.account < 10 then m.distributor_no else 0 end, m.account, m.currency_no, sum(m.amount)::bigint
        from (select distributor_no, credit_account as account, currency_no, amount from of_each
              union all
              select distributor_no, debit_account, currency_no, -amount from of_each) m
       group by 2, 3, 4
       order by 2, 3, 4
          on conflict (company_id, owner_no, account, currency_no) do update set balance = f.balance + excluded.balance),
    days as (
      insert into folded_days as f (company_id, day, currency_no, kind_no, transfers, amount)
      select ${companyId}, day, currency_no, kind_no, sum(transfers), sum(amount)::bigint
        from of_each
       group by 2, 3, 4
          on conflict (company_id, day, currency_no, kind_no)
          do update set transfers = f.transfers + excluded.transfers, amount = f.amount + excluded.amount),
    of_orders as materialized (
      select source_no, day, currency_no, kind_no, count(*) as transfers, sum(amount) as amount
        from block
       where source_kind = 1
       group by source_no, day, currency_no, kind_no),
    store_days as (
      insert into folded_store_days as f (company_id, store_id, day, currency_no, kind_no, transfers, amount)
      select ${companyId}, o.store_id, b.day, b.currency_no, b.kind_no, sum(b.transfers), sum(b.amount)::bigint
        from of_orders b join orders o on o.company_id = ${companyId} and o.order_no = b.source_no
       group by 2, 3, 4, 5
          on conflict (company_id, store_id, day, currency_no, kind_no)
          do update set transfers = f.transfers + excluded.transfers, amount = f.amount + excluded.amount),
    distributor_days as (
      insert into folded_distributor_days as f (company_id, distributor_no, day, currency_no, kind_no, transfers, amount)
      select ${companyId}, distributor_no, day, currency_no, kind_no, sum(transfers), sum(amount)::bigint
        from of_each
       where distributor_no > 0
       group by 2, 3, 4, 5
       order by 2, 3, 4, 5
          on conflict (company_id, distributor_no, day, currency_no, kind_no)
          do update set transfers = f.transfers + excluded.transfers, amount = f.amount + excluded.amount)
    update ledger_folds set folded_to = ${upTo} where company_id = ${companyId}`;
}

/** A day's figure by its day and kind, in words. */
const whatOf = (tx: Tx, day: ReturnType<Tx>) => tx`${day} || ', ' || (${KINDS}::text[])[kind_no]`;

/** The proof that folding equals summing: what a company's folds are not at, where all folded rows are summed anew. Empty where all is sound. */
export async function foldDifferences(tx: Tx, companyId: number): Promise<FoldDifference[]> {
  return tx<FoldDifference[]>`
    with folded as materialized (
      select * from transfer_rows
       where company_id = ${companyId} and transfer_id <= (select folded_to from ledger_folds where company_id = ${companyId})),
    sums as (
      select 'account ' || m.account || ' of ' || case when m.account < 10 then 'distributor ' || m.distributor_no else 'the company' end as what,
             m.currency_no, sum(m.amount) as amount
        from (select distributor_no, credit_account as account, currency_no, amount from folded
              union all
              select distributor_no, debit_account, currency_no, -amount from folded) m
       group by 1, 2
      union all
      select ${whatOf(tx, tx`(effective_at at time zone 'UTC')::date`)}, currency_no, sum(amount) from folded group by 1, 2
      union all
      select 'store ' || o.store_id || ', ' || ${whatOf(tx, tx`(effective_at at time zone 'UTC')::date`)}, currency_no, sum(amount)
        from folded join orders o on o.company_id = ${companyId} and o.order_no = folded.source_no
       where folded.source_kind = 1 group by 1, 2
      union all
      select 'distributor ' || distributor_no || ', ' || ${whatOf(tx, tx`(effective_at at time zone 'UTC')::date`)}, currency_no, sum(amount)
        from folded where distributor_no > 0 group by 1, 2),
    folds as (
      select 'account ' || account || ' of ' || case when account < 10 then 'distributor ' || owner_no else 'the company' end as what,
             currency_no, balance as amount
        from folded_balances where company_id = ${companyId}
      union all
      select ${whatOf(tx, tx`day`)}, currency_no, amount from folded_days where company_id = ${companyId}
      union all
      select 'store ' || store_id || ', ' || ${whatOf(tx, tx`day`)}, currency_no, amount from folded_store_days where company_id = ${companyId}
      union all
      select 'distributor ' || distributor_no || ', ' || ${whatOf(tx, tx`day`)}, currency_no, amount
        from folded_distributor_days where company_id = ${companyId})
    select coalesce(s.what, f.what) as what, currency_code(coalesce(s.currency_no, f.currency_no)) as currency,
           coalesce(f.amount, 0)::bigint as "foldedMinor", coalesce(s.amount, 0)::bigint as "summedMinor"
      from sums s full join folds f on f.what = s.what and f.currency_no = s.currency_no
     where f.amount is distinct from s.amount
     order by 1, 2`;
}

/** Whether transfers or net sales of a company wait to be folded. */
export async function hasUnfolded(tx: Tx, companyId: number): Promise<boolean> {
  if (await hasUnfoldedNetSales(tx, companyId)) return true;
  const [row] = await tx<Counts<"waiting">[]>`
    select exists (select from transfer_rows where company_id = ${companyId}
       and transfer_id > coalesce((select folded_to from ledger_folds where company_id = ${companyId}), 0))::int as waiting`;
  return row?.waiting === 1;
}
