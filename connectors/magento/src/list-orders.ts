import { isObject, type JsonObject, type OrdersPage, type OrdersWalk, StoreError } from "@upline/core";
import { z } from "zod";
import type { MagentoClient } from "./client.ts";
import { asFound, complete } from "./found.ts";
import { type Filter, idOf, PAGE_SIZE, plainTime, rowsOfMany, search, timeOf } from "./search.ts";

/** Clocks, transactions that end late, and this run's own duration. */
const OVERLAP_MS = 10 * 60_000;

/** Before there was any Magento. */
const BEGINNING = new Date("2000-01-01T00:00:00Z");

/** What is walked by change: invoices and credit memos after the orders, because some change without a word of their order. */
const LISTS = ["orders", "invoices", "creditmemos"] as const;

/** Where a walk is: in which list, and behind which row of it. */
const position = z.object({
  by: z.enum(["changed", "created"]),
  list: z.enum(LISTS),
  /** Of the walk's beginning: orders changed since are told by the first list. */
  since: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  /** UTC, in whole seconds; and of that second, the row. */
  at: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  id: z.string().regex(/^\d{1,20}$/),
  done: z.int().min(0),
  startedAt: z.iso.datetime(),
});
type Position = z.infer<typeof position>;

/** All orders changed or created since a time, oldest first, with their invoices and credit memos. */
export async function* listOrders(
  client: MagentoClient,
  { by, since = BEGINNING, cursor, overlapMs = OVERLAP_MS }: OrdersWalk & { overlapMs?: number },
): AsyncGenerator<OrdersPage> {
  const resumed = cursor ? readCursor(cursor, by) : null;
  const begin = resumed?.since ?? plainTime(by === "changed" ? new Date(since.getTime() - overlapMs) : since);
  let done = resumed?.done ?? 0;
  let startedAt = resumed === null ? null : new Date(resumed.startedAt);
  let total: number | null = null;
  const lists = by === "changed" ? LISTS : (["orders"] as const);
  for (const list of lists.slice(lists.findIndex((one) => one === (resumed?.list ?? "orders")))) {
    let at = resumed?.list === list ? resumed.at : begin;
    let id = resumed?.list === list ? resumed.id : "0";
    for (let isLast = false; !isLast; ) {
      const field = by === "changed" ? "updated_at" : "created_at";
      const page = await search(client, {
        path: list,
        groups: [...behind(field, { at, id }), ...(by === "created" ? [[NOT_CANCELLED]] : [])],
        sort: [field, "entity_id"],
      });
      startedAt ??= page.storeTime;
      total ??= by === "created" ? done + page.total : null;
      isLast = page.rows.length < PAGE_SIZE;
      const last = page.rows.at(-1);
      if (last !== undefined) {
        const next = { at: timeOf(last, field) ?? at, id: idOf(last) };
        if (!isLast && next.at === at && next.id === id)
          throw new StoreError("unavailable", "The store does not answer in the order that was asked for.");
        ({ at, id } = next);
      }
      const rows = list === "orders" ? page.rows : await ordersNotTold(client, page.rows, begin);
      const wholes = await complete(client, { rows, storeTime: page.storeTime });
      done += rows.length;
      const cursor: Position = { by, list, since: begin, at, id, done, startedAt: startedAt.toISOString() };
      yield { found: wholes.map(asFound), cursor: JSON.stringify(cursor), done, total, startedAt };
    }
  }
}

/** An order that was cancelled before anything of it was paid brings nothing in; by change it is told all the same. */
const NOT_CANCELLED: Filter = { field: "state", is: "neq", value: "canceled" };

/** Exactly what comes behind a row, though many share its second: `time >= at and (time > at or id > id)`. */
function behind(field: string, { at, id }: { readonly at: string; readonly id: string }): Filter[][] {
  return [
    [{ field, is: "gteq", value: at }],
    [
      { field, is: "gt", value: at },
      { field: "entity_id", is: "gt", value: id },
    ],
  ];
}

/** The orders of documents that changed, but for those that the list of orders tells because they changed as well. */
async function ordersNotTold(client: MagentoClient, documents: readonly JsonObject[], begin: string): Promise<JsonObject[]> {
  const ids = [...new Set(documents.map(({ order_id }) => String(order_id)))].filter((id) => /^\d{1,20}$/.test(id));
  const orders = await rowsOfMany(client, { path: "orders", field: "entity_id", ids });
  return orders.filter((order) => (timeOf(order, "updated_at") ?? "") < begin);
}

function readCursor(text: string, by: Position["by"]): Position {
  const read = position.safeParse(jsonOf(text));
  if (!read.success || read.data.by !== by)
    throw new TypeError(`this is no cursor of a walk by orders ${by}: leave it out to begin anew`);
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
