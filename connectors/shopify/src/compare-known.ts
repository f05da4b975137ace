import type { FoundOrder, KnownOrder } from "@upline/core";
import type { AdminClient } from "./admin-client.ts";
import { FIRST_ORDER, KNOWN_ORDERS } from "./documents.ts";
import { askForWhole, foundOf, orderGid } from "./whole-order.ts";

/** Comparing by id: which orders are gone, and which are not as they are known. */

const BATCH = 25;
/** Of an order with more, the whole is read. */
const REFUNDS = 20;

/** What became of one order. */
export async function askForOrder(client: AdminClient, orderId: string): Promise<FoundOrder> {
  const whole = await askForWhole(client, orderId);
  return whole === null ? missing(orderId, await shownSince(client)) : foundOf(whole);
}

export async function* compareKnown(
  client: AdminClient,
  known: Iterable<KnownOrder> | AsyncIterable<KnownOrder>,
): AsyncGenerator<FoundOrder> {
  let since: Shown | null = null;
  for await (const batch of inBatches(known)) {
    const ids = batch.map(({ orderId }) => orderGid(orderId));
    const { nodes } = await client.ask(KNOWN_ORDERS, { ids, refunds: REFUNDS });
    const found = new Map(nodes.flatMap((node) => (node?.legacyResourceId === undefined ? [] : [[node.legacyResourceId, node]])));
    for (const order of batch) {
      const node = found.get(order.orderId);
      if (node === undefined) {
        since ??= await shownSince(client);
        yield missing(order.orderId, since);
      } else if (differs(order, node)) {
        yield await askForOrder(client, order.orderId);
      }
    }
  }
}

interface Node {
  readonly updatedAt?: string;
  readonly refunds?: readonly { readonly legacyResourceId: string }[];
}

function differs(known: KnownOrder, { updatedAt = "", refunds = [] }: Node): boolean {
  if (Date.parse(updatedAt) !== known.modifiedAt.getTime() || refunds.length >= REFUNDS) return true;
  // Refunds whose money is on its way are not known yet: then the order's own time has told of them.
  const there = new Set(refunds.map(({ legacyResourceId }) => legacyResourceId));
  return known.refundIds.some((id) => !there.has(id));
}

/** From which order on the shop shows its orders: all of them, those with an id from `id` on, or none that could be told by. */
type Shown = { readonly kind: "all" } | { readonly kind: "from"; readonly id: bigint } | { readonly kind: "nothing" };

/**
 * Without the scope `read_all_orders` Shopify shows the orders of 60 days, and older ones as if they were not there. Numbers of
 * orders only grow, so that what is missing behind the oldest one that is shown is gone.
 */
async function shownSince(client: AdminClient): Promise<Shown> {
  if ((await client.scopes()).includes("read_all_orders")) return { kind: "all" };
  const [oldest] = (await client.ask(FIRST_ORDER, { sortKey: "CREATED_AT" })).orders.nodes;
  return oldest === undefined ? { kind: "nothing" } : { kind: "from", id: BigInt(oldest.legacyResourceId) };
}

function missing(orderId: string, shown: Shown): FoundOrder {
  const isGone = shown.kind === "all" || (shown.kind === "from" && /^\d{1,40}$/.test(orderId) && BigInt(orderId) > shown.id);
  if (!isGone) return { kind: "hidden", orderId };
  const body = JSON.stringify({ id: orderId, admin_graphql_api_id: orderGid(orderId) });
  return { kind: "deleted", orderId, topic: "orders/delete", body };
}

async function* inBatches<T>(all: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of all) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
