import type { Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import { bigints, flags, integers, moments, texts } from "../db/row-arrays.ts";
import { type CountedSale, countedSales, orders } from "../db/schema/orders.ts";
import type { Write } from "../db/together.ts";
import type { SaleScope, StoredSale } from "./counted-sales.ts";

/** Sales of sponsors' recruits, for plans that count them. */

/** Sales of one sponsor are counted by one transaction after the other: two at once would both be the first. */
export async function lockSales(tx: Tx, companyId: number, sponsorNos: Iterable<number>): Promise<void> {
  const sorted = [...new Set(sponsorNos)].sort((a, b) => a - b);
  if (sorted.length === 0) return;
  await tx`
    select count(pg_advisory_xact_lock(hashtextextended('sales of ' || no, ${companyId})))
      from unnest(${integers(tx, sorted, (no) => no)}) as s (no)`;
}

const stored = {
  sponsorNo: countedSales.sponsorNo,
  planId: countedSales.planId,
  commissionClass: countedSales.commissionClass,
  placedAt: countedSales.placedAt,
  tie: countedSales.tie,
  number: countedSales.number,
  storeId: orders.storeId,
  platformOrderId: orders.platformOrderId,
};

/** Of each scope the oldest sales that count, at most `depth`. */
export async function readSales(
  tx: Tx,
  { companyId, scopes, depth }: { companyId: number; scopes: readonly SaleScope[]; depth: number },
): Promise<StoredSale[]> {
  if (scopes.length === 0) return [];
  const rows = await tx<Listed<typeof stored>[]>`
    select ${listed(tx, stored)}
      from unnest(${integers(tx, scopes, (scope) => scope.sponsorNo)}, ${texts(tx, scopes, (scope) => scope.planId)},
        ${texts(tx, scopes, (scope) => scope.commissionClass)}) as k (sponsor_no, plan_id, commission_class)
     cross join lateral (
       select * from counted_sales s
        where s.company_id = ${companyId} and s.sponsor_no = k.sponsor_no and s.plan_id = k.plan_id
          and s.commission_class = k.commission_class and s.counts
        order by s.placed_at, s.tie limit ${depth}) counted_sales
      join orders on orders.company_id = ${companyId} and orders.order_no = counted_sales.order_no`;
  return rows.map((row) => ({ ...row, placedAt: row.placedAt.getTime() }));
}

export type WrittenSale = Omit<CountedSale, "companyId">;

export function writeSales(tx: Tx, companyId: number, rows: readonly WrittenSale[]): Write | null {
  if (rows.length === 0) return null;
  return tx`
    insert into counted_sales (company_id, sponsor_no, plan_id, commission_class, placed_at, tie, order_no, counts, number)
    select ${companyId}, * from unnest(
      ${integers(tx, rows, (row) => row.sponsorNo)}, ${texts(tx, rows, (row) => row.planId)},
      ${texts(tx, rows, (row) => row.commissionClass)}, ${moments(tx, rows, (row) => row.placedAt)},
      ${texts(tx, rows, (row) => row.tie)}, ${bigints(tx, rows, (row) => row.orderNo)},
      ${flags(tx, rows, (row) => row.counts)}, ${integers(tx, rows, (row) => row.number)})
    on conflict (company_id, sponsor_no, plan_id, commission_class, placed_at, tie)
      do update set counts = excluded.counts, number = excluded.number`;
}
