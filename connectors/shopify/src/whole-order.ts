import { type FoundOrder, StoreError } from "@upline/core";
import type { Application, Line, Refund, RefundedLine, Whole } from "./admin.generated.ts";
import type { AdminClient } from "./admin-client.ts";
import { TooCostly } from "./admin-client.ts";
import { MORE_APPLICATIONS, MORE_LINES, MORE_REFUNDED, ORDER } from "./documents.ts";
import { restBody, type WholeOrder, type WholeRefund } from "./rest-shape.ts";

/** How much of an order's lists comes with it, where many orders are asked for: enough for nearly all of them. */
export const SHORT = { lines: 10, parts: 5, refunds: 5 } as const;
/** Where one order is asked for by itself. */
const LONG = { lines: 50, parts: 20, refunds: 20 } as const;
/** The most that there may be of what cannot be paged. */
const LONGEST = { lines: 1, parts: 100, refunds: 250 } as const;
const MORE = 100;
const MOST_PAGES = 100;

export const orderGid = (orderId: string): string => `gid://shopify/Order/${orderId}`;

/** Whether the app may know the customer's number. */
export async function maySeeCustomer(client: AdminClient): Promise<boolean> {
  return (await client.scopes()).includes("read_customers");
}

/** An order with all of its lists; null where the shop shows none of that number. */
export async function askForWhole(client: AdminClient, orderId: string): Promise<WholeOrder | null> {
  const withCustomer = await maySeeCustomer(client);
  const ask = async (sizes: { lines: number; parts: number; refunds: number }) =>
    (await client.ask(ORDER, { id: orderGid(orderId), withCustomer, ...sizes })).order;
  const order = await ask(LONG);
  if (order === null) return null;
  if (!isCut(order, LONG)) return wholeOf(client, order, order.refunds);
  // Refunds of an order come in no pages: rather fewer of their parts at once, and then the parts of each.
  for (const parts of [LONGEST.parts, 20, 2]) {
    try {
      const again = await ask({ ...LONGEST, parts });
      if (again === null) return null;
      if (again.refunds.length === LONGEST.refunds) throw tooLong(orderId, "refunds");
      return await wholeOf(client, { ...again, lineItems: order.lineItems }, again.refunds);
    } catch (error) {
      if (!(error instanceof TooCostly) || parts === 2) throw error;
    }
  }
  throw tooLong(orderId, "parts of refunds");
}

/** Whether its refunds, or what they are made of, go on behind what came. Other lists can be paged. */
export function isCut({ refunds }: Pick<Whole, "refunds">, sizes: { readonly refunds: number }): boolean {
  const isCutRefund = ({ refundShippingLines, orderAdjustments, transactions }: Refund) =>
    [refundShippingLines, orderAdjustments, transactions].some(({ pageInfo }) => pageInfo.hasNextPage);
  return refunds.length >= sizes.refunds || refunds.some(isCutRefund);
}

/** The same of an order that was listed: what did not come with it is asked for. */
export async function complete(client: AdminClient, listed: Whole): Promise<WholeOrder> {
  if (!isCut(listed, SHORT)) return wholeOf(client, listed, listed.refunds);
  const whole = await askForWhole(client, listed.legacyResourceId);
  if (whole === null) throw new StoreError("unavailable", "An order went away while it was read.");
  return whole;
}

async function wholeOf(client: AdminClient, head: Omit<Whole, "refunds">, refunds: readonly Refund[]): Promise<WholeOrder> {
  const { lineItems, discountApplications } = head;
  const lines = await rest<Line>(lineItems, async (after) => {
    const { order } = await client.ask(MORE_LINES, { id: head.id, first: MORE, after });
    return order?.lineItems;
  });
  const applications = await rest<Application>(discountApplications, async (after) => {
    const { order } = await client.ask(MORE_APPLICATIONS, { id: head.id, first: MORE, after });
    return order?.discountApplications;
  });
  const whole: WholeRefund[] = [];
  for (const { refundLineItems, ...refund } of refunds) {
    const refundedLines = await rest<RefundedLine>(refundLineItems, async (after) => {
      const answer = await client.ask(MORE_REFUNDED, { id: refund.id, first: MORE, after });
      return answer.refund?.refundLineItems;
    });
    whole.push({ ...refund, refundedLines });
  }
  return { head, lines, applications, refunds: whole };
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A list to its end. Throws StoreError where it went away meanwhile: a part of it would look like all of it. */
async function rest<T>(first: Page<T>, more: (after: string | null) => Promise<Page<T> | undefined>): Promise<readonly T[]> {
  const all = [...first.nodes];
  let { pageInfo } = first;
  for (let page = 0; pageInfo.hasNextPage; page += 1) {
    const next = await more(pageInfo.endCursor);
    if (next === undefined || page >= MOST_PAGES) throw new StoreError("unavailable", "An order changed while it was read.");
    all.push(...next.nodes);
    ({ pageInfo } = next);
  }
  return all;
}

export function foundOf(whole: WholeOrder): FoundOrder {
  return { kind: "order", orderId: whole.head.legacyResourceId, topic: "orders/updated", body: restBody(whole) };
}

const tooLong = (orderId: string, what: string): StoreError =>
  new StoreError("refused", `Order ${orderId} has more ${what} than can be asked for.`);
