import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { countToDos } from "./to-dos.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

test("what waits is counted: a product once, however many orders wait for it, with and without a SKU, over all platforms", async () => {
  const { companyId } = hub.company;
  const line = (orderNo: number, lineId: string, platform: string, sku: string | null) => ({
    ...{ company_id: companyId, order_no: orderNo, line_id: lineId, platform, sku, name: "x", net_minor: 1, currency: "USD" },
  });
  const lines = [
    ...[1, 2, 3].map((orderNo) => line(orderNo, "a", "shopify", "TEA")),
    line(4, "a", "magento", "TEA"),
    line(5, "a", "magento", null),
    line(6, "a", "magento", null),
    line(7, "a", "woocommerce", null),
    line(8, "a", "shopify", "ZED"),
  ];
  await owner`insert into quarantine ${owner(lines)}`;
  await owner`insert into inbox_outcomes ${owner([901, 902].map((id) => ({ company_id: companyId, delivery_id: id, outcome: "dead" })))}`;
  await owner`insert into inbox_retries ${owner([{ company_id: companyId, delivery_id: 903, attempts: 1, next_attempt_at: new Date(), error: "x" }])}`;
  const answer = await hub.app.request("/api/overview", { headers: { authorization: `Bearer ${hub.company.keys.read}` } });
  // TEA and ZED of Shopify, TEA and what has no SKU of Magento, what has none of WooCommerce.
  expect(await answer.json()).toMatchObject({
    to_dos: { quarantined_skus: 5, unresolved_orders: 0, dead_letters: 2, waiting_deliveries: 1, proposals: 0 },
  });
});

test("each count comes from an index, whatever else the tables hold", async () => {
  const { companyId } = hub.company;
  await owner`insert into quarantine (company_id, order_no, line_id, platform, sku, name, net_minor, currency)
    select ${companyId}, 1000 + n, 'b', 'shopify', 'SKU-' || n % 7, 'x', 1, 'USD' from generate_series(1, 20000) n`;
  await owner`insert into inbox_outcomes (company_id, delivery_id, outcome) select ${companyId}, 100000 + n, 'applied' from generate_series(1, 20000) n`;
  await owner`analyze quarantine, inbox_outcomes, inbox_retries, orders, periods`;
  const scans = async () =>
    Number(
      (
        await owner`select sum(seq_tup_read) as read from pg_stat_user_tables where relname in ('quarantine', 'inbox_outcomes', 'orders')`
      )[0]?.read,
    );
  await owner`select pg_stat_force_next_flush()`;
  const before = await scans();
  const counted = await asCompany(hub.db, companyId, async (tx) => {
    const found = await countToDos(tx, companyId);
    await tx`select pg_stat_force_next_flush()`;
    return found;
  });
  expect(counted.quarantinedSkus).toBe(5 + 7);
  await owner`select pg_stat_clear_snapshot()`;
  expect((await scans()) - before).toBe(0);
});
