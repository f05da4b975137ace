import {
  accept,
  identitiesOf,
  isObject,
  type JsonObject,
  type Normalised,
  type OrderState,
  PayloadError,
  parseBody,
  refuseTwice,
  refuseWithoutEntity,
  type Stage,
  type StoredDelivery,
  type StoreSettings,
  sortableTimestamp,
  stageOfStatus,
} from "@upline/core";
import { documents, type LinkedDocument, linked, settled } from "./documents.ts";
import { evidenceOf, nobodyOf } from "./evidence.ts";
import { linesOf, worthOf } from "./lines.ts";
import type { RestDocument, RestOrder } from "./payloads.ts";
import { readId, readOrder } from "./read-order.ts";
import { refundsOf } from "./refunds.ts";
import { revisionOf } from "./revision.ts";
import { exact, toMinor } from "./rows.ts";

/**
 * Turns a delivery into what it says: `{"type","timestamp","data":{"order":…,"invoices":[…],"creditmemos":[…]}}`,
 * or its data alone, or a bare order that has no documents yet. The body's shape decides, never the topic.
 */
export function normalise(delivery: StoredDelivery): Normalised {
  return accept(read(delivery), delivery.now ?? null);
}

function read({ body, settings }: StoredDelivery): Normalised {
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

  const order = readOrder(data.order, "order");
  const invoices = documents(data.invoices, "invoices");
  const creditmemos = documents(data.creditmemos ?? data.credit_memos, "creditmemos");
  // The documents are the money. An order that has some, told without them, is no statement about money.
  const untold =
    (invoices === null && exact(order.base_total_invoiced) > 0n) ||
    (creditmemos === null && exact(order.base_total_refunded) > 0n);
  if (untold) return { kind: "hint", entity: "order", id: orderId };

  refuseTwice(
    order.items.map(({ item_id }) => item_id),
    (index) => `order.items[${index}].item_id`,
  );
  const paid = settled(linkedAll(invoices ?? [], order, "invoices"));
  const lost = paid.flatMap(({ lost }) => lost).find((row) => row.base_row_total != null);
  if (lost) throw new PayloadError("invoices", "a row names no item of the order: order_item_id is missing");
  const memos = settled(linkedAll(creditmemos ?? [], order, "creditmemos"));
  const lines = linesOf(order, paid);
  const grandMinor = toMinor(exact(order.base_grand_total), order.base_currency_code);
  const totalMinor = grandMinor > 0n ? grandMinor : 0n;
  const worthMinor = worthOf(order, paid);
  const state: OrderState = {
    platform: "magento",
    orderId,
    orderName: `#${order.increment_id ?? orderId}`,
    revision: revisionOf({ order, invoices: invoices ?? [], creditmemos: creditmemos ?? [], raw: partsOf(data), builtAt }),
    placedAt: order.created_at,
    stage: stageOfStatus(settings, order.status) ?? stageOf(order, paid.length > 0),
    platformStatus: order.status === null || order.status === order.state ? order.state : `${order.state} (${order.status})`,
    currency: order.base_currency_code,
    totalMinor,
    ...(worthMinor === totalMinor ? {} : { worthMinor }),
    lines,
    refunds: refundsOf(memos, order, lines),
    buyer: buyerOf(order),
    buyerIdentities: identitiesOf({
      emails: [order.customer_email],
      customerId: order.customer_id,
      phones: [order.billing_address?.telephone],
    }),
    evidence: evidenceOf(order, settings),
    ...nobodyOf(order),
  };
  return { kind: "order", state };
}

const linkedAll = (all: readonly RestDocument[], order: RestOrder, path: string): LinkedDocument[] =>
  all.map((document, index) => linked(document, order, `${path}[${index}]`));

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
  refuseWithoutEntity(root.type, ["order", "invoice", "creditmemo", "shipment", "product", "customer"]);
  if (root.type.startsWith("store.")) return { kind: "shop", event: root.type };
  return { kind: "ignored", reason: `type ${root.type}`.slice(0, 200) };
}
