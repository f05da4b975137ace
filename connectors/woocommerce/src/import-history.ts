import { isObject } from "@upline/core";
import type { WooClient } from "./client.ts";
import { complete, type Found } from "./found.ts";
import { plainTime, walk } from "./walk.ts";

/** One step of a first import. Storing `cursor` after `found` is stored makes it resumable; a page may come twice. */
export interface HistoryStep {
  readonly found: readonly Found[];
  /** Orders read so far, drafts included. */
  readonly done: number;
  /** Orders there were when the import began. */
  readonly total: number;
  readonly cursor: string;
}

/** Before there was any WooCommerce. */
const BEGINNING = new Date("2000-01-01T00:00:00Z");

/** All orders of a store from a time on, oldest first, with their refunds. Orders in the trash earn nothing and are left out. */
export async function* importHistory(
  client: WooClient,
  { from = BEGINNING, cursor }: { from?: Date; cursor?: string | null },
): AsyncGenerator<HistoryStep> {
  const begin = cursor ? readCursor(cursor) : { after: plainTime(from), done: 0, total: 0 };
  let { done } = begin;
  for await (const page of walk(client, { path: "orders", by: "created", after: begin.after })) {
    const found = await Promise.all(page.rows.map((order) => complete(client, order, page.storeTime)));
    done += page.rows.length;
    const total = Math.max(begin.done + (page.total ?? 0), done);
    yield {
      found: found.filter(({ kind }) => kind !== "draft"),
      done,
      total,
      cursor: JSON.stringify({ after: page.after, done }),
    };
  }
}

function readCursor(text: string): { after: string; done: number } {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || typeof value.after !== "string" || typeof value.done !== "number")
    throw new TypeError("not a cursor of an import");
  return { after: value.after, done: value.done };
}
