import type { Tx } from "../db/connect.ts";
import type { InboxOutcome } from "../db/schema/inbox.ts";
import type { Order } from "../db/schema/orders.ts";

/** Where a buyer is found: orders by the hashes kept with them, deliveries by their orders. */

export async function findBuyerOrders(tx: Tx, args: { companyId: number; hashes: readonly string[] }): Promise<bigint[]> {
  const rows = await tx<Pick<Order, "orderNo">[]>`
    select order_no as "orderNo" from order_buyers where company_id = ${args.companyId} and buyer_hash = any(${[...args.hashes]}::text[])
     union
    select order_no from orders where company_id = ${args.companyId} and buyer_hash = any(${[...args.hashes]}::text[])`;
  return rows.map((row) => row.orderNo);
}

/** An account in a shop says nothing in another one. */
export async function listStoreIds(tx: Tx, companyId: number): Promise<string[]> {
  const rows = await tx<Pick<Order, "storeId">[]>`select store_id as "storeId" from stores where company_id = ${companyId}`;
  return rows.map((row) => row.storeId);
}

export async function findOrdersOfShop(
  tx: Tx,
  args: { companyId: number; storeId: string; platformOrderIds: readonly string[] },
): Promise<bigint[]> {
  const rows = await tx<Pick<Order, "orderNo">[]>`
    select order_no as "orderNo" from orders
     where company_id = ${args.companyId} and store_id = ${args.storeId} and platform_order_id = any(${[...args.platformOrderIds]}::text[])`;
  return rows.map((row) => row.orderNo);
}

type Numbered = Pick<InboxOutcome, "deliveryId">;

export async function findOrderDeliveries(tx: Tx, args: { companyId: number; orderNos: readonly bigint[] }): Promise<bigint[]> {
  const rows = await tx<Numbered[]>`
    select delivery_id as "deliveryId" from inbox_outcomes
     where company_id = ${args.companyId} and order_no = any(${args.orderNos.map(String)}::bigint[])`;
  return rows.map((row) => row.deliveryId);
}

type Unattached = Numbered & { readonly outcome: InboxOutcome["outcome"] | null };

/** Deliveries that can be read and belong to no order, in the order they came. */
export function listUnattached(tx: Tx, args: { companyId: number; after: bigint; limit: number }): Promise<Unattached[]> {
  return tx<Unattached[]>`
    select k.delivery_id as "deliveryId", o.outcome from body_keys k left join inbox_outcomes o on o.delivery_id = k.delivery_id
     where k.company_id = ${args.companyId} and k.delivery_id > ${args.after} and o.order_no is null
     order by k.delivery_id limit ${args.limit}`;
}

/** Requests of shops to erase that were not carried out yet: their own bodies can still be read. */
export async function listRedactions(tx: Tx, companyId: number): Promise<bigint[]> {
  const rows = await tx<Numbered[]>`
    select o.delivery_id as "deliveryId" from inbox_outcomes o join body_keys k on k.company_id = o.company_id and k.delivery_id = o.delivery_id
     where o.company_id = ${companyId} and o.outcome = 'shop' and o.detail in ('customers/redact', 'shop/redact')
     order by o.delivery_id limit 1000`;
  return rows.map((row) => row.deliveryId);
}

/** Erases the bodies of a store; what waits keeps its own. Answers how many, and how many wait. */
export async function forgetStoreBodies(
  tx: Tx,
  args: { companyId: number; storeId: string },
): Promise<{ bodies: number; waiting: number }> {
  const done = await tx`
    delete from body_keys k using inbox i, inbox_outcomes o
     where k.company_id = ${args.companyId} and i.company_id = k.company_id and i.delivery_id = k.delivery_id
       and i.store_id = ${args.storeId} and o.delivery_id = k.delivery_id`;
  const left = await tx<Numbered[]>`
    select k.delivery_id as "deliveryId" from body_keys k join inbox i on i.company_id = k.company_id and i.delivery_id = k.delivery_id
     where k.company_id = ${args.companyId} and i.store_id = ${args.storeId} limit 1000`;
  return { bodies: done.count, waiting: left.count };
}
