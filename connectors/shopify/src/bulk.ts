import { isObject, StoreError } from "@upline/core";
import type { Application, Head, Line } from "./admin.generated.ts";
import type { AdminClient } from "./admin-client.ts";
import { BULK_OPERATION, bulkOrdersText, RUN_BULK } from "./documents.ts";
import type { WholeOrder } from "./rest-shape.ts";
import { askForWhole } from "./whole-order.ts";

/**
 * Many orders at once, as a file that Shopify makes. It allows no list within a refund, so that orders with refunds are asked
 * for one by one behind it.
 */

const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 10_000;
const LONGEST_WAIT_MS = 60 * 60_000;

export interface BulkQuery {
  readonly query: string;
  readonly sortKey: "CREATED_AT" | "UPDATED_AT";
  readonly withCustomer: boolean;
}

/** All orders that a search finds, in no order. Throws StoreError. */
export async function fetchInBulk(client: AdminClient, wanted: BulkQuery): Promise<WholeOrder[]> {
  const file = await run(client, bulkOrdersText(wanted));
  if (file === null) return [];
  const orders: WholeOrder[] = [];
  for (const { order, isRefunded } of ordersIn(await client.download(file.url), file.objects)) {
    if (!isRefunded) orders.push(order);
    else {
      const whole = await askForWhole(client, order.head.legacyResourceId);
      // Deleted since the file was begun: comparing by id finds that.
      if (whole !== null) orders.push(whole);
    }
  }
  return orders;
}

/** Runs a bulk operation to its end: where its file is, and of how many lines; null where it found nothing. */
async function run(client: AdminClient, query: string): Promise<{ url: string; objects: number } | null> {
  const until = client.now().getTime() + LONGEST_WAIT_MS;
  const operation = await start(client, query, until);
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const { bulkOperation: now } = await client.ask(BULK_OPERATION, { id: operation });
    if (now?.status === "COMPLETED") return now.url === null ? null : { url: now.url, objects: Number(now.objectCount) };
    if (now === null || !["CREATED", "RUNNING"].includes(now.status))
      throw new StoreError("unavailable", `The shop's bulk operation ended as ${(now?.status ?? "gone").toLowerCase()}.`, {
        code: now?.errorCode ?? null,
      });
    if (client.now().getTime() > until)
      throw new StoreError("unavailable", "The shop's bulk operation takes longer than an hour.");
    await client.sleep(pauseMs);
  }
}

/** A shop runs few of them at a time: another one of ours, left behind or of another replica, is waited for. */
async function start(client: AdminClient, query: string, until: number): Promise<string> {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const { bulkOperationRunQuery: begun } = await client.ask(RUN_BULK, { query });
    if (begun?.bulkOperation) return begun.bulkOperation.id;
    const [error] = begun?.userErrors ?? [];
    const isBusy = error?.code === "OPERATION_IN_PROGRESS" || error?.code === "LIMIT_REACHED";
    if (!isBusy || client.now().getTime() > until)
      throw new StoreError(
        isBusy ? "unavailable" : "refused",
        `The shop refused a bulk operation: ${error?.message ?? "without a reason"}`,
        {
          code: error?.code ?? null,
        },
      );
    await client.sleep(pauseMs);
  }
}

interface Growing {
  readonly head: Head;
  readonly refundIds: number;
  readonly lines: Line[];
  readonly applications: Application[];
}

/**
 * The file: an object a line, and what belongs to an order says its id as `__parentId`. A line that is missing or cut off, or
 * whose order is missing, ends it: half a file would look like a shop with fewer goods.
 */
function ordersIn(text: string, objects: number): { order: WholeOrder; isRefunded: boolean }[] {
  const growing = new Map<string, Growing>();
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length !== objects) throw broken();
  for (const line of lines) {
    const node = objectOf(line);
    const parent = node.__parentId;
    if (parent === undefined) {
      const { refunds, ...head } = node as unknown as Head & { readonly refunds?: readonly unknown[] };
      growing.set(head.id, { head, refundIds: refunds?.length ?? 0, lines: [], applications: [] });
      continue;
    }
    const order = growing.get(String(parent));
    if (order === undefined) throw broken();
    // A discount has no id, and a line always has one.
    if (typeof node.id === "string") order.lines.push(node as unknown as Line);
    else order.applications.push(node as unknown as Application);
  }
  return [...growing.values()].map(({ head, refundIds, lines, applications }) => ({
    order: { head, lines, applications, refunds: [] },
    isRefunded: refundIds > 0,
  }));
}

function objectOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw broken();
}

const broken = (): StoreError =>
  new StoreError("unavailable", "The result of the shop's bulk operation is cut off or cannot be read.");
