import { createHmac } from "node:crypto";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, TEST_SHOPIFY_APP_SECRET, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const lives = recordedLives();
const woo = lives.find((life) => life.platform === "woocommerce");
const paid = lives.find((life) => life.platform === "shopify" && life.topic === "orders/create");
if (!woo || !paid) throw new Error("fixtures are missing");

async function stored(): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from inbox`;
  return row?.count ?? -1;
}

test("a bad signature is 401 and stores nothing but a counter", async () => {
  const before = await stored();
  const { path, init } = signedRequest(hub.company.stores.woocommerce, woo, "another secret");
  const response = await hub.app.request(path, init);
  expect(response.status).toBe(401);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(((await response.json()) as { code: string }).code).toBe("bad-signature");
  expect(await stored()).toBe(before);
  expect(await hub.metrics.registry.metrics()).toMatch(
    /upline_requests_refused_total\{platform="woocommerce",reason="bad-signature"\} 1/,
  );
});

test("an unknown store, a paused one and another platform's answer alike, to the byte", async () => {
  const { stores } = hub.company;
  const { init } = signedRequest(stores.woocommerce, woo);
  await sql`update stores set status = 'paused' where store_id = ${stores.magento.storeId}`;
  const answers = await Promise.all(
    [
      "/ingest/woocommerce/st_nobody",
      `/ingest/woocommerce/${stores.shopify.storeId}`,
      `/ingest/magento/${stores.magento.storeId}`,
      "/ingest/etsy/st_1",
    ].map(async (path) => {
      const response = await hub.app.request(path, init);
      return [response.status, await response.text()];
    }),
  );
  await sql`update stores set status = 'active' where store_id = ${stores.magento.storeId}`;
  for (const answer of answers) expect(answer).toStrictEqual(answers[0]);
  expect(answers[0]?.[0]).toBe(404);
});

test("a body over the limit is 413, declared or not", async () => {
  const body = "x".repeat(hub.env.bodyLimitBytes + 1);
  const { ingestPath } = hub.company.stores.woocommerce;
  const declared = await hub.app.request(ingestPath, {
    method: "POST",
    body,
    headers: { "content-length": String(body.length) },
  });
  expect(declared.status).toBe(413);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  const undeclared = await hub.app.request(ingestPath, { method: "POST", body: stream, duplex: "half" } as RequestInit);
  expect(undeclared.status).toBe(413);
});

test("malformed JSON, and bytes that are no text, with a good signature are kept as dead letters", async () => {
  const { ingestPath, secret } = hub.company.stores.woocommerce;
  for (const body of [Buffer.from('{"id": 31, "line_items": ['), Buffer.from([0xff, 0xfe, 0x00, 0x7b])]) {
    const signature = createHmac("sha256", secret).update(body).digest("base64");
    const headers = {
      "x-wc-webhook-signature": signature,
      "x-wc-webhook-topic": "order.updated",
      "content-type": "application/json",
    };
    const response = await hub.app.request(ingestPath, { method: "POST", body, headers });
    expect(response.status).toBe(200);
    const { delivery } = (await response.json()) as { delivery: string };
    await hub.settled();
    const [row] =
      await sql`select o.outcome, o.detail, i.encoding from inbox_outcomes o join inbox i using (delivery_id) where delivery_id = ${delivery}`;
    expect(row?.outcome).toBe("dead");
    assert.ok(row?.detail.length > 0);
  }
});

test("WooCommerce's unsigned ping is answered 200 and not stored", async () => {
  const before = await stored();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await hub.app.request(hub.company.stores.woocommerce.ingestPath, {
    method: "POST",
    body: "webhook_id=1",
    headers,
  });
  expect(response.status).toBe(200);
  expect(await stored()).toBe(before);
});

test("at the app's one address the signed body decides whose order it is", async () => {
  const send = (args: { body: string; secret?: string; shop?: string }) =>
    hub.app.request("/ingest/shopify", {
      method: "POST",
      body: args.body,
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": args.shop ?? "upline-demo.myshopify.com",
        "x-shopify-hmac-sha256": createHmac("sha256", args.secret ?? TEST_SHOPIFY_APP_SECRET)
          .update(args.body)
          .digest("base64"),
      },
    });
  expect((await send({ body: paid.body })).status).toBe(200);
  expect((await send({ body: paid.body, secret: hub.company.stores.shopify.secret })).status).toBe(401);
  // One shop's body under another shop's name, or under a shop that is not here.
  expect((await send({ body: paid.body, shop: "other.myshopify.com" })).status).toBe(404);
  const foreign = paid.body.replaceAll("upline-demo.myshopify.com", "other.myshopify.com");
  expect((await send({ body: foreign, shop: "other.myshopify.com" })).status).toBe(404);
  expect((await send({ body: foreign })).status).toBe(404);
});

test("the same order through the store's own address and the app's has one effect", async () => {
  const { path, init } = signedRequest(hub.company.stores.shopify, paid);
  expect((await hub.app.request(path, init)).status).toBe(200);
  await hub.settled();
  const [row] = await sql`select count(*)::int as orders, max(revision) as revision from orders where platform = 'shopify'`;
  expect([row?.orders, row?.revision]).toStrictEqual([1, 1]);
});

test("append-only tables refuse every change, to the owner as well", async () => {
  for (const statement of [
    "update transfer_rows set amount = amount + 1",
    "delete from transfer_rows",
    "truncate transfer_rows",
    "update inbox set body = ''",
    "delete from order_revisions",
    "truncate audit_log",
  ]) {
    await expect(sql.unsafe(statement), statement).rejects.toThrow(/append-only/);
  }
});

test("each role sees and may do no more than it needs", async () => {
  await expect(hub.db.app`update transfer_rows set amount = 1`).rejects.toThrow(/permission denied/);
  await expect(hub.db.gate`select * from transfers`).rejects.toThrow(/permission denied/);
  await expect(hub.db.gate`select * from orders`).rejects.toThrow(/permission denied/);
  // Without a company the database shows nothing, whatever a query forgets.
  expect((await hub.db.app`select * from orders`).length).toBe(0);
  expect((await hub.db.app`select * from inbox`).length).toBe(0);
});
