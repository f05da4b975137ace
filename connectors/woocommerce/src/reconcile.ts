import type { JsonObject } from "@upline/core";
import type { Params, WooClient } from "./client.ts";
import { askForOrder, complete, type Found, refundIds, sameIds } from "./found.ts";
import { objectsOf, plainTime, walk } from "./walk.ts";

/**
 * What webhooks missed: they have no retries, disable themselves, and say nothing of orders and
 * refunds that are deleted for good. Everything found is fed to the same pipeline as deliveries.
 */

export type Reconciled =
  | { readonly kind: "found"; readonly found: readonly Found[] }
  /** Told last: where the next run begins. */
  | { readonly kind: "finished"; readonly since: Date };

/** Clocks, transactions that end late, and this run's own duration. */
const OVERLAP_MS = 10 * 60_000;

/**
 * Every order that changed since a time of the store's clock, in the trash or not, oldest change
 * first. Lists leave the trash out unless it is asked for by itself.
 */
export async function* reconcile(
  client: WooClient,
  { since, overlapMs = OVERLAP_MS }: { since: Date; overlapMs?: number },
): AsyncGenerator<Reconciled> {
  const after = plainTime(new Date(since.getTime() - overlapMs));
  let startedAt: Date | null = null;
  for (const params of [{}, { status: "trash" }] as Params[]) {
    for await (const page of walk(client, { path: "orders", by: "modified", after, params })) {
      startedAt ??= page.startedAt;
      const found = await Promise.all(page.rows.map((order) => complete(client, order, page.storeTime)));
      yield { kind: "found", found: found.filter(({ kind }) => kind !== "draft") };
    }
  }
  yield { kind: "finished", since: startedAt ?? since };
}

/** An order as the hub holds it. */
export interface KnownOrder {
  readonly orderId: string;
  /** `date_modified_gmt` of its newest state, with or without Z. */
  readonly modifiedAt: string;
  readonly refundIds: readonly string[];
  readonly isTrashed: boolean;
}

/**
 * Compares what the hub holds with the store, by id: finds orders that were deleted for good, which
 * no list tells, and refunds that were deleted, which leave the order's time as it was. Yields what
 * differs and nothing else; a hundred orders cost one request.
 */
export async function* compareKnown(
  client: WooClient,
  known: Iterable<KnownOrder> | AsyncIterable<KnownOrder>,
): AsyncGenerator<Found> {
  for await (const batch of inBatches(known, 100)) {
    const ids = batch.map(({ orderId }) => orderId).join(",");
    const answer = await client.get("orders", { include: ids, orderby: "id", per_page: "100" });
    const rows = new Map(objectsOf(answer.body).map((row) => [String(row.id), row]));
    for (const one of batch) {
      const row = rows.get(one.orderId);
      if (row ? differs(one, row) : !one.isTrashed) {
        const found = row ? await complete(client, row, answer.storeTime) : await askForOrder(client, one.orderId);
        if (found.kind !== "draft") yield found;
      }
    }
  }
}

function differs(known: KnownOrder, row: JsonObject): boolean {
  const modifiedAt = String(row.date_modified_gmt);
  return known.isTrashed || plain(known.modifiedAt) !== plain(modifiedAt) || !sameIds(known.refundIds, refundIds(row));
}

const plain = (time: string): string => time.slice(0, 19);

async function* inBatches<T>(all: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
