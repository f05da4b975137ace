import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remapQuarantined } from "../orders/remap.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importSkus } from "./import.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

const transform = JSON.parse(TRANSFORM);
const get = async (path: string) => (await call(hub, `/api${path}`, { key: hub.company.keys.read })).body;
const send = async (id: string, sku: string, price = 10) =>
  (
    await sendOrder(hub, {
      ...transform,
      platform_order_id: id,
      items: [
        { platform_sku: sku, qty: 1, unit_price: price },
        { platform_sku: "A1123", qty: 1, unit_price: 1 },
      ],
      total: null,
    })
  ).body;
const mapping = {
  sku_id: "GLOW",
  platform: "shopify",
  platform_sku: "GLOW-1",
  name: "Glow",
  category: "care",
  commission_class: "products",
  pv: "100%",
};

describe("the SKU map", () => {
  it("has the document's fields first, and pages", async () => {
    const { items } = await get("/sku-map?platform_sku=A1123");
    const { valid_from, ...rest } = items[0];
    expect(Object.keys(items[0]).slice(0, 6)).toStrictEqual([
      "sku_id",
      "platform",
      "platform_sku",
      "name",
      "category",
      "commission_class",
    ]);
    expect(rest).toStrictEqual({
      sku_id: "A1123",
      platform: "shopify",
      platform_sku: "A1123",
      name: "A1123",
      category: "",
      commission_class: "products",
      variant_id: null,
      pv: "100%",
      qv: "100%",
      cv: "100%",
      retail_margin: null,
    });
    expect(valid_from).toBe("1970-01-01T00:00:00.000Z");
    const first = await get("/sku-map?limit=1");
    expect((await get(`/sku-map?limit=1&before=${first.next}`)).items.length).toBe(1);
    expect(
      (await get("/sku-map?variant_id=51120099001")).items.map((one: { platform_sku: string }) => one.platform_sku),
    ).toStrictEqual(["KIT-STARTER"]);
  });

  it("once it covers a product releases the orders that wait for it, and pays them to the last unit", async () => {
    const first = await send("w1", "GLOW-1");
    await send("w2", "GLOW-1", 20);
    await send("w3", "OTHER");
    expect(first.commissions.map((one: { line_id: string; amount: string }) => [one.line_id, one.amount])).toStrictEqual([
      ["2", "0.10"],
      ["2", "0.05"],
      ["2", "0.03"],
      ["2", "0.02"],
    ]);
    const waiting = await get("/quarantine");
    expect(
      waiting.items.map((one: { platform_sku: string; orders: number; lines: number; net: string; currency: string }) => [
        one.platform_sku,
        one.orders,
        one.lines,
        one.net,
        one.currency,
      ]),
    ).toStrictEqual([
      ["GLOW-1", 2, 2, "30.00", "USD"],
      ["OTHER", 1, 1, "10.00", "USD"],
    ]);
    expect(
      (await get("/quarantine?limit=1&before=1")).items.map((one: { platform_sku: string }) => one.platform_sku),
    ).toStrictEqual(["OTHER"]);
    const mapped = await call(hub, "/api/sku-map", { body: mapping });
    expect([mapped.status, mapped.body]).toStrictEqual([200, { added: true, released_orders: 2 }]);
    const order = await get(`/orders/${first.order_id}`);
    expect([order.quarantined_lines, order.revisions[0].cause]).toStrictEqual([0, "remap"]);
    expect(order.commissions.map((one: { amount: string }) => one.amount)).toStrictEqual([
      "1.00",
      "0.50",
      "0.30",
      "0.20",
      "0.10",
      "0.05",
      "0.03",
      "0.02",
    ]);
    expect((await get("/quarantine")).items.map((one: { platform_sku: string }) => one.platform_sku)).toStrictEqual(["OTHER"]);
    expect((await call(hub, "/api/sku-map", { body: mapping })).body).toStrictEqual({ added: false, released_orders: 0 });
    expect(await remapQuarantined(hub.pipeline, hub.company.companyId)).toStrictEqual({ orders: 0 });
  });

  it("releases more orders than fit one batch, and leaves those older than a dated mapping", async () => {
    const count = 230;
    for (let from = 0; from < count; from += 23)
      await Promise.all(Array.from({ length: 23 }, (_, index) => send(`many-${from + index}`, "BULK-1")));
    await send("older", "DATED-1");
    const rows = ["BULK-1", "DATED-1"].map((sku, line) => ({
      line,
      skuId: sku,
      platform: "shopify",
      platformSku: sku,
      name: sku,
      commissionClass: "products",
      pv: "1",
      qv: "1",
      cv: "1",
      ...(sku === "DATED-1" ? { validFrom: "2026-01-01" } : {}),
    }));
    expect((await importSkus(hub, { companyId: hub.company.companyId, rows })).errors).toStrictEqual([]);
    expect(await remapQuarantined(hub.pipeline, hub.company.companyId)).toStrictEqual({ orders: count });
    expect((await get("/quarantine")).items.map((one: { platform_sku: string }) => one.platform_sku).sort()).toStrictEqual([
      "DATED-1",
      "OTHER",
    ]);
  });

  it("refuses a mapping that nobody could use, naming the field", async () => {
    const cases: [object, number, string][] = [
      [{ commission_class: "gold" }, 422, "commission_class"],
      [{ platform_sku: "" }, 422, "platform_sku"],
      [{ pv: "-1" }, 422, "pv"],
      [{ platform: "etsy" }, 400, "platform"],
      [{ valid_from: "soon" }, 422, "valid_from"],
    ];
    for (const [more, status, path] of cases) {
      const { body } = await call(hub, "/api/sku-map", { body: { ...mapping, ...more } });
      expect([body.status, body.errors[0].path]).toStrictEqual([status, path]);
    }
    expect((await call(hub, "/api/sku-map", { key: hub.company.keys.read, body: mapping })).status).toBe(403);
  });

  it("maps many at once or, where one row is wrong, none, and names the row and its field", async () => {
    const row = { sku_id: "A", platform: "shopify", platform_sku: "MANY-A", name: "A", commission_class: "products", pv: "1" };
    await send("waits-for-many", "MANY-B");
    const wrong = await call(hub, "/api/sku-map/rows", {
      body: { rows: [row, { ...row, platform_sku: "MANY-B", commission_class: "none" }] },
    });
    expect([wrong.status, wrong.body.errors[0].path]).toStrictEqual([422, "rows[1].commission_class"]);
    expect((await get("/sku-map?platform_sku=MANY-A")).items).toStrictEqual([]);
    const mapped = await call(hub, "/api/sku-map/rows", { body: { rows: [row, { ...row, platform_sku: "MANY-B" }] } });
    expect([mapped.status, mapped.body]).toStrictEqual([200, { added: 2, released_orders: 1 }]);
  });
});
