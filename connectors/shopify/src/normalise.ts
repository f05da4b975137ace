import {
  accept,
  identitiesOf,
  type Normalised,
  type OrderState,
  PayloadError,
  parseBody,
  readPayload,
  refuseTwice,
  type Stage,
  type StoredDelivery,
  type StoreSettings,
  stageOfStatus,
} from "@upline/core";
import { evidenceOf } from "./evidence.ts";
import { editedWorth, linesOf, wasEdited } from "./lines.ts";
import { compliancePayload, idPayload, type OrderPayload, orderEditPayload, orderReferencePayload } from "./payloads.ts";
import { readOrder, readRefund } from "./read-order.ts";
import { namedByRefunds, refundAlone, refundsNotMade, refundsOf } from "./refunds.ts";
import { revisionOf } from "./revision.ts";
import { shopAmount } from "./shop-money.ts";

/**
 * The shape of the body decides what it is, wherever the shape tells: the topic is an unsigned
 * header, and an order's body sent again under "orders/delete" must stay an order.
 */
export function normalise(delivery: StoredDelivery): Normalised {
  return accept(read(delivery), delivery.now ?? null);
}

function read({ topic: sentTopic, body, settings }: StoredDelivery): Normalised {
  const value = parseBody(body);
  const topic = sentTopic.toLowerCase();
  if ("order_edit" in value)
    return { kind: "hint", entity: "order", id: readPayload(orderEditPayload, value).order_edit.order_id };
  if ("refund_line_items" in value && "order_id" in value) return refundOf(value);
  if ("line_items" in value && "financial_status" in value) return { kind: "order", state: stateOf(readOrder(value), settings) };
  return byTopic(topic, value, settings);
}

/** Bodies whose shape is shared by several topics, or that do not have the shape their topic promises. */
function byTopic(topic: string, value: Record<string, unknown>, settings: StoreSettings): Normalised {
  switch (topic) {
    case "orders/delete":
      return deletedOf(value);
    case "refunds/create":
      return refundOf(value);
    case "orders/edited":
      return { kind: "hint", entity: "order", id: readPayload(orderEditPayload, value).order_edit.order_id };
    case "order_transactions/create":
      return { kind: "hint", entity: "order", id: readPayload(orderReferencePayload, value).order_id };
    case "customers/data_request":
    case "customers/redact":
    case "shop/redact":
      readPayload(compliancePayload, value);
      return { kind: "shop", event: topic };
    case "app/uninstalled":
    case "app/scopes_update":
    case "shop/update":
      return { kind: "shop", event: topic };
  }
  const family = topic.split("/", 1)[0];
  if (family === "orders") return { kind: "order", state: stateOf(readOrder(value), settings) };
  if (family === "products") return { kind: "hint", entity: "product", id: readPayload(idPayload, value).id };
  if (family === "customers") return { kind: "hint", entity: "customer", id: readPayload(idPayload, value).id };
  return { kind: "ignored", reason: "nothing that Upline follows" };
}

/** `{id}` is the body of every platform entity's deletion; anything that shows it was another entity's is refused. */
function deletedOf(value: Record<string, unknown>): Normalised {
  const { id } = readPayload(idPayload, value);
  const gid = value.admin_graphql_api_id;
  if (typeof gid === "string" && !gid.includes("/Order/")) throw new PayloadError("$.admin_graphql_api_id", "expected an order");
  return { kind: "deleted", orderId: id };
}

function refundOf(value: Record<string, unknown>): Normalised {
  const payload = readRefund(value);
  const told = refundAlone(payload);
  return "ignored" in told
    ? { kind: "ignored", reason: told.ignored }
    : { kind: "refund", orderId: payload.order_id, refund: told.refund };
}

function stateOf(order: OrderPayload, settings: StoreSettings): OrderState {
  const placedAt = order.processed_at ?? order.created_at;
  if (!placedAt) throw new PayloadError("$.processed_at", "the order has no time");
  refuseTwice(
    order.line_items.map(({ id }) => id),
    (index) => `$.line_items[${index}].id`,
  );
  const lines = linesOf(order);
  const { removedMinor, addedMinor } = editedWorth(order, lines);
  const notMade = refundsNotMade(order);
  const state = {
    platform: "shopify" as const,
    orderId: order.id,
    orderName: order.name ?? (order.order_number ? `#${order.order_number}` : order.id),
    placedAt: new Date(placedAt).toISOString(),
    stage: stageOf(order, settings),
    platformStatus: statusOf(order),
    currency: order.currency,
    totalMinor: totalOf(order, wasEdited(order, lines)),
    lines,
    refunds: refundsOf(order, removedMinor - addedMinor),
    ...(notMade.length === 0 ? {} : { refundsNotMade: notMade }),
    // Without a customer record there is no key that outlives the order; an e-mail address is not one.
    buyer: order.customer?.id ? `customer:${order.customer.id}` : null,
    evidence: evidenceOf(order, settings),
    ...(order.source_name?.startsWith("subscription_contract") ? { subscription: true as const } : {}),
  };
  const buyerIdentities = identitiesOf({
    emails: [order.email, order.contact_email, order.customer?.email],
    customerId: order.customer?.id ?? null,
    phones: [order.phone, order.customer?.phone],
  });
  return { ...state, buyerIdentities, revision: revisionOf(order, state) };
}

/** After an edit only `current_total_price` knows the order, and refunds have already been taken off it. */
function totalOf(order: OrderPayload, edited: boolean): bigint {
  const { currency } = order;
  const known = order.current_total_price_set || order.current_total_price;
  if (edited && known) {
    const current = {
      set: order.current_total_price_set,
      plain: order.current_total_price,
      currency,
      path: "$.current_total_price",
    };
    return shopAmount(current) + namedByRefunds(order);
  }
  return shopAmount({ set: order.total_price_set, plain: order.total_price, currency, path: "$.total_price" });
}

/** Earned once it is paid in full; what goes back afterwards is told by the refunds. A word not known yet earns nothing yet. */
function stageOf(order: OrderPayload, settings: StoreSettings): Stage {
  if (order.test) return { kind: "void", reason: "test" };
  if (order.cancelled_at || order.financial_status === "voided") return { kind: "void", reason: "cancelled" };
  const mapped = stageOfStatus(settings, order.financial_status);
  if (mapped) return mapped;
  switch (order.financial_status) {
    case "paid":
    case "partially_refunded":
    case "refunded":
      return { kind: "earned" };
    default:
      return { kind: "pending" };
  }
}

function statusOf(order: OrderPayload): string {
  const cancelled = order.cancelled_at ? `cancelled${order.cancel_reason ? ` (${order.cancel_reason})` : ""}` : null;
  return [order.financial_status ?? "unknown", cancelled, order.test ? "test" : null].filter((word) => word !== null).join(", ");
}
