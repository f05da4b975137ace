import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import { remapJob } from "./remap-job.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const [life] = recordedLives().filter(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
if (!life) throw new Error("the fixture is missing");

/** A paid order with one line of a SKU that nobody has mapped yet. */
function send(id: string, sku: string) {
  assert.ok(life);
  const order = JSON.parse(life.body);
  const line = { ...order.line_items[0], sku, variant_id: null };
  const body = JSON.stringify({ ...order, id: Number(id), line_items: [line] });
  const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body });
  return hub.app.request(path, init);
}

const mapping = (sku: string) => ({
  sku_id: sku,
  platform: "shopify",
  platform_sku: sku,
  name: sku,
  commission_class: "products",
  pv: "100%",
  valid_from: "2020-01-01T00:00:00Z",
});

const quarantined = async () => (await call(hub, "/api/orders?quarantined=true")).body.items.length as number;

test("an order that was decided while its SKU was being mapped is decided again", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const holding = owner.begin(async (tx) => {
    await tx`lock table order_revisions in share mode`;
    locked();
    await released;
  });
  await isLocked;
  expect((await send("7500000000001", "RACE-1")).status).toBe(200);
  await until("the order is decided and waits to be written", async () => {
    const rows = await owner`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length > 0;
  });
  expect((await call(hub, "/api/sku-map", { body: mapping("RACE-1") })).status).toBeLessThan(300);
  release();
  await holding;
  await until("the order is there", async () => (await call(hub, "/api/orders")).body.items.length === 1);
  await hub.settled();
  expect(await quarantined()).toBe(0);
});

test("a quarantined line that a mapping covers, left behind by a crash, is found by the job", async () => {
  expect((await send("7500000000002", "LEFT-1")).status).toBe(200);
  await hub.settled();
  expect(await quarantined()).toBe(1);
  const { companyId } = hub.company;
  await owner`
    insert into sku_map (company_id, sku_id, platform, platform_sku, name, commission_class, pv, qv, cv, valid_from)
    values (${companyId}, 'LEFT-1', 'shopify', 'LEFT-1', 'x', 'products', '100%', '100%', '100%', '2020-01-01')`;
  await owner`update companies set directory_version = directory_version + 1 where company_id = ${companyId}`;
  const job = remapJob(hub.pipeline);
  const [target] = await job.due();
  assert.ok(target);
  expect(await job.run(target, new AbortController().signal)).toBe("1 order computed again.");
  expect(await quarantined()).toBe(0);
});
