import type { OrdersPage, OrdersWalk } from "@upline/core";
import { z } from "zod";
import type { OrdersVariables, Whole } from "./admin.generated.ts";
import { type AdminClient, TooCostly } from "./admin-client.ts";
import { fetchInBulk } from "./bulk.ts";
import { FIRST_ORDER, ORDERS, ORDERS_COUNT } from "./documents.ts";
import type { WholeOrder } from "./rest-shape.ts";
import { complete, foundOf, maySeeCustomer, SHORT } from "./whole-order.ts";

/**
 * Walks a shop's orders by when they changed or were made, oldest first. Few of them come page by page; where a span of time
 * holds many, Shopify puts them into a file (a bulk operation), a span at a time, so that no file is longer than memory bears.
 */

type SortKey = "CREATED_AT" | "UPDATED_AT";

const WAYS = {
  changed: { sortKey: "UPDATED_AT", filter: "updated_at", timeOf: ({ head }: WholeOrder) => head.updatedAt },
  created: { sortKey: "CREATED_AT", filter: "created_at", timeOf: ({ head }: WholeOrder) => head.createdAt },
} as const satisfies Readonly<
  Record<OrdersWalk["by"], { sortKey: SortKey; filter: string; timeOf: (order: WholeOrder) => string }>
>;

export interface WalkSizes {
  /** Orders of a page. It is halved where a page asks for more than Shopify answers at once. */
  readonly page: number;
  /** From so many orders on a span is fetched in bulk. */
  readonly bulkFrom: number;
  /** The most orders of one bulk operation. */
  readonly bulkMost: number;
}
export const WALK_SIZES: WalkSizes = { page: 10, bulkFrom: 500, bulkMost: 5000 };

/** Shopify's search knows of a change a little later than the order itself. */
const OVERLAP_MS = 5 * 60_000;
/** A page of what the walk hands on, where it came in bulk. */
const BULK_PAGE = 100;
const cursorText = z.object({
  by: z.enum(["changed", "created"]),
  /** Everything before this moment is told. */
  from: z.iso.datetime(),
  /** Where the span of time that begins there ends; null is now. */
  until: z.iso.datetime().nullable(),
  /** Shopify's own cursor within that span. */
  after: z.string().nullable(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative().nullable(),
  startedAt: z.iso.datetime(),
});
type Cursor = z.infer<typeof cursorText>;

export async function* listOrders(
  client: AdminClient,
  walk: OrdersWalk,
  sizes: WalkSizes = WALK_SIZES,
): AsyncGenerator<OrdersPage> {
  const way = WAYS[walk.by];
  let at: Cursor = walk.cursor ? readCursor(walk.cursor, walk.by) : await begin(client, walk);
  const startedAt = new Date(at.startedAt);
  const tell = (orders: readonly WholeOrder[], next: Partial<Cursor>): OrdersPage => {
    at = { ...at, ...next, done: at.done + orders.length };
    // What was cancelled before the shop was connected has nothing to bring in.
    const told = orders.filter(({ head }) => walk.by === "changed" || head.cancelledAt === null);
    return { found: told.map(foundOf), cursor: JSON.stringify(at), done: at.done, total: at.total, startedAt };
  };
  for (;;) {
    const span =
      at.after === null ? await nextSpan(client, way.filter, { from: at.from, startedAt, sizes }) : { ...at, isMany: false };
    const query = within(way.filter, span);
    if (span.isMany) {
      const orders = await fetchInBulk(client, { query, sortKey: way.sortKey, withCustomer: await maySeeCustomer(client) });
      const sorted = [...orders].sort((a, b) => Date.parse(way.timeOf(a)) - Date.parse(way.timeOf(b)));
      for (let start = 0; start < sorted.length; start += BULK_PAGE) {
        const part = sorted.slice(start, start + BULK_PAGE);
        const last = part.at(-1);
        yield tell(part, { from: last === undefined ? at.from : asInstant(way.timeOf(last)), until: null, after: null });
      }
    } else {
      const pages = pagesOf(client, { query, sortKey: way.sortKey, after: at.after, most: sizes.page });
      for await (const { orders, after } of pages)
        yield tell(orders, { from: span.from, until: span.until, after: after ?? at.after });
    }
    if (span.until === null) return;
    at = { ...at, from: span.until, until: null, after: null };
  }
}

function readCursor(text: string, by: OrdersWalk["by"]): Cursor {
  const cursor = cursorText.safeParse(parsed(text));
  if (!cursor.success || cursor.data.by !== by) throw new TypeError("this is no cursor of such a walk");
  return cursor.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function begin(client: AdminClient, { by, since }: OrdersWalk): Promise<Cursor> {
  const startedAt = client.now();
  const { sortKey, filter } = WAYS[by];
  const from =
    since === undefined ? await oldest(client, sortKey) : new Date(since.getTime() - (by === "changed" ? OVERLAP_MS : 0));
  const begun = asInstant((from ?? startedAt).toISOString());
  const total = await countOrders(client, within(filter, { from: begun, until: null }));
  return { by, from: begun, until: null, after: null, done: 0, total, startedAt: startedAt.toISOString() };
}

/** The time of the oldest order that the shop shows. */
async function oldest(client: AdminClient, sortKey: SortKey): Promise<Date | null> {
  const [first] = (await client.ask(FIRST_ORDER, { sortKey })).orders.nodes;
  if (first === undefined) return null;
  return new Date(sortKey === "CREATED_AT" ? first.createdAt : first.updatedAt);
}

interface Span {
  readonly from: string;
  readonly until: string | null;
  readonly isMany: boolean;
}

/** The next span of time: all that is left where that is little, else one that holds no more than a file should. */
async function nextSpan(
  client: AdminClient,
  filter: string,
  { from, startedAt, sizes }: { from: string; startedAt: Date; sizes: WalkSizes },
): Promise<Span> {
  const few = async (until: string | null, most: number) => {
    const count = await countOrders(client, within(filter, { from, until }));
    return count !== null && count < most;
  };
  if (await few(null, sizes.bulkFrom)) return { from, until: null, isMany: false };
  let end = startedAt.getTime();
  const start = Date.parse(from);
  while (end - start > 1000) {
    const until = new Date(end).toISOString();
    if (await few(until, sizes.bulkMost + 1)) return { from, until, isMany: !(await few(until, sizes.bulkFrom)) };
    end = start + Math.max(1000, Math.floor((end - start) / 2000) * 1000);
  }
  // A second that holds more than a file should, or the last one: page by page.
  return { from, until: end > start ? new Date(end).toISOString() : null, isMany: false };
}

/** How many orders; null where they are more than Shopify counts. */
async function countOrders(client: AdminClient, query: string): Promise<number | null> {
  const { ordersCount } = await client.ask(ORDERS_COUNT, { query });
  return ordersCount === null || ordersCount.precision !== "EXACT" ? null : ordersCount.count;
}

function within(filter: string, { from, until }: { readonly from: string; readonly until: string | null }): string {
  return `${filter}:>='${from}'${until === null ? "" : ` AND ${filter}:<'${until}'`}`;
}

/** A moment as Shopify's search takes it: whole seconds, UTC. */
const asInstant = (time: string): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Pages of one span; a page that asks for too much at once is asked for in halves. */
async function* pagesOf(
  client: AdminClient,
  args: { readonly query: string; readonly sortKey: SortKey; readonly after: string | null; readonly most: number },
): AsyncGenerator<{ orders: readonly WholeOrder[]; after: string | null }> {
  let { after, most: first } = args;
  const withCustomer = await maySeeCustomer(client);
  for (;;) {
    let page: {
      readonly nodes: readonly Whole[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
    try {
      const variables: OrdersVariables = { query: args.query, sortKey: args.sortKey, first, after, withCustomer, ...SHORT };
      page = (await client.ask(ORDERS, variables)).orders;
    } catch (error) {
      if (!(error instanceof TooCostly) || first === 1) throw error;
      first = Math.floor(first / 2);
      continue;
    }
    const orders: WholeOrder[] = [];
    for (const listed of page.nodes) orders.push(await complete(client, listed));
    after = page.pageInfo.endCursor ?? after;
    yield { orders, after };
    if (!page.pageInfo.hasNextPage) return;
  }
}
