import type { OrderLine } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import { bigints, flags, integers, moments, texts } from "../db/row-arrays.ts";
import {
  type Order,
  type OrderFact,
  type OrderRevision,
  orderFacts,
  orderRevisions,
  orders,
  type QuarantinedLine,
} from "../db/schema/orders.ts";
import type { Write } from "../db/together.ts";

/** Orders, their revisions, facts and quarantined lines, read and written for a whole batch at a time. */

export type OrderKey = Pick<Order, "storeId" | "platformOrderId">;

const storeOf = ({ storeId }: OrderKey) => storeId;
const idOf = ({ platformOrderId }: OrderKey) => platformOrderId;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

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
 * deadlocks. One index look-up per key: left to itself the planner reads every order of the company. Being in order, the key can
 * only be looked up by the index of the whole key: on a table that nothing is known of yet, one of the store's orders seems as good.
 */
export async function lockOrders(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<StoredOrder[]> {
  if (keys.length === 0) return [];
  const sorted = [...keys].sort((a, b) => byText(a.storeId, b.storeId) || byText(a.platformOrderId, b.platformOrderId));
  return tx<StoredOrder[]>`
    select ${listed(tx, found)}
      from unnest(${texts(tx, sorted, storeOf)}, ${texts(tx, sorted, idOf)}) as k (store_id, platform_order_id)
     cross join lateral (
       select * from orders
        where company_id = ${companyId} and store_id = k.store_id
          and platform_order_id >= k.platform_order_id and platform_order_id <= k.platform_order_id
        order by platform_order_id limit 1 for update) orders
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

export async function readFacts(tx: Tx, companyId: number, keys: readonly OrderKey[]): Promise<KnownFact[]> {
  if (keys.length === 0) return [];
  return tx<Listed<typeof known>[]>`
    select ${listed(tx, known)}
      from unnest(${texts(tx, keys, storeOf)}, ${texts(tx, keys, idOf)}) as k (store_id, platform_order_id)
     cross join lateral (
       select * from order_facts
        where company_id = ${companyId} and store_id = k.store_id and platform_order_id = k.platform_order_id offset 0) order_facts`;
}

/** Facts only add up: a fact that is known is not replaced, except that a refund sent by itself stays known as such. */
export function insertFacts(tx: Tx, companyId: number, facts: readonly KnownFact[]): Write | null {
  if (facts.length === 0) return null;
  return tx`
    insert into order_facts (company_id, store_id, platform_order_id, fact_key, standalone, fact)
    select ${companyId}, * from unnest(
      ${texts(tx, facts, storeOf)}, ${texts(tx, facts, idOf)}, ${texts(tx, facts, ({ factKey }) => factKey)},
      ${flags(tx, facts, ({ standalone }) => standalone)}, ${texts(tx, facts, ({ fact }) => fact)})
    on conflict (company_id, store_id, platform_order_id, fact_key)
      do update set standalone = true where excluded.standalone and not order_facts.standalone`;
}

/** An order as it is to be written. */
export type WrittenOrder = Omit<Order, "companyId" | "recordedAt" | "updatedAt">;

/** New orders; one that another worker wrote meanwhile violates the key and undoes the batch, which is then read again. */
export function insertOrders(tx: Tx, companyId: number, written: readonly WrittenOrder[]): Write | null {
  if (written.length === 0) return null;
  return tx`
    insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
      state_hash, stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved,
      self_purchase, referral_code, buyer_hash, first_order, quarantined_lines)
    select ${companyId}, * from ${columns(tx, written)}`;
}

export function updateOrders(tx: Tx, companyId: number, written: readonly WrittenOrder[]): Write | null {
  if (written.length === 0) return null;
  return tx`
    update orders o set order_name = n.order_name, revision = n.revision, revision_at = n.revision_at, revision_tie = n.revision_tie,
      state_hash = n.state_hash, stage = n.stage, platform_status = n.platform_status, currency = n.currency, total_minor = n.total_minor,
      net_minor = n.net_minor, refunded_net_minor = n.refunded_net_minor, distributor_no = n.distributor_no, unresolved = n.unresolved,
      self_purchase = n.self_purchase, referral_code = n.referral_code, buyer_hash = n.buyer_hash, first_order = n.first_order, quarantined_lines = n.quarantined_lines,
      updated_at = now()
     from ${columns(tx, written)}
     where o.company_id = ${companyId} and o.order_no = n.order_no
       and o.order_no = any(${bigints(tx, written, ({ orderNo }) => orderNo)})`;
}

function columns(tx: Tx, written: readonly WrittenOrder[]) {
  const text = (of: (order: WrittenOrder) => string | null) => texts(tx, written, of);
  const number = (of: (order: WrittenOrder) => number | null) => integers(tx, written, of);
  const minor = (of: (order: WrittenOrder) => bigint) => bigints(tx, written, of);
  const flag = (of: (order: WrittenOrder) => boolean) => flags(tx, written, of);
  return tx`unnest(
    ${minor((order) => order.orderNo)}, ${text((order) => order.storeId)}, ${text((order) => order.platform)},
    ${text((order) => order.platformOrderId)}, ${text((order) => order.orderName)}, ${number((order) => order.revision)},
    ${moments(tx, written, (order) => order.revisionAt)}, ${text((order) => order.revisionTie)},
    ${text((order) => order.stateHash)}, ${text((order) => order.stage)}, ${text((order) => order.platformStatus)},
    ${moments(tx, written, (order) => order.placedAt)}, ${text((order) => order.currency)},
    ${minor((order) => order.totalMinor)}, ${minor((order) => order.netMinor)},
    ${minor((order) => order.refundedNetMinor)}, ${number((order) => order.distributorNo)},
    ${flag((order) => order.unresolved)}, ${flag((order) => order.selfPurchase)},
    ${text((order) => order.referralCode)}, ${text((order) => order.buyerHash)},
    ${flag((order) => order.firstOrder)}, ${number((order) => order.quarantinedLines)})
    as n (order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie, state_hash, stage, platform_status,
      placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, unresolved, self_purchase, referral_code, buyer_hash, first_order, quarantined_lines)`;
}

export type WrittenRevision = Omit<OrderRevision, "companyId" | "recordedAt">;

export function insertRevisions(tx: Tx, companyId: number, revisions: readonly WrittenRevision[]): Write | null {
  if (revisions.length === 0) return null;
  return tx`
    insert into order_revisions (company_id, order_no, revision, delivery_id, cause, snapshot)
    select ${companyId}, * from unnest(
      ${bigints(tx, revisions, ({ orderNo }) => orderNo)}, ${integers(tx, revisions, ({ revision }) => revision)},
      ${bigints(tx, revisions, ({ deliveryId }) => deliveryId)}, ${texts(tx, revisions, ({ cause }) => cause)},
      ${texts(tx, revisions, ({ snapshot }) => snapshot)})`;
}

/** Which lines of an order wait for a SKU mapping; `hadSome` where some did before. */
export interface OrderQuarantine extends Pick<QuarantinedLine, "orderNo" | "platform" | "currency"> {
  readonly lines: readonly (OrderLine & Pick<QuarantinedLine, "netMinor" | "rateTo">)[];
  readonly hadSome: boolean;
}

/** Sets which lines of these orders wait for a SKU mapping, or for a rate of their currency. */
export async function replaceQuarantine(tx: Tx, companyId: number, quarantines: readonly OrderQuarantine[]): Promise<void> {
  const cleared = quarantines.filter(({ hadSome }) => hadSome);
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
      rate_to: line.rateTo,
    })),
  );
  // Both begin in one turn, as all writes of an order do.
  await Promise.all([
    cleared.length > 0 &&
      tx`delete from quarantine where company_id = ${companyId} and order_no = any(${bigints(tx, cleared, ({ orderNo }) => orderNo)})`,
    rows.length > 0 && tx`insert into quarantine ${tx(rows)}`,
  ]);
}
