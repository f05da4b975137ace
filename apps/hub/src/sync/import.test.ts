import { recordedRest } from "@upline/woocommerce/fixtures";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { csvText } from "../csv-text.ts";
import { jobPartsOf, letRead, recordedRow, startRecordedStore } from "../testing/fake-woo-store.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { CATALOGUE_COLUMNS, readCatalogue } from "./catalogue.ts";
import { importStore } from "./import.ts";
import { importJob } from "./job.ts";

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const keyOf = () => ({ companyId: hub.company.companyId, storeId: hub.company.stores.woocommerce.storeId });

test("an interrupted import goes on where it was, and everything is in once", async (t) => {
  const fake = await startRecordedStore(t);
  const key = keyOf();
  const parts = await letRead(hub, fake, key);
  fake.orders.splice(0);
  const template = { ...recordedRow("order-B-classic-attribution"), refunds: [] };
  for (let at = 0; at < 250; at += 1) {
    const created = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString().slice(0, 19);
    fake.orders.push({
      ...structuredClone(template),
      id: 2001 + at,
      number: String(2001 + at),
      date_created_gmt: created,
      date_modified_gmt: created,
    });
  }
  const stop = new AbortController();
  const interrupted = importStore(parts, {
    ...key,
    signal: stop.signal,
    onProgress: ({ done }) => void (done >= 100 && stop.abort()),
  });
  await expect(interrupted).rejects.toThrow();
  const seen: { done: number; total: number }[] = [];
  const result = await importStore(parts, { ...key, onProgress: (one) => void seen.push(one) });
  // Going on repeats the row where it stopped.
  expect([result?.resumed, result?.done, result?.discrepancies]).toStrictEqual([true, 251, []]);
  assert.ok((result?.applied ?? 250) < 250, "the first page was not imported again");
  assert.ok((seen[0]?.total ?? 0) >= 250);
  const [row] = await sql`
    select count(*)::int as orders, max(revision) as revision from orders where store_id = ${key.storeId}`;
  expect([row?.orders, row?.revision]).toStrictEqual([250, 1]);
  // Once finished, the next one begins with the first order, and changes nothing.
  const again = await importStore(parts, key);
  expect([again?.resumed, again?.done, again?.applied]).toStrictEqual([false, 250, 0]);
});

async function ask(path: string, init?: { readonly body: object; readonly key?: string }) {
  const { keys } = hub.company;
  const headers = { authorization: `Bearer ${init?.key ?? keys.admin}`, "content-type": "application/json" };
  const call = init ? { method: "POST", headers, body: JSON.stringify(init.body) } : { headers };
  const response = await hub.app.request(`/api/stores/${hub.company.stores.woocommerce.storeId}/${path}`, call);
  return { status: response.status, json: (await response.json()) as { under_way: unknown; import: { state: string } } };
}

test("an import is asked for over the API, is watched while it runs, and goes on from there by asking again", async (t) => {
  const fake = await startRecordedStore(t);
  const key = keyOf();
  await sql`delete from store_reads where store_id = ${key.storeId}`;
  await letRead(hub, fake, key);
  fake.orders.splice(0);
  const template = { ...recordedRow("order-B-classic-attribution"), refunds: [] };
  for (let at = 0; at < 250; at += 1) {
    const created = new Date(Date.UTC(2026, 1, 1) + at * 60_000).toISOString().slice(0, 19);
    const times = { date_created_gmt: created, date_modified_gmt: created };
    fake.orders.push({ ...structuredClone(template), id: 4001 + at, number: String(4001 + at), ...times });
  }
  expect((await ask("health")).json.import).toMatchObject({ state: "never", done: 0 });
  const since = "2026-02-01T01:00:00.000Z";
  expect((await ask("import", { body: { since }, key: hub.company.keys.read })).status).toBe(403);
  expect(await ask("import", { body: { since } })).toStrictEqual({ status: 202, json: { started: true } });
  expect((await ask("health")).json.import).toMatchObject({ state: "asked", since });

  const seen: unknown[] = [];
  const told: number[] = [];
  const parts = { ...jobPartsOf(hub), told: (companyId: number) => void told.push(companyId) };
  const run = () => importJob(parts).run({ companyId: key.companyId, subject: key.storeId }, new AbortController().signal);
  const look = async () => {
    const { json } = await ask("health");
    seen.push(json.under_way, json.import.state, (await ask("import", { body: {} })).status);
  };
  fake.faults.push((_request, response) => {
    void look().finally(() => response.writeHead(401, { "content-type": "application/json" }).end("{}"));
  });
  await expect(run()).rejects.toThrow(/does not accept this key/);
  expect(seen).toMatchObject([{ act: "import", done: 0, total: null, healed: 0 }, "running", 409]);
  expect((await ask("health")).json).toMatchObject({ under_way: null, import: { state: "asked", since } });

  // Stopped behind its first page, as a hub that is restarted stops it.
  const stop = new AbortController();
  await expect(importStore(parts, { ...key, signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow();
  expect((await ask("health")).json).toMatchObject({ under_way: null, import: { state: "interrupted", since, done: 100 } });

  expect((await ask("import", { body: {} })).status).toBe(202);
  expect(await run()).toMatch(/^19\d orders read/);
  expect((await ask("health")).json.import).toMatchObject({ state: "finished", since });
  const [row] =
    await sql`select count(*)::int as orders from orders where store_id = ${key.storeId} and platform_order_id >= '4001'`;
  expect(row?.orders).toBe(190);
  expect(new Set(told)).toStrictEqual(new Set([key.companyId]));
});

test("no run begins between the look at a store and what is written down of its import", async (t) => {
  const key = keyOf();
  const parts = await letRead(hub, await startRecordedStore(t), key);
  const blocked = async (count: number) => {
    for (;;) {
      const [row] = await sql`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%store_reads%'`;
      if ((row?.n ?? 0) >= count) return "blocked";
    }
  };
  const slow = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const [asked, run] = await slow.begin(async (tx) => {
    await tx`select from store_reads where store_id = ${key.storeId} for update`;
    const asked = ask("import", { body: { since: "2026-01-01" } });
    await blocked(1);
    const run = importStore(parts, key);
    await Promise.race([run, blocked(2)]);
    return [asked, run];
  });
  expect([(await asked).status, await run]).toStrictEqual([202, null]);
  await slow.end();
});

test("an import whose hold on the store broke off does not say of another that it is done", async (t) => {
  const fake = await startRecordedStore(t);
  const key = keyOf();
  const parts = await letRead(hub, fake, key);
  fake.orders.splice(0);
  const template = { ...recordedRow("order-B-classic-attribution"), refunds: [] };
  for (let at = 0; at < 150; at += 1) {
    const created = new Date(Date.UTC(2026, 2, 1) + at * 60_000).toISOString().slice(0, 19);
    const times = { date_created_gmt: created, date_modified_gmt: created };
    fake.orders.push({ ...structuredClone(template), id: 6001 + at, number: String(6001 + at), ...times });
  }
  // While the shop is slow to answer, the database ends the session; somebody asks for older orders too.
  const broken = async () => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'upline-store-lock' and datname = current_database()`;
    for (;;) {
      const [row] = await sql`select count(*)::int as n from pg_stat_activity
        where application_name = 'upline-store-lock' and datname = current_database()`;
      if (row?.n === 0) break;
    }
  };
  fake.faults.push((_request, response) => {
    void broken()
      .then(() => ask("import", { body: { since: "2026-01-01" } }))
      .then(() => response.destroy());
  });
  await expect(importStore(parts, { ...key, since: new Date("2026-03-01T00:00:00Z") })).rejects.toThrow(/hold on the store/);
  expect((await ask("health")).json.import).toMatchObject({ state: "asked", since: "2026-01-01T00:00:00.000Z", done: 0 });
});

test("the catalogue suggests exact SKUs only, and its file is what `sku import` reads", async (t) => {
  const fake = await startRecordedStore(t);
  const parts = await letRead(hub, fake, keyOf());
  fake.products.push(...(recordedRest("products-list") as never[]));
  const parent = fake.products.find((one) => one.type === "variable");
  fake.variations.set(String(parent?.id), recordedRest("product-variations") as never[]);
  fake.products.push({ id: 900, type: "simple", name: '=HYPERLINK("http://evil")', sku: "", price: "1.00", status: "publish" });
  const lines = await readCatalogue(parts, keyOf());
  const kit = lines.find((line) => line.platform_sku === "STK-001");
  expect([kit?.sku_id, kit?.commission_class, kit?.cv, kit?.suggestion]).toStrictEqual(["STK-001", "products", "100%", "exact"]);
  const foreign = lines.find((line) => line.variant_id === "900");
  expect([foreign?.sku_id, foreign?.suggestion]).toStrictEqual(["", "none"]);
  const csv = csvText(CATALOGUE_COLUMNS, lines);
  expect(csv).toMatch(/^sku_id,platform,platform_sku,variant_id,name,commission_class,pv,qv,cv,/);
  expect(csv).toMatch(/"'=HYPERLINK\(""http:\/\/evil""\)"/);
});
