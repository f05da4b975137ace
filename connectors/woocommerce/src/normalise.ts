import {
  accept,
  identitiesOf,
  isObject,
  type JsonObject,
  type Normalised,
  type OrderState,
  PayloadError,
  parseAmount,
  parseBody,
  refuseTwice,
  refuseWithoutEntity,
  type Stage,
  type StoredDelivery,
  type StoreSettings,
  sortableTimestamp,
  stageOfStatus,
} from "@upline/core";
import { evidenceOf, nobodyOf } from "./evidence.ts";
import { linesOf } from "./lines.ts";
import type { RestOrder } from "./payloads.ts";
import { readId, readOrder } from "./read-order.ts";
import { refundsOf } from "./refunds.ts";
import { revisionOf } from "./revision.ts";

/**
 * Turns a delivery into what it says. The body's shape decides, never the topic, which comes from
 * an unsigned header; only a bare `{"id":31}` needs it, and that is a hint whatever it names.
 */
export function normalise(delivery: StoredDelivery): Normalised {
  return accept(read(delivery), delivery.now ?? null);
}

function read({ topic, body, settings }: StoredDelivery): Normalised {
  const root = parseBody(body);
  const data = isObject(root.data) ? root.data : root;
  if (isObject(data.order)) return orderBody({ order: data.order, refunds: data.refunds, builtAt: root.timestamp, settings });
  if (looksLikeOrder(root)) return orderBody({ order: root, refunds: [], builtAt: null, settings });
  return otherBody(root, data, topic);
}

const looksLikeOrder = (root: JsonObject): boolean => "line_items" in root || ("currency" in root && "status" in root);

interface OrderBody {
  readonly order: JsonObject;
  readonly refunds: unknown;
  readonly builtAt: unknown;
  readonly settings: StoreSettings;
}

function orderBody({ order: raw, refunds, builtAt, settings }: OrderBody): Normalised {
  const readAt = sortableTimestamp(builtAt);
  const orderId = readId(raw.id, "order.id");
  // Only the plugin says so, after it has seen the order gone; WooCommerce sends nothing when an order is deleted for good.
  if (readAt !== null && raw.status === "deleted") return { kind: "deleted", orderId };
  if (raw.status === "checkout-draft" || raw.status === "auto-draft" || raw.status === "draft") {
    return { kind: "ignored", reason: `a cart that is not ordered yet (${raw.status})` };
  }
  if ("billing_period" in raw) return { kind: "ignored", reason: "a subscription: its renewals are orders of their own" };

  const order = readOrder(raw, "order");
  refuseTwice(
    [...order.line_items, ...(order.fee_lines ?? [])].map(({ id }) => id),
    (index) =>
      index < order.line_items.length
        ? `order.line_items[${index}].id`
        : `order.fee_lines[${index - order.line_items.length}].id`,
  );
  const { lines, worthMinor, lowered, payments } = linesOf(order, settings);
  const totalMinor = parseAmount(order.total, order.currency);
  const hasCredit = worthMinor > totalMinor;
  const allRefunds = refundsOf({ order, listed: Array.isArray(refunds) ? refunds : [], lines, lowered, payments, hasCredit });
  const state: OrderState = {
    platform: "woocommerce",
    orderId,
    orderName: `#${order.number ?? orderId}`,
    revision: revisionOf({ order, refunds: allRefunds, raw, builtAt: readAt }),
    placedAt: order.date_created_gmt,
    stage: stageOfStatus(settings, order.status) ?? stageOf(order),
    platformStatus: order.status,
    currency: order.currency,
    totalMinor: totalMinor > 0n ? totalMinor : 0n,
    ...(hasCredit && worthMinor > 0n ? { worthMinor } : {}),
    lines,
    refunds: allRefunds,
    buyer: buyerOf(order),
    buyerIdentities: identitiesOf({
      emails: [order.billing?.email],
      customerId: order.customer_id,
      phones: [order.billing?.phone],
    }),
    evidence: evidenceOf(order, settings),
    ...nobodyOf(order),
    ...subscriptionOf(order),
  };
  return { kind: "order", state };
}

/**
 * Renewals of WooCommerce Subscriptions name their subscription, and so does an order that takes up or changes one. The
 * order by which a subscription began says nothing of it.
 */
const OF_SUBSCRIPTION = new Set(["_subscription_renewal", "_subscription_resubscribe", "_subscription_switch"]);

function subscriptionOf({ created_via, meta_data }: RestOrder): Pick<OrderState, "subscription"> {
  const named = meta_data.some((one) => one !== null && OF_SUBSCRIPTION.has(one.key));
  return named || created_via === "subscription" ? { subscription: true } : {};
}

/**
 * Money is earned from `processing` on. Cash on delivery has no `date_paid` before it is completed,
 * so that waiting for a payment date would leave every such order unearned; a shop that ships before
 * it is paid takes the same risk in its own books. `refunded` is earned as well: the refunds decide
 * the money, for the status stays when a refund is deleted. A failed order is void until it is paid.
 */
function stageOf(order: RestOrder): Stage {
  switch (order.status) {
    case "pending":
    case "on-hold":
      return { kind: "pending" };
    case "processing":
    case "completed":
    case "refunded":
      return { kind: "earned" };
    case "cancelled":
      return { kind: "void", reason: "cancelled" };
    case "failed":
      return { kind: "void", reason: "failed" };
    case "trash":
      return { kind: "void", reason: "trashed" };
    default:
      // A status of the store's own, such as "packed": only the payment date can tell.
      return { kind: order.date_paid_gmt ? "earned" : "pending" };
  }
}

/** The address first, so that the same person is recognised as a guest, with an account, and as a distributor of the network. */
function buyerOf(order: RestOrder): string | null {
  const email = order.billing?.email?.trim().toLowerCase() ?? "";
  if (email !== "" && email.length <= 300) return `email:${email}`;
  return order.customer_id === null ? null : `customer:${order.customer_id}`;
}

const ENTITIES = ["order", "product", "customer", "coupon"] as const;
type Entity = (typeof ENTITIES)[number];

/** Everything that is no order: hints, for which the platform has to be asked, and what is of no interest. */
function otherBody(root: JsonObject, data: JsonObject, topic: string): Normalised {
  const hint = (entity: Entity, value: unknown, path: string): Normalised => ({ kind: "hint", entity, id: readId(value, path) });

  // The plugin's: {"type":"product.updated","data":{"product":{…}}}.
  for (const entity of ENTITIES) {
    const value = data[entity];
    if (isObject(value)) return hint(entity, value.id, `${entity}.id`);
  }
  // Custom topics such as action.woocommerce_order_refunded: {"action":"woocommerce_order_refunded","arg":29}.
  if (typeof root.action === "string") {
    const entity = ENTITIES.find((word) => (root.action as string).includes(word));
    return entity && root.arg != null
      ? hint(entity, root.arg, "arg")
      : { kind: "ignored", reason: `action ${root.action}`.slice(0, 200) };
  }
  if (typeof root.type === "string" && !("id" in root)) {
    refuseWithoutEntity(root.type, ENTITIES);
    return root.type.startsWith("store.")
      ? { kind: "shop", event: root.type }
      : { kind: "ignored", reason: `type ${root.type}`.slice(0, 200) };
  }
  if (!("id" in root)) throw new PayloadError("$", "neither an order nor anything else that WooCommerce sends");
  return hint(entityOfShape(root) ?? entityOfTopic(topic), root.id, "id");
}

function entityOfShape(root: JsonObject): Entity | null {
  if ("regular_price" in root || "catalog_visibility" in root) return "product";
  if ("discount_type" in root) return "coupon";
  if ("username" in root || "is_paying_customer" in root) return "customer";
  return null;
}

/**
 * `{"id":31}` says neither what it names nor whether that is gone: WooCommerce sends product.deleted
 * and coupon.deleted with one and the same id, and without HPOS order.deleted too.
 */
function entityOfTopic(topic: string): Entity {
  return ENTITIES.find((entity) => topic.startsWith(`${entity}.`)) ?? "order";
}
