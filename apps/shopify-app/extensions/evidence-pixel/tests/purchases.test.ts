import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Callback = (event: never) => unknown;

const said = (attributes: { key: string; value: string }[], properties: { key: string; value: string }[] = []) => ({
  name: "checkout_completed",
  clientId: "3f8e-client",
  data: {
    checkout: {
      attributes,
      lineItems: [{ properties }],
      order: { id: "820982911946154508" },
      token: "c1-token",
      email: "buyer@example.com",
      phone: "+4312345678",
    },
  },
});

/** The sandbox that Shopify runs a pixel in, as far as this one uses it. */
async function load({ allowed, cookie = "" }: { allowed: boolean; cookie?: string }) {
  const heard = new Map<string, Callback>();
  const subscribe = (name: string, callback: Callback) => void heard.set(name, callback);
  const send = vi.fn<typeof fetch>(async () => new Response(null, { status: 202 }));
  vi.stubGlobal("fetch", send);
  vi.stubGlobal("shopify", {
    extend: (point: string, extend: (api: unknown) => void) => {
      expect(point).toBe("WebPixel::Render");
      extend({
        settings: { app_url: "https://app.example.com" },
        analytics: { subscribe },
        browser: { cookie: { get: async (name: string) => (name === "upline_ref" ? cookie : "") } },
        customerPrivacy: { subscribe },
        init: { data: { shop: { myshopifyDomain: "tea.myshopify.com" } }, customerPrivacy: { marketingAllowed: allowed } },
      });
    },
  });
  await import("../src/index.ts");
  return {
    send,
    sent: () => send.mock.calls.map(([address, request]) => [address, JSON.parse(String(request?.body))]),
    tell: async (name: string, event: unknown) => heard.get(name)?.(event as never),
  };
}

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllGlobals());

test("a completed checkout tells the code, the checkout and the visitor's number, and nothing of the buyer", async () => {
  const pixel = await load({ allowed: true });
  await pixel.tell("checkout_completed", said([{ key: "_ref_code", value: "anna77" }]));
  expect(pixel.sent()).toStrictEqual([
    [
      "https://app.example.com/evidence/pixel",
      {
        shop: "tea.myshopify.com",
        order_id: "820982911946154508",
        checkout_token: "c1-token",
        client_id: "3f8e-client",
        code: "ANNA77",
      },
    ],
  ]);
  expect(pixel.send.mock.calls[0]?.[1]).toMatchObject({ keepalive: true, headers: { "content-type": "text/plain" } });
});

test("without an attribute the line of a Buy now tells the code, then what the storefront remembers", async () => {
  const touch = ["BEN12", Math.floor(Date.now() / 1000) - 3600, "/tea/", "cookie"];
  const pixel = await load({ allowed: true, cookie: encodeURIComponent(JSON.stringify({ f: touch, l: touch })) });
  await pixel.tell("checkout_completed", said([{ key: "gift", value: "yes" }], [{ key: "_ref_code", value: "CARLA9" }]));
  await pixel.tell("checkout_completed", said([]));
  expect(pixel.sent().map(([, { code }]) => code)).toStrictEqual(["CARLA9", "BEN12"]);
});

test("nothing is told without consent to marketing, and nothing of a checkout without a code", async () => {
  const pixel = await load({ allowed: false, cookie: "%E0%A4%A" });
  const purchase = said([{ key: "_ref_code", value: "ANNA77" }]);
  await pixel.tell("checkout_completed", purchase);
  expect(pixel.sent()).toStrictEqual([]);
  await pixel.tell("visitorConsentCollected", { customerPrivacy: { marketingAllowed: true } });
  await pixel.tell("checkout_completed", said([]));
  expect(pixel.sent()).toStrictEqual([]);
  await pixel.tell("checkout_completed", purchase);
  expect(pixel.sent()).toHaveLength(1);
  await pixel.tell("visitorConsentCollected", { customerPrivacy: { marketingAllowed: false } });
  await pixel.tell("checkout_completed", purchase);
  expect(pixel.sent()).toHaveLength(1);
});
