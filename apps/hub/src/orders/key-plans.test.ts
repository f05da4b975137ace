import { afterAll, beforeAll, expect, test } from "vitest";
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
