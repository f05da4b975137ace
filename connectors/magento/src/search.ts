import { isObject, type JsonObject, StoreError } from "@upline/core";
import type { Answer, MagentoClient } from "./client.ts";

/** Rows by Magento's search criteria. Groups of filters are ANDed, the filters of a group ORed. */

export interface Filter {
  readonly field: string;
  readonly is: "eq" | "neq" | "gt" | "gteq" | "in" | "nin";
  readonly value: string;
}

export interface Search {
  readonly path: "orders" | "invoices" | "creditmemos" | "products";
  readonly groups: readonly (readonly Filter[])[];
  /** By these fields, upwards. */
  readonly sort: readonly string[];
  readonly pageSize?: number;
}

export interface Rows {
  readonly rows: readonly JsonObject[];
  /** Of the whole search. */
  readonly total: number;
  readonly storeTime: Answer["storeTime"];
}

export const PAGE_SIZE = 100;

/** The first page of a search: later ones lose rows that move while they are read, so that whoever wants more asks for what comes behind. */
export async function search(client: MagentoClient, { path, groups, sort, pageSize = PAGE_SIZE }: Search): Promise<Rows> {
  const at = (text: string) => `searchCriteria${text}`;
  const filters = groups.flatMap((group, g) =>
    group.flatMap(({ field, is, value }, f) => {
      const one = at(`[filter_groups][${g}][filters][${f}]`);
      return [
        [`${one}[field]`, field],
        [`${one}[condition_type]`, is],
        [`${one}[value]`, value],
      ];
    }),
  );
  const orders = sort.flatMap((field, s) => [
    [at(`[sortOrders][${s}][field]`), field],
    [at(`[sortOrders][${s}][direction]`), "ASC"],
  ]);
  const params = Object.fromEntries([...filters, ...orders, [at("[pageSize]"), String(pageSize)]]);
  const { body, storeTime } = await client.get(path, params);
  return { ...rowsOf(body), storeTime };
}

/** Throws StoreError for anything that is no list: an empty one would say that nothing is there. */
function rowsOf(body: unknown): Pick<Rows, "rows" | "total"> {
  const items = isObject(body) ? body.items : undefined;
  const total = isObject(body) ? Number(body.total_count) : Number.NaN;
  const rows: readonly unknown[] = Array.isArray(items) ? items : items === null ? [] : [undefined];
  if (Number.isInteger(total) && rows.every((row): row is JsonObject => isObject(row) && idOf(row) !== ""))
    return { rows, total };
  throw new StoreError("unavailable", "The store answered with something that is no list of what was asked for.");
}

/** Orders and their documents have an entity id, products an id; empty where there is none. */
export function idOf(row: JsonObject): string {
  const text = String(row.entity_id ?? row.id ?? "");
  return /^\d{1,20}$/.test(text) ? text : "";
}

/** All rows of a search in the order of their ids, page by page. */
export async function* byId(
  client: MagentoClient,
  { path, groups }: Pick<Search, "path" | "groups">,
): AsyncGenerator<readonly JsonObject[]> {
  for (let after = "0"; ; ) {
    const behind: Filter = { field: "entity_id", is: "gt", value: after };
    const { rows } = await search(client, { path, groups: [...groups, [behind]], sort: ["entity_id"] });
    yield rows;
    const last = rows.at(-1);
    if (rows.length < PAGE_SIZE || last === undefined) return;
    if (BigInt(idOf(last)) <= BigInt(after))
      throw new StoreError("unavailable", "The store does not answer in the order that was asked for.");
    after = idOf(last);
  }
}

/** All rows that belong to some of these, in pages. */
export async function rowsOfMany(
  client: MagentoClient,
  { path, field, ids }: { path: Search["path"]; field: string; ids: readonly string[] },
): Promise<JsonObject[]> {
  if (ids.length === 0) return [];
  const all: JsonObject[] = [];
  for await (const rows of byId(client, { path, groups: [[{ field, is: "in", value: ids.join(",") }]] })) all.push(...rows);
  return all;
}

/** A time as Magento writes it: UTC, whole seconds, `2026-11-23 16:35:03`. */
export const plainTime = (time: Date): string => time.toISOString().slice(0, 19).replace("T", " ");

/** Null where it is none. */
export function timeOf(row: JsonObject | undefined, field: string): string | null {
  const value = row?.[field];
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value);
  return isTime ? value : null;
}
