import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importSkus } from "./import.ts";
import { KnownProducts } from "./known-products.ts";
import type { Mapping } from "./queries.ts";
import { suggester } from "./suggestions.ts";

/** As what a product that waits might be mapped: the same SKU elsewhere, or a hint, or nothing. */

const row = (more: Partial<Mapping>): Mapping => ({
  ...{ skuId: "SLEEP", platform: "woocommerce", platformSku: "SLP-50", variantId: null, name: "Sleep Drops 50 ml", category: "" },
  ...{ commissionClass: "products", pv: "25", qv: "24", cv: "80%", retailMargin: "3.50", validFrom: new Date(0) },
  ...more,
});
const classes = new Set(["products", "digital"]);
const suggest = (mappings: readonly Mapping[], sku: string | null, name = "Something else") => {
  const found = suggester({ sameSku: mappings, known: new KnownProducts(mappings), classes })({
    platform: "shopify",
    sku,
    variantId: "1",
    name,
  });
  return found && [found.reason, found.from.skuId, found.from.commissionClass, found.from.pv];
};

test("the same SKU elsewhere is the same product, before the company's own name, and both before any hint", () => {
  const other = row({ skuId: "SLP-50", platformSku: "DROPS", commissionClass: "digital" });
  expect(suggest([other, row({})], "SLP-50")).toStrictEqual(["same-sku", "SLEEP", "products", "25"]);
  expect(suggest([other], "SLP-50")).toStrictEqual(["own-sku", "SLP-50", "digital", "25"]);
  expect(suggest([row({})], "SLP-51")).toBe(null);
});

test("where the products known by a SKU do not agree, nothing is suggested, not even by name", () => {
  const magento = row({ platform: "magento" });
  expect(suggest([magento, row({})], "SLP-50")).toStrictEqual(["same-sku", "SLEEP", "products", "25"]);
  for (const odd of [{ cv: "81%" }, { commissionClass: "digital" }, { skuId: "OTHER" }, { retailMargin: null }, { qv: "25" }])
    expect(suggest([{ ...magento, ...odd }, row({})], "SLP-50", "Sleep Drops 50 ml")).toBe(null);
});

test("a class that the plan does not have is not suggested", () => {
  expect(suggest([row({ commissionClass: "gone" })], "SLP-50")).toBe(null);
  expect(suggest([row({ commissionClass: "gone" })], "SLP-50-2", "Sleep Drops 50 ml")).toBe(null);
});

test("a SKU with something behind it, and a name of mostly the same words, are hints; the longest and the likest win", () => {
  const known = [row({ skuId: "A" }), row({ skuId: "B", platformSku: "SLP-50-2", name: "Sleep Drops 50 ml, pair" })];
  expect(suggest(known, "SLP-50-2-X")?.slice(0, 2)).toStrictEqual(["like-sku", "B"]);
  expect(suggest(known, "SLP-50-3")?.slice(0, 2)).toStrictEqual(["like-sku", "A"]);
  expect(suggest(known, "SLP-500")).toBe(null);
  expect(suggest(known, "X-1", "SLEEP drops (50 ml)")?.slice(0, 2)).toStrictEqual(["like-name", "A"]);
  expect(suggest(known, null, "Sleep drops pair 50 ml")?.slice(0, 2)).toStrictEqual(["like-name", "B"]);
  // Three of four and four words are enough, two of four and four are not.
  expect(suggest([row({})], "X-1", "Sleep Drops 50 pieces")?.[0]).toBe("like-name");
  expect(suggest([row({})], "X-1", "Sleep Drops 30 pieces")).toBe(null);
  expect(suggest([row({})], "X-1", "")).toBe(null);
});

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

const send = (id: string, items: readonly object[]) =>
  sendOrder(hub, { ...JSON.parse(TRANSFORM), platform_order_id: id, items, total: null });

test("what is suggested for what waits is taken from what counts now, and pays, mapped as suggested, what the preview said", async () => {
  const map = (more: object) => ({
    ...{ line: 2, platform: "woocommerce", name: "Sleep Drops", commissionClass: "products" },
    ...more,
  });
  const volumes = { pv: "50%", qv: "40%", cv: "60%" };
  const rows = [
    map({ skuId: "SLEEP", platformSku: "SLP-50", ...volumes, retailMargin: "3.50", validFrom: "2024-01-01" }),
    map({ line: 3, skuId: "OLD", platformSku: "SLP-50", pv: "1", qv: "1", cv: "1", validFrom: "2023-01-01" }),
    map({ line: 4, skuId: "LATER", platformSku: "SLP-50", pv: "2", qv: "2", cv: "2", validFrom: "2999-01-01" }),
  ];
  const { companyId } = hub.company;
  expect((await importSkus(hub, { companyId, rows: rows as never, actor: "test" })).errors).toStrictEqual([]);
  const price = { qty: 1, unit_price: 33.33 };
  await send("s1", [{ platform_sku: "SLP-50", ...price }]);
  await send("s2", [{ platform_sku: "SLP-50-2", ...price }]);
  await send("s3", [{ platform_sku: "NOTHING", ...price }]);
  const { status, body } = await call(hub, "/api/quarantine/suggestions", { key: hub.company.keys.read });
  expect(status).toBe(200);
  const common = {
    platform: "shopify",
    variant_id: null,
    from_platform: "woocommerce",
    from_sku: "SLP-50",
    from_name: "Sleep Drops",
  };
  const as = { commission_class: "products", ...volumes };
  expect(body.next).toBe(null);
  expect(new Set(body.items)).toStrictEqual(
    new Set([
      { ...common, platform_sku: "SLP-50", reason: "same-sku", sku_id: "SLEEP", ...as, retail_margin: "3.50" },
      { ...common, platform_sku: "SLP-50-2", reason: "like-sku", sku_id: "SLP-50-2", ...as, retail_margin: null },
    ]),
  );
  // Page by page it is the same: one product a page, of which the third has no suggestion.
  const paged: object[] = [];
  const pages: (string | null)[] = [];
  for (let before: string | null = "0"; before !== null; ) {
    const page: { items: object[]; next: string | null } = (
      await call(hub, `/api/quarantine/suggestions?limit=1&before=${before}`, { key: hub.company.keys.read })
    ).body;
    paged.push(...page.items);
    pages.push(page.next);
    before = page.next;
  }
  expect([new Set(paged), pages]).toStrictEqual([new Set(body.items), ["1", "2", null]]);

  const { sku_id, platform, platform_sku, commission_class, pv, qv, cv, retail_margin } = body.items.find(
    ({ reason }: { reason: string }) => reason === "same-sku",
  );
  const mapping = { sku_id, platform, platform_sku, name: "Sleep Drops", commission_class, pv, qv, cv, retail_margin };
  const key = hub.company.keys.admin;
  const told = (await call(hub, "/api/sku-map/preview", { key, body: { rows: [mapping] } })).body.pay;
  // 60 % of 33.33 are 20.00 CV, of which the two who qualify get 10 and 5 %.
  expect(told.sums).toStrictEqual([{ currency: "USD", amount: "3.00", people: 2 }]);
  expect((await call(hub, "/api/sku-map/rows", { key, body: { rows: [mapping] } })).body).toStrictEqual({
    added: 1,
    released_orders: 1,
  });
  const left = (await call(hub, "/api/quarantine/suggestions", { key: hub.company.keys.read })).body.items;
  expect(left.map((one: { platform_sku: string }) => one.platform_sku)).toStrictEqual(["SLP-50-2"]);
});

test("what was mapped since the last asking is known, and what is dated later is not", async () => {
  await send("s4", [{ platform_sku: "NEW-1-X", qty: 1, unit_price: 1 }]);
  const suggested = async () => {
    const { items } = (await call(hub, "/api/quarantine/suggestions", { key: hub.company.keys.read })).body;
    return items.find((one: { platform_sku: string }) => one.platform_sku === "NEW-1-X")?.from_name;
  };
  expect(await suggested()).toBe(undefined);
  const map = (name: string, validFrom: string) => ({
    ...{
      line: 2,
      platform: "magento",
      skuId: "NEW-1",
      platformSku: "NEW-1",
      name,
      commissionClass: "products",
      pv: "1",
      qv: "1",
      cv: "1",
    },
    validFrom,
  });
  const { companyId } = hub.company;
  const add = (rows: object[]) => importSkus(hub, { companyId, rows: rows as never, actor: "test" });
  expect((await add([map("Later", "2999-01-01")])).errors).toStrictEqual([]);
  expect(await suggested()).toBe(undefined);
  expect((await add([map("New", "2024-01-01")])).errors).toStrictEqual([]);
  expect(await suggested()).toBe("New");
});

test("a product that waits for an exchange rate is mapped already, and nothing is suggested for it", async () => {
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const line = {
    company_id: hub.company.companyId,
    order_no: 900_000,
    platform: "shopify",
    sku: "SLP-50-9",
    name: "Sleep Drops",
  };
  const lines = [
    { ...line, line_id: "a", net_minor: 1, currency: "XAF", rate_to: "USD" },
    { ...line, line_id: "b", net_minor: 1, currency: "USD", rate_to: null, sku: "SLP-50-8" },
  ];
  await owner`insert into quarantine ${owner(lines)}`;
  await owner.end();
  const { items } = (await call(hub, "/api/quarantine/suggestions", { key: hub.company.keys.read })).body;
  const skus = items.map((one: { platform_sku: string }) => one.platform_sku);
  expect([skus.includes("SLP-50-8"), skus.includes("SLP-50-9")]).toStrictEqual([true, false]);
});
