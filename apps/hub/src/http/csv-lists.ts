import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { csvText } from "../csv-text.ts";
import { calledRoute, routeName } from "./called-route.ts";

/**
 * Every list of the API as CSV (RFC 4180, UTF-8): the same address and the same filters, asked for with `Accept: text/csv` or
 * `?format=csv`. The list itself is asked page by page while whoever reads takes what came before, so that a list of any length
 * needs the room of one page, and what may be seen is judged by the list's own rules each time.
 */
export const CSV_TYPE = "text/csv";

/** Rows that are asked for at once, where a list gives so many. */
const PAGE_ROWS = 500;
/** Spreadsheets take a file for UTF-8 only where it begins so. */
const BYTE_ORDER_MARK = "\ufeff";

interface ListShape {
  readonly columns: readonly string[];
  /** The most rows that it gives at once; null where nobody can say how many they want. */
  readonly mostRows: number | null;
  /** What the cursor is called in the query. */
  readonly cursor: string;
}

interface ListPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next?: string | null;
}

/** `ask` sends a call the way that every call goes: who calls, and what they may see, is found out by each page anew. */
export function csvOfLists(
  api: Pick<OpenAPIHono, "openAPIRegistry">,
  ask: (request: Request, env: unknown) => Response | Promise<Response>,
): MiddlewareHandler {
  const shapes = listShapes(api);
  return async (c, next) => {
    const shape = c.req.method === "GET" && wantsCsv(c) ? shapes.get(calledRoute(c) ?? "") : undefined;
    if (shape === undefined) return next();
    const pageAt = async (cursor: string | null): Promise<Response> => ask(pageRequest(c, shape, cursor), c.env);
    const first = await pageAt(null);
    if (!first.ok) return first;
    const lines = linesOf(shape, { first, pageAt, mark: c.req.query("format") === "excel" ? BYTE_ORDER_MARK : "" });
    const headers = new Headers({
      "content-type": `${CSV_TYPE}; charset=utf-8; header=present`,
      "content-disposition": `attachment; filename="${fileName(c)}"`,
      "cache-control": "no-store",
      vary: "accept",
    });
    for (const cookie of first.headers.getSetCookie()) headers.append("set-cookie", cookie);
    return new Response(ReadableStream.from(lines).pipeThrough(new TextEncoderStream()), { headers });
  };
}

/** What is asked for in so many words: a browser that takes anything at all wants JSON. */
function wantsCsv(c: Context): boolean {
  const format = c.req.query("format");
  if (format !== undefined) return format === "csv" || format === "excel";
  return /^\s*text\/csv\b/i.test(c.req.header("accept") ?? "");
}

function pageRequest(c: Context, shape: ListShape, cursor: string | null): Request {
  const url = new URL(c.req.url);
  url.searchParams.delete("format");
  url.searchParams.delete(shape.cursor);
  url.searchParams.delete("limit");
  if (shape.mostRows !== null) url.searchParams.set("limit", String(Math.min(shape.mostRows, PAGE_ROWS)));
  if (cursor !== null) url.searchParams.set(shape.cursor, cursor);
  const headers = new Headers(c.req.raw.headers);
  headers.set("accept", "application/json");
  return new Request(url, { headers, signal: c.req.raw.signal });
}

interface Source {
  readonly first: Response;
  readonly mark: string;
  pageAt(cursor: string): Promise<Response>;
}

/** A page that fails ends the answer in its middle, which whoever reads it sees as a broken transfer: half a list is none. */
async function* linesOf({ columns }: ListShape, { first, mark, pageAt }: Source): AsyncGenerator<string> {
  let page = (await first.json()) as ListPage;
  yield mark + csvText(columns, page.items.map(rowOf), { lineEnd: "\r\n" });
  while (page.next) {
    const answer = await pageAt(page.next);
    if (!answer.ok) throw new Error(`a page of a list for CSV was answered ${answer.status}`);
    page = (await answer.json()) as ListPage;
    yield csvText(columns, page.items.map(rowOf), { header: false, lineEnd: "\r\n" });
  }
}

/** Columns by their path: what lies within another value has its name before it. */
function rowOf(item: Readonly<Record<string, unknown>>): Record<string, string> {
  const row: Record<string, string> = {};
  for (const [name, value] of Object.entries(item)) {
    row[name] = cellOf(value);
    if (isObject(value)) for (const [inner, cell] of Object.entries(rowOf(value))) row[`${name}.${inner}`] = cell;
  }
  return row;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  const isPlain = (one: unknown) => typeof one === "string" || typeof one === "number";
  if (Array.isArray(value) && value.every(isPlain)) return value.join(" ");
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fileName(c: Context): string {
  const name = c.req.path
    .replace(/^\/api\//, "")
    .replaceAll(/[^\w-]+/g, "-")
    .replace(/-$/, "");
  return `${name}-${new Date().toISOString().slice(0, 10)}.csv`;
}

/** Each route that answers a list, by its name, with the columns that its own description names, in that order. */
export function listShapes(api: Pick<OpenAPIHono, "openAPIRegistry">): ReadonlyMap<string, ListShape> {
  const shapes = new Map<string, ListShape>();
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== "route" || definition.route.method !== "get") continue;
    const answer = answerSchema(definition.route);
    const item = answer instanceof z.ZodObject && answer.shape.items instanceof z.ZodArray ? answer.shape.items.element : null;
    if (!(item instanceof z.ZodObject) || !(answer instanceof z.ZodObject)) continue;
    const { query } = definition.route.request ?? {};
    const cursor = query instanceof z.ZodObject && "after" in query.shape ? "after" : "before";
    const limit = query instanceof z.ZodObject ? withoutWrapping(query.shape.limit) : undefined;
    const mostRows = limit instanceof z.ZodNumber ? (limit.maxValue ?? PAGE_ROWS) : null;
    shapes.set(routeName("get", definition.route.path), { columns: columnsOf(item), mostRows, cursor });
  }
  return shapes;
}

function answerSchema(route: RouteConfig): unknown {
  const answer = route.responses[200];
  const media = answer && "content" in answer ? answer.content?.["application/json"] : undefined;
  return media && "schema" in media ? media.schema : undefined;
}

function columnsOf(item: z.ZodObject): string[] {
  return Object.entries(item.shape).flatMap(([name, schema]) => {
    const plain = withoutWrapping(schema);
    return plain instanceof z.ZodObject ? columnsOf(plain).map((inner) => `${name}.${inner}`) : [name];
  });
}

/** What may be left out, or be nothing, is still what it is. */
function withoutWrapping(schema: unknown): unknown {
  let plain = schema;
  while (plain instanceof z.ZodNullable || plain instanceof z.ZodOptional || plain instanceof z.ZodDefault)
    plain = plain.unwrap();
  return plain;
}
