import { SkuMap } from "@upline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/create.ts";
import { asCompany } from "../db/connect.ts";
import { publishPlan } from "../plans/publish.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { importSkus } from "./import.ts";
import { readSkuMap } from "./queries.ts";
import type { SkuImport } from "./rows.ts";

let hub: TestParts;
let made = 0;

beforeAll(async () => {
  hub = await openTestParts();
});
afterAll(() => hub.close());

async function emptyCompany(): Promise<number> {
  made += 1;
  return (await createCompany(hub, { slug: `company-${made}`, name: "Test" })).companyId;
}

const KIT = {
  line: 2,
  skuId: "KIT",
  platform: "shopify",
  platformSku: "KIT-1",
  variantId: "77",
  name: "Kit",
  commissionClass: "products",
  pv: "25",
  qv: "25",
  cv: "80%",
} as const satisfies SkuImport;

const bring = (companyId: number, ...rows: SkuImport[]) => importSkus(hub, { companyId, rows, actor: "test" });

async function find(
  companyId: number,
  at: string,
  line: { variantId: string | null; sku: string | null } = { variantId: "77", sku: null },
) {
  const rows = await asCompany(hub.db, companyId, (tx) => readSkuMap(tx, companyId));
  return new SkuMap(rows).find({ platform: "shopify", line, at });
}

describe("mapping SKUs", () => {
  test("a first mapping counts from the beginning of time, by variant and by SKU", async () => {
    const companyId = await emptyCompany();
    expect(await bring(companyId, KIT)).toMatchObject({ added: 1, unchanged: 0, errors: [], errorCount: 0 });
    expect((await find(companyId, "2001-01-01T00:00:00Z"))?.cv).toBe("80%");
    expect((await find(companyId, "2001-01-01T00:00:00Z", { variantId: "78", sku: "KIT-1" }))?.skuId).toBe("KIT");
  });

  test("the same again does nothing; a change counts from now on, or from its date", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, KIT);
    expect(await bring(companyId, KIT)).toMatchObject({ added: 0, unchanged: 1, errors: [], errorCount: 0 });
    const later = { ...KIT, cv: "90%", validFrom: "2030-01-01" };
    expect((await bring(companyId, later)).added).toBe(1);
    expect((await bring(companyId, later)).added).toBe(0);
    expect((await bring(companyId, { ...KIT, cv: "70%" })).added).toBe(1);
    expect((await find(companyId, "2020-01-01T00:00:00Z"))?.cv).toBe("80%");
    expect((await find(companyId, new Date(Date.now() + 1000).toISOString()))?.cv).toBe("70%");
    expect((await find(companyId, "2031-01-01T00:00:00Z"))?.cv).toBe("90%");
  });

  test("of two mappings of one date the one recorded last counts, and the other may be said again", async () => {
    const companyId = await emptyCompany();
    const dated = { ...KIT, validFrom: "2026-01-01" };
    await bring(companyId, dated);
    await bring(companyId, { ...dated, cv: "90%" });
    expect((await bring(companyId, { ...dated, cv: "90%" })).added).toBe(0);
    expect((await bring(companyId, dated)).added).toBe(1);
    expect((await find(companyId, "2026-02-01T00:00:00Z"))?.cv).toBe("80%");
  });

  test("one file may hold a SKU's history", async () => {
    const companyId = await emptyCompany();
    const rows = [
      { ...KIT, line: 2, cv: "50%", validFrom: "2026-06-01T12:00:00+02:00" },
      { ...KIT, line: 3, cv: "40%", validFrom: "2026-01-01" },
    ];
    expect((await bring(companyId, ...rows)).added).toBe(2);
    expect((await find(companyId, "2026-06-01T09:59:59Z"))?.cv).toBe("40%");
    expect((await find(companyId, "2026-06-01T10:00:00Z"))?.cv).toBe("50%");
    expect(await find(companyId, "2025-12-31T23:59:59Z")).toBe(null);
  });

  test("a dry run finds the same and writes nothing", async () => {
    const companyId = await emptyCompany();
    const result = await importSkus(hub, { companyId, rows: [KIT], actor: "test", dryRun: true });
    expect(result.added).toBe(1);
    expect(await find(companyId, "2026-01-01T00:00:00Z")).toBe(null);
  });

  test("what no close could sum, no column holds or a spreadsheet broke is refused by field, with the line", async () => {
    const companyId = await emptyCompany();
    const wrong: [Partial<SkuImport>, string, RegExp][] = [
      [{ pv: "99999999999999999999" }, "pv", /larger than 100000000/],
      [{ qv: "1.00001" }, "qv", /more than 4 decimals/],
      [{ cv: "99999999%" }, "cv", /more than 1000%/],
      [{ cv: "1e9" }, "cv", /is no volume/],
      [{ retailMargin: "1e99" }, "retail_margin", /is no amount/],
      [{ retailMargin: "99999999999999999999" }, "retail_margin", /larger than/],
      [{ variantId: "5.112E+10" }, "variant_id", /spreadsheet/],
      [{ platformSku: "x".repeat(256) }, "platform_sku", /longer than 255/],
      [{ name: "Kit\u0000" }, "name", /NUL/],
      [{ category: "x".repeat(256) }, "category", /longer than 255/],
      [{ commissionClass: "\u0000" }, "commission_class", /NUL/],
      [{ validFrom: "0000-01-01" }, "valid_from", /is no date/],
    ];
    for (const [change, field, message] of wrong) {
      const { errorCount, errors } = await bring(companyId, { ...KIT, ...change });
      expect([errorCount, errors[0]?.line, errors[0]?.field], field).toStrictEqual([1, 2, field]);
      expect(errors[0]?.message).toMatch(message);
    }
  });

  test("another company's map is never seen", async () => {
    const [one, two] = [await emptyCompany(), await emptyCompany()];
    await bring(one, KIT);
    expect(await find(two, "2026-01-01T00:00:00Z")).toBe(null);
    const seen = await asCompany(hub.db, two, (tx) => tx`select * from sku_map`);
    expect(seen.length).toBe(0);
  });
});

describe("refusing a file names the line, the field and the fix, and writes nothing", () => {
  const cases: readonly (readonly [string, SkuImport, RegExp])[] = [
    ["no id", { ...KIT, skuId: " " }, /^2 sku_id: is empty/],
    ["an unknown platform", { ...KIT, platform: "ebay" }, /^2 platform: "ebay" is none of shopify, woocommerce, magento/],
    [
      "neither SKU nor variant",
      { ...KIT, platformSku: "", variantId: undefined } as SkuImport,
      /^2 platform_sku: is empty, and variant_id is too/,
    ],
    ["no name", { ...KIT, name: "" }, /^2 name: is empty/],
    ["no class", { ...KIT, commissionClass: "" }, /^2 commission_class: is empty/],
    ["no volume", { ...KIT, pv: "" }, /^2 pv: "" is no volume: write 25/],
    ["a negative volume", { ...KIT, qv: "-1" }, /^2 qv: "-1" is no volume/],
    ["a volume with a comma", { ...KIT, cv: "12,5" }, /^2 cv: "12,5" is no volume/],
    ["a negative margin", { ...KIT, retailMargin: "-2" }, /^2 retail_margin: "-2" is less than 0/],
    ["no margin", { ...KIT, retailMargin: "two" }, /^2 retail_margin: "two" is no amount/],
    ["no date", { ...KIT, validFrom: "soon" }, /^2 valid_from: "soon" is no date/],
  ];
  for (const [name, row, expected] of cases) {
    test(name, async () => {
      const companyId = await emptyCompany();
      const result = await bring(companyId, row, { ...KIT, line: 3, platformSku: "OTHER", variantId: "1" });
      expect(result.errorCount).toBe(1);
      const [error] = result.errors;
      expect(`${error?.line} ${error?.field}: ${error?.message}`).toMatch(expected);
      const rows = await asCompany(hub.db, companyId, (tx) => tx`select from sku_map`);
      expect(rows.length).toBe(0);
    });
  }

  test("the same SKU twice", async () => {
    const companyId = await emptyCompany();
    const result = await bring(companyId, KIT, { ...KIT, line: 3, cv: "1" });
    expect(result.errors[0]?.message ?? "").toMatch(/"KIT-1" of shopify is mapped in line 2 already/);
    expect(result.errors[0]?.line).toBe(3);
  });

  test("a class that the plan in force does not have", async () => {
    const companyId = await emptyCompany();
    await publishPlan(hub, { companyId, document: TEST_PLAN, effectiveFrom: new Date(0), actor: "test" });
    const result = await bring(companyId, { ...KIT, commissionClass: "gadgets" });
    expect(result.errors[0]?.message ?? "").toMatch(/"gadgets" is no commission class: the plan in force has products, digital/);
    expect((await bring(companyId, KIT)).added).toBe(1);
  });
});
