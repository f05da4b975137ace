import { isObject, type JsonObject, StoreError } from "@upline/core";
import type { Params, WooClient } from "./client.ts";

/** A page of a walk. Beginning anew with `after` repeats at most what this page told. */
export interface WalkedPage {
  readonly rows: readonly JsonObject[];
  /** Rows from the walk's beginning on, as the store counted them with its first answer. */
  readonly total: number | null;
  /** The store's clock when it answered the first page. */
  readonly startedAt: Date;
  /** The store's clock when it answered this page. */
  readonly storeTime: Date;
  /** Where to begin a walk that goes on after this page: UTC, exclusive, in whole seconds. */
  readonly after: string;
}

export interface Walk {
  readonly path: "orders" | "products";
  /** By which time the rows are walked, oldest first. */
  readonly by: "modified" | "created";
  /** UTC, exclusive, in whole seconds: 2026-11-23T16:33:23. */
  readonly after: string;
  readonly params?: Params;
  readonly perPage?: number;
}

/** Far more than any store has; what gets here runs in a circle. */
const MAX_PAGES = 100_000;

const FIELDS = {
  modified: { orderBy: "modified", after: "modified_after", before: "modified_before", time: "date_modified_gmt" },
  created: { orderBy: "date", after: "after", before: "before", time: "date_created_gmt" },
} as const;

/**
 * All rows from a time on, each once, though the list changes while it is read: numbered pages would
 * skip a row whenever another moves to the end. So every page begins at the last row's second, and
 * where one second fills a page, that second is read by itself in the order of ids.
 */
export async function* walk(
  client: WooClient,
  { path, by, after, params = {}, perPage = 100 }: Walk,
): AsyncGenerator<WalkedPage> {
  const field = FIELDS[by];
  const seen = new Map<string, string>();
  let cursor = after;
  let first: { total: number | null; startedAt: Date } | null = null;

  for (let asked = 0; asked < MAX_PAGES; asked += 1) {
    const window = { ...params, dates_are_gmt: "true", [field.after]: cursor, order: "asc", per_page: String(perPage) };
    const answer = await client.get(path, { ...window, orderby: field.orderBy });
    first ??= { total: answer.total, startedAt: answer.storeTime };
    let rows = rowsOf(answer.body);
    // A page may be short though more follow: WooCommerce leaves out what it cannot load.
    const isLast = rows.length === 0 || (rows.length < perPage && (answer.total ?? 0) <= rows.length);
    const last = isLast ? cursor : earlier(timeOf(rows.at(-1), field.time) ?? cursor, 1);
    if (!isLast && last <= cursor) {
      const second = timeOf(rows.at(-1), field.time) ?? later(cursor, 1);
      rows = await wholeSecond(client, path, { ...window, [field.before]: later(second, 1), orderby: "id" });
      cursor = second;
    } else {
      cursor = last;
    }
    const fresh = rows.filter((row) => !seen.has(keyOf(row, field.time)));
    for (const row of fresh) seen.set(keyOf(row, field.time), timeOf(row, field.time) ?? cursor);
    for (const [key, time] of seen) if (time <= cursor) seen.delete(key);
    yield { rows: fresh, ...first, storeTime: answer.storeTime, after: cursor };
    if (isLast) return;
  }
}

/** A list that is too long for a page, by ids; anew where it changed meanwhile and may have lost a row between two pages. */
async function wholeSecond(client: WooClient, path: string, params: Params): Promise<JsonObject[]> {
  for (let attempt = 1; ; attempt += 1) {
    const totals = new Set<number | null>();
    const rows: JsonObject[] = [];
    for await (const page of numberedPages(client, path, params)) {
      rows.push(...page.rows);
      totals.add(page.total);
    }
    if (totals.size <= 1 || attempt === 5) return rows;
  }
}

/** The pages of a list that hardly changes. Lists that do are walked. */
export async function* numberedPages(
  client: WooClient,
  path: string,
  params: Params = {},
): AsyncGenerator<{ readonly rows: readonly JsonObject[]; readonly total: number | null }> {
  const perPage = Number(params.per_page ?? 100);
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const answer = await client.get(path, { per_page: "100", ...params, page: String(page) });
    const rows = rowsOf(answer.body);
    yield { rows, total: answer.total };
    if (answer.totalPages === null ? rows.length < perPage : page >= answer.totalPages) return;
  }
}

/** The rows of a list. Throws StoreError for anything that is none: an empty list would say that nothing is there. */
export function rowsOf(body: unknown): JsonObject[] {
  if (Array.isArray(body) && body.every((row) => isObject(row) && /^\d{1,20}$/.test(String(row.id)))) return body;
  throw new StoreError("unavailable", "The store answered with something that is no list of what was asked for.");
}

export const objectsOf = (body: unknown): JsonObject[] => (Array.isArray(body) ? body.filter(isObject) : []);

/** A time as this API takes it: UTC, no zone, whole seconds. */
export const plainTime = (time: Date): string => time.toISOString().slice(0, 19);

const later = (plain: string, seconds: number): string => plainTime(new Date(Date.parse(`${plain}Z`) + seconds * 1000));
const earlier = (plain: string, seconds: number): string => later(plain, -seconds);

function timeOf(row: JsonObject | undefined, field: string): string | null {
  const value = row?.[field];
  const isTime =
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}Z`));
  return isTime ? value : null;
}

const keyOf = (row: JsonObject, field: string): string => `${String(row.id)}@${String(row[field])}`;
