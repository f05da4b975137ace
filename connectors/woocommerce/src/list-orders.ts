import type { OrdersPage, OrdersWalk } from "@upline/core";
import { z } from "zod";
import type { Params, WooClient } from "./client.ts";
import { complete, IN_FULL } from "./found.ts";
import { plainTime, walk } from "./walk.ts";

/** Clocks, transactions that end late, and this run's own duration. */
const OVERLAP_MS = 10 * 60_000;

/** Before there was any WooCommerce. */
const BEGINNING = new Date("2000-01-01T00:00:00Z");

/** Where a walk is: in which list, and how far in it. */
const position = z.object({
  by: z.enum(["changed", "created"]),
  list: z.enum(["listed", "trash"]),
  /** UTC, exclusive, in whole seconds. */
  after: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
  done: z.int().min(0),
  startedAt: z.iso.datetime(),
});
type Position = z.infer<typeof position>;

/**
 * All orders changed or created since a time, oldest first, with their refunds. Lists leave the trash out
 * unless it is asked for by itself, so that a walk by change is two walks: of the trash second, in which an
 * order that is thrown away meanwhile turns up.
 */
export async function* listOrders(
  client: WooClient,
  { by, since, cursor, overlapMs = OVERLAP_MS }: OrdersWalk & { overlapMs?: number },
): AsyncGenerator<OrdersPage> {
  // The shop answers what lies behind a second, and not that second itself: an order placed just when it begins belongs to it.
  const earlierMs = by === "changed" ? overlapMs : 1_000;
  const begin = plainTime(new Date((since ?? BEGINNING).getTime() - earlierMs));
  const resumed = cursor ? readCursor(cursor, by) : null;
  let done = resumed?.done ?? 0;
  let startedAt = resumed === null ? null : new Date(resumed.startedAt);
  for (const list of listsOf(by)) {
    if (resumed?.list === "trash" && list === "listed") continue;
    const after = resumed?.list === list ? resumed.after : begin;
    const before = done;
    for await (const page of walk(client, {
      path: "orders",
      by: by === "changed" ? "modified" : "created",
      after,
      params: PARAMS[list],
    })) {
      startedAt ??= page.startedAt;
      const found = await Promise.all(page.rows.map((order) => complete(client, order, page.storeTime)));
      done += page.rows.length;
      yield {
        found: found.filter(({ kind }) => kind !== "draft"),
        cursor: JSON.stringify({ by, list, after: page.after, done, startedAt: startedAt.toISOString() } satisfies Position),
        done,
        total: by === "created" ? Math.max(before + (page.total ?? 0), done) : null,
        startedAt,
      };
    }
  }
}

const PARAMS: Readonly<Record<Position["list"], Params>> = { listed: IN_FULL, trash: { ...IN_FULL, status: "trash" } };

const listsOf = (by: Position["by"]): readonly Position["list"][] => (by === "changed" ? ["listed", "trash"] : ["listed"]);

function readCursor(text: string, by: Position["by"]): Position {
  const read = position.safeParse(jsonOf(text));
  if (!read.success || read.data.by !== by)
    throw new TypeError(`this is no cursor of a walk by orders ${by}: leave it out to begin anew`);
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
