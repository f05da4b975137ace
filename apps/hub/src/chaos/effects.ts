import type postgres from "postgres";
import { expectedOf, type MadeOrder } from "./orders.ts";
import type { Acknowledged } from "./sender.ts";

export interface Effects {
  readonly acknowledged: number;
  readonly orders: number;
  /** Acknowledged deliveries that are not in the inbox, or that nothing became of. */
  readonly lost: number;
  readonly dead: number;
  /** Orders whose commissions are not, to the last unit, what the suite's own account says. */
  readonly wrong: number;
}

/** Compares what the database holds with the deliveries that were made: every effect once, and to the last unit. */
export async function checkEffects(owner: postgres.Sql, acknowledged: readonly Acknowledged[]): Promise<Effects> {
  const ids = acknowledged.map(({ deliveryId }) => deliveryId);
  const [found] = await owner`
    select count(*)::int as done, count(*) filter (where o.outcome = 'dead')::int as dead
      from unnest(${ids}::bigint[]) as a (delivery_id)
      join inbox i on i.delivery_id = a.delivery_id
      join inbox_outcomes o on o.delivery_id = a.delivery_id`;
  const rows = await owner`
    select o.platform_order_id as "order", d.distributor_id as earner,
           sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::text as minor
      from transfers t
      join orders o on o.company_id = t.company_id and o.order_no = t.source_no and t.source_kind = 1
      left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     group by 1, 2`;
  const paid = Map.groupBy(rows, (row) => Number(row.order));
  const orders = new Map<number, MadeOrder>(acknowledged.map(({ order }) => [order.id, order]));
  const wrong = [...orders.values()].filter((order) => {
    const expected = [...expectedOf(order)].map(([earner, minor]) => `${earner} ${minor}`).sort();
    const actual = (paid.get(order.id) ?? []).map(({ earner, minor }) => `${earner} ${minor}`).sort();
    return expected.join() !== actual.join();
  });
  return {
    acknowledged: ids.length,
    orders: orders.size,
    lost: ids.length - Number(found?.done ?? 0),
    dead: Number(found?.dead ?? 0),
    wrong: wrong.length,
  };
}
