import type { Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import { bigints, flags, moments, texts } from "../db/row-arrays.ts";
import { type OrderBuyer, orderBuyers, orders } from "../db/schema/orders.ts";
import type { Write } from "../db/together.ts";
import type { OlderOrder } from "./first-orders.ts";

/** Orders by their buyers' keyed hashes. Hand-written: it is on every order's way. */

/**
 * Orders of one buyer are processed one after the other until the transaction ends: two at once would both be the first.
 * Taken in one order, and before any order is locked, against deadlocks.
 */
export async function lockBuyers(tx: Tx, companyId: number, hashes: Iterable<string>): Promise<void> {
  const sorted = [...hashes].sort();
  if (sorted.length === 0) return;
  await tx`select count(pg_advisory_xact_lock(hashtextextended(hash, ${companyId}))) from unnest(${texts(tx, sorted, itself)}) as h (hash)`;
}

const itself = (hash: string) => hash;

const older = {
  buyerHash: orderBuyers.buyerHash,
  placedAt: orderBuyers.placedAt,
  tie: orderBuyers.tie,
  storeId: orders.storeId,
  platformOrderId: orders.platformOrderId,
  firstOrder: orders.firstOrder,
};

/** Of each buyer the oldest orders that count, at most `depth`. */
export async function readOldest(
  tx: Tx,
  { companyId, hashes, depth }: { companyId: number; hashes: ReadonlySet<string>; depth: number },
): Promise<OlderOrder[]> {
  if (hashes.size === 0) return [];
  const rows = await tx<Listed<typeof older>[]>`
    select ${listed(tx, older)}
      from unnest(${texts(tx, [...hashes], itself)}) as k (hash)
     cross join lateral (
       select * from order_buyers
        where company_id = ${companyId} and buyer_hash = k.hash and counts
        order by placed_at, tie limit ${depth}) order_buyers
     cross join lateral (
       select * from orders
        where company_id = ${companyId} and order_no >= order_buyers.order_no and order_no <= order_buyers.order_no
        order by order_no limit 1) orders`;
  return rows.map((row) => ({ ...row, placedAt: row.placedAt.getTime() }));
}

export type WrittenBuyer = Omit<OrderBuyer, "companyId">;

/** Of orders that are new: nobody can have listed them, and to look for a conflict costs a quarter of the whole. */
export function insertOrderBuyers(tx: Tx, companyId: number, rows: readonly WrittenBuyer[]): Write | null {
  if (rows.length === 0) return null;
  return tx`
    insert into order_buyers (company_id, buyer_hash, placed_at, tie, order_no, counts)
    select ${companyId}, * from ${columns(tx, rows)}`;
}

/** Of orders that are known: of some identities for the first time, or whether they count. */
export function writeOrderBuyers(tx: Tx, companyId: number, rows: readonly WrittenBuyer[]): Write | null {
  if (rows.length === 0) return null;
  return tx`
    insert into order_buyers (company_id, buyer_hash, placed_at, tie, order_no, counts)
    select ${companyId}, * from ${columns(tx, rows)}
    on conflict (company_id, buyer_hash, placed_at, tie) do update set counts = excluded.counts`;
}

function columns(tx: Tx, rows: readonly WrittenBuyer[]) {
  return tx`unnest(
    ${texts(tx, rows, (row) => row.buyerHash)}, ${moments(tx, rows, (row) => row.placedAt)},
    ${texts(tx, rows, (row) => row.tie)}, ${bigints(tx, rows, (row) => row.orderNo)},
    ${flags(tx, rows, (row) => row.counts)})`;
}

const found = { orderNo: orders.orderNo, storeId: orders.storeId, platformOrderId: orders.platformOrderId };

/**
 * Orders whose buyer is a distributor (a certain one, or null for any) while the order says
 * otherwise: it is their own and counts as a customer's, or nobody owns it. By ascending number.
 */
export function findBound(
  tx: Tx,
  args: { companyId: number; distributorNo: number | null; after: bigint; limit: number },
): Promise<Listed<typeof found>[]> {
  const { companyId, distributorNo } = args;
  return tx<Listed<typeof found>[]>`
    select distinct ${listed(tx, found)}
      from distributor_buyers d
      join order_buyers b on b.company_id = d.company_id and b.buyer_hash = d.buyer_hash
      join orders on orders.company_id = b.company_id and orders.order_no = b.order_no
     where d.company_id = ${companyId} and (${distributorNo}::integer is null or d.distributor_no = ${distributorNo})
       and orders.order_no > ${args.after} and not orders.self_purchase and not orders.unresolved
       and (orders.distributor_no is null or orders.distributor_no = d.distributor_no)
     order by 1 limit ${args.limit}`;
}
