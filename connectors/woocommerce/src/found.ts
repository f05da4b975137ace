import { type FoundOrder, isObject, type JsonObject, StoreError } from "@upline/core";
import type { Params, WooClient } from "./client.ts";
import { numberedPages, objectsOf } from "./walk.ts";

const DRAFTS: readonly unknown[] = ["checkout-draft", "auto-draft", "draft"];

/**
 * Amounts in full: WooCommerce answers with as many decimals as the shop shows, none in some, and the plugin sends at
 * least four. No currency has more than four.
 */
export const IN_FULL: Params = { dp: "4" };

export const isDraft = (order: JsonObject): boolean => DRAFTS.includes(order.status);

/**
 * Asks what became of one order: what a hint needs, since `order.deleted` may mean the trash, nothing
 * at all, or another entity of the same id.
 */
export async function askForOrder(client: WooClient, orderId: string): Promise<FoundOrder> {
  try {
    const answer = await client.get(`orders/${encodeURIComponent(orderId)}`, IN_FULL);
    if (!isObject(answer.body)) throw new StoreError("unavailable", "The store answered with something that is no order.");
    return await complete(client, answer.body, answer.storeTime);
  } catch (error) {
    if (isGone(error)) return deleted(orderId, client.now());
    throw error;
  }
}

/** Only WooCommerce's own word counts: while it is switched off, every route is a 404 too. */
export function isGone(error: unknown): boolean {
  return error instanceof StoreError && error.kind === "not-found" && error.code === "woocommerce_rest_shop_order_invalid_id";
}

/** The refunds may change between the two questions: ask again until both answers know the same ones. */
const ATTEMPTS = 3;

/** Adds the refunds with their lines to an order, and wraps both as a body read at the store's own time. */
export async function complete(client: WooClient, listed: JsonObject, readAt: Date): Promise<FoundOrder> {
  let order = listed;
  let storeTime = readAt;
  const orderId = String(listed.id);
  if (isDraft(order)) return { kind: "draft", orderId };
  for (let attempt = 1; ; attempt += 1) {
    const refunds = refundIds(order).length === 0 ? [] : await refundsOf(client, orderId);
    if (
      sameIds(
        refundIds(order),
        refunds.map(({ id }) => String(id)),
      ) ||
      attempt === ATTEMPTS
    ) {
      return asBody({ order, refunds, orderId, storeTime });
    }
    const again = await client.get(`orders/${orderId}`, IN_FULL);
    if (isObject(again.body)) order = again.body;
    storeTime = again.storeTime;
  }
}

async function refundsOf(client: WooClient, orderId: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const { rows } of numberedPages(client, `orders/${orderId}/refunds`, IN_FULL)) all.push(...rows);
  return all;
}

export const refundIds = (order: JsonObject): string[] => objectsOf(order.refunds).map(({ id }) => String(id));

export const sameIds = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();

interface Complete {
  readonly order: JsonObject;
  readonly refunds: readonly JsonObject[];
  readonly orderId: string;
  readonly storeTime: Date;
}

/** The time is the store's, which the plugin's bodies bear too: both are put in order by one clock. */
function asBody({ order, refunds, orderId, storeTime }: Complete): FoundOrder {
  const data = { order, refunds, source: { by: "reconciliation" } };
  const topic = "order.updated";
  const body = JSON.stringify({ type: topic, timestamp: storeTime.toISOString(), data });
  return { kind: "order", orderId, topic, body };
}

function deleted(orderId: string, at: Date): FoundOrder {
  const order = { id: orderId, status: "deleted" };
  const topic = "order.deleted";
  const body = JSON.stringify({
    type: topic,
    timestamp: at.toISOString(),
    data: { order, source: { by: "reconciliation" } },
  });
  return { kind: "deleted", orderId, topic, body };
}
