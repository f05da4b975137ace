import { type CatalogueRow, suggestSkus } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { expect, test } from "vitest";
import { recordedRest } from "../fixtures/recorded.ts";
import { KEY, SECRET, startStore } from "../fixtures/store-server.ts";
import { createClient } from "./client.ts";
import { importCatalogue } from "./import-catalogue.ts";
import { readStoreFacts } from "./store-facts.ts";

type Row = Record<string, unknown> & { id: number };

test("the recorded catalogue: variations instead of their product, as order lines name them", async (t) => {
  const store = await startStore();
  t.onTestFinished(() => store.close());
  store.products.push(...(recordedRest("products-list") as Row[]), { id: 900, type: "grouped", name: "Bundle", sku: "GRP" });
  store.variations.set("15", recordedRest("product-variations") as Row[]);
  const client = createClient({
    access: { url: store.url, consumerKey: KEY, consumerSecret: SECRET },
    callOut: openOutgoing({ allowPrivate: true }),
  });
  const rows: CatalogueRow[] = [];
  for await (const page of importCatalogue(client)) rows.push(...page);
  expect(rows.map(({ variantId, productId, sku, name, price }) => [variantId, productId, sku, name, price])).toStrictEqual([
    ["11", "11", "STK-001", "Starter Kit", "49.90"],
    ["12", "12", "GRN-030", "Daily Greens", "31.95"],
    ["13", "13", "SRM-001", "Serum on sale", "32.00"],
    ["14", "14", "EBK-001", "Training e-book", "9.99"],
    ["16", "15", "TEE-S", "Team T-Shirt - S", "19.00"],
    ["17", "15", "TEE-M", "Team T-Shirt - M", "19.00"],
    ["18", "15", "TEE-L", "Team T-Shirt - L", "22.50"],
  ]);
  const suggested = suggestSkus(rows, ["STK-001", "tee-l", "TEE-M"]);
  expect([suggested.get("11"), suggested.get("17"), suggested.get("18")]).toStrictEqual([
    { kind: "exact", sku: "STK-001" },
    { kind: "exact", sku: "TEE-M" },
    { kind: "none" },
  ]);
});

test("a SKU that several variations inherit is for a person to decide; no SKU suggests nothing", () => {
  const row = (variantId: string, sku: string | null): CatalogueRow => ({
    variantId,
    productId: "1",
    sku,
    name: "A",
    price: null,
    status: "publish",
  });
  const suggested = suggestSkus([row("1", "TEE"), row("2", "TEE"), row("3", null), row("4", "KIT")], ["TEE", "KIT"]);
  expect([...suggested.values()]).toStrictEqual([
    { kind: "ambiguous", sku: "TEE" },
    { kind: "ambiguous", sku: "TEE" },
    { kind: "none" },
    { kind: "exact", sku: "KIT" },
  ]);
});

test("a store that shows fewer decimals than its currency has is warned about", async (t) => {
  const store = await startStore();
  t.onTestFinished(() => store.close());
  const client = createClient({
    access: { url: store.url, consumerKey: KEY, consumerSecret: SECRET },
    callOut: openOutgoing({ allowPrivate: true }),
  });
  const facts = async (currency: string, decimals: string) => {
    store.settings.splice(0, 2, { id: 0, value: currency }, { id: 0, value: decimals });
    Object.assign(store.settings[0]!, { id: "woocommerce_currency" });
    Object.assign(store.settings[1]!, { id: "woocommerce_price_num_decimals" });
    return readStoreFacts(client);
  };
  expect(await facts("EUR", "2")).toStrictEqual({
    ...{ name: null, currency: "EUR", decimals: 2, timeZone: null, version: null, warnings: [] },
  });
  store.environment.version = "10.5.0";
  expect((await facts("EUR", "2")).version).toBe("10.5.0");
  expect((await facts("JPY", "0")).warnings).toStrictEqual([]);
  expect((await facts("KWD", "2")).warnings.length).toBe(1);
});
