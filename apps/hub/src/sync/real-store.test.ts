import { parseAmount } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { createClient, type WooClient } from "@upline/woocommerce/client";
import { openStoreReader } from "@upline/woocommerce/store";
import postgres from "postgres";
import { assert, expect, test } from "vitest";
import { importSkus } from "../catalogue/import.ts";
import { auditLedger } from "../orders/audit.ts";
import { giveRestKey } from "../stores/access.ts";
import { jobPartsOf } from "../testing/fake-woo-store.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { reconcileStore } from "./reconcile.ts";

/**
 * A real WooCommerce whose messages never reach the hub: set UPLINE_WOO_URL, UPLINE_WOO_KEY and
 * UPLINE_WOO_SECRET (read and write; EUR). Makes a product and orders of its own and deletes them again.
 */
const { UPLINE_WOO_URL: url, UPLINE_WOO_KEY: consumerKey, UPLINE_WOO_SECRET: consumerSecret } = process.env;
const isGiven = Boolean(url && consumerKey && consumerSecret);
const CODES = ["ANNA77", "GREG1", "CARLA9", "BOB7", "NOBODY"];
const ORDERS = Number(process.env.UPLINE_WOO_ORDERS ?? 40);

type Client = WooClient;
type Row = {
  id: number;
  status: string;
  total: string;
  line_items: { id: number; total: string; total_tax: string; quantity: number }[];
};
const rowOf = async (answer: Promise<{ body: unknown }>): Promise<Row> => (await answer).body as Row;

/** Every kind of life an order can have, by its number. */
async function live(client: Client, order: Row, kind: number): Promise<void> {
  const [line] = order.line_items;
  const refund = (body: object) => client.post(`orders/${order.id}/refunds`, { api_refund: false, ...body });
  const ofLine = { line_items: [{ id: line?.id, quantity: 1, refund_total: 12.34 }] };
  if (kind === 0) await client.put(`orders/${order.id}`, { status: "completed" });
  if (kind === 1) await refund({ amount: "12.34", ...ofLine });
  if (kind === 2) await refund({ amount: "7.77" });
  if (kind === 3) await refund({ amount: order.total });
  if (kind === 4)
    await client.put(`orders/${order.id}`, { line_items: [{ id: line?.id, quantity: 5, total: "111.11", subtotal: "111.11" }] });
  if (kind === 5) await client.put(`orders/${order.id}`, { status: "cancelled" });
  if (kind === 6) await client.delete(`orders/${order.id}`);
  if (kind === 7) await client.delete(`orders/${order.id}`, { force: "true" });
  if (kind === 8) {
    await refund({ amount: "12.34", ...ofLine });
    const refunds = (await client.get(`orders/${order.id}/refunds`)).body as { id: number }[];
    await client.delete(`orders/${order.id}/refunds/${refunds[0]?.id}`, { force: "true" });
  }
}

/** What the shop itself says an order is worth, by other arithmetic than the connector's; null where it gives nothing exact. */
async function worthInShop(client: Client, orderId: number): Promise<bigint | null> {
  const found = await client.get(`orders/${orderId}`).catch((error: { kind?: string }) => {
    if (error.kind === "not-found") return null;
    throw error;
  });
  const order = found?.body as Row | undefined;
  if (!order || !["processing", "completed", "refunded"].includes(order.status)) return 0n;
  const refunds = (await client.get(`orders/${orderId}/refunds`)).body as { amount: string; line_items: { total: string }[] }[];
  const net = order.line_items.reduce((sum, line) => sum + parseAmount(line.total, "EUR"), 0n);
  // The product has no tax and the order no shipping, so that an amount is net.
  return net - refunds.reduce((sum, one) => sum + parseAmount(one.amount, "EUR"), 0n);
}

async function balancesOf(sql: postgres.Sql, companyId: number): Promise<string[]> {
  const rows = await sql`
    select o.platform_order_id as id, d.distributor_id as who, sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::text as amount
      from transfers t join orders o on o.company_id = t.company_id and o.order_no = t.source_no
      left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     where t.company_id = ${companyId} group by 1, 2 order by 1, 2`;
  return rows.filter((row) => row.amount !== "0").map((row) => `${row.id} ${row.who} ${row.amount}`);
}

/** The orders as the plugin would tell them now, to another company: the ledger to compare with. */
async function tell(hub: TestHub, company: TestCompany, orders: readonly Row[]): Promise<void> {
  const reader = openStoreReader({
    url: url!,
    credentials: { consumerKey, consumerSecret },
    callOut: openOutgoing({ allowPrivate: true }),
  });
  for (const { id } of orders) {
    const found = await reader.order(String(id));
    if (found.kind !== "order") continue;
    const life = { platform: "woocommerce" as const, topic: "order.updated", body: found.body };
    const { path, init } = signedRequest(company.stores.woocommerce, life);
    expect((await hub.app.request(path, init)).status).toBe(200);
  }
  await hub.settled();
}

const TITLE =
  "reconciliation alone reaches the same ledger as a real shop's messages (set UPLINE_WOO_URL, UPLINE_WOO_KEY and UPLINE_WOO_SECRET)";

test.skipIf(!isGiven)(TITLE, { timeout: 600_000 }, async (t) => {
  const hub = await openTestHub();
  const sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  t.onTestFinished(async () => {
    await sql.end();
    await hub.close();
  });
  const key = { companyId: hub.company.companyId, storeId: hub.company.stores.woocommerce.storeId };
  const parts = jobPartsOf(hub);
  await giveRestKey(hub, { ...key, url, consumerKey: consumerKey!, consumerSecret: consumerSecret!, actor: "test" });
  await sql`update store_access set wants_webhooks = false where store_id = ${key.storeId}`;
  const client = createClient({
    access: { url: url!, consumerKey: consumerKey!, consumerSecret: consumerSecret! },
    callOut: openOutgoing({ allowPrivate: true }),
  });
  const sku = `RECON-${Date.now()}`;
  const product = await rowOf(
    client.post("products", { name: "Recon", type: "simple", regular_price: "37.05", sku, tax_status: "none" }),
  );
  t.onTestFinished(async () => {
    await client.delete(`products/${product.id}`, { force: "true" });
  });
  const told = await setUpTestCompany(hub, "told");
  const volumes = { commissionClass: "products", pv: "100%", qv: "100%", cv: "100%" };
  const row = { line: 1, skuId: sku, platform: "woocommerce", platformSku: sku, name: "Recon", ...volumes };
  for (const companyId of [key.companyId, told.companyId]) await importSkus(hub, { companyId, rows: [row] });

  const since = new Date(
    product === undefined ? 0 : (await client.get("orders", { per_page: "1" })).storeTime.getTime() + 9 * 60_000,
  );
  const orders: Row[] = [];
  t.onTestFinished(async () => {
    for (const { id } of orders) await client.delete(`orders/${id}`, { force: "true" }).catch(() => undefined);
  });
  for (let at = 0; at < ORDERS; at += 1) {
    const meta_data = [{ key: "_upline_ref_code", value: CODES[at % CODES.length] }];
    const line_items = [{ product_id: product.id, quantity: 1 + (at % 3) }];
    orders.push(
      await rowOf(
        client.post("orders", {
          status: "processing",
          set_paid: true,
          billing: { email: `b${at}@example.com` },
          meta_data,
          line_items,
        }),
      ),
    );
  }
  const runs = [await reconcileStore(parts, { ...key, since })];
  for (const [at, order] of orders.entries()) await live(client, order, at % 9);
  runs.push(await reconcileStore(parts, key));
  // Refunds that are gone leave no time behind: one more round of life, and a comparison by id.
  for (const [at, order] of orders.entries()) if (at % 9 === 1) await live(client, order, 8);
  runs.push(await reconcileStore(parts, { ...key, all: true }));
  const last = await reconcileStore(parts, { ...key, all: true });

  let differences = 0n;
  for (const { id } of orders) {
    const shop = await worthInShop(client, id);
    const [here] = await sql<{ stage: string; worth: bigint }[]>`
      select stage, net_minor - refunded_net_minor as worth from orders where store_id = ${key.storeId} and platform_order_id = ${String(id)}`;
    const worth = here?.stage === "earned" ? BigInt(here.worth) : 0n;
    const difference = (shop ?? 0n) - worth;
    if (difference !== 0n) await t.annotate(`order ${id}: ${shop} in the shop, ${worth} here`);
    differences += difference < 0n ? -difference : difference;
  }
  await tell(hub, told, orders);
  const balances = await balancesOf(sql, key.companyId);
  const audit = await auditLedger(hub.pipeline, key.companyId);
  const healed = runs.map((one) => ({
    checked: one?.checked,
    healed: one?.healed,
    missed: one?.deltaBefore.EUR,
    delta: one?.delta.EUR,
  }));
  await t.annotate(
    JSON.stringify({
      orders: orders.length,
      runs: healed,
      differences: Number(differences),
      balances: balances.length,
      audit: audit.balanced,
    }),
  );
  expect([last?.outcome, last?.healed, last?.discrepancies]).toStrictEqual(["finished", 0, []]);
  expect(differences).toBe(0n);
  assert.ok(balances.length > 0);
  expect(balances).toStrictEqual(await balancesOf(sql, told.companyId));
  expect(audit.balanced).toBe(true);
});
