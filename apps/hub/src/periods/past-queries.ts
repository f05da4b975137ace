import type { Tx } from "../db/connect.ts";

/** Orders as they stand now, for plans that are tried on the past. */

const PAGE = 500;

export function pastOrders(
  tx: Tx,
  args: { companyId: number; from: Date; to: Date },
): AsyncIterable<{ order_no: bigint; snapshot: string }[]> {
  return tx<{ order_no: bigint; snapshot: string }[]>`
    select o.order_no, r.snapshot from orders o
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.placed_at >= ${args.from} and o.placed_at < ${args.to}
       and o.stage = 'earned' and o.distributor_no is not null
     order by o.order_no`.cursor(PAGE);
}

/** When orders that earned something were placed, and in which currency most of them were. */
export async function pastSpan(
  tx: Tx,
  companyId: number,
): Promise<{ first: Date; last: Date; orders: number; currency: string } | null> {
  const [row] = await tx<{ first: Date | null; last: Date | null; orders: number; currency: string | null }[]>`
    select min(placed_at) as first, max(placed_at) as last, count(*)::int as orders, mode() within group (order by currency) as currency
      from orders where company_id = ${companyId} and stage = 'earned' and distributor_no is not null`;
  if (!row || row.first === null || row.last === null || row.currency === null) return null;
  return { first: row.first, last: row.last, orders: row.orders, currency: row.currency };
}
