import {
  isObject,
  type JsonObject,
  type Normalised,
  type OrderLine,
  type OrderState,
  PayloadError,
  parseAmount,
  parseBody,
  readPayload,
  type Stage,
  type StoredDelivery,
  type StoreSettings,
  sortableTimestamp,
} from "@upline/core";
import { evidenceOf } from "./evidence.ts";
import { type LineItem, type RestOrder, readId, restOrder } from "./payloads.ts";
import { refundsOf } from "./refunds.ts";
import { revisionOf } from "./revision.ts";

/**
 * Turns a delivery into what it says. The body's shape decides, never the topic, which comes from
 * an unsigned header; only a bare `{"id":31}` needs it, and that is a hint whatever it names.
 */
export function normalise({ topic, body, settings }: StoredDelivery): Normalised {
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

  const order = readPayload(restOrder, raw, "order");
  const allRefunds = refundsOf(order, Array.isArray(refunds) ? refunds : []);
  const state: OrderState = {
    platform: "woocommerce",
    orderId,
    orderName: `#${order.number ?? orderId}`.slice(0, 255),
    revision: revisionOf({ order, refunds: allRefunds, raw, builtAt: readAt }),
    placedAt: order.date_created_gmt,
    stage: stageOf(order),
    platformStatus: order.status.slice(0, 255),
    currency: order.currency,
    totalMinor: atLeastZero(parseAmount(order.total, order.currency)),
    lines: linesOf(order),
    refunds: allRefunds,
    buyer: buyerOf(order),
    evidence: evidenceOf(order, settings),
  };
  return { kind: "order", state };
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

/** Line amounts are without tax whatever the store shows, so that nothing is included; shipping and tax are no lines. */
function linesOf(order: RestOrder): OrderLine[] {
  const minor = (text: string) => atLeastZero(parseAmount(text, order.currency));
  const products = order.line_items.map((item): OrderLine => {
    const netMinor = minor(item.total);
    // Raising a line's total by hand leaves its subtotal below it: that is a price, not a negative discount.
    const discountMinor = atLeastZero(minor(item.subtotal) - netMinor);
    return {
      lineId: item.id,
      kind: "product",
      // A simple product is its own variant: both ids are post ids of one store and never meet.
      variantId: item.variation_id ?? item.product_id,
      productId: item.product_id,
      sku: skuOf(item),
      name: item.name,
      quantity: Math.max(item.quantity, 0),
      grossMinor: netMinor + discountMinor,
      discountMinor,
      includedTaxMinor: 0n,
    };
  });
  const fees = (order.fee_lines ?? []).map(
    (fee): OrderLine => ({
      lineId: fee.id,
      kind: "fee",
      variantId: null,
      productId: null,
      sku: null,
      name: fee.name,
      quantity: 1,
      grossMinor: minor(fee.total),
      discountMinor: 0n,
      includedTaxMinor: 0n,
    }),
  );
  return [...products, ...fees];
}

const skuOf = ({ sku }: LineItem): string | null => (sku == null || sku.trim() === "" ? null : sku);

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

const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);
