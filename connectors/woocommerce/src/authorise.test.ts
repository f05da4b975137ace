import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acceptGrant, authoriseUrl } from "./authorise.ts";

const state = "Zx81-mPq_77aaBBcc0123456";
const recorded: string = JSON.parse(
  readFileSync(new URL("../fixtures/rest/wc-auth-callback.json", import.meta.url), "utf8"),
).rawBody;
const stateOfRecorded: string = JSON.parse(recorded).user_id;
const request = {
  storeUrl: "https://shop.example/de",
  appName: "Upline & Co",
  state,
  returnUrl: "https://hub.example/connected",
  callbackUrl: "https://hub.example/connect/woocommerce",
};

test("the address that asks the store's owner", () => {
  const url = new URL(authoriseUrl(request));
  expect(url.origin + url.pathname).toBe("https://shop.example/de/wc-auth/v1/authorize");
  expect(Object.fromEntries(url.searchParams)).toStrictEqual({
    app_name: "Upline & Co",
    scope: "read_write",
    user_id: state,
    return_url: "https://hub.example/connected",
    callback_url: "https://hub.example/connect/woocommerce",
  });
  expect(() => authoriseUrl({ ...request, callbackUrl: "http://hub.example/connect" })).toThrow(TypeError);
  expect(() => authoriseUrl({ ...request, state: "company-42" })).toThrow(TypeError);
});

/** States as the hub keeps them: found and removed in one step. */
function states(entries: Record<string, string>) {
  const kept = new Map(Object.entries(entries));
  return async (one: string) => {
    const bound = kept.get(one) ?? null;
    kept.delete(one);
    return bound;
  };
}

test("the recorded callback grants its key once, for what its state stood for", async () => {
  const take = states({ [stateOfRecorded]: "store 7" });
  expect(await acceptGrant(recorded, take)).toStrictEqual({
    kind: "granted",
    bound: "store 7",
    keyId: "2",
    consumerKey: "ck_0123456789012345678901234567890123456789",
    consumerSecret: "cs_9876543210987654321098765432109876543210",
    permissions: "read_write",
  });
  expect((await acceptGrant(recorded, take)).kind).toBe("refused");
});

test("what is no key, and a key that may only read, is refused; the state of garbage is not used up", async () => {
  const take = states({ [stateOfRecorded]: "store 7" });
  const changed = (over: object) => JSON.stringify({ ...JSON.parse(recorded), ...over });
  for (const body of [
    "",
    "[]",
    "{}",
    changed({ consumer_key: "ck_1" }),
    changed({ consumer_secret: null }),
    changed({ user_id: { $ne: 1 } }),
  ]) {
    expect((await acceptGrant(body, take)).kind).toBe("refused");
  }
  expect((await acceptGrant(changed({ key_permissions: "read" }), take)).kind).toBe("refused");
  expect((await acceptGrant(recorded, take)).kind, "the state was used by the key that may only read").toBe("refused");
});
