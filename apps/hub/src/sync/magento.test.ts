import { recorded, recordedStages } from "@upline/magento/fixtures";
import { type FakeMagento, KEYS, startMagento } from "@upline/magento/fixtures/store";
import fc from "fast-check";
import postgres from "postgres";
import { assert, expect, type TestContext, test } from "vitest";
import { auditLedger } from "../orders/audit.ts";
import { giveRestKey } from "../stores/access.ts";
import { jobPartsOf } from "../testing/fake-woo-store.ts";
import { asMagento, drawnLife } from "../testing/one-life-three-shops.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { readCatalogue } from "./catalogue.ts";
import { importStore } from "./import.ts";
import { reconcileStore } from "./reconcile.ts";

const SINCE = new Date("2026-01-01T00:00:00Z");

type Row = Record<string, unknown>;

interface Whole {
  readonly order: Row;
  readonly invoices: readonly Row[];
  readonly creditmemos: readonly Row[];
}

interface Scene {
  readonly hub: TestHub;
  readonly shop: FakeMagento;
  readonly sql: postgres.Sql;
  readonly key: { readonly companyId: number; readonly storeId: string };
}

/** A hub beside a Magento shop that it may ask. */
async function open(t: TestContext): Promise<Scene> {
  const shop = await startMagento();
  t.onTestFinished(() => shop.close());
  const hub = await openTestHub();
  t.onTestFinished(() => hub.close());
  const sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  t.onTestFinished(() => sql.end());
  const key = { companyId: hub.company.companyId, storeId: hub.company.stores.magento.storeId };
  await giveRestKey(hub, { ...key, ...KEYS, url: shop.url, actor: "test" });
  return { hub, shop, sql, key };
}

/** As the shop has it now; every row has a number of its own, and documents name their order. */
function put(shop: FakeMagento, { order, invoices, creditmemos }: Whole): void {
  const orderId = order.entity_id;
  const { tables } = shop;
  for (const name of ["orders", "invoices", "creditmemos"] as const) {
    const field = name === "orders" ? "entity_id" : "order_id";
    tables[name].splice(0, Number.POSITIVE_INFINITY, ...tables[name].filter((row) => row[field] !== orderId));
  }
  tables.orders.push(order);
  tables.invoices.push(...invoices.map((row) => ({ ...row, order_id: orderId })));
  tables.creditmemos.push(...creditmemos.map((row) => ({ ...row, order_id: orderId })));
}

/** Both recorded orders through all their stages, and drawn ones, each of somebody. */
const stages: readonly Whole[] = [
  ...recordedStages.map(({ body }) => JSON.parse(body) as Whole),
  ...fc.sample(drawnLife, { numRuns: 40, seed: 14 }).map((life, index) => numbered(JSON.parse(asMagento(life)), 100 + index)),
];

function numbered({ order, invoices, creditmemos }: Whole, entity_id: number): Whole {
  const SKUS = ["SKU-SIMPLE", "KIT-STARTER", "GREENS-030"];
  const items = (order.items as Row[]).map((item, index) => ({ ...item, product_id: index + 1, sku: SKUS[index] }));
  const code = { referral_code: entity_id % 2 === 0 ? "ALICE42" : "BOB7" };
  const own = (row: Row) => ({ ...row, entity_id: entity_id * 1000 + Number(row.entity_id), updated_at: row.created_at });
  return {
    order: { ...order, entity_id, base_total_invoiced: order.base_grand_total, items, extension_attributes: code },
    invoices: invoices.map(own),
    creditmemos: creditmemos.map(own),
  };
}

/** What everybody has earned of each order, by the ledger. */
async function earned({ sql }: Scene) {
  const rows = await sql`
    select o.platform_order_id as id, l.distributor_id as who, l.currency, sum(l.amount_minor)::text as minor
      from ledger l join orders o on o.company_id = l.company_id and o.order_no = l.order_id
     group by 1, 2, 3 having sum(l.amount_minor) <> 0 order by 1, 2, 3`;
  return rows.map(({ id, who, currency, minor }) => `${id} ${who} ${minor} ${currency}`);
}

/** Stages, nets and refunds of all orders. */
async function orders({ sql }: Scene) {
  const rows = await sql`
    select platform_order_id as id, stage, currency, net_minor::text as net, refunded_net_minor::text as back, distributor_no as owner
      from orders order by 1`;
  return rows.map((row) => Object.values(row).join(" "));
}

test("reconciliation alone, with every delivery lost, reaches the same ledger to the last unit; doing it again changes nothing", async (t) => {
  const [told, asked] = [await open(t), await open(t)];
  for (const [index, data] of stages.entries()) {
    const timestamp = new Date(Date.parse("2026-11-25T10:00:00Z") + index * 1000).toISOString();
    const body = JSON.stringify({ type: "order.updated", timestamp, data });
    const { path, init } = signedRequest(told.hub.company.stores.magento, { platform: "magento", topic: "order.updated", body });
    expect((await told.hub.app.request(path, init)).status).toBe(200);
    await told.hub.settled();
    put(asked.shop, data);
    put(told.shop, data);
  }
  const parts = jobPartsOf(asked.hub);
  const run = await reconcileStore(parts, { ...asked.key, since: SINCE });
  assert.ok(run);
  expect([run.outcome, run.error, run.discrepancies, run.healed]).toStrictEqual(["finished", null, [], 42]);
  expect(Object.values(run.delta).every((amount) => /^0(\.0+)?$/.test(amount))).toBe(true);
  expect(await orders(asked)).toStrictEqual(await orders(told));
  const ledger = await earned(asked);
  expect(ledger.length).toBeGreaterThan(40);
  expect(ledger).toStrictEqual(await earned(told));
  const again = await reconcileStore(parts, { ...asked.key, since: SINCE, all: true });
  expect([again?.healed, await earned(asked)]).toStrictEqual([0, ledger]);
  // Where the deliveries came, there is nothing to heal.
  const nothing = await reconcileStore(jobPartsOf(told.hub), { ...told.key, since: SINCE, all: true });
  expect([nothing?.outcome, nothing?.healed, nothing?.discrepancies]).toStrictEqual(["finished", 0, []]);
  for (const { hub } of [told, asked]) {
    const audit = await auditLedger(hub.pipeline, hub.company.companyId);
    expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
  }
}, 120_000);

test("an order that was deleted in the shop is taken back, and one whose credit memo came without a word is healed", async (t) => {
  const scene = await open(t);
  const { shop, hub, key } = scene;
  const parts = jobPartsOf(hub);
  const invoices = [recorded("invoice-01a-partial"), recorded("invoice-01b-rest")];
  put(shop, { order: recorded("order-01-simple-complete"), invoices, creditmemos: [] });
  await reconcileStore(parts, { ...key, since: SINCE });
  // 3 × 100 less a tenth.
  expect((await orders(scene)).map((row) => row.split(" ").slice(1, 5).join(" "))).toStrictEqual(["earned USD 27000 0"]);
  put(shop, {
    order: recorded("order-01-simple-partially-refunded"),
    invoices,
    creditmemos: [recorded("creditmemo-01a-partial")],
  });
  const healed = await reconcileStore(parts, { ...key, since: SINCE });
  expect(healed?.healed).toBe(1);
  expect((await orders(scene)).map((row) => row.split(" ").slice(1, 5).join(" "))).toStrictEqual(["earned USD 27000 9000"]);
  for (const rows of Object.values(shop.tables)) rows.splice(0);
  await reconcileStore(parts, { ...key, since: SINCE, all: true });
  expect((await orders(scene)).map((row) => row.split(" ")[1])).toStrictEqual(["void"]);
  expect(await earned(scene)).toStrictEqual([]);
});

test("a first import brings in what was before, and the catalogue tells SKUs that are the same", async (t) => {
  const scene = await open(t);
  for (const whole of stages) put(scene.shop, whole);
  const parts = jobPartsOf(scene.hub);
  const result = await importStore(parts, scene.key);
  expect([result?.done, result?.applied, result?.discrepancies]).toStrictEqual([42, 42, []]);
  scene.shop.tables.products.push(
    { id: 3, sku: "SKU-CONF-BLUE", name: "Blue", type_id: "simple", price: 50, status: 1 },
    {
      id: 5,
      sku: "SKU-CONF",
      name: "Conf",
      type_id: "configurable",
      status: 1,
      extension_attributes: { configurable_product_links: [3] },
    },
  );
  const [line, ...others] = await readCatalogue(parts, scene.key);
  expect([line?.variant_id, line?.suggestion, line?.sku_id, line?.price, others]).toStrictEqual([
    "3",
    "exact",
    "SKU-CONF-BLUE",
    "50",
    [],
  ]);
});

test("keys that are not whole, or of a shop of another platform, are refused by what is wrong with them", async (t) => {
  const { hub, shop, key } = await open(t);
  const { accessToken: _, ...three } = KEYS;
  await expect(giveRestKey(hub, { ...key, ...three, url: shop.url, actor: "test" })).rejects.toThrow(
    "These keys are not whole: a Magento store is read with the four keys of an integration",
  );
  const shopify = { companyId: key.companyId, storeId: hub.company.stores.shopify.storeId };
  await expect(giveRestKey(hub, { ...shopify, ...KEYS, url: shop.url, actor: "test" })).rejects.toThrow(
    "is a shopify store, which is not read with a REST key",
  );
});
