import type { FoundOrder, JsonObject, KnownOrder } from "@upline/core";
import type { WooClient } from "./client.ts";
import { askForOrder, complete, IN_FULL, refundIds, sameIds } from "./found.ts";
import { plainTime, rowsOf } from "./walk.ts";

/** As many as a page holds: a hundred orders cost one request. */
const BATCH = 100;

/**
 * Compares what the hub holds with the store, by id: finds orders that were deleted for good, which no list
 * tells, and refunds that were deleted, which leave the order's time as it was.
 */
export async function* compareKnown(
  client: WooClient,
  known: Iterable<KnownOrder> | AsyncIterable<KnownOrder>,
): AsyncGenerator<FoundOrder> {
  for await (const batch of inBatches(known)) {
    const ids = batch.map(({ orderId }) => orderId).join(",");
    const answer = await client.get("orders", { ...IN_FULL, include: ids, orderby: "id", per_page: String(BATCH) });
    const rows = new Map(rowsOf(answer.body).map((row) => [String(row.id), row]));
    for (const order of batch) {
      const row = rows.get(order.orderId);
      // Lists leave the trash out, so that an order which is known to be there is missing rightly.
      if (row ? !differs(order, row) : order.isTrashed) continue;
      const found = row ? await complete(client, row, answer.storeTime) : await askForOrder(client, order.orderId);
      if (found.kind !== "draft") yield found;
    }
  }
}

function differs(known: KnownOrder, row: JsonObject): boolean {
  const isSameTime = plainTime(known.modifiedAt) === String(row.date_modified_gmt).slice(0, 19);
  return known.isTrashed || !isSameTime || !sameIds(known.refundIds, refundIds(row));
}

async function* inBatches<T>(all: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of all) {
    batch.push(item);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
