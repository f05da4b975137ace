import { isObject, PayloadError } from "@upline/core";
import type { DocumentItem, OrderItem, RestDocument, RestOrder } from "./payloads.ts";
import { readDocument } from "./read-order.ts";

/** A document with the rows whose order item is known, and those that have lost it. */
export interface LinkedDocument extends Omit<RestDocument, "items"> {
  readonly items: readonly DocumentItem[];
  readonly lost: RestDocument["items"];
}

/** A list, or the envelope `{items, total_count}` of a REST search; null where the body does not say. Each document once. */
export function documents(value: unknown, path: string): RestDocument[] | null {
  const list = isObject(value) ? value.items : value;
  if (list == null) return null;
  if (!Array.isArray(list)) throw new PayloadError(path, "expected a list");
  const byId = new Map<string, RestDocument>();
  for (const [index, entry] of list.entries()) {
    const read = readDocument(entry, `${path}[${index}]`);
    const known = byId.get(read.entity_id);
    if (!known || isLater(read, known)) byId.set(read.entity_id, read);
  }
  return [...byId.values()];
}

/** Of two accounts of one document the later one counts; within a second, the one that has come further. */
function isLater(a: RestDocument, b: RestDocument): boolean {
  const byTime = Date.parse(a.updated_at ?? a.created_at) - Date.parse(b.updated_at ?? b.created_at);
  return byTime > 0 || (byTime === 0 && a.state >= b.state);
}

/** State 2: an invoice that is paid, a credit memo that is refunded. Open and cancelled ones are no money. */
export const settled = <T extends { state: number }>(all: readonly T[]): T[] => all.filter(({ state }) => state === 2);

/** Links each row to its order item: by the id, or where that is lost by the only item of that product or SKU. */
export function linked(document: RestDocument, order: RestOrder, path: string): LinkedDocument {
  const items: DocumentItem[] = [];
  const lost: RestDocument["items"] = [];
  const known = new Set(order.items.map(({ item_id }) => item_id));
  for (const row of document.items) {
    const order_item_id = linkOf(row, order);
    if (order_item_id === null) lost.push(row);
    // A row with money for an item that the order does not list would be lost without a word.
    else if (!known.has(order_item_id) && row.base_row_total != null)
      throw new PayloadError("order.items", `item ${order_item_id} of a document in ${path} is missing`);
    else items.push({ ...row, order_item_id });
  }
  return { ...document, items, lost };
}

function linkOf(row: RestDocument["items"][number], order: RestOrder): string | null {
  if (row.order_item_id != null && row.order_item_id !== "0") return row.order_item_id;
  const alike = itemsLike(row, order);
  return alike.length === 1 ? (alike[0]?.item_id ?? null) : null;
}

/** The order items that a row without a link may be about; children of a bundle or configurable come with their parents. */
export function itemsLike({ product_id, sku }: RestDocument["items"][number], order: RestOrder): OrderItem[] {
  const byProduct = order.items.filter((item) => product_id !== null && item.product_id === product_id);
  return byProduct.length > 0 ? byProduct : order.items.filter((item) => sku !== null && item.sku === sku);
}
