import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnv } from "../env.ts";
import { openHub } from "../hub.ts";
import { insertDeliveries } from "../inbox/insert.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { testSettings } from "../testing/test-parts.ts";

/** A hub says the same whatever its database was set to by somebody else: an administrator, a template, another program's role. */

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

test.each([
  "datestyle = 'German, DMY'",
  "datestyle = 'SQL, DMY'",
  "timezone = 'Pacific/Kiritimati'",
  "bytea_output = 'escape'",
  "row_security = off",
  "array_nulls = off",
  "standard_conforming_strings = off",
])("%s", async (setting) => {
  const { companyId, stores } = hub.company;
  const name = new URL(hub.db.url).pathname.slice(1);
  await owner.unsafe(`alter database ${name} set ${setting}`);
  const other: TestHub = { ...hub, ...(await openHub(readEnv(testSettings(hub.db.url)), hub.db.url)) };
  try {
    const order = {
      ...{ platform: "shopify", store: stores.shopify.storeId, platform_order_id: setting, order_ts: "2026-03-04T23:30:00Z" },
      ...{ items: [{ platform_sku: "KIT-STARTER-001", qty: 1, unit_price: 10 }], total: null },
    };
    expect((await sendOrder(other, { ...JSON.parse(TRANSFORM), ...order })).status).toBe(201);
    for (const path of ["ledger/days?from=2026-03-01&to=2026-03-31", "orders?placed_on=2026-03-04", "deliveries", "periods"]) {
      const [seen, meant] = await Promise.all([call(other, `/api/${path}`), call(hub, `/api/${path}`)]);
      expect([seen.status, seen.body], path).toStrictEqual([200, meant.body]);
    }
    const { items } = (await call(other, "/api/ledger/days?from=2026-03-01&to=2026-03-31")).body;
    expect(items[0].day).toBe("2026-03-04");
    const delivery = { companyId, storeId: stores.shopify.storeId, topic: "t", platformDeliveryId: null, body: "{}" };
    expect(await insertDeliveries(other, [{ ...delivery, encoding: "utf8" }])).toHaveLength(1);
  } finally {
    await other.close();
    await owner.unsafe(`alter database ${name} reset all`);
  }
});
