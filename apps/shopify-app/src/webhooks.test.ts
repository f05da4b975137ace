import { Session } from "@shopify/shopify-api";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveries, sessions, shops } from "./schema.ts";
import { findShop } from "./shops.ts";
import { openTestApp, type SignedBody, signed, type TestApp } from "./testing/open-test-app.ts";

// The hub and Shopify are away in all of these: nothing on a webhook's way asks them.
let app: TestApp;
let count = 0;
beforeAll(async () => {
  app = await openTestApp({ SHOPIFY_STANDIN_URL: "http://127.0.0.1:9" });
});
afterAll(() => app.close());

const HOUR = 3_600_000;

async function install(at: Date, { expired = false } = {}): Promise<string> {
  count += 1;
  const shop = `shop-${count}.myshopify.com`;
  const expires = new Date(Date.now() + (expired ? -HOUR : HOUR));
  const session = { id: `offline_${shop}`, shop, state: "", isOnline: false, accessToken: "shpat_1", expires };
  await app.sessions.storeSession(new Session({ ...session, refreshToken: "dead", refreshTokenExpires: expires }));
  await app.db
    .update(shops)
    .set({ installedAt: at, provenAt: at, shopId: String(954_000 + count) })
    .where(eq(shops.shop, shop));
  return shop;
}

const send = (room: string, delivery: SignedBody) => app.server.request(`/webhooks/${room}`, signed(delivery));
const kept = (shop: string) => app.db.select().from(deliveries).where(eq(deliveries.shop, shop)).orderBy(deliveries.deliveryNo);
const hasSession = async (shop: string) => (await app.db.select().from(sessions).where(eq(sessions.shop, shop))).length > 0;
const uninstalled = (shop: string, triggeredAt: Date): SignedBody => ({
  ...{ topic: "app/uninstalled", shop, triggeredAt },
  body: { id: 548380009, name: "Super Toys", myshopify_domain: shop },
});

it("refuses what is not signed, by the old and the new secret alike, and what is not posted", async () => {
  const shop = await install(new Date());
  for (const room of ["resources", "app", "compliance"]) {
    expect((await app.server.request(`/webhooks/${room}`)).status).toBe(405);
    const bad = signed({ topic: "refunds/create", shop, body: { order_id: 1 }, secret: "another" });
    expect((await app.server.request(`/webhooks/${room}`, bad)).status).toBe(401);
    const bare = { ...bad, headers: { "x-shopify-shop-domain": shop } };
    expect((await app.server.request(`/webhooks/${room}`, bare)).status).toBe(401);
  }
  expect(await kept(shop)).toHaveLength(0);
});

it("keeps the old secret while it is rotated", async () => {
  const rotating = await openTestApp({ SHOPIFY_API_PREVIOUS_SECRET: "the-old-one" });
  const delivery = signed({
    topic: "refunds/create",
    shop: "rotating.myshopify.com",
    body: { order_id: 1 },
    secret: "the-old-one",
  });
  expect((await rotating.server.request("/webhooks/resources", delivery)).status).toBe(200);
  await rotating.close();
});

it("keeps refunds, edits, deletions and products as hints, to the last digit of their ids", async () => {
  const shop = await install(new Date());
  // Written as text: a number of JavaScript would round these.
  await send("resources", {
    topic: "refunds/create",
    shop,
    body: '{"id":890088186047892319,"order_id":820982911946154509,"note":"x"}',
  });
  await send("resources", {
    topic: "orders/edited",
    shop,
    body: '{"order_edit":{"id":78912328793123781,"order_id":820982911946154511}}',
  });
  await send("resources", { topic: "orders/delete", shop, body: '{"id":820982911946154513}' });
  await send("resources", { topic: "products/update", shop, body: '{"id":788032119674292923,"title":"Tea"}' });
  await send("resources", { topic: "products/update", shop, body: "{}" });
  const rows = await kept(shop);
  expect(rows.map((row) => [row.outcome, row.address, row.body?.order_ids, row.body?.product_ids])).toStrictEqual([
    ["waiting", "hints", ["820982911946154509"], []],
    ["waiting", "hints", ["820982911946154511"], []],
    ["waiting", "hints", ["820982911946154513"], []],
    ["waiting", "hints", [], ["788032119674292923"]],
    ["nothing", null, undefined, undefined],
  ]);
  expect(JSON.stringify(rows)).not.toContain("note");
});

it("keeps a repeat once", async () => {
  const shop = await install(new Date());
  const delivery: SignedBody = { topic: "refunds/create", shop, body: { order_id: 7 }, webhookId: "same" };
  for (let index = 0; index < 3; index++) expect((await send("resources", delivery)).status).toBe(200);
  expect(await kept(shop)).toHaveLength(1);
});

it("a shop cannot send another shop's bodies", async () => {
  const [own, other] = [await install(new Date()), await install(new Date())];
  const foreign = uninstalled(other, new Date(Date.now() + HOUR));
  expect((await send("app", { ...foreign, shop: own })).status).toBe(401);
  const redact = { topic: "shop/redact", body: { shop_id: 1, shop_domain: other } };
  expect((await send("compliance", { ...redact, shop: own })).status).toBe(401);
  // The shop's number, where the body names no domain.
  const scopes = (id: string) => ({ topic: "app/scopes_update", body: { id: 1, shop_id: `gid://shopify/Shop/${id}` } });
  expect((await send("app", { ...scopes("12345"), shop: own })).status).toBe(401);
  expect((await send("app", { ...scopes((await findShop(app.db, own))?.shopId ?? ""), shop: own })).status).toBe(200);
  // Older versions of the topic name no shop; nothing but a renewal hangs on it.
  expect((await send("app", { topic: "app/scopes_update", shop: own, body: { id: 1, current: ["read_orders"] } })).status).toBe(
    200,
  );
  // A body that names nobody does nothing beyond a hint.
  expect((await send("app", { topic: "app/uninstalled", shop: own, body: { id: 1 } })).status).toBe(401);
  expect((await send("compliance", { topic: "shop/redact", shop: own, body: {} })).status).toBe(401);
  expect([await hasSession(own), await hasSession(other)]).toStrictEqual([true, true]);
});

it("an uninstalled shop with an expired token, and Shopify and the hub away: every topic is taken", async () => {
  const shop = await install(new Date(Date.now() - 24 * HOUR), { expired: true });
  const now = new Date();
  const named = { shop_id: 954, shop_domain: shop };
  const customer = { ...named, customer: { id: 191167, email: "john@example.com" } };
  const answers = [
    await send("app", uninstalled(shop, now)),
    await send("app", uninstalled(shop, now)),
    await send("compliance", {
      topic: "customers/data_request",
      shop,
      body: { ...customer, orders_requested: [299938], data_request: { id: 9999 } },
    }),
    await send("compliance", { topic: "customers/redact", shop, body: { ...customer, orders_to_redact: [299938, 280263] } }),
    await send("compliance", { topic: "shop/redact", shop, body: named }),
  ];
  expect(answers.map((answer) => answer.status)).toStrictEqual([200, 200, 200, 200, 200]);
  expect(await hasSession(shop)).toBe(false);
  expect(await findShop(app.db, shop)).toBeNull();
  const rows = (await kept(shop)).filter((row) => row.outcome === "waiting");
  expect(rows.map((row) => [row.address, row.body])).toStrictEqual([
    ["uninstalled", { triggered_at: now.toISOString() }],
    ["uninstalled", { triggered_at: now.toISOString() }],
    ["redactions", { kind: "data-request", customer_id: "191167", order_ids: ["299938"] }],
    ["redactions", { kind: "customer", customer_id: "191167", order_ids: ["299938", "280263"] }],
    ["redactions", { kind: "shop" }],
  ]);
  // Of the buyer, the number is all that is kept.
  expect(JSON.stringify(await kept(shop))).not.toContain("john");
});

it("passes an erasure of many orders on in parts that the hub takes", async () => {
  const shop = await install(new Date());
  const orders = Array.from({ length: 600 }, (_, index) => index + 1);
  const body = { shop_domain: shop, customer: { id: 5 }, orders_to_redact: orders };
  await send("compliance", { topic: "customers/redact", shop, body });
  const parts = (await kept(shop)).map((row) => row.body?.order_ids).map((ids) => Array.isArray(ids) && ids.length);
  expect(parts).toStrictEqual([250, 250, 100]);
});

it("a late app/uninstalled after a re-installation deletes nothing", async () => {
  const reinstalledAt = new Date();
  const shop = await install(reinstalledAt);
  expect((await send("app", uninstalled(shop, new Date(reinstalledAt.getTime() - HOUR)))).status).toBe(200);
  expect(await hasSession(shop)).toBe(true);
  expect((await findShop(app.db, shop))?.uninstalledAt).toBeNull();
  expect((await kept(shop)).map((row) => row.outcome)).toStrictEqual(["nothing"]);
  // Nor does one that cannot say when it was.
  const undated = signed(uninstalled(shop, reinstalledAt));
  const headers = { ...(undated.headers as Record<string, string>), "x-shopify-triggered-at": "" };
  await app.server.request("/webhooks/app", { ...undated, headers });
  expect(await hasSession(shop)).toBe(true);
});

it("a shop that has the app is not erased by a late shop/redact", async () => {
  const shop = await install(new Date());
  await send("compliance", { topic: "shop/redact", shop, body: { shop_id: 1, shop_domain: shop } });
  expect([await hasSession(shop), (await kept(shop)).map((row) => row.outcome)]).toStrictEqual([true, ["nothing"]]);
});

it("a topic does not make of a body what it is not", async () => {
  const shop = await install(new Date(Date.now() - HOUR));
  const named = { shop_domain: shop, shop_id: 1, customer: { id: 5 } };
  await send("compliance", { topic: "shop/redact", shop, body: { ...named, orders_requested: [1] } });
  await send("compliance", { topic: "customers/redact", shop, body: { ...named, orders_requested: [1] } });
  await send("app", { topic: "app/uninstalled", shop, body: { shop_domain: shop } });
  expect((await kept(shop)).map((row) => row.outcome)).toStrictEqual(["nothing", "nothing", "nothing"]);
  expect(await hasSession(shop)).toBe(true);
});
