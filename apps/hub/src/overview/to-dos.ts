import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import { waitingPeriods } from "../periods/queries.ts";

/** So far a list is counted: whoever has more to do than that wants to see the list, not the number. */
export const MOST_COUNTED = 1_000;

type Counted = Counts<"quarantinedSkus" | "unresolvedOrders" | "deadLetters" | "waitingDeliveries" | "enrolments">;
export type ToDos = Counted & { readonly proposals: number };

/**
 * What waits for somebody, each counted from an index of just those rows, and so far only. Products are stepped through, from one
 * to the next: a product that a hundred thousand orders wait for costs one step. Each step is a look-up by the index: said as one
 * condition, every step would read all products before it again.
 */
export async function countToDos(tx: Tx, companyId: number): Promise<ToDos> {
  const [row] = await tx<Counted[]>`
    with recursive products as (
      (select platform, sku from quarantine where company_id = ${companyId} order by platform, sku limit 1)
      union all
      select next.platform, next.sku from products
        cross join lateral (
          select platform, sku from (
            (select 1 as step, q.platform, q.sku from quarantine q
              where q.company_id = ${companyId} and q.platform = products.platform and q.sku > products.sku order by q.sku limit 1)
            union all
            (select 2, q.platform, q.sku from quarantine q
              where q.company_id = ${companyId} and q.platform = products.platform and q.sku is null and products.sku is not null limit 1)
            union all
            (select 3, q.platform, q.sku from quarantine q
              where q.company_id = ${companyId} and q.platform > products.platform order by q.platform, q.sku limit 1)) steps
           order by step limit 1) next),
    few_products as (select from products limit ${MOST_COUNTED})
    select (select count(*)::int from few_products) as "quarantinedSkus",
           (select count(*)::int from (select from orders where company_id = ${companyId} and unresolved limit ${MOST_COUNTED}) o) as "unresolvedOrders",
           (select count(*)::int from (select from inbox_outcomes
              where company_id = ${companyId} and outcome = 'dead' limit ${MOST_COUNTED}) d) as "deadLetters",
           (select count(*)::int from (select from inbox_retries where company_id = ${companyId} limit ${MOST_COUNTED}) r) as "waitingDeliveries",
           (select count(*)::int from (select from enrolments where company_id = ${companyId} and state = 'confirmed' limit ${MOST_COUNTED}) e) as "enrolments"`;
  if (row === undefined) throw new Error("counting answered nothing");
  return { ...row, proposals: (await waitingPeriods(tx, companyId)).size };
}
