import { isObject, type JsonObject } from "@upline/core";

/** Of bodies that name no shop, the ids alone: what is true of them the hub asks the shop itself. */
export interface Hint {
  readonly order_ids: readonly string[];
  readonly product_ids: readonly string[];
}

/** What a change of a refund, an order's edit, a deletion or a product hints at; null where it names nothing. */
export function hintOf(topic: string, body: JsonObject): Hint | null {
  const orders = (id: unknown) => ids(id, (found) => ({ order_ids: found, product_ids: [] }));
  switch (topic) {
    case "refunds/create":
      return orders(body.order_id);
    case "orders/edited":
      return orders(isObject(body.order_edit) ? body.order_edit.order_id : undefined);
    case "orders/delete":
      return orders(body.id);
    case "products/create":
    case "products/update":
    case "products/delete":
      return ids(body.id, (found) => ({ order_ids: [], product_ids: found }));
    default:
      return null;
  }
}

/** The hub takes so many orders at a time. */
const MOST_ORDERS = 250;

/**
 * What a compliance topic asks of the hub, in as many parts as it takes; empty where the body asks for something else. The
 * topic is no part of what was signed, so the body's shape has to agree with it.
 */
export function redactionsFrom(topic: string, body: JsonObject): readonly Readonly<Record<string, unknown>>[] {
  const customer = isObject(body.customer) ? idText(body.customer.id) : null;
  switch (topic) {
    case "customers/redact":
      return ofOrders("customer", customer, body.orders_to_redact);
    case "customers/data_request":
      return ofOrders("data-request", customer, body.orders_requested);
    case "shop/redact":
      return "customer" in body || "orders_to_redact" in body || "orders_requested" in body ? [] : [{ kind: "shop" }];
    default:
      return [];
  }
}

function ofOrders(kind: string, customer: string | null, orders: unknown): Readonly<Record<string, unknown>>[] {
  if (customer === null || !Array.isArray(orders)) return [];
  const all = idTexts(orders);
  const parts = Math.max(1, Math.ceil(all.length / MOST_ORDERS));
  return Array.from({ length: parts }, (_, index) => ({
    ...{ kind, customer_id: customer },
    order_ids: all.slice(index * MOST_ORDERS, (index + 1) * MOST_ORDERS),
  }));
}

function ids(id: unknown, hint: (found: string[]) => Hint): Hint | null {
  const text = idText(id);
  return text === null ? null : hint([text]);
}

function idTexts(list: readonly unknown[]): string[] {
  return list.map(idText).filter((id) => id !== null);
}

/** Digits as they were sent: ids of Shopify exceed what a number of JavaScript holds. */
function idText(id: unknown): string | null {
  const text = typeof id === "number" || typeof id === "string" ? String(id) : "";
  return /^[1-9]\d{0,19}$/.test(text) ? text : null;
}
