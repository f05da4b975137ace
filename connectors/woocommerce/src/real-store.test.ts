import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, refundedNet } from "@upline/core";
import { createClient, type WooClient } from "./client.ts";
import { askForOrder, type Found } from "./found.ts";
import { importCatalogue } from "./import-catalogue.ts";
import { importHistory } from "./import-history.ts";
import { normalise } from "./normalise.ts";
import { compareKnown, reconcile } from "./reconcile.ts";
import { readStoreFacts } from "./store-facts.ts";
import { ensureWebhooks, removeWebhooks } from "./webhooks.ts";

/**
 * The same against a real store: set UPLINE_WOO_URL, UPLINE_WOO_KEY and UPLINE_WOO_SECRET (read and
 * write; EUR, no tax needed). Makes a product, orders and refunds of its own and deletes them again.
 */
const { UPLINE_WOO_URL: url, UPLINE_WOO_KEY: consumerKey, UPLINE_WOO_SECRET: consumerSecret } = process.env;
const skip =
  url && consumerKey && consumerSecret ? false : "a real WooCommerce: set UPLINE_WOO_URL, UPLINE_WOO_KEY and UPLINE_WOO_SECRET";

type Row = { readonly id: number } & Readonly<Record<string, unknown>>;

const rowOf = async (answer: Promise<{ body: unknown }>): Promise<Row> => (await answer).body as Row;
const stateOf = (found: Found | undefined): OrderState => {
  assert.equal(found?.kind, "order");
  const said = normalise({ topic: "", body: (found as { body: string }).body, settings: DEFAULT_STORE_SETTINGS });
  assert.equal(said.kind, "order");
  return (said as { state: OrderState }).state;
};
const net = (state: OrderState) => state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
const back = (state: OrderState) => [...refundedNet(state).values()].reduce((sum, part) => sum + part, 0n);

async function reconciled(client: WooClient, since: Date): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  for await (const step of reconcile(client, { since, overlapMs: 0 })) {
    if (step.kind === "found") for (const one of step.found) found.set(one.orderId, one);
  }
  return found;
}

test("a real store: reconciliation, deletions, history, catalogue and webhooks", { skip, timeout: 300_000 }, async (t) => {
  const client = createClient({ access: { url: url!, consumerKey: consumerKey!, consumerSecret: consumerSecret! } });
  const since = new Date((await client.get("orders", { per_page: "1" })).storeTime.getTime() - 1000);
  assert.equal((await readStoreFacts(client)).decimals, 2);

  const sku = `REAL-${Date.now()}`;
  const product = await rowOf(
    client.post("products", { name: "Real kit", type: "simple", regular_price: "50.00", sku, tax_status: "none" }),
  );
  const order = (status: string) =>
    rowOf(
      client.post("orders", {
        status,
        line_items: [{ product_id: product.id, quantity: 2 }],
        billing: { email: "real@example.com" },
        meta_data: [{ key: "_upline_ref_code", value: "ANNA77" }],
      }),
    );
  const [kept, trashed, gone, draft] = [
    await order("processing"),
    await order("processing"),
    await order("processing"),
    await order("checkout-draft"),
  ];
  t.after(async () => {
    for (const one of [kept, trashed, draft]) await client.delete(`orders/${one.id}`, { force: "true" }).catch(() => undefined);
    await client.delete(`products/${product.id}`, { force: "true" });
  });
  const lineId = (kept.line_items as Row[])[0]!.id;
  const refund = await rowOf(
    client.post(`orders/${kept.id}/refunds`, {
      amount: "50.00",
      api_refund: false,
      line_items: [{ id: lineId, quantity: 1, refund_total: 50 }],
    }),
  );
  const goodwill = await rowOf(client.post(`orders/${kept.id}/refunds`, { amount: "10.00", api_refund: false }));
  await assert.rejects(client.post(`orders/${kept.id}/refunds`, { amount: "999.00", api_refund: false }), { kind: "refused" });
  await client.delete(`orders/${trashed.id}`);

  await t.test("what changed, with refunds by line, and the trash", async () => {
    const found = await reconciled(client, since);
    const state = stateOf(found.get(String(kept.id)));
    assert.deepEqual(
      [net(state), back(state), state.evidence[0]?.code, state.buyer],
      [10_000n, 6_000n, "ANNA77", "email:real@example.com"],
    );
    assert.deepEqual(
      state.refunds.map(({ refundId, lines, proratedMinor }) => [refundId, lines.length, proratedMinor]),
      [
        [String(refund.id), 1, 0n],
        [String(goodwill.id), 0, 1000n],
      ],
    );
    assert.deepEqual(stateOf(found.get(String(trashed.id))).stage, { kind: "void", reason: "trashed" });
    assert.deepEqual(stateOf(found.get(String(gone.id))).stage, { kind: "earned" });
    assert.ok(!found.has(String(draft.id)));
  });

  await t.test("what no list tells: an order and a refund deleted for good", async () => {
    const states = [kept, gone].map(async ({ id }) => stateOf(await askForOrder(client, String(id))));
    const known = (await Promise.all(states)).map((state) => ({
      orderId: state.orderId,
      modifiedAt: state.revision.at,
      refundIds: state.refunds.map(({ refundId }) => refundId),
      isTrashed: false,
    }));
    const compare = async () => {
      const found: Found[] = [];
      for await (const one of compareKnown(client, known)) found.push(one);
      return found;
    };
    assert.deepEqual(await compare(), []);
    await client.delete(`orders/${gone.id}`, { force: "true" });
    await client.delete(`orders/${kept.id}/refunds/${goodwill.id}`, { force: "true" });
    const found = await compare();
    assert.deepEqual(
      found.map(({ kind, orderId }) => [kind, orderId]),
      [
        ["order", String(kept.id)],
        ["deleted", String(gone.id)],
      ],
    );
    assert.equal(back(stateOf(found[0])), 5_000n);
  });

  await t.test("history and catalogue", async () => {
    const ids: string[] = [];
    for await (const { found } of importHistory(client, { from: since })) ids.push(...found.map(({ orderId }) => orderId));
    assert.ok(ids.includes(String(kept.id)) && !ids.includes(String(draft.id)));
    const skus: (string | null)[] = [];
    for await (const rows of importCatalogue(client)) skus.push(...rows.map((row) => row.sku));
    assert.ok(skus.includes(sku));
  });

  await t.test("webhooks are made once, and taken away", async () => {
    const deliveryUrl = "http://127.0.0.1:8080/ingest/woocommerce/real-store-test";
    const outcomes = async () =>
      new Set((await ensureWebhooks(client, { deliveryUrl, secret: "s" })).map(({ outcome }) => outcome));
    try {
      assert.deepEqual(await outcomes(), new Set(["created"]));
      assert.deepEqual(await outcomes(), new Set(["kept"]));
    } finally {
      assert.equal(await removeWebhooks(client, deliveryUrl), 8);
    }
  });
});
