import type { OrderLine } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import {
  type Order,
  type OrderFact,
  type OrderRevision,
  orderFacts,
  orderRevisions,
  orders,
  type QuarantinedLine,
} from "../db/schema/orders.ts";

/**
 * Orders, their revisions, facts and quarantined lines, read and written for a whole batch at a time.
 * Arrays travel as text: the driver takes an array's type from its first element, and mistakes booleans and bigints for scalars.
 */

export type OrderKey = Pick<Order, "storeId" | "platformOrderId">;

const found = {
  storeId: orders.storeId,
  platformOrderId: orders.platformOrderId,
  orderNo: orders.orderNo,
  revision: orders.revision,
  revisionAt: orders.revisionAt,
  revisionTie: orders.revisionTie,
  stateHash: orders.stateHash,
  placedAt: orders.placedAt,
  recordedAt: orders.recordedAt,
  snapshot: orderRevisions.snapshot,
};
export type StoredOrder = Listed<typeof found>;

/**
 * The orders of a batch that exist, each with its newest snapshot, locked in one order against
 * deadlocks. One index look-up per key: left to itself the planner reads every order of the company.
 */
export function lockOrders(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<StoredOrder[]> {
  const sorted = keys.map((key) => `${key.storeId} ${key.platformOrderId}`).sort();
  return tx<StoredOrder[]>`
    select ${listed(tx, found)}
      from unnest(${sorted.map((key) => key.slice(0, key.indexOf(" ")))}::text[], ${sorted.map((key) => key.slice(key.indexOf(" ") + 1))}::text[])
        as k (store_id, platform_order_id)
     cross join lateral (
       select * from orders
        where company_id = ${companyId} and store_id = k.store_id and platform_order_id = k.platform_order_id
          for update) orders
     cross join lateral (
       select snapshot from order_revisions
        where company_id = orders.company_id and order_no = orders.order_no and revision = orders.revision limit 1) order_revisions`;
}

const known = {
  storeId: orderFacts.storeId,
  platformOrderId: orderFacts.platformOrderId,
  factKey: orderFacts.factKey,
  standalone: orderFacts.standalone,
  fact: orderFacts.fact,
};
/** Of an order's facts, what is known; its text is JSON. */
export type KnownFact = Omit<OrderFact, "companyId" | "recordedAt">;

export function readFacts(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<KnownFact[]> {
  return tx<Listed<typeof known>[]>`
    select ${listed(tx, known)}
      from unnest(${keys.map((key) => key.storeId)}::text[], ${keys.map((key) => key.platformOrderId)}::text[]) as k (store_id, platform_order_id)
     cross join lateral (
       select * from order_facts
        where company_id = ${companyId} and store_id = k.store_id and platform_order_id = k.platform_order_id offset 0) order_facts`;
}

/** Facts only add up: a fact that is known is not replaced, except that a refund sent by itself stays known as such. */
export async function insertFacts(tx: Tx, companyId: number, facts: readonly KnownFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx`
    insert into order_facts (company_id, store_id, platform_order_id, fact_key, standalone, fact)
    select ${companyId}, * from unnest(
      ${facts.map((fact) => fact.storeId)}::text[], ${facts.map((fact) => fact.platformOrderId)}::text[],
      ${facts.map((fact) => fact.factKey)}::text[], ${facts.map((fact) => String(fact.standalone))}::text[]::boolean[], ${facts.map(({ fact }) => fact)}::text[])
    on conflict (company_id, store_id, platform_order_id, fact_key)
      do update set standalone = true where excluded.standalone and not order_facts.standalone`;
}

export async function takeOrderNumbers(tx: Tx, count: number): Promise<bigint[]> {
  if (count === 0) return [];
  const rows = await tx<Pick<Order, "orderNo">[]>`select nextval('order_numbers') as "orderNo" from generate_series(1, ${count})`;
  return rows.map((row) => row.orderNo);
}

/** An order as it is to be written. */
export type WrittenOrder = Omit<Order, "companyId" | "recordedAt" | "updatedAt">;

/** New orders; one that another worker wrote meanwhile violates the key and undoes the batch, which is then read again. */
export async function insertOrders(tx: Tx, companyId: number, written: readonly WrittenOrder[]): Promise<void> {
  if (written.length === 0) return;
  await tx`
    insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
      state_hash, stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved,
      self_purchase, referral_code, buyer_hash, first_order, quarantined_lines)
    select ${companyId}, * from ${columns(tx, written)}`;
}

export async function updateOrders(tx: Tx, companyId: number, written: readonly WrittenOrder[]): Promise<void> {
  if (written.length === 0) return;
  await tx`
    update orders o set order_name = n.order_name, revision = n.revision, revision_at = n.revision_at, revision_tie = n.revision_tie,
      state_hash = n.state_hash, stage = n.stage, platform_status = n.platform_status, currency = n.currency, total_minor = n.total_minor,
      net_minor = n.net_minor, refunded_net_minor = n.refunded_net_minor, distributor_no = n.distributor_no, unresolved = n.unresolved,
      self_purchase = n.self_purchase, referral_code = n.referral_code, buyer_hash = n.buyer_hash, first_order = n.first_order, quarantined_lines = n.quarantined_lines,
      updated_at = now()
     from ${columns(tx, written)}
     where o.company_id = ${companyId} and o.order_no = n.order_no
       and o.order_no = any(${written.map((order) => String(order.orderNo))}::bigint[])`;
}

/** Booleans travel as texts: the driver writes every member of a boolean array as false. */
function columns(tx: Tx, written: readonly WrittenOrder[]) {
  return tx`unnest(
    ${written.map((order) => String(order.orderNo))}::bigint[], ${written.map((order) => order.storeId)}::text[], ${written.map((order) => order.platform)}::text[],
    ${written.map((order) => order.platformOrderId)}::text[], ${written.map((order) => order.orderName)}::text[], ${written.map((order) => order.revision)}::integer[],
    ${written.map((order) => order.revisionAt.toISOString())}::timestamptz[], ${written.map((order) => order.revisionTie)}::text[],
    ${written.map((order) => order.stateHash)}::text[], ${written.map((order) => order.stage)}::text[], ${written.map((order) => order.platformStatus)}::text[],
    ${written.map((order) => order.placedAt.toISOString())}::timestamptz[], ${written.map((order) => order.currency)}::text[],
    ${written.map((order) => String(order.totalMinor))}::bigint[], ${written.map((order) => String(order.netMinor))}::bigint[],
    ${written.map((order) => String(order.refundedNetMinor))}::bigint[], ${written.map((order) => order.distributorNo)}::integer[],
    ${written.map((order) => String(order.unresolved))}::text[]::boolean[], ${written.map((order) => String(order.selfPurchase))}::text[]::boolean[],
    ${written.map((order) => order.referralCode)}::text[], ${written.map((order) => order.buyerHash)}::text[],
    ${written.map((order) => String(order.firstOrder))}::text[]::boolean[], ${written.map((order) => order.quarantinedLines)}::integer[])
    as n (order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie, state_hash, stage, platform_status,
      placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved, self_purchase, referral_code, buyer_hash, first_order, quarantined_lines)`;
}

export type WrittenRevision = Omit<OrderRevision, "companyId" | "recordedAt">;

export async function insertRevisions(tx: Tx, companyId: number, revisions: readonly WrittenRevision[]): Promise<void> {
  if (revisions.length === 0) return;
  const rows = revisions.map(({ orderNo, revision, deliveryId, cause, snapshot }) => ({
    company_id: companyId,
    order_no: String(orderNo),
    revision,
    delivery_id: deliveryId === null ? null : String(deliveryId),
    cause,
    snapshot,
  }));
  await tx`insert into order_revisions ${tx(rows)}`;
}

/** Which lines of an order wait for a SKU mapping; `hadSome` where some did before. */
export interface OrderQuarantine extends Pick<QuarantinedLine, "orderNo" | "platform" | "currency"> {
  readonly lines: readonly (OrderLine & Pick<QuarantinedLine, "netMinor">)[];
  readonly hadSome: boolean;
}

/** Sets which lines of these orders wait for a SKU mapping. */
export async function replaceQuarantine(tx: Tx, companyId: number, quarantines: readonly OrderQuarantine[]): Promise<void> {
  const cleared = quarantines.filter(({ hadSome }) => hadSome).map(({ orderNo }) => String(orderNo));
  if (cleared.length > 0)
    await tx`delete from quarantine where company_id = ${companyId} and order_no = any(${cleared}::bigint[])`;
  const rows = quarantines.flatMap(({ orderNo, platform, currency, lines }) =>
    lines.map((line) => ({
      company_id: companyId,
      order_no: String(orderNo),
      line_id: line.lineId,
      platform,
      variant_id: line.variantId,
      sku: line.sku,
      name: line.name,
      net_minor: String(line.netMinor),
      currency,
    })),
  );
  if (rows.length > 0) await tx`insert into quarantine ${tx(rows)}`;
}
