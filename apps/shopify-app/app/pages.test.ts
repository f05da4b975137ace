import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sessions } from "../src/schema.ts";
import { createServer } from "../src/server.ts";
import { buildPages } from "../src/testing/build-pages.ts";
import { openTestApp, type TestApp } from "../src/testing/open-test-app.ts";
import { sessionToken } from "../src/testing/session-token.ts";
import { startTokenEndpoint, type TokenEndpoint } from "../src/testing/token-endpoint.ts";

/** The built pages as Shopify's admin asks for them, without a browser. */

let endpoint: TokenEndpoint;
let app: TestApp;
let server: ReturnType<typeof createServer>;
beforeAll(async () => {
  endpoint = await startTokenEndpoint();
  app = await openTestApp({ SHOPIFY_STANDIN_URL: endpoint.url, APP_BRIDGE_URL: "https://bridge.example.com/app-bridge.js" });
  server = createServer(app, await buildPages());
});
afterAll(async () => {
  await app.close();
  await endpoint.stop();
});

const shop = "pages.myshopify.com";
const AGENT = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0" };
const QUERY = `embedded=1&shop=${shop}&host=${Buffer.from("admin.shopify.com/store/pages").toString("base64url")}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  server.request(`https://app.example.com${path}`, { headers: { ...AGENT, ...headers } });
const headOf = async (answer: Response) => /<head>([\s\S]*)<\/head>/.exec(await answer.text())?.[1] ?? "";
const BRIDGE = /^\s*<script data-api-key="client-of-the-tests" src="https:\/\/bridge\.example\.com\/app-bridge\.js"><\/script>/;

it("a page that lost shop and host is answered with App Bridge, and with no form to log in", async () => {
  for (const path of ["/app", `/app/start?shop=${shop}`, "/"]) {
    const answer = await get(path);
    expect(answer.status, path).toBe(200);
    const text = await answer.clone().text();
    expect(text).not.toContain("<form");
    expect(await headOf(answer), path).toMatch(BRIDGE);
  }
});

it("the first visit goes to the bounce page, and with its token the app is installed", async () => {
  const first = await get(`/app?${QUERY}`);
  expect(first.status).toBe(302);
  const bounce = new URL(first.headers.get("location") ?? "", "https://app.example.com");
  expect(bounce.pathname).toBe("/auth/session-token");
  const page = await get(bounce.pathname + bounce.search);
  expect(await page.text()).toContain("https://bridge.example.com/app-bridge.js");
  expect(page.headers.get("content-security-policy")).toContain(`https://${shop}`);
  const visit = await get(`/app/start?${QUERY}&id_token=${sessionToken(shop)}`);
  expect(visit.status).toBe(200);
  expect(await headOf(visit)).toMatch(BRIDGE);
  const [row] = await app.db.select().from(sessions).where(eq(sessions.shop, shop));
  expect(row?.accessToken).toMatch(/^shpat_/);
  expect(row?.refreshToken).toMatch(/^shprt_/);
  expect(row?.email).toBeNull();
});

it("an expired bearer is asked for another one, by the header that App Bridge knows", async () => {
  const old = sessionToken(shop, { exp: Math.floor(Date.now() / 1000) - 60 });
  const answer = await get("/app/start.data", { authorization: `Bearer ${old}` });
  expect([answer.status, answer.headers.get("x-shopify-retry-invalid-session-request")]).toStrictEqual([401, "1"]);
});

it("an address that is not there is a document with App Bridge too", async () => {
  const answer = await get("/nowhere");
  expect(answer.status).toBe(404);
  expect(await headOf(answer)).toMatch(BRIDGE);
});

it("serves what the pages load for a year, and nothing else of the folder", async () => {
  const page = await (await get(`/app/start?${QUERY}&id_token=${sessionToken(shop)}`)).text();
  const asset = /href="(\/assets\/[^"]+\.css)"/.exec(page)?.[1] ?? "";
  const answer = await get(asset);
  expect([answer.status, answer.headers.get("cache-control")]).toStrictEqual([200, "public, max-age=31536000, immutable"]);
  expect((await get("/assets/nothing.js")).status).toBe(404);
  expect((await get("/assets/..%2f..%2fpackage.json")).status).toBe(404);
});
