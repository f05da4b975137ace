import { StoreError } from "@upline/core";
import { assert, expect, test } from "vitest";
import { EnvError, readEnv } from "../env.ts";
import { APP_KEY, startFakeApp, tokenFor } from "../testing/fake-shopify-app.ts";
import { appTokens } from "./app-tokens.ts";

const appOf = (settings: Readonly<Record<string, string>>, key = APP_KEY) => ({
  url: settings.UPLINE_SHOPIFY_APP_URL ?? "",
  key,
});

test("many who want a token at once ask the app once, and it is kept until shortly before it ends", async (t) => {
  const app = await startFakeApp(t);
  const tokens = appTokens(appOf(app.settings), "one.myshopify.com");
  const given = await Promise.all(Array.from({ length: 100 }, () => tokens()));
  expect([new Set(given.map(({ accessToken }) => accessToken)).size, app.asked]).toStrictEqual([1, ["one.myshopify.com"]]);
  await appTokens(appOf(app.settings), "two.myshopify.com")();
  expect(app.asked).toStrictEqual(["one.myshopify.com", "two.myshopify.com"]);
  // One that the shop refused is not given again.
  app.answer = { status: 200, body: tokenFor(3_600_000, "newer") };
  expect((await tokens(given[0]?.accessToken)).accessToken).toBe("newer");
  expect((await tokens()).accessToken).toBe("newer");
  expect(app.asked.length).toBe(3);
  // It ends within a minute: whoever comes next asks again.
  app.answer = { status: 200, body: tokenFor(30_000, "short") };
  const short = appTokens(appOf(app.settings), "three.myshopify.com");
  await short();
  await short();
  expect(app.asked.length).toBe(5);
});

test("why there is no token is told in a sentence with the fix, and holds no key", async (t) => {
  const app = await startFakeApp(t);
  const ask = async (key = APP_KEY, url?: string) => {
    const given = url === undefined ? appOf(app.settings, key) : { url, key };
    const error = await appTokens(given, "shop.myshopify.com")().catch((cause: unknown) => cause);
    assert.ok(error instanceof StoreError, String(error));
    expect(error.message).not.toContain(APP_KEY);
    return `${error.kind}: ${error.message}`;
  };
  app.answer = { status: 404, body: { code: "not-installed" } };
  expect(await ask()).toBe("unauthorised: The Upline app is not installed in shop.myshopify.com: install it there.");
  app.answer = { status: 404, body: { type: "urn:upline-shopify:error:not-installed" } };
  expect(await ask()).toMatch(/not installed/);
  app.answer = { status: 409, body: { code: "needs-reopen" } };
  expect(await ask()).toMatch(/^unauthorised: .*open the app in the shop's admin once/);
  app.answer = { status: 503, body: {} };
  expect(await ask()).toMatch(/^unavailable: /);
  app.answer = { status: 200, body: "<html>" };
  expect(await ask()).toMatch(/^unavailable: .*no token/);
  app.answer = { status: 404, body: {} };
  expect(await ask()).toMatch(/^refused: .*UPLINE_SHOPIFY_APP_URL/);
  expect(await ask("another key of at least so many letters")).toMatch(/^unauthorised: .*UPLINE_SHOPIFY_APP_KEY/);
  expect(await ask(APP_KEY, "http://127.0.0.1:1")).toMatch(/^unavailable: The Shopify app cannot be reached/);
});

test("the stand-in is refused in production, and the app's two settings go together", () => {
  const standin = { SHOPIFY_STANDIN_URL: "http://127.0.0.1:9/" };
  expect(readEnv(standin).shopifyStandinUrl).toBe("http://127.0.0.1:9");
  expect(() => readEnv({ ...standin, NODE_ENV: "production" })).toThrow(EnvError);
  expect(() => readEnv({ ...standin, NODE_ENV: "production" })).toThrow(/SHOPIFY_STANDIN_URL is for development/);
  expect(readEnv({ NODE_ENV: "production" }).shopifyStandinUrl).toBeNull();
  expect(() => readEnv({ UPLINE_SHOPIFY_APP_URL: "http://app.test" })).toThrow(/go together/);
});
