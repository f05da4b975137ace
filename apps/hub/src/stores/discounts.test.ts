import { startAdminShop } from "@upline/shopify/fixtures/admin";
import { expect, test } from "vitest";
import { connectShop } from "../service/connect-shop.ts";
import { startFakeApp, tokenFor } from "../testing/fake-shopify-app.ts";
import { openTestHub } from "../testing/test-hub.ts";
import { makeConnectionCode } from "./code.ts";

test("distributors' codes become codes of one discount of the shop, whose they are is the network's to say, and repeating adds nothing", async (t) => {
  const [app, shop] = [await startFakeApp(t), await startAdminShop()];
  t.onTestFinished(() => shop.close());
  const hub = await openTestHub({ ...app.settings, SHOPIFY_STANDIN_URL: shop.url });
  t.onTestFinished(() => hub.close());
  const { companyId, stores, keys } = hub.company;
  const { code } = await makeConnectionCode(hub, { companyId, publicUrl: "http://hub.test", actor: "test" });
  const told = {
    platform: "shopify",
    domain: "codes.myshopify.com",
    shopId: "7",
    name: "Codes",
    currency: "EUR",
    timeZone: "UTC",
  } as const;
  const { storeId } = await connectShop(hub, { shop: told, join: { kind: "code", code }, actor: "service:test" });
  const ask = async (body?: unknown, { key = keys.admin, store = storeId } = {}) => {
    const answer = await hub.app.request(`/api/stores/${store}/discount-codes`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: whatever came, for tests to look into
    return { status: answer.status, json: (await answer.json()) as any };
  };
  expect((await ask({ codes: ["maya21"] }, { key: keys.read })).status).toBe(403);
  expect((await ask({ codes: ["maya21"] })).json.errors[0].path).toBe("create");
  const nobody = await ask({ codes: ["maya21", "nobody"], create: { title: "Distributors", percent: 10 } });
  expect([nobody.status, nobody.json.errors[0].path, shop.discounts.size]).toStrictEqual([422, "codes.1", 0]);
  const first = await ask({ codes: ["maya21", "GREG1"], create: { title: "Distributors", percent: 10 } });
  expect(first.json.codes).toStrictEqual([
    { code: "MAYA21", problem: null },
    { code: "GREG1", problem: null },
  ]);
  const again = await ask({ codes: ["MAYA21", "BOB7"] });
  expect([again.json.discount_id, again.json.codes]).toStrictEqual([
    first.json.discount_id,
    [
      { code: "MAYA21", problem: null },
      { code: "BOB7", problem: null },
    ],
  ]);
  // A code that another discount of the shop has is the shop's to free.
  shop.discounts.set("gid://shopify/DiscountCodeNode/99", new Set(["anna77"]));
  expect((await ask({ codes: ["ANNA77"] })).json.codes).toStrictEqual([{ code: "ANNA77", problem: "Code must be unique." }]);
  const { json } = await ask();
  expect(json.items.map(({ code, distributor_id: id }: Record<string, string>) => `${code} ${id}`)).toStrictEqual([
    "BOB7 D09",
    "GREG1 D02",
    "MAYA21 D03",
  ]);
  expect([...shop.discounts.values()][0]).toStrictEqual(new Set(["maya21", "greg1", "bob7"]));
  expect((await ask(undefined, { store: "st_nobody" })).status).toBe(404);
  expect((await ask({ codes: ["BOB7"] }, { store: stores.woocommerce.storeId })).status).toBe(422);
  app.answer = { status: 200, body: { ...tokenFor(3_600_000), scopes: ["read_orders"] } };
  // The token from before counts until the shop refuses it.
  shop.faults.push({ status: 401 });
  await ask({ codes: ["BOB7"] });
  const refused = await ask({ codes: ["CARLA9"] });
  expect([refused.status, refused.json.detail]).toStrictEqual([422, expect.stringMatching(/allow write_discounts/)]);
});
