import {
  isObject,
  type JsonObject,
  type Normalised,
  type OrderLine,
  type OrderState,
  PayloadError,
  parseBody,
  type Refund,
  readPayload,
  type Stage,
  type StoredDelivery,
  type StoreSettings,
  sortableTimestamp,
} from "@upline/core";
import { estimateByItem } from "./estimate.ts";
import { evidenceOf } from "./evidence.ts";
import { type RestDocument, type RestOrder, readId, restDocument, restOrder } from "./payloads.ts";
import { revisionOf } from "./revision.ts";
import { exact, type ItemSum, moneyItems, sumByItem, toMinor } from "./rows.ts";

/**
 * Turns a delivery into what it says: `{"type","timestamp","data":{"order":…,"invoices":[…],"creditmemos":[…]}}`,
 * or its data alone, or a bare order that has no documents yet. The body's shape decides, never the topic.
 */
export function normalise({ body, settings }: StoredDelivery): Normalised {
  const root = parseBody(body);
  const data = isObject(root.data) ? root.data : root;
  if (isObject(data.order)) return orderBody({ ...data, order: data.order }, root.timestamp, settings);
  if ("base_grand_total" in root && "items" in root && !("order_id" in root)) return orderBody({ order: root }, null, settings);
  return otherBody(root, data);
}

type OrderData = JsonObject & { readonly order: JsonObject };

function orderBody(data: OrderData, timestamp: unknown, settings: StoreSettings): Normalised {
  const builtAt = sortableTimestamp(timestamp);
  const orderId = readId(data.order.entity_id, "order.entity_id");
  if (builtAt !== null && data.order.state === "deleted") return { kind: "deleted", orderId };

  const order = readPayload(restOrder, data.order, "order");
  const invoices = documents(data.invoices, "invoices");
  const creditmemos = documents(data.creditmemos ?? data.credit_memos, "creditmemos");
  // The documents are the money. An order that has some, told without them, is no statement about money.
  const untold =
    (invoices === null && exact(order.base_total_invoiced) > 0n) ||
    (creditmemos === null && exact(order.base_total_refunded) > 0n);
  if (untold) return { kind: "hint", entity: "order", id: orderId };

  assertItemsKnown(order, [...(invoices ?? []), ...(creditmemos ?? [])]);
  const paid = settled(invoices ?? []);
  const lines = linesOf(order, paid);
  const state: OrderState = {
    platform: "magento",
    orderId,
    orderName: `#${order.increment_id ?? orderId}`,
    revision: revisionOf({ order, invoices: invoices ?? [], creditmemos: creditmemos ?? [], raw: partsOf(data), builtAt }),
    placedAt: order.created_at,
    stage: stageOf(order, paid.length > 0),
    platformStatus: order.status === null || order.status === order.state ? order.state : `${order.state} (${order.status})`,
    currency: order.base_currency_code,
    totalMinor: atLeastZero(toMinor(exact(order.base_grand_total), order.base_currency_code)),
    lines,
    refunds: settled(creditmemos ?? []).map((memo) => refundOf(memo, order, lines)),
    buyer: buyerOf(order),
    evidence: evidenceOf(order, settings),
  };
  return { kind: "order", state };
}

/** State 2: an invoice that is paid, a credit memo that is refunded. Open and cancelled ones are no money. */
const settled = (all: readonly RestDocument[]): RestDocument[] => all.filter(({ state }) => state === 2);

/** A list, or the envelope `{items, total_count}` of a REST search; null where the body does not say. */
function documents(value: unknown, path: string): RestDocument[] | null {
  const list = isObject(value) ? value.items : value;
  if (list == null) return null;
  if (!Array.isArray(list)) throw new PayloadError(path, "expected a list");
  return list.map((one, index) => readPayload(restDocument, one, `${path}[${index}]`));
}

/** A row with money for an item that the order does not list would be lost without a word. */
function assertItemsKnown(order: RestOrder, all: readonly RestDocument[]): void {
  const known = new Set(order.items.map(({ item_id }) => item_id));
  const stray = all.flatMap(({ items }) => items).find((row) => !known.has(row.order_item_id) && row.base_row_total != null);
  if (stray) throw new PayloadError("order.items", `item ${stray.order_item_id} of a document is missing`);
}

const partsOf = ({ order, invoices, creditmemos, credit_memos }: OrderData): JsonObject => ({
  order,
  invoices: invoices ?? [],
  creditmemos: creditmemos ?? credit_memos ?? [],
});

/**
 * The state decides, never the status, which is the shop's own label. Money is earned as far as
 * invoices are paid: goods that were shipped and not invoiced, or whose invoice is open, are pending;
 * an order whose rest was cancelled keeps what was paid. On hold and under review nothing is earned.
 */
function stageOf({ state }: RestOrder, isPaid: boolean): Stage {
  switch (state) {
    case "new":
    case "pending_payment":
    case "payment_review":
    case "holded":
      return { kind: "pending" };
    case "canceled":
    case "closed":
      return isPaid ? { kind: "earned" } : { kind: "void", reason: "cancelled" };
    default:
      return { kind: isPaid ? "earned" : "pending" };
  }
}

/** What paid invoices say; without any, the order's own estimate. */
function linesOf(order: RestOrder, paid: readonly RestDocument[]): OrderLine[] {
  const byId = new Map(order.items.map((item) => [item.item_id, item]));
  const rows = paid.flatMap(({ items }) => moneyItems(items, (row) => byId.get(row.order_item_id)));
  const sums = paid.length > 0 ? sumByItem(rows) : estimateByItem(order);
  return order.items.flatMap((item) => {
    const sum = sums.get(item.item_id);
    return sum ? [lineOf(order, item, sum)] : [];
  });
}

function lineOf(order: RestOrder, item: RestOrder["items"][number], sum: ItemSum): OrderLine {
  const netMinor = atLeastZero(toMinor(sum.netUnits, order.base_currency_code));
  const discountMinor = atLeastZero(toMinor(sum.discountUnits, order.base_currency_code));
  const parent = order.items.find(({ item_id }) => item_id === item.parent_item_id);
  // A configurable item has the variant's SKU but its own product id; its only child is the variant.
  const child =
    item.product_type === "configurable" ? order.items.find(({ parent_item_id }) => parent_item_id === item.item_id) : undefined;
  return {
    lineId: item.item_id,
    kind: item.product_type === "giftcard" ? "gift-card" : "product",
    variantId: child?.product_id ?? item.product_id,
    productId: parent?.product_id ?? item.product_id,
    sku: item.sku,
    name: item.name ?? item.sku ?? "",
    quantity: Math.max(sum.quantity, 0),
    grossMinor: netMinor + discountMinor,
    discountMinor,
    // Row totals are without tax, also where the catalogue's prices include it.
    includedTaxMinor: 0n,
  };
}

/**
 * A credit memo gives back the net of its items. Adjustments, positive or negative, name no item and
 * are no sale: a goodwill amount or a fee never changes what the items earned, so that nothing is prorated.
 */
function refundOf(memo: RestDocument, order: RestOrder, lines: readonly OrderLine[]): Refund {
  const byId = new Map(order.items.map((item) => [item.item_id, item]));
  const sums = sumByItem(moneyItems(memo.items, (row) => byId.get(row.order_item_id)));
  return {
    refundId: memo.entity_id,
    at: memo.created_at,
    amountMinor: atLeastZero(toMinor(exact(memo.base_grand_total), order.base_currency_code)),
    lines: lines.flatMap(({ lineId }) => {
      const sum = sums.get(lineId);
      return sum ? [{ lineId, netMinor: atLeastZero(toMinor(sum.netUnits, order.base_currency_code)) }] : [];
    }),
    proratedMinor: 0n,
    detail: "full",
  };
}

/** The address first, so that the same person is recognised as a guest, with an account, and as a distributor of the network. */
function buyerOf(order: RestOrder): string | null {
  const email = order.customer_email?.trim().toLowerCase() ?? "";
  if (email !== "" && email.length <= 300) return `email:${email}`;
  return order.customer_id === null ? null : `customer:${order.customer_id}`;
}

/** Everything that is no order: a document by itself says that its order changed, other entities that they did. */
function otherBody(root: JsonObject, data: JsonObject): Normalised {
  for (const name of ["invoice", "creditmemo", "shipment"]) {
    const value = data[name];
    if (isObject(value)) return { kind: "hint", entity: "order", id: readId(value.order_id, `${name}.order_id`) };
  }
  for (const entity of ["product", "customer"] as const) {
    const value = data[entity];
    if (isObject(value)) return { kind: "hint", entity, id: readId(value.id ?? value.entity_id, `${entity}.id`) };
  }
  if (typeof root.type !== "string")
    throw new PayloadError("$", "neither an order nor anything else that the Upline module sends");
  if (root.type.startsWith("store.")) return { kind: "shop", event: root.type };
  return { kind: "ignored", reason: `type ${root.type}`.slice(0, 200) };
}

const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);
