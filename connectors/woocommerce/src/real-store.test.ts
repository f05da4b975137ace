import { DEFAULT_STORE_SETTINGS, type FoundOrder, netOfLine, type OrderState, refundedNet } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { afterAll, assert, beforeAll, describe, expect, test } from "vitest";
import { createClient, type WooClient } from "./client.ts";
import { compareKnown } from "./compare-known.ts";
import { askForOrder } from "./found.ts";
import { importCatalogue } from "./import-catalogue.ts";
import { listOrders } from "./list-orders.ts";
import { normalise } from "./normalise.ts";
import { readStoreFacts } from "./store-facts.ts";
import { ensureWebhooks, removeWebhooks } from "./webhooks.ts";

/**
 * The same against a real store: set UPLINE_WOO_URL, UPLINE_WOO_KEY and UPLINE_WOO_SECRET (read and
 * write; EUR, no tax needed). Makes a product, orders and refunds of its own and deletes them again.
 */
const { UPLINE_WOO_URL: url, UPLINE_WOO_KEY: consumerKey, UPLINE_WOO_SECRET: consumerSecret } = process.env;
const isGiven = Boolean(url && consumerKey && consumerSecret);

type Row = { readonly id: number } & Readonly<Record<string, unknown>>;

const rowOf = async (answer: Promise<{ body: unknown }>): Promise<Row> => (await answer).body as Row;
const stateOf = (found: FoundOrder | undefined): OrderState => {
  expect(found?.kind).toBe("order");
  const said = normalise({ topic: "", body: (found as { body: string }).body, settings: DEFAULT_STORE_SETTINGS });
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};
const net = (state: OrderState) => state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
const back = (state: OrderState) => [...refundedNet(state).values()].reduce((sum, part) => sum + part, 0n);

async function reconciled(client: WooClient, since: Date): Promise<Map<string, FoundOrder>> {
  const found = new Map<string, FoundOrder>();
  for await (const page of listOrders(client, { by: "changed", since, overlapMs: 0 }))
    for (const one of page.found) found.set(one.orderId, one);
  return found;
}

describe.skipIf(!isGiven)("a real store (set UPLINE_WOO_URL, UPLINE_WOO_KEY and UPLINE_WOO_SECRET)", { timeout: 300_000 }, () => {
  let client: WooClient;
  let since: Date;
  let product: Row;
  let kept: Row;
  let trashed: Row;
  let gone: Row;
  let draft: Row;
  let refund: Row;
  let goodwill: Row;
  const sku = `REAL-${Date.now()}`;
  const order = (status: string) =>
    rowOf(
      client.post("orders", {
        status,
        line_items: [{ product_id: product.id, quantity: 2 }],
        billing: { email: "real@example.com" },
        meta_data: [{ key: "_upline_ref_code", value: "ANNA77" }],
      }),
    );
  beforeAll(async () => {
    client = createClient({
      access: { url: url!, consumerKey: consumerKey!, consumerSecret: consumerSecret! },
      callOut: openOutgoing({ allowPrivate: true }),
    });
    since = new Date((await client.get("orders", { per_page: "1" })).storeTime.getTime() - 1000);
    product = await rowOf(
      client.post("products", { name: "Real kit", type: "simple", regular_price: "50.00", sku, tax_status: "none" }),
    );
    kept = await order("processing");
    trashed = await order("processing");
    gone = await order("processing");
    draft = await order("checkout-draft");
    const lineId = (kept.line_items as Row[])[0]!.id;
    refund = await rowOf(
      client.post(`orders/${kept.id}/refunds`, {
        amount: "50.00",
        api_refund: false,
        line_items: [{ id: lineId, quantity: 1, refund_total: 50 }],
      }),
    );
    goodwill = await rowOf(client.post(`orders/${kept.id}/refunds`, { amount: "10.00", api_refund: false }));
    await client.delete(`orders/${trashed.id}`);
  });
  afterAll(async () => {
    for (const { id } of [kept, trashed, draft]) await client.delete(`orders/${id}`, { force: "true" }).catch(() => undefined);
    await client.delete(`products/${product.id}`, { force: "true" });
  });

  test("its facts, and a refund of more than the order is refused", async () => {
    expect((await readStoreFacts(client)).decimals).toBe(2);
    await expect(client.post(`orders/${kept.id}/refunds`, { amount: "999.00", api_refund: false })).rejects.toThrow(
      expect.objectContaining({ kind: "refused" }),
    );
  });

  test("what changed, with refunds by line, and the trash", async () => {
    const found = await reconciled(client, since);
    const state = stateOf(found.get(String(kept.id)));
    expect([net(state), back(state), state.evidence[0]?.code, state.buyer]).toStrictEqual([
      10_000n,
      6_000n,
      "ANNA77",
      "email:real@example.com",
    ]);
    expect(state.refunds.map(({ refundId, lines, proratedMinor }) => [refundId, lines.length, proratedMinor])).toStrictEqual([
      [String(refund.id), 1, 0n],
      [String(goodwill.id), 0, 1000n],
    ]);
    expect(stateOf(found.get(String(trashed.id))).stage).toStrictEqual({ kind: "void", reason: "trashed" });
    expect(stateOf(found.get(String(gone.id))).stage).toStrictEqual({ kind: "earned" });
    assert.ok(!found.has(String(draft.id)));
  });

  test("what no list tells: an order and a refund deleted for good", async () => {
    const states = [kept, gone].map(async ({ id }) => stateOf(await askForOrder(client, String(id))));
    const known = (await Promise.all(states)).map((state) => ({
      orderId: state.orderId,
      modifiedAt: new Date(state.revision.at),
      refundIds: state.refunds.map(({ refundId }) => refundId),
      isTrashed: false,
    }));
    const compare = async () => {
      const found: FoundOrder[] = [];
      for await (const one of compareKnown(client, known)) found.push(one);
      return found;
    };
    expect(await compare()).toStrictEqual([]);
    await client.delete(`orders/${gone.id}`, { force: "true" });
    await client.delete(`orders/${kept.id}/refunds/${goodwill.id}`, { force: "true" });
    const found = await compare();
    expect(found.map(({ kind, orderId }) => [kind, orderId])).toStrictEqual([
      ["order", String(kept.id)],
      ["deleted", String(gone.id)],
    ]);
    expect(back(stateOf(found[0]))).toBe(5_000n);
  });

  test("history and catalogue", async () => {
    const ids: string[] = [];
    for await (const { found } of listOrders(client, { by: "created", since })) ids.push(...found.map(({ orderId }) => orderId));
    assert.ok(ids.includes(String(kept.id)) && !ids.includes(String(draft.id)));
    const skus: (string | null)[] = [];
    for await (const rows of importCatalogue(client)) skus.push(...rows.map((row) => row.sku));
    assert.ok(skus.includes(sku));
  });

  test("webhooks are made once, and taken away", async () => {
    const deliveryUrl = "http://127.0.0.1:8080/ingest/woocommerce/real-store-test";
    const outcomes = async () =>
      new Set((await ensureWebhooks(client, { deliveryUrl, secret: "s" })).map(({ outcome }) => outcome));
    try {
      expect(await outcomes()).toStrictEqual(new Set(["created"]));
      expect(await outcomes()).toStrictEqual(new Set(["kept"]));
    } finally {
      expect(await removeWebhooks(client, deliveryUrl)).toBe(8);
    }
  });
});
