import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { readOldest } from "./buyer-queries.ts";
import { lockOrders } from "./writes.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("orders are looked up by their whole key on a table that nothing is known of yet", async () => {
  const { companyId, stores } = hub.company;
  const plans = await hub.db.lines.run(companyId, {
    read: async (tx) => {
      await lockOrders(tx, companyId, [{ storeId: stores.shopify.storeId, platformOrderId: "1" }]);
      await readOldest(tx, { companyId, hashes: new Set(["nobody"]), depth: 2 });
      const known = await tx<{ name: string; count: number }[]>`
        select name, cardinality(parameter_types) as count from pg_prepared_statements where statement like '%"platformOrderId"%' and cardinality(parameter_types) > 0`;
      return Promise.all(
        known.map(async ({ name, count }) => {
          const plan = await tx.unsafe<{ "QUERY PLAN": string }[]>(
            `explain (format text) execute "${name}" (${Array.from({ length: count }, () => "null").join()})`,
          );
          return plan.flatMap((line) => /using (orders_\w+)/.exec(line["QUERY PLAN"])?.[1] ?? []);
        }),
      );
    },
    write: () => [],
  });
  expect(plans.flat().sort()).toStrictEqual([
    "orders_company_id_order_no_pk",
    "orders_company_id_store_id_platform_order_id_unique",
  ]);
});

test("and on a table that grew and that nobody counted yet", async () => {
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const { companyId, stores } = hub.company;
  await owner`
    insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
                        state_hash, stage, platform_status, placed_at,
                        currency, total_minor, net_minor, refunded_net_minor)
    select ${companyId}, n, ${stores.shopify.storeId}, 'shopify', 'many-' || n, '#' || n, 1, now(), '', '', 'earned', 'paid', now(), 'EUR', 0, 0, 0
      from generate_series(1, 20000) n`;
  const plan = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ "QUERY PLAN": string }[]>`
    explain select * from orders
     where company_id = ${companyId} and store_id = ${stores.shopify.storeId} and platform_order_id >= ${"many-7"} and platform_order_id <= ${"many-7"}`,
  );
  expect(plan.map((line) => line["QUERY PLAN"]).join()).toContain("using orders_company_id_store_id_platform_order_id_unique");
  await owner.end();
});
