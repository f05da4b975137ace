import { Session } from "@shopify/shopify-api";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { sessions, shops } from "./schema.ts";
import { HUBS_KEY, openTestApp, signed, type TestApp } from "./testing/open-test-app.ts";
import { startTokenEndpoint, type TokenEndpoint } from "./testing/token-endpoint.ts";
import { NoToken, TokenKeeper } from "./token-keeper.ts";

let endpoint: TokenEndpoint;
let app: TestApp;
let count = 0;
beforeAll(async () => {
  endpoint = await startTokenEndpoint();
  app = await openTestApp({ SHOPIFY_STANDIN_URL: endpoint.url });
});
afterAll(async () => {
  await app.close();
  await endpoint.stop();
});
beforeEach(() => {
  endpoint.mood = "renews";
});

const MINUTE = 60_000;

/** A shop whose token ends so many minutes from now; null where Shopify did not say when. */
async function install(minutes: number | null): Promise<string> {
  count += 1;
  const shop = `keeper-${count}.myshopify.com`;
  endpoint.good.set(shop, `first-${shop}`);
  const session = new Session({
    ...{ id: `offline_${shop}`, shop, state: "", isOnline: false, scope: "read_orders", accessToken: "shpat_first" },
    ...(minutes === null ? {} : { expires: new Date(Date.now() + minutes * MINUTE) }),
    ...{ refreshToken: `first-${shop}`, refreshTokenExpires: new Date(Date.now() + 90 * 1440 * MINUTE) },
  });
  await app.sessions.storeSession(session);
  return shop;
}

const ask = (shop: string, key = HUBS_KEY) =>
  app.server.request("/service/admin-token", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ shop }),
  });

it("hands out a token that is good, and asks Shopify for nothing", async () => {
  const shop = await install(30);
  const answer = await ask(shop);
  expect([answer.status, await answer.json()]).toMatchObject([200, { accessToken: "shpat_first", scopes: ["read_orders"] }]);
  expect(endpoint.refreshes.get(shop)).toBeUndefined();
});

it("100 webhooks and 100 askings at once, with an expired token, cause one refresh and no failure", async () => {
  const shop = await install(-10);
  // Two processes of the app: what they share is the database.
  const replica = new TokenKeeper({ ...app, apiKey: app.env.apiKey, apiSecret: app.env.apiSecret });
  const refund = (index: number) => ({ id: index + 1, order_id: 820982911946154000 + index * 1000 });
  const [webhooks, askings, tokens] = await Promise.all([
    Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        app.server.request("/webhooks/resources", signed({ topic: "refunds/create", shop, body: refund(index) })),
      ),
    ),
    Promise.all(Array.from({ length: 50 }, () => ask(shop))),
    Promise.all(Array.from({ length: 50 }, () => replica.tokenOf(shop))),
  ]);
  expect(new Set(webhooks.map((answer) => answer.status))).toStrictEqual(new Set([200]));
  expect(new Set(askings.map((answer) => answer.status))).toStrictEqual(new Set([200]));
  const renewed = `shpat_${shop}_1`;
  const bodies = (await Promise.all(askings.map((answer) => answer.json()))) as { accessToken: string }[];
  expect(new Set([...bodies, ...tokens].map((token) => token.accessToken))).toStrictEqual(new Set([renewed]));
  expect(endpoint.refreshes.get(shop)).toBe(1);
});

it("rotates: each renewal shows the newest refresh token", async () => {
  const shop = await install(-10);
  for (const round of [1, 2, 3]) {
    expect((await app.keeper.tokenOf(shop)).accessToken).toBe(`shpat_${shop}_${round}`);
    await app.keeper.distrust(shop);
  }
  const [row] = await app.db.select().from(sessions).where(eq(sessions.shop, shop));
  expect([row?.refreshToken, endpoint.good.get(shop)]).toStrictEqual([`shprt_${shop}_3`, `shprt_${shop}_3`]);
});

it("renews a token whose end Shopify did not tell, whether it came so at first or by a renewal", async () => {
  const shop = await install(null);
  endpoint.mood = "renews-without-expiry";
  expect((await app.keeper.tokenOf(shop)).expiresAt).toBeNull();
  expect((await app.keeper.tokenOf(shop)).accessToken).toBe(`shpat_${shop}_2`);
  // To the library it is no session, so that opening the app brings a new one.
  expect(await app.sessions.loadSession(`offline_${shop}`)).toBeUndefined();
});

it("a refused renewal asks for the merchant, once for all who ask, and opening the app heals it", async () => {
  const shop = await install(-10);
  endpoint.mood = "refuses";
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(shop)));
  expect(new Set(answers.map((answer) => answer.status))).toStrictEqual(new Set([409]));
  expect(await answers[0]?.json()).toMatchObject({ code: "needs-reopen" });
  expect((await ask(shop)).status).toBe(409);
  expect(endpoint.refreshes.get(shop)).toBe(1);
  const reopened = new Session({
    ...{ id: `offline_${shop}`, shop, state: "", isOnline: false, accessToken: "shpat_new" },
    ...{ expires: new Date(Date.now() + 60 * MINUTE) },
  });
  await app.sessions.storeSession(reopened);
  expect(await (await ask(shop)).json()).toMatchObject({ accessToken: "shpat_new" });
  const [row] = await app.db.select().from(shops).where(eq(shops.shop, shop));
  expect(row?.refusedAt).toBeNull();
});

it("a Shopify that is away is not a refusal", async () => {
  const shop = await install(-10);
  endpoint.mood = "fails";
  const answer = await ask(shop);
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: "unavailable" }]);
  endpoint.mood = "renews";
  expect((await ask(shop)).status).toBe(200);
});

it("tells an unknown shop, a wrong key and a wrong body apart", async () => {
  await expect(app.keeper.tokenOf("nobody.myshopify.com")).rejects.toBeInstanceOf(NoToken);
  const nobody = await ask("nobody.myshopify.com");
  expect([nobody.status, await nobody.json()]).toMatchObject([404, { code: "not-installed" }]);
  expect((await ask("nobody.myshopify.com", "wrong")).status).toBe(401);
  expect((await ask("evil.example.com")).status).toBe(400);
  expect((await app.server.request("/service/admin-token")).status).toBe(405);
});
