import { asCompany, type Database, type Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { FoldedNetSales } from "../db/schema/net-sales.ts";
import type { DaysOf } from "./balances.ts";
import type { FoldDifference } from "./fold-difference.ts";

/**
 * Net sales of each day, kept by difference: of the company, each shop, each distributor.
 *
 * **What counts.** An order counts while it is *earned*: paid, whatever became of it since. It counts with its net (`packages/core/src/net.ts`:
 * goods without tax, shipping and discounts) less what of it was refunded, on the day of UTC on which it was placed, in its own
 * currency. What is pending, void, cancelled or deleted counts nothing, and a refund counts on its order's day. So a day's figure is
 * the sum over `GET /orders?placed_on=…&stage=earned` of `net` less `refunded_net`. Orders of nobody, own purchases and lines that wait
 * for a mapping are sales too; a distributor's figure is that of the orders that are theirs now.
 *
 * **How it is kept.** A trigger on `orders` writes down by how much a statement changed each day (`db/schema/net-sales.ts`). Folding takes such
 * rows away and adds them to the sums, in one transaction: a row is either waiting or in the sums, and no mark is needed. An answer is the sums and
 * what waits, read in one statement. `netSalesDifferences` proves that both together are what summing all orders gives.
 */

const BLOCK = 2_000;

/** Folds what waits, block by block, and answers how many changes. `goesOn` is asked between two blocks; what is folded stays. */
export async function foldNetSales(
  db: Pick<Database, "app">,
  { companyId, goesOn = () => true, block = BLOCK }: { companyId: number; goesOn?: () => boolean; block?: number },
): Promise<number> {
  for (let folded = 0; ; ) {
    const taken = await asCompany(db, companyId, (tx) => foldNetSalesBlock(tx, { companyId, block }));
    folded += taken;
    // Fewer than a block may also be what another folder left of it: what is still there is taken by the next round.
    if (taken < block || !goesOn()) return folded;
  }
}

/** Folds one block of changes, the oldest first, and answers how many. Of two at once the second takes what the first one left. */
export async function foldNetSalesBlock(tx: Tx, { companyId, block }: { companyId: number; block: number }): Promise<number> {
  const [row] = await tx<Counts<"taken">[]>`
    with taken as (
      delete from net_sales_changes where company_id = ${companyId} and change_no in (
        select change_no from net_sales_changes where company_id = ${companyId} order by change_no limit ${block})
      returning store_id, currency, distributor_nos, days, amounts),
    changes as materialized (
      select t.store_id, t.currency, c.distributor_no, c.day, c.amount
        from taken t cross join lateral unnest(t.distributor_nos, t.days, t.amounts) as c (distributor_no, day, amount)),
    stores as (
      insert into folded_store_net_sales as f (company_id, store_id, day, currency, amount)
      select ${companyId}, store_id, day, currency, sum(amount)::bigint from changes
       group by 2, 3, 4 order by 3, 2, 4
          on conflict (company_id, day, store_id, currency) do update set amount = f.amount + excluded.amount),
    distributors as (
      insert into folded_distributor_net_sales as f (company_id, distributor_no, day, currency, amount)
      select ${companyId}, distributor_no, day, currency, sum(amount)::bigint from changes where distributor_no > 0
       group by 2, 3, 4 order by 2, 3, 4
          on conflict (company_id, distributor_no, day, currency) do update set amount = f.amount + excluded.amount)
    select count(*)::int as taken from taken`;
  return row?.taken ?? 0;
}

/** Whether changes of a company wait to be folded. */
export async function hasUnfoldedNetSales(tx: Tx, companyId: number): Promise<boolean> {
  const [row] = await tx<Counts<"waiting">[]>`
    select exists (select from net_sales_changes where company_id = ${companyId})::int as waiting`;
  return row?.waiting === 1;
}

/** What was sold on one day (UTC) in one currency, in minor units. Below zero where more was refunded than sold. */
export type NetSalesOfDay = Pick<FoldedNetSales, "day" | "currency" | "amount">;

/** Of the days from `from` to `to` ("2026-11-01"), both included, those on which anything is sold. */
export function netSalesOfDays(
  tx: Tx,
  { companyId, from, to, of = null }: { companyId: number; from: string; to: string; of?: DaysOf },
): Promise<NetSalesOfDay[]> {
  const { folded, ofStore, ofEach } = netSalesOf(tx, of);
  return tx<NetSalesOfDay[]>`
    select n.day::text as day, n.currency, sum(n.amount)::bigint as amount
      from (select day, currency, amount from ${folded}
             and company_id = ${companyId} and day >= ${from}::date and day <= ${to}::date
            union all
            select c.day, w.currency, c.amount
              from net_sales_changes w cross join lateral unnest(w.distributor_nos, w.days, w.amounts) as c (distributor_no, day, amount)
             where w.company_id = ${companyId} and ${ofStore} and ${ofEach} and c.day >= ${from}::date and c.day <= ${to}::date) n
     group by n.day, n.currency
    having sum(n.amount) <> 0
     order by n.day desc, n.currency`;
}

/** Somebody's folded rows, and which of the waiting changes are theirs. */
function netSalesOf(tx: Tx, of: DaysOf) {
  if (of === null) return { folded: tx`folded_store_net_sales where true`, ofStore: tx`true`, ofEach: tx`true` };
  if ("storeId" in of)
    return {
      folded: tx`folded_store_net_sales where store_id = ${of.storeId}`,
      ofStore: tx`w.store_id = ${of.storeId}`,
      ofEach: tx`true`,
    };
  return {
    folded: tx`folded_distributor_net_sales where distributor_no = ${of.distributorNo}`,
    ofStore: tx`true`,
    ofEach: tx`c.distributor_no = ${of.distributorNo}`,
  };
}

/**
 * The proof that folding equals summing: where a shop's or a distributor's day, folded and waiting together, is not what all its orders come to.
 * Reads every order of the company, at one moment. Empty where all is sound.
 */
export function netSalesDifferences(tx: Tx, companyId: number): Promise<FoldDifference[]> {
  return tx<FoldDifference[]>`
    with sold as materialized (
      select store_id, coalesce(distributor_no, 0) as distributor_no, (placed_at at time zone 'UTC')::date as day, currency,
             sum(net_minor - refunded_net_minor) as amount
        from orders where company_id = ${companyId} and stage = 'earned'
       group by 1, 2, 3, 4),
    waiting as materialized (
      select w.store_id, c.distributor_no, c.day, w.currency, c.amount
        from net_sales_changes w cross join lateral unnest(w.distributor_nos, w.days, w.amounts) as c (distributor_no, day, amount)
       where w.company_id = ${companyId}),
    sums as (
      select 'net sales of store ' || store_id || ', ' || day as what, currency, sum(amount) as amount from sold group by 1, 2
      union all
      select 'net sales of distributor ' || distributor_no || ', ' || day, currency, sum(amount)
        from sold where distributor_no > 0 group by 1, 2),
    folds as (
      select what, currency, sum(amount) as amount from (
        select 'net sales of store ' || store_id || ', ' || day as what, currency, amount
          from folded_store_net_sales where company_id = ${companyId}
        union all
        select 'net sales of store ' || store_id || ', ' || day, currency, amount from waiting
        union all
        select 'net sales of distributor ' || distributor_no || ', ' || day, currency, amount
          from folded_distributor_net_sales where company_id = ${companyId}
        union all
        select 'net sales of distributor ' || distributor_no || ', ' || day, currency, amount from waiting where distributor_no > 0) f
       group by 1, 2)
    select coalesce(s.what, f.what) as what, coalesce(s.currency, f.currency) as currency,
           coalesce(f.amount, 0)::bigint as "foldedMinor", coalesce(s.amount, 0)::bigint as "summedMinor"
      from sums s full join folds f on f.what = s.what and f.currency = s.currency
     where coalesce(f.amount, 0) <> coalesce(s.amount, 0)
     order by 1, 2`;
}
