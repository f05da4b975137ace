import { createHmac } from "node:crypto";
import { signStandardWebhook } from "@upline/core";
import { restOrder } from "@upline/woocommerce/fixtures/plugin";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { makeConnectionCode } from "./code.ts";

/** Copies and moves as the plugin tells them: docs/woocommerce.md says who sends and answers what. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

interface Connected {
  readonly store: string;
  readonly ingestUrl: string;
  readonly secret: string;
  readonly token: string;
}

const LINE = { id: 1, sku: "STK-001", product_id: 11, quantity: 1, subtotal: "40.00", total: "40.00", total_tax: "0.00" };

const json = { "content-type": "application/json" };

async function connect(url: string, more: object = {}): Promise<{ status: number; json: Connected }> {
  const { code } = await makeConnectionCode(hub, {
    companyId: hub.company.companyId,
    publicUrl: "http://hub.test",
    actor: "test",
  });
  const body = JSON.stringify({ code, platform: "woocommerce", domain: new URL(url).hostname, url, versions: {}, ...more });
  const response = await hub.app.request("/connect", { method: "POST", headers: json, body });
  return { status: response.status, json: (await response.json()) as Connected };
}

async function move(shop: Connected, url: string, from: string) {
  const body = JSON.stringify({ url, domain: new URL(url).hostname, from });
  const headers = { ...json, authorization: `Bearer ${shop.token}` };
  const response = await hub.app.request("/connect/moved", { method: "POST", headers, body });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}

/** Order 90 of 40.00 net for D03, as the plugin at an address sends it. */
async function deliver(shop: Connected, url: string | null, message: string) {
  const order = restOrder([LINE], {
    total: "40.00",
    meta_data: [{ id: 1, key: "_upline_ref_code", value: "ANNA77" }],
  });
  const data = { order, refunds: [], ...(url === null ? {} : { source: { url, plugin: "0.1.0" } }) };
  const body = JSON.stringify({ type: "order.updated", timestamp: new Date().toISOString(), data });
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  const signed = signStandardWebhook({ id: message, at: new Date(), rawBody: Buffer.from(body), secret: shop.secret, hmac });
  const response = await hub.app.request(new URL(shop.ingestUrl).pathname, { method: "POST", headers: signed, body });
  await hub.settled();
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}

const health = async (shop: Connected) => (await call(hub, `/api/stores/${shop.store}/health`)).body;
const orders = async (shop: Connected) => (await call(hub, `/api/orders?store=${shop.store}`)).body.items;
const balances = async () => (await call(hub, "/api/balances")).body.items;

test("what a copy sends is refused with the address that is known, stored nowhere, and shown to people", async () => {
  const shop = (await connect("https://live.test")).json;
  expect((await deliver(shop, "http://www.live.test/", "msg_live")).status).toBe(200);
  const [before] = await orders(shop);
  const refused = await deliver(shop, "https://staging.live.test", "msg_copy");
  expect([refused.status, refused.json.code, refused.json.knownUrl]).toStrictEqual([409, "copied-shop", "https://live.test"]);
  const deliveries = (await call(hub, `/api/deliveries?store=${shop.store}`)).body.items;
  expect(deliveries).toHaveLength(1);
  expect(await orders(shop)).toStrictEqual([before]);
  const { copy, problems } = await health(shop);
  expect(copy.url).toBe("https://staging.live.test");
  expect(problems.join()).toMatch(/https:\/\/staging\.live\.test are refused.*known at https:\/\/live\.test/);
});

test("a shop that tells no address, as an old plugin or the built-in webhooks, is taken as before", async () => {
  const shop = (await connect("https://quiet.test")).json;
  expect((await deliver(shop, null, "msg_1")).status).toBe(200);
  expect((await health(shop)).copy).toBe(null);
});

test("a shop that has moved stays the same store; its orders sent again book nothing twice; the old address is the copy", async () => {
  const shop = (await connect("https://old.test")).json;
  await deliver(shop, "https://old.test", "msg_a");
  const [before] = await orders(shop);
  expect([before.net, before.distributor_id]).toStrictEqual(["40.00", "D03"]);
  const paid = await balances();
  expect((await deliver(shop, "https://new.test/shop", "msg_b")).status).toBe(409);
  const moved = await move(shop, "https://new.test/shop", "https://old.test");
  expect([moved.status, moved.json]).toStrictEqual([200, { store: shop.store, ingestUrl: shop.ingestUrl }]);
  expect((await health(shop)).copy).toBe(null);
  expect((await deliver(shop, "https://new.test/shop", "msg_b")).status).toBe(200);
  expect((await orders(shop)).map((row: { order_id: string }) => row.order_id)).toStrictEqual([before.order_id]);
  expect(await balances()).toStrictEqual(paid);
  const late = await deliver(shop, "https://old.test", "msg_c");
  expect([late.status, late.json.knownUrl]).toStrictEqual([409, "https://new.test/shop"]);
  expect((await move(shop, "https://new.test/shop", "https://old.test")).status).toBe(200);
  expect((await call(hub, `/api/stores/${shop.store}`)).body.domain).toBe("new.test/shop");
});

test("a copy of the time before a move cannot take the store away, and nobody moves onto another store", async () => {
  const shop = (await connect("https://first.test")).json;
  const other = (await connect("https://second.test")).json;
  expect((await move(shop, "https://second.test", "https://first.test")).status).toBe(409);
  await move(shop, "https://third.test", "https://first.test");
  const refused = await move(shop, "https://copy.test", "https://first.test");
  expect([refused.status, refused.json.code, refused.json.knownUrl]).toStrictEqual([409, "copied-shop", "https://third.test"]);
  expect((await move({ ...other, token: `upt_${"x".repeat(32)}` }, "https://x.test", "https://second.test")).status).toBe(401);
  expect((await move(other, "https://x.test", "nowhere" as string)).status).toBe(400);
});

test("a shop that is connected again at a new address keeps its store where it says which one it was", async () => {
  const shop = (await connect("https://before.test")).json;
  const again = (await connect("https://after.test", { previousStore: shop.store })).json;
  expect(again.store).toBe(shop.store);
  expect((await deliver(again, "https://after.test", "msg_1")).status).toBe(200);
  expect((await deliver(again, "https://before.test", "msg_2")).status).toBe(409);
  const foreign = (await connect("https://elsewhere.test", { previousStore: "st_nobody0000" })).json;
  expect([foreign.store === shop.store, /^st_/.test(foreign.store)]).toStrictEqual([false, true]);
});

test("the dot at the end of a host says nothing", async () => {
  const shop = (await connect("https://dot.example.com./")).json;
  expect((await call(hub, `/api/stores/${shop.store}`)).body.domain).toBe("dot.example.com");
  expect((await connect("https://dot.example.com")).json.store).toBe(shop.store);
});
