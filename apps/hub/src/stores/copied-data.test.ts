import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { auditLedger } from "../orders/audit.ts";
import { type RecordedLife, recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import type { TestStore } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { addStore } from "./add.ts";

/** A shop whose data was copied and that is connected as a shop of its own: the same order numbers, customers and bodies, and none of the first one's. */

let hub: TestHub;
let sql: postgres.Sql;
let first: TestStore;
let copy: TestStore;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  first = hub.company.stores.woocommerce;
  const { companyId } = hub.company;
  const domain = "staging.shop.example.com";
  const added = await addStore(hub, { companyId, platform: "woocommerce", domain, secret: "copy", publicUrl: "http://hub.test" });
  copy = { storeId: added.storeId, domain, secret: "copy", ingestPath: new URL(added.ingestUrl).pathname };
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

async function deliver(store: TestStore, life: RecordedLife, secret = store.secret): Promise<number> {
  const { path, init } = signedRequest(store, life, secret);
  const { status } = await hub.app.request(path, init);
  await hub.settled();
  return status;
}

/** What everybody has of a shop's orders, minor units, by order and distributor. */
async function paidBy({ storeId }: TestStore): Promise<Record<string, string>> {
  const rows = await sql<{ key: string; amount: string }[]>`
    select o.platform_order_id || ' ' || coalesce(t.distributor_no, 0) as key,
           sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::text as amount
      from transfers t join orders o on o.company_id = t.company_id and o.order_no = t.source_no
     where o.store_id = ${storeId} group by 1 order by 1`;
  return Object.fromEntries(rows.map(({ key, amount }) => [key, amount]));
}

test("a copy's deliveries change nothing of the first shop's orders, and the other way round", async () => {
  const lives = recordedLives().filter(({ platform }) => platform === "woocommerce");
  // The plugin's two: the order after a part of it was given back, and after all of it was.
  const [partly, wholly] = lives.slice(-2);
  assert.ok(partly && wholly);
  for (const life of lives.slice(0, -1)) expect(await deliver(first, life)).toBe(200);
  const before = await paidBy(first);
  expect(Object.values(before).some((amount) => amount !== "0")).toBe(true);

  // Signed with the first one's secret, which was copied too, at the copy's own address: nobody's.
  expect(await deliver(copy, partly, first.secret)).toBe(401);
  expect(await deliver(first, partly, copy.secret)).toBe(401);
  expect(await paidBy(copy)).toStrictEqual({});

  // The copy's order is given back as a whole; the first one's is not.
  for (const life of [partly, wholly]) expect(await deliver(copy, life)).toBe(200);
  expect(await paidBy(first)).toStrictEqual(before);
  const ofCopy = await paidBy(copy);
  expect(Object.keys(ofCopy).length).toBeGreaterThan(0);
  expect(Object.values(ofCopy).every((amount) => amount === "0")).toBe(true);

  // And then the first one's is too.
  expect(await deliver(first, wholly)).toBe(200);
  const order = Object.keys(ofCopy)[0]?.split(" ")[0];
  const after = Object.entries(await paidBy(first)).filter(([key]) => key.startsWith(`${order} `));
  expect(after.length).toBeGreaterThan(0);
  expect(after.every(([, amount]) => amount === "0")).toBe(true);
  const { balanced, differences } = await auditLedger(hub.pipeline, hub.company.companyId);
  expect([balanced, differences]).toStrictEqual([true, []]);
});
