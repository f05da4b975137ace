import type { OrderLine, PlatformName, Revision } from "@upline/core";
import type { Tx } from "../db/connect.ts";

/**
 * Orders, their revisions, facts and transfers, read and written for a whole batch at a time.
 * Arrays travel as text: the driver takes an array's type from its first element, and mistakes booleans and bigints for scalars.
 */

export interface OrderKey {
  readonly storeId: string;
  readonly platformOrderId: string;
}

export interface StoredOrder extends OrderKey {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly latest: Revision;
  readonly stateHash: string;
  readonly snapshot: string;
}

interface StoredRow {
  order_no: bigint;
  store_id: string;
  platform_order_id: string;
  revision: number;
  revision_at: Date;
  revision_tie: string;
  state_hash: string;
  snapshot: string;
}

/**
 * The orders of a batch that exist, each with its newest snapshot, locked in one order against
 * deadlocks. One index look-up per key: left to itself the planner reads every order of the company.
 */
export async function lockOrders(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<StoredOrder[]> {
  const sorted = keys.map((key) => `${key.storeId} ${key.platformOrderId}`).sort();
  const rows = await tx<StoredRow[]>`
    select o.order_no, o.store_id, o.platform_order_id, o.revision, o.revision_at, o.revision_tie, o.state_hash, r.snapshot
      from unnest(${sorted.map((key) => key.slice(0, key.indexOf(" ")))}::text[], ${sorted.map((key) => key.slice(key.indexOf(" ") + 1))}::text[])
        as k (store_id, platform_order_id)
     cross join lateral (
       select * from orders
        where company_id = ${companyId} and store_id = k.store_id and platform_order_id = k.platform_order_id
          for update) o
     cross join lateral (
       select snapshot from order_revisions where company_id = o.company_id and order_no = o.order_no and revision = o.revision limit 1) r`;
  return rows.map((row) => ({
    storeId: row.store_id,
    platformOrderId: row.platform_order_id,
    orderNo: row.order_no,
    revision: row.revision,
    latest: { at: row.revision_at.toISOString(), tie: row.revision_tie },
    stateHash: row.state_hash,
    snapshot: row.snapshot,
  }));
}

export interface FactRow extends OrderKey {
  readonly factKey: string;
  readonly standalone: boolean;
  /** JSON text. */
  readonly fact: string;
}

export async function readFacts(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<FactRow[]> {
  const rows = await tx<{ store_id: string; platform_order_id: string; fact_key: string; standalone: boolean; fact: string }[]>`
    select f.store_id, f.platform_order_id, f.fact_key, f.standalone, f.fact
      from unnest(${keys.map((key) => key.storeId)}::text[], ${keys.map((key) => key.platformOrderId)}::text[]) as k (store_id, platform_order_id)
     cross join lateral (
       select * from order_facts
        where company_id = ${companyId} and store_id = k.store_id and platform_order_id = k.platform_order_id offset 0) f`;
  return rows.map((row) => ({
    storeId: row.store_id,
    platformOrderId: row.platform_order_id,
    factKey: row.fact_key,
    standalone: row.standalone,
    fact: row.fact,
  }));
}

/** Facts only add up: a fact that is known is not replaced, except that a refund sent by itself stays known as such. */
export async function insertFacts(tx: Tx, companyId: number, facts: readonly FactRow[]): Promise<void> {
  if (facts.length === 0) return;
  await tx`
    insert into order_facts (company_id, store_id, platform_order_id, fact_key, standalone, fact)
    select ${companyId}, * from unnest(
      ${facts.map((one) => one.storeId)}::text[], ${facts.map((one) => one.platformOrderId)}::text[],
      ${facts.map((one) => one.factKey)}::text[], ${facts.map((one) => String(one.standalone))}::text[]::boolean[], ${facts.map((one) => one.fact)}::text[])
    on conflict (company_id, store_id, platform_order_id, fact_key)
      do update set standalone = true where excluded.standalone and not order_facts.standalone`;
}

export async function takeOrderNumbers(tx: Tx, count: number): Promise<bigint[]> {
  if (count === 0) return [];
  const rows = await tx<{ order_no: bigint }[]>`select nextval('order_numbers') as order_no from generate_series(1, ${count})`;
  return rows.map((row) => row.order_no);
}

/** An order as it is to be written. */
export interface OrderRow extends OrderKey {
  readonly orderNo: bigint;
  readonly platform: PlatformName;
  readonly orderName: string;
  readonly revision: number;
  readonly latest: Revision;
  readonly stateHash: string;
  readonly stage: string;
  readonly platformStatus: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly netMinor: bigint;
  readonly refundedNetMinor: bigint;
  readonly distributorNo: number | null;
  readonly unresolved: boolean;
  readonly selfPurchase: boolean;
  readonly referralCode: string | null;
  readonly buyerHash: string | null;
  readonly quarantinedLines: number;
}

/** New orders; one that another worker wrote meanwhile violates the key and undoes the batch, which is then read again. */
export async function insertOrders(tx: Tx, companyId: number, orders: readonly OrderRow[]): Promise<void> {
  if (orders.length === 0) return;
  await tx`
    insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
      state_hash, stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved,
      self_purchase, referral_code, buyer_hash, quarantined_lines)
    select ${companyId}, * from ${columns(tx, orders)}`;
}

export async function updateOrders(tx: Tx, companyId: number, orders: readonly OrderRow[]): Promise<void> {
  if (orders.length === 0) return;
  await tx`
    update orders o set order_name = n.order_name, revision = n.revision, revision_at = n.revision_at, revision_tie = n.revision_tie,
      state_hash = n.state_hash, stage = n.stage, platform_status = n.platform_status, currency = n.currency, total_minor = n.total_minor,
      net_minor = n.net_minor, refunded_net_minor = n.refunded_net_minor, distributor_no = n.distributor_no, unresolved = n.unresolved,
      self_purchase = n.self_purchase, referral_code = n.referral_code, buyer_hash = n.buyer_hash, quarantined_lines = n.quarantined_lines,
      updated_at = now()
     from ${columns(tx, orders)}
     where o.company_id = ${companyId} and o.order_no = n.order_no
       and o.order_no = any(${orders.map((one) => String(one.orderNo))}::bigint[])`;
}

/** Booleans travel as texts: the driver writes every member of a boolean array as false. */
function columns(tx: Tx, orders: readonly OrderRow[]) {
  return tx`unnest(
    ${orders.map((one) => String(one.orderNo))}::bigint[], ${orders.map((one) => one.storeId)}::text[], ${orders.map((one) => one.platform)}::text[],
    ${orders.map((one) => one.platformOrderId)}::text[], ${orders.map((one) => one.orderName)}::text[], ${orders.map((one) => one.revision)}::integer[],
    ${orders.map((one) => one.latest.at)}::timestamptz[], ${orders.map((one) => one.latest.tie)}::text[], ${orders.map((one) => one.stateHash)}::text[],
    ${orders.map((one) => one.stage)}::text[], ${orders.map((one) => one.platformStatus)}::text[], ${orders.map((one) => one.placedAt)}::timestamptz[],
    ${orders.map((one) => one.currency)}::text[], ${orders.map((one) => String(one.totalMinor))}::bigint[], ${orders.map((one) => String(one.netMinor))}::bigint[],
    ${orders.map((one) => String(one.refundedNetMinor))}::bigint[], ${orders.map((one) => one.distributorNo)}::integer[],
    ${orders.map((one) => String(one.unresolved))}::text[]::boolean[], ${orders.map((one) => String(one.selfPurchase))}::text[]::boolean[], ${orders.map((one) => one.referralCode)}::text[],
    ${orders.map((one) => one.buyerHash)}::text[], ${orders.map((one) => one.quarantinedLines)}::integer[])
    as n (order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie, state_hash, stage, platform_status,
      placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved, self_purchase, referral_code, buyer_hash, quarantined_lines)`;
}

export type RevisionCause = "delivery" | "api" | "remap" | "reattribution" | "reconcile";

export interface RevisionRow {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly deliveryId: bigint | null;
  readonly cause: RevisionCause;
  readonly snapshot: string;
}

export async function insertRevisions(tx: Tx, companyId: number, revisions: readonly RevisionRow[]): Promise<void> {
  if (revisions.length === 0) return;
  const rows = revisions.map((one) => ({
    company_id: companyId,
    order_no: String(one.orderNo),
    revision: one.revision,
    delivery_id: one.deliveryId === null ? null : String(one.deliveryId),
    cause: one.cause,
    snapshot: one.snapshot,
  }));
  await tx`insert into order_revisions ${tx(rows)}`;
}

/** Sets which lines of these orders wait for a SKU mapping. */
export async function replaceQuarantine(
  tx: Tx,
  companyId: number,
  orders: readonly {
    orderNo: bigint;
    platform: PlatformName;
    currency: string;
    lines: readonly (OrderLine & { netMinor: bigint })[];
    hadSome: boolean;
  }[],
): Promise<void> {
  const cleared = orders.filter((one) => one.hadSome).map((one) => String(one.orderNo));
  if (cleared.length > 0)
    await tx`delete from quarantine where company_id = ${companyId} and order_no = any(${cleared}::bigint[])`;
  const rows = orders.flatMap((one) =>
    one.lines.map((line) => ({
      company_id: companyId,
      order_no: String(one.orderNo),
      line_id: line.lineId,
      platform: one.platform,
      variant_id: line.variantId,
      sku: line.sku,
      name: line.name,
      net_minor: String(line.netMinor),
      currency: one.currency,
    })),
  );
  if (rows.length > 0) await tx`insert into quarantine ${tx(rows)}`;
}
