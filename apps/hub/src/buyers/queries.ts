import type { Tx } from "../db/connect.ts";
import { embedded } from "../db/query.ts";
import type { InboxGroup, InboxOutcome } from "../db/schema/inbox.ts";
import type { Order } from "../db/schema/orders.ts";
import { groupOfDelivery, salt } from "../inbox/queries.ts";

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

/** Erases the hashes by which the buyers of these orders are known. */
export async function forgetBuyers(tx: Tx, args: { companyId: number; orderNos: readonly bigint[] }): Promise<void> {
  const orderNos = args.orderNos.map(String);
  await tx`delete from order_buyers where company_id = ${args.companyId} and order_no = any(${orderNos}::bigint[])`;
  await tx`update orders set buyer_hash = null where company_id = ${args.companyId} and order_no = any(${orderNos}::bigint[])`;
}

/** The same for all orders of a store. */
export async function forgetBuyersOfStore(tx: Tx, args: { companyId: number; storeId: string }): Promise<void> {
  await tx`
    delete from order_buyers b using orders o
     where b.company_id = ${args.companyId} and o.company_id = b.company_id and o.order_no = b.order_no and o.store_id = ${args.storeId}`;
  await tx`update orders set buyer_hash = null where company_id = ${args.companyId} and store_id = ${args.storeId} and buyer_hash is not null`;
}

type Numbered = Pick<InboxOutcome, "deliveryId">;

export async function findOrderDeliveries(tx: Tx, args: { companyId: number; orderNos: readonly bigint[] }): Promise<bigint[]> {
  const rows = await tx<Numbered[]>`
    select delivery_id as "deliveryId" from inbox_outcomes
     where company_id = ${args.companyId} and order_no = any(${args.orderNos.map(String)}::bigint[])`;
  return rows.map((row) => row.deliveryId);
}

/** A delivery that can be read, and what became of it. */
export type Readable = Numbered & Pick<InboxGroup, "groupNo"> & { readonly outcome: InboxOutcome["outcome"] | null };

/** Behind which a list goes on, in the order of groups. */
export type Place = Pick<Readable, "groupNo" | "deliveryId">;

interface Page {
  readonly companyId: number;
  readonly after: Place;
  readonly limit: number;
}

/** Deliveries that can be read and belong to no order. Looks at groups and outcomes only: the inbox is wide. */
export function listUnattached(tx: Tx, page: Page): Promise<Readable[]> {
  return tx<Readable[]>`
    select g.group_no as "groupNo", w.delivery_id as "deliveryId", o.outcome
      from inbox_groups g cross join lateral unnest(g.delivery_ids) as w (delivery_id)
      left join inbox_outcomes o on o.delivery_id = w.delivery_id
     where ${readableBehind(tx, page)} and o.order_no is null
     order by g.group_no, w.delivery_id limit ${page.limit}`;
}

/** Deliveries of a store that can be read. */
export function listReadableOfStore(tx: Tx, page: Page & { storeId: string }): Promise<Readable[]> {
  return tx<Readable[]>`
    select g.group_no as "groupNo", w.delivery_id as "deliveryId", o.outcome
      from inbox_groups g cross join lateral unnest(g.delivery_ids) as w (delivery_id)
      join inbox i on i.delivery_id = w.delivery_id
      left join inbox_outcomes o on o.delivery_id = w.delivery_id
     where ${readableBehind(tx, page)} and i.store_id = ${page.storeId}
     order by g.group_no, w.delivery_id limit ${page.limit}`;
}

function readableBehind(tx: Tx, { companyId, after }: Page) {
  return tx`g.company_id = ${companyId} and g.salts is not null and g.group_no >= ${after.groupNo}
       and (g.group_no, w.delivery_id) > (${after.groupNo}, ${after.deliveryId})
       and salt_in(g.delivery_ids, g.salts, w.delivery_id) is not null`;
}

/** Requests of shops to erase that were not carried out yet: their own bodies can still be read. */
export async function listRedactions(tx: Tx, companyId: number): Promise<bigint[]> {
  const rows = await tx<Numbered[]>`
    select o.delivery_id as "deliveryId" from inbox_outcomes o join inbox on inbox.delivery_id = o.delivery_id
      join inbox_groups on ${embedded(tx, groupOfDelivery)}
     where o.company_id = ${companyId} and o.outcome = 'shop' and o.detail in ('customers/redact', 'shop/redact')
       and ${embedded(tx, salt)} is not null
     order by o.delivery_id limit 1000`;
  return rows.map((row) => row.deliveryId);
}
