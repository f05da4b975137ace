/** Another shop of the same company, which has the same order numbers; and a copy of the first, which has its keys too. */
import { randomUUID } from "node:crypto";
import { type Body, type Gate, type Granted, orderOf, signatureOf } from "@upline/shop-suite/gate";
import type { Hub } from "@upline/shop-suite/hub";
import type { ShopOrder } from "./expected.ts";

export interface SecondStore {
  readonly store: string;
  readonly codes: ReadonlyMap<number, string | null>;
  /** What it has sold, as its own tables would have it. */
  readonly shop: readonly ShopOrder[];
}

const ADDRESS = "https://second.example";
const CODE = "CARLA9";
const PRICE = "100.00";

/** Connects another shop and sends its orders, each under a number that the first shop has used as well. */
export async function sellElsewhere(hub: Hub, gate: Gate, orderIds: readonly number[]): Promise<SecondStore> {
  const connect = {
    code: await hub.connectionCode(),
    platform: "woocommerce",
    domain: "second.example",
    url: ADDRESS,
    versions: {},
  };
  const answer = await fetch(`${hub.url}/connect`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(connect),
  });
  if (!answer.ok) throw new Error(`the second store was not connected: ${answer.status} ${await answer.text()}`);
  const granted = (await answer.json()) as Granted;
  for (const id of orderIds) {
    const body = asSoldElsewhere(lastOf(gate, id));
    const { status, text } = await send(body, granted, hub.url);
    if (status >= 300) throw new Error(`the second store's order ${id} was answered ${status}: ${text}`);
  }
  const shop = orderIds.map((id) => ({
    id,
    status: "processing",
    total: PRICE,
    lines: [{ id: "1", total: PRICE }],
    refunds: [],
  }));
  return { store: granted.store, codes: new Map(orderIds.map((id) => [id, CODE])), shop };
}

function asSoldElsewhere(body: Body): Body {
  const order = body.data.order as Record<string, unknown> & { line_items: object[] };
  const [line] = order.line_items;
  const sold = {
    ...order,
    status: "processing",
    date_modified_gmt: now(),
    total: PRICE,
    meta_data: [
      { id: 1, key: "_upline_ref_code", value: CODE },
      { id: 2, key: "_upline_ref_via", value: "cookie" },
    ],
    line_items: [{ ...line, id: 1, quantity: 1, subtotal: PRICE, subtotal_tax: "0", total: PRICE, total_tax: "0", taxes: [] }],
    ...{ coupon_lines: [], fee_lines: [], shipping_lines: [], refunds: [] },
  };
  return { ...body, data: { ...body.data, order: sold, refunds: [], source: { url: ADDRESS } } };
}

/**
 * What a staging copy of the shop sends that nothing stops: a test order, and a live order cancelled, and one deleted.
 * Answers what the hub should have said and did not.
 */
export async function sendFromCopy(gate: Gate, cancelled: number, deleted: number): Promise<string[]> {
  const { granted } = gate;
  if (granted === null) throw new Error("the shop is not connected");
  const live = lastOf(gate, cancelled);
  const order = { ...(live.data.order as object), date_modified_gmt: now() };
  const fromCopy = (type: string, data: object): Body => ({
    type,
    timestamp: new Date().toISOString(),
    data: { ...data, source: { ...(live.data.source as object), url: "https://staging.example" } },
  });
  const bodies = [
    fromCopy("order.updated", { order: { ...order, status: "cancelled" }, refunds: [] }),
    fromCopy("order.updated", {
      order: { ...order, id: cancelled + 5_000_000, number: String(cancelled + 5_000_000) },
      refunds: [],
    }),
    fromCopy("order.deleted", { order: { id: deleted } }),
  ];
  const problems: string[] = [];
  for (const body of bodies) {
    const { status, text } = await send(body, granted, gate.origin);
    if (status !== 409 || !text.includes('"copied-shop"'))
      problems.push(`${body.type} of a copy is to be refused as copied-shop and was answered ${status}`);
  }
  return problems;
}

function lastOf(gate: Gate, orderId: number): Body {
  const last = gate.deliveries.findLast(({ body }) => orderOf(body) === orderId && body.type === "order.updated");
  if (!last) throw new Error(`order ${orderId} was never delivered`);
  return last.body;
}

async function send(body: Body, granted: Granted, origin: string): Promise<{ status: number; text: string }> {
  const text = Buffer.from(JSON.stringify(body));
  const id = `e2e-${randomUUID()}`;
  const at = String(Math.floor(Date.now() / 1000));
  const answer = await fetch(origin + new URL(granted.ingestUrl).pathname, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": at,
      "webhook-signature": signatureOf({ id, at, body: text, secret: granted.secret }),
    },
    body: text,
  });
  return { status: answer.status, text: await answer.text() };
}

const now = (): string => new Date().toISOString().slice(0, 19);
