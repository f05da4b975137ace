import type { Tx } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Order } from "../db/schema/orders.ts";
import { direction } from "../ledger/sign.ts";
import type { StoreKey } from "../stores/queries.ts";

/** What became of a store's newest orders, in numbers. */

/** Of the newest so many orders only, so that the answer takes the same time for a store of any size. */
export const SUMMARY_ORDERS = 1000;

export type OrderCounts = Counts<
  "orders" | "attributed" | "unknownCode" | "withoutCode" | "ownPurchases" | "pending" | "quarantined"
>;

interface Window extends StoreKey {
  readonly since: Date;
}

/** The newest orders of the store that were placed since then; one of another store is never among them. */
const newest = (tx: Tx, { companyId, storeId, since }: Window) => tx`
  newest as materialized (
    select * from (
      select order_no, placed_at, stage, distributor_no, unresolved, self_purchase, quarantined_lines, currency
        from orders where company_id = ${companyId} and store_id = ${storeId} and order_no > 0
       order by order_no desc limit ${SUMMARY_ORDERS}) o
     where o.placed_at >= ${since.toISOString()}::timestamptz)`;

export async function countOrders(tx: Tx, window: Window): Promise<OrderCounts> {
  const [row] = await tx<OrderCounts[]>`
    with ${newest(tx, window)}
    select count(*)::int as orders,
           (count(*) filter (where distributor_no is not null))::int as attributed,
           (count(*) filter (where distributor_no is null and unresolved))::int as "unknownCode",
           (count(*) filter (where distributor_no is null and not unresolved))::int as "withoutCode",
           (count(*) filter (where self_purchase))::int as "ownPurchases",
           (count(*) filter (where stage = 'pending'))::int as pending,
           (count(*) filter (where quarantined_lines > 0))::int as quarantined
      from newest`;
  if (row === undefined) throw new Error("a count has a row");
  return row;
}

/** By currency: what distributors have of these orders in the ledger, and what of it was taken back. */
export type CommissionSum = Record<"currency", Order["currency"]> & Sums<"bookedMinor" | "reversedMinor">;

export function sumCommissions(tx: Tx, window: Window): Promise<CommissionSum[]> {
  return tx<CommissionSum[]>`
    with ${newest(tx, window)}
    select t.currency,
           coalesce(sum(t.amount) filter (where ${direction(tx, "adds")}), 0)::bigint as "bookedMinor",
           coalesce(sum(t.amount) filter (where ${direction(tx, "subtracts")}), 0)::bigint as "reversedMinor"
      from newest join transfers t
        on t.company_id = ${window.companyId} and t.source_kind = 1 and t.source_no = newest.order_no and t.distributor_no > 0
     group by t.currency order by t.currency`;
}
