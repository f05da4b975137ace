import type { FoundOrder, JsonObject, KnownOrder } from "@upline/core";
import type { MagentoClient } from "./client.ts";
import { asFound, askForOrder, complete, type WholeOrder } from "./found.ts";
import { idOf, PAGE_SIZE, plainTime, search, timeOf } from "./search.ts";

/**
 * Compares what the hub holds with the store, by id: finds orders that were deleted for good, which no list tells, and
 * credit memos that are gone, which leave the order's time as it was. Three requests for a hundred orders.
 */
export async function* compareKnown(
  client: MagentoClient,
  known: Iterable<KnownOrder> | AsyncIterable<KnownOrder>,
): AsyncGenerator<FoundOrder> {
  for await (const batch of inBatches(known)) {
    const ids = batch.map(({ orderId }) => orderId);
    const wanted = { field: "entity_id", is: "in", value: ids.join(",") } as const;
    const page = await search(client, { path: "orders", groups: [[wanted]], sort: ["entity_id"] });
    const wholes = new Map((await complete(client, page)).map((whole) => [idOf(whole.order), whole]));
    for (const order of batch) {
      const whole = wholes.get(order.orderId);
      if (whole === undefined) yield await askForOrder(client, order.orderId);
      else if (differs(order, whole)) yield asFound(whole);
    }
  }
}

function differs(known: KnownOrder, { order, invoices, creditmemos }: WholeOrder): boolean {
  const times = [order, ...invoices, ...creditmemos].map((row) => timeOf(row, "updated_at") ?? "");
  const latest = times.sort().at(-1);
  const refundIds = creditmemos.filter(isSettled).map(idOf);
  return plainTime(known.modifiedAt) !== latest || [...known.refundIds].sort().join() !== refundIds.sort().join();
}

/** State 2 is refunded: others are no money, and no refund to the hub. */
const isSettled = ({ state }: JsonObject): boolean => Number(state) === 2;

async function* inBatches<T>(all: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of all) {
    batch.push(item);
    if (batch.length < PAGE_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
