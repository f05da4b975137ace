import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { post } from "./asking.ts";
import { type Standin, startStandin } from "./start.ts";

const DOMAIN = "greenleaf.myshopify.com";
/** Nobody listens there: what is sent is lost, which is all right here. */
const NOWHERE = "http://127.0.0.1:9";
let standin: Standin;
let root: string;

beforeAll(async () => {
  standin = await startStandin({ apiKey: "key", apiSecret: "secret", appUrl: NOWHERE, hubUrl: NOWHERE, retryMs: 0 });
  root = `${standin.url}/shops/${DOMAIN}/`;
});
afterAll(() => standin.stop());
beforeEach(() => standin.site.reset());

/** A buyer lands on a page and keeps the cookie. */
async function land(path: string): Promise<{ cookie: string }> {
  const response = await fetch(`${root}${path}`, { redirect: "manual" });
  return { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "" };
}

async function buy(headers: { cookie: string }, form: Record<string, string> = {}) {
  const cart = headers.cookie.split("=")[1] ?? "";
  const body = new URLSearchParams({ cart, pay: "now", ...form });
  const response = await fetch(`${root}checkout`, { method: "POST", headers, body, redirect: "manual" });
  const id = new URL(response.headers.get("location") ?? "", root).searchParams.get("order") ?? "";
  return standin.site.shopOf(DOMAIN).orderOf(id);
}

const variant = (sku: string): string => standin.site.shopOf(DOMAIN).variantOf(sku).id;

test("attributes of the cart are merged, taken off when empty, and come with the order", async () => {
  const headers = await land("products/green-tea?ref=ANNA77");
  await post(`${root}cart/add.js`, { id: variant("TEA-01"), quantity: 2, properties: { _ref_code: "ANNA77" } }, headers);
  await post(`${root}cart/update.js`, { attributes: { _ref_code: "ANNA77", gift: "yes" } }, headers);
  const merged = await post(`${root}cart/update.js`, { attributes: { _ref_ts: "1", gift: "" } }, headers);
  expect((await merged.json()).attributes).toStrictEqual({ _ref_code: "ANNA77", _ref_ts: "1" });
  const order = await buy(headers);
  expect([order.landingSite, order.attributes]).toStrictEqual([
    "/products/green-tea?ref=ANNA77",
    [
      { name: "_ref_code", value: "ANNA77" },
      { name: "_ref_ts", value: "1" },
    ],
  ]);
  expect(order.lines.map(({ sku, quantity, properties }) => [sku, quantity, properties])).toStrictEqual([
    ["TEA-01", 2, [{ name: "_ref_code", value: "ANNA77" }]],
  ]);
});

test("a discount link keeps the code for the checkout and leads on", async () => {
  standin.site.shopOf(DOMAIN).discounts.create({ title: "Five off", code: "BEN5", value: { minor: 500n } });
  const response = await fetch(`${root}discount/ben5?redirect=/products/green-tea?ref=BEN5`, { redirect: "manual" });
  expect(response.headers.get("location")).toBe(`/shops/${DOMAIN}/products/green-tea?ref=BEN5`);
  const headers = { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "" };
  await post(`${root}cart/add.js`, { items: [{ id: variant("TEA-01") }, { id: variant("SOAP-02") }] }, headers);
  const order = await buy(headers, { tip: "2.00" });
  // 5.00 over 24.90 and 9.50: 3.61 and the rest, 1.39; the tip gets nothing of it.
  expect(order.lines.map(({ allocations, tip }) => [tip, allocations.get(0)])).toStrictEqual([
    [false, 361n],
    [false, 139n],
    [true, undefined],
  ]);
  expect(order.discountCodes).toStrictEqual([{ code: "BEN5", amount: 500n, type: "fixed_amount" }]);
});

test("'Buy it now' leaves the cart and its attributes behind, and takes the form's own properties", async () => {
  const headers = await land("?ref=ANNA77");
  await post(`${root}cart/update.js`, { attributes: { _ref_code: "ANNA77" } }, headers);
  const form = new URLSearchParams({ id: variant("SOAP-02"), quantity: "1", "properties[_ref_code]": "ANNA77" });
  const page = await (await fetch(`${root}buy-now`, { method: "POST", headers, body: form })).text();
  const cart = /name="cart" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const order = await buy({ cookie: `cart=${cart}` });
  expect([order.attributes, order.lines[0]?.properties]).toStrictEqual([[], [{ name: "_ref_code", value: "ANNA77" }]]);
});

test("the admin asks before it installs, and hands the app a signed address", async () => {
  const frame = async () => await (await fetch(`${standin.url}/admin/greenleaf/app/orders`)).text();
  expect(await frame()).toContain("Install Upline in Greenleaf");
  await fetch(`${standin.url}/admin/greenleaf/install`, { method: "POST" });
  const source = /src="(http[^"]+)"/.exec(await frame())?.[1]?.replaceAll("&#38;", "&") ?? "";
  const { pathname, searchParams } = new URL(source);
  expect([pathname, searchParams.get("shop"), atob(searchParams.get("host") ?? "")]).toStrictEqual([
    "/orders",
    DOMAIN,
    "admin.shopify.com/store/greenleaf",
  ]);
});
