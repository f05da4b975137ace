import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { Reconciliation } from "../db/schema/sync.ts";

/** So many of a company's newest deliveries say how it is served: enough for one in a hundred, and read by their index. */
export const NEWEST = 1_000;

export interface Promised {
  /** Milliseconds from a delivery's commit to its commissions' within which 99 of 100 of the newest were; null where there are none. */
  readonly emitMs: number | null;
  readonly deliveries: number;
  /** Of them, how many said what was known already, and changed nothing. */
  readonly repeats: number;
  /** What each shop's newest comparison found to differ still, by currency. */
  readonly deltas: readonly Pick<Reconciliation, "delta" | "checked">[];
}

export async function readPromise(tx: Tx, companyId: number): Promise<Promised> {
  const [served] = await tx<Counts<"emitMs" | "deliveries" | "repeats">[]>`
    select coalesce(percentile_disc(0.99) within group (order by extract(epoch from o.processed_at - i.received_at) * 1000), 0)::float8 as "emitMs",
           count(*)::int as deliveries, (count(*) filter (where o.outcome in ('duplicate', 'outdated')))::int as repeats
      from (select delivery_id, received_at from inbox where company_id = ${companyId} order by delivery_id desc limit ${NEWEST}) i
      join inbox_outcomes o on o.company_id = ${companyId} and o.delivery_id = i.delivery_id`;
  const deltas = await tx<Pick<Reconciliation, "delta" | "checked">[]>`
    select newest.delta, newest.checked
      from stores s
     cross join lateral (
       select delta, checked from reconciliations r
        where r.company_id = s.company_id and r.store_id = s.store_id and r.outcome = 'finished'
        order by r.reconciliation_no desc limit 1) newest
     where s.company_id = ${companyId}`;
  const { emitMs = 0, deliveries = 0, repeats = 0 } = served ?? {};
  return { emitMs: deliveries === 0 ? null : emitMs, deliveries, repeats, deltas };
}
