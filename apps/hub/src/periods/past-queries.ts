import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { Order, OrderRevision } from "../db/schema/orders.ts";

/** Orders as they stand now, for plans that are tried on the past. */

const PAGE = 500;

export type PastOrderRow = Pick<Order, "orderNo"> & Pick<OrderRevision, "snapshot">;

export function pastOrders(tx: Tx, args: { companyId: number; from: Date; to: Date }): AsyncIterable<PastOrderRow[]> {
  return tx<PastOrderRow[]>`
    select o.order_no as "orderNo", r.snapshot from orders o
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.placed_at >= ${args.from} and o.placed_at < ${args.to}
       and o.stage = 'earned' and o.distributor_no is not null
     order by o.order_no`.cursor(PAGE);
}

type Placed = Order["placedAt"];
export type OrderSpan = Record<"first" | "last", Placed> & Counts<"orders"> & Pick<Order, "currency">;

/** When orders that earned something were placed, and in which currency most of them were; null where there are none. */
export async function pastSpan(tx: Tx, companyId: number): Promise<OrderSpan | null> {
  const [span] = await tx<OrderSpan[]>`
    select min(placed_at) as first, max(placed_at) as last, count(*)::int as orders, mode() within group (order by currency) as currency
      from orders where company_id = ${companyId} and stage = 'earned' and distributor_no is not null
    having count(*) > 0`;
  return span ?? null;
}
