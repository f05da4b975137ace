import { GraphQLError } from "graphql";

/** Lists by pages with cursors, as all of the Admin API's lists come. */

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
  readonly query?: string | null;
  readonly sortKey?: string | null;
}

/** What an execution knows; a bulk operation reads whole lists without asking for pages. */
export interface Reading {
  readonly bulk: boolean;
}

type Sortable = string | bigint | number;

interface Position {
  readonly last_id: string;
  readonly last_value: string;
}

/**
 * One page. A cursor says the value and the id that the page ended with, not a place in a list: an item that changes while
 * the list is being read moves to its new place, and is met once more, or never.
 */
export function page<Item>(
  items: readonly Item[],
  args: PageArguments,
  context: Reading,
  by: { id: (item: Item) => string; value?: (item: Item) => Sortable; node: (item: Item) => unknown },
) {
  const value = by.value ?? ((item: Item) => BigInt(by.id(item)));
  const compare = (one: Item, other: Item) => order(value(one), value(other)) || order(BigInt(by.id(one)), BigInt(by.id(other)));
  let sorted = [...items].sort(compare);
  if (args.reverse) sorted.reverse();
  const size = context.bulk ? sorted.length : sizeOf(args);
  const direction = args.reverse ? -1 : 1;
  const beside = (item: Item, cursor: string) => {
    const { last_id, last_value } = read(cursor);
    return (
      direction * (order(String(value(item)), last_value, typeof value(item)) || order(BigInt(by.id(item)), BigInt(last_id)))
    );
  };
  const { after, before } = args;
  if (after) sorted = sorted.filter((item) => beside(item, after) > 0);
  if (before) sorted = sorted.filter((item) => beside(item, before) < 0);
  const shown = args.last == null ? sorted.slice(0, size) : sorted.slice(-size);
  const cursorOf = (item: Item) => write({ last_id: by.id(item), last_value: String(value(item)) });
  const edges = shown.map((item) => ({ cursor: cursorOf(item), node: by.node(item) }));
  const hasMore = sorted.length > shown.length;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: args.last == null ? hasMore : Boolean(before),
      hasPreviousPage: args.last == null ? Boolean(after) : hasMore,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function sizeOf({ first, last }: PageArguments): number {
  if (first == null && last == null) throw new GraphQLError("you must provide one of first or last");
  if (first != null && last != null) throw new GraphQLError("providing both first and last is not supported");
  const size = first ?? last ?? 0;
  if (size < 1) throw new GraphQLError(`${size} is too small: at least 1`);
  if (size > 250) throw new GraphQLError(`${size} is too large: at most 250`, { extensions: { code: "MAX_PAGE_SIZE" } });
  return size;
}

function order(one: Sortable, other: Sortable, type: string = typeof one): number {
  const [a, b] = type === "bigint" || type === "number" ? [BigInt(one), BigInt(other)] : [one, other];
  return a < b ? -1 : a > b ? 1 : 0;
}

const write = (position: Position): string => Buffer.from(JSON.stringify(position)).toString("base64");

function read(cursor: string): Position {
  try {
    const { last_id, last_value } = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (typeof last_id === "string" && typeof last_value === "string") return { last_id, last_value };
  } catch {
    // Said below.
  }
  throw new GraphQLError("Invalid cursor for current pagination sort.");
}
