import { Session } from "@shopify/shopify-api";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveries, shops } from "./schema.ts";
import { openTestApp, type TestApp } from "./testing/open-test-app.ts";
import { sessionToken } from "./testing/session-token.ts";

let app: TestApp;
const shop = "evidence.myshopify.com";
beforeAll(async () => {
  app = await openTestApp();
  const expires = new Date(Date.now() + 3_600_000);
  await app.sessions.storeSession(
    new Session({ id: `offline_${shop}`, shop, state: "", isOnline: false, accessToken: "t", expires }),
  );
  await app.db.update(shops).set({ storeId: "st_1" }).where(eq(shops.shop, shop));
});
afterAll(() => app.close());

const post = (kind: string, body: unknown, bearer?: string) =>
  app.server.request(`/evidence/${kind}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "text/plain", ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
  });
const kept = async () =>
  (await app.db.select().from(deliveries).where(eq(deliveries.address, "evidence"))).map(({ body }) => body);

it("a claim needs the shop's session token, which the checkout writes without https", async () => {
  const claim = { order_id: "gid://shopify/OrderIdentity/820982911946154509", checkout_token: "c1", code: " ANNA77 " };
  expect((await post("claim", claim)).status).toBe(401);
  expect((await post("claim", claim, sessionToken(shop, { aud: "another-app" }))).status).toBe(401);
  expect((await post("claim", claim, sessionToken(shop, { exp: 1 }))).status).toBe(401);
  expect((await post("claim", claim, `${sessionToken(shop)}x`)).status).toBe(401);
  const taken = await post("claim", claim, sessionToken(shop, { dest: shop }));
  expect([taken.status, taken.headers.get("access-control-allow-origin")]).toStrictEqual([202, "*"]);
  await post("claim", claim, sessionToken(shop));
  expect(await kept()).toStrictEqual([
    { kind: "claim", code: "ANNA77", order_id: "820982911946154509", checkout_token: "c1", at: expect.any(String) },
  ]);
});

it("a pixel's evidence is kept for a connected shop, and dropped without a word for others", async () => {
  expect((await post("pixel", { shop, code: "BEN", checkout_token: "c2", client_id: "x" })).status).toBe(202);
  expect((await post("pixel", { shop: "nobody.myshopify.com", code: "BEN", order_id: 1 })).status).toBe(202);
  expect((await post("pixel", { shop, code: "" })).status).toBe(400);
  expect((await post("pixel", { shop, code: "BEN" })).status).toBe(400);
  expect((await post("pixel", { shop, code: "B", checkout_token: "x".repeat(5000) })).status).toBe(413);
  expect((await kept()).filter((body) => body?.kind === "pixel")).toStrictEqual([
    { kind: "pixel", code: "BEN", checkout_token: "c2", client_id: "x", at: expect.any(String) },
  ]);
});

it("answers the browser's question beforehand", async () => {
  const answer = await app.server.request("/evidence/claim", { method: "OPTIONS" });
  expect([answer.status, answer.headers.get("access-control-allow-headers")]).toStrictEqual([204, "authorization, content-type"]);
});
