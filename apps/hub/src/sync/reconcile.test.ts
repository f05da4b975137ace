import { recordedRest } from "@upline/woocommerce/fixtures";
import type { Fault } from "@upline/woocommerce/fixtures/store";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { auditLedger } from "../orders/audit.ts";
import { jobPartsOf, letRead, recordedRow, startRecordedStore } from "../testing/fake-woo-store.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importJob, reconcileAllJob, reconcileJob } from "./job.ts";
import { withStoreLock } from "./lock.ts";
import { reconcileStore } from "./reconcile.ts";

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

const since = new Date("2026-11-23T16:30:00Z");
let companies = 0;

async function newCompany(): Promise<{ company: TestCompany; key: { companyId: number; storeId: string } }> {
  companies += 1;
  const company = await setUpTestCompany(hub, `woo-${companies}`);
  return { company, key: { companyId: company.companyId, storeId: company.stores.woocommerce.storeId } };
}

/** What each distributor has of each order, to the last unit. */
async function ledgerOf(companyId: number): Promise<string[]> {
  const rows = await sql`
    select o.platform_order_id as order_id, d.distributor_id as who, t.currency,
           sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::text as amount
      from transfers t join orders o on o.company_id = t.company_id and o.order_no = t.source_no
      left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     where t.company_id = ${companyId} group by 1, 2, 3 order by 1, 2`;
  return rows.map((row) => `${row.order_id} ${row.who} ${row.amount} ${row.currency}`);
}

const inboxCount = async (storeId: string) =>
  (await sql<{ count: number }[]>`select count(*)::int as count from inbox where store_id = ${storeId}`)[0]?.count;

async function sendPlugin(company: TestCompany, order: Record<string, unknown>, refunds: unknown, at: string): Promise<void> {
  const body = JSON.stringify({ type: "order.updated", timestamp: at, data: { order, refunds } });
  const { path, init } = signedRequest(company.stores.woocommerce, { platform: "woocommerce", topic: "order.updated", body });
  expect((await hub.app.request(path, init)).status).toBe(200);
  await hub.settled();
}

test("reconciliation alone reaches the same ledger as the plugin's deliveries, and a second run does nothing", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  const first = await reconcileStore(parts, { ...key, since });
  expect([first?.outcome, first?.healed, first?.delta, first?.discrepancies]).toStrictEqual(["finished", 4, { EUR: "0.00" }, []]);
  expect(first?.deltaBefore.EUR).not.toBe("0.00");

  const told = await newCompany();
  await sendPlugin(
    told.company,
    recordedRow("order-after-partial-refunds"),
    recordedRest("refunds-list-partial"),
    "2026-11-23T16:35:20.000Z",
  );
  await sendPlugin(told.company, recordedRow("order-B-classic-attribution"), [], "2026-11-23T16:35:20.000Z");
  await sendPlugin(told.company, recordedRow("order-get-trashed"), [], "2026-11-23T16:35:20.000Z");
  await sendPlugin(
    told.company,
    recordedRow("order-G-variation"),
    recordedRest("refunds-of-status-refunded"),
    "2026-11-23T16:35:20.000Z",
  );
  const ledger = await ledgerOf(key.companyId);
  assert.ok(ledger.length > 0);
  expect(ledger).toStrictEqual(await ledgerOf(told.key.companyId));
  expect((await auditLedger(hub.pipeline, key.companyId)).balanced).toBe(true);

  const before = await inboxCount(key.storeId);
  const second = await reconcileStore(parts, key);
  expect([second?.outcome, second?.healed, second?.delta]).toStrictEqual(["finished", 0, {}]);
  expect(await inboxCount(key.storeId)).toBe(before);
});

test("what the plugin delivered already leaves no trace, and is not fed again", async (t) => {
  const fake = await startRecordedStore(t);
  const { company, key } = await newCompany();
  await sendPlugin(
    company,
    recordedRow("order-after-partial-refunds"),
    recordedRest("refunds-list-partial"),
    "2026-11-23T16:35:20.000Z",
  );
  fake.orders.splice(1);
  const parts = await letRead(hub, fake, key);
  const result = await reconcileStore(parts, { ...key, since, all: true });
  expect([result?.outcome, result?.healed, result?.deltaBefore]).toStrictEqual(["finished", 0, {}]);
  expect(await inboxCount(key.storeId)).toBe(1);
});

test("a refund deleted for good gives the commission back, and an order deleted for good takes it", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  await reconcileStore(parts, { ...key, since });
  const withRefunds = await ledgerOf(key.companyId);
  // The refunds vanish, and the order's own time stays as it was: no list tells.
  const order = fake.orders.find((one) => one.id === 29) as Record<string, unknown>;
  order.refunds = [];
  fake.refunds.delete("29");
  const later = new Date("2027-01-01T00:00:00Z");
  const healed = await reconcileStore(parts, { ...key, since: later });
  expect([healed?.healed, healed?.delta]).toStrictEqual([1, { EUR: "0.00" }]);
  expect(await ledgerOf(key.companyId)).not.toStrictEqual(withRefunds);
  fake.orders.splice(fake.orders.indexOf(order as never), 1);
  const gone = await reconcileStore(parts, { ...key, since: later });
  expect([gone?.healed, gone?.delta]).toStrictEqual([1, { EUR: "0.00" }]);
  const left = (await ledgerOf(key.companyId)).filter((line) => line.startsWith("29 "));
  assert.ok(left.length > 0);
  for (const line of left) expect(line).toMatch(/ 0 EUR$/);
  const again = await reconcileStore(parts, { ...key, since: later });
  expect(again?.healed).toBe(0);
});

test("a hint is confirmed with the shop: a false alarm changes nothing, a true one voids the order", async (t) => {
  const fake = await startRecordedStore(t);
  const { company, key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  await reconcileStore(parts, { ...key, since });
  const hint = async (id: number) => {
    const life = { platform: "woocommerce" as const, topic: "order.deleted", body: JSON.stringify({ id }) };
    const { path, init } = signedRequest(company.stores.woocommerce, life);
    await hub.app.request(path, init);
    await hub.settled();
  };
  const later = new Date("2027-01-01T00:00:00Z");
  await hint(29);
  expect((await reconcileStore(parts, { ...key, since: later }))?.healed).toBe(0);
  Object.assign(fake.orders.find((one) => one.id === 29) as object, {
    status: "trash",
    date_modified_gmt: "2026-11-23T17:00:00",
  });
  await hint(29);
  expect((await reconcileStore(parts, { ...key, since: later }))?.healed).toBe(1);
  const asked = fake.log.filter((line) => line === "GET /orders/29").length;
  await reconcileStore(parts, { ...key, since: later });
  expect(fake.log.filter((line) => line === "GET /orders/29").length).toBe(asked);
});

test("many orders gone at once are not believed before somebody says so", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  const template = fake.orders[0] as Record<string, unknown>;
  fake.orders.splice(0);
  for (let id = 1001; id <= 1060; id += 1)
    fake.orders.push({ ...structuredClone(template), id, number: String(id), refunds: [] });
  expect((await reconcileStore(parts, { ...key, since }))?.healed).toBe(60);
  fake.orders.splice(0);
  const later = new Date("2027-01-01T00:00:00Z");
  const doubted = await reconcileStore(parts, { ...key, since: later });
  expect([doubted?.healed, doubted?.discrepancies.length]).toStrictEqual([50, 10]);
  const { problem, reason } = doubted?.discrepancies[0] ?? {};
  expect(problem).toBe("the shop says that it is gone, among more orders than it is believed at once");
  expect(reason).toStrictEqual({ kind: "gone-in-shop", facts: {} });
  expect(doubted?.delta.EUR).not.toBe("0.00");
  const believed = await reconcileStore(parts, { ...key, since: later, acceptDeletions: true });
  expect([believed?.healed, believed?.delta.EUR]).toStrictEqual([10, "0.00"]);
});

test("a shop that is away ends the run as failed, keeps the place, and is healed by the next one", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  fake.faults.push((_request, response) => void response.writeHead(401, { "content-type": "application/json" }).end("{}"));
  const failed = await reconcileStore(parts, { ...key, since });
  expect([failed?.outcome, failed?.until, failed?.healed]).toStrictEqual(["failed", null, 0]);
  expect(failed?.error ?? "").toMatch(/does not accept this key/);
  expect((await reconcileStore(parts, { ...key, since }))?.healed).toBe(4);
});

test("two runs at one store: the second steps aside", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  await withStoreLock(hub.db, key.storeId, async () => expect(await reconcileStore(parts, key)).toBe(null));
});

test("whoever asks while a run is under way is answered by it: it looks once more at its end", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const job = reconcileJob(await letRead(hub, fake, key));
  const target = { companyId: key.companyId, subject: key.storeId };
  const run = () => job.run(target, new AbortController().signal);
  // The webhooks are looked after last: what is sold then, this run has no list of.
  const sellAtItsEnd: Fault = ({ url = "" }, response) => {
    if (!url.includes("/webhooks")) {
      fake.faults.push(sellAtItsEnd);
      return false;
    }
    const now = new Date().toISOString().slice(0, 19);
    const times = { date_created_gmt: now, date_modified_gmt: now };
    fake.orders.push({ ...recordedRow("order-B-classic-attribution"), id: 5001, number: "5001", ...times });
    void job.askedAgain?.(target).finally(() => response.writeHead(503).end());
  };
  fake.faults.push(sellAtItsEnd);
  await run();
  expect(await sql`select 1 from orders where store_id = ${key.storeId} and platform_order_id = '5001'`).toHaveLength(1);
  const runs = () => sql`select outcome from reconciliations where store_id = ${key.storeId}`;
  expect(await runs()).toHaveLength(2);
  await run();
  expect(await runs()).toHaveLength(3);
  // Nor is it forgotten where something else is at the store.
  await withStoreLock(hub.db, key.storeId, async () => expect(await run()).toMatch(/looks once more at its end/));
  await reconcileAllJob(jobPartsOf(hub)).run(target, new AbortController().signal);
  const [left] = await sql`select asked_again from store_reads where store_id = ${key.storeId}`;
  expect(left?.asked_again).toBe(false);
});

test("a further look that fails behind a long run is a run of its own that is tried soon, and the long one is not done again", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  const target = { companyId: key.companyId, subject: key.storeId };
  for (const job of [reconcileAllJob(parts), importJob(parts)]) {
    let isAsked = false;
    // Asked when the run has read what it would have to read; whatever is listed from then on is refused.
    const askedMeanwhile: Fault = ({ url = "" }, response) => {
      fake.faults.push(askedMeanwhile);
      if (isAsked && url.includes("modified_after"))
        return void response.writeHead(401, { "content-type": "application/json" }).end("{}");
      if (isAsked || !url.includes(job.name === "import" ? "/orders?" : "/webhooks")) return false;
      isAsked = true;
      void reconcileJob(parts)
        .askedAgain?.(target)
        .finally(() => response.writeHead(503).end());
    };
    fake.faults.push(askedMeanwhile);
    const follows: string[] = [];
    const note = await job.run(target, new AbortController().signal, (name) => void follows.push(name));
    expect([job.name, follows]).toStrictEqual([job.name, ["reconcile"]]);
    expect(note).toMatch(/orders (compared|read)/);
    fake.faults.splice(0);
    await reconcileJob(parts).run(target, new AbortController().signal);
    const [read] = await sql`select asked_again from store_reads where store_id = ${key.storeId}`;
    expect(read?.asked_again).toBe(false);
  }
});

test("webhooks are set up without the plugin, made again when disabled, and taken away when not wanted", async (t) => {
  const fake = await startRecordedStore(t);
  const { key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  const first = await reconcileStore(parts, key);
  expect(first?.webhooks.length).toBe(8);
  assert.ok(fake.webhooks.every((one) => one.delivery_url === `http://hub.test/ingest/woocommerce/${key.storeId}`));
  (fake.webhooks[0] as Record<string, unknown>).status = "disabled";
  const second = await reconcileStore(parts, key);
  expect(second?.webhooks.map((one) => one.outcome)).toStrictEqual(["re-created"]);
  await sql`update store_access set wants_webhooks = false where store_id = ${key.storeId}`;
  await reconcileStore(parts, key);
  expect(fake.webhooks.length).toBe(0);
});

test("results and health are the company's own, over the API", async (t) => {
  const fake = await startRecordedStore(t);
  const { company, key } = await newCompany();
  const parts = await letRead(hub, fake, key);
  await reconcileStore(parts, { ...key, since });
  const ask = async (path: string, apiKey: string) => {
    const response = await hub.app.request(`/api/stores/${key.storeId}/${path}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const list = await ask("reconciliations", company.keys.read);
  expect((list.json.items as Record<string, unknown>[]).map((one) => [one.outcome, one.healed, one.delta])).toStrictEqual([
    ["finished", 4, { EUR: "0.00" }],
  ]);
  const health = await ask("health", company.keys.read);
  expect(health.status).toBe(200);
  expect(health.json.problems).toStrictEqual([]);
  expect(health.json.last_delivery_at).toBe(null);
  expect((await ask("health", hub.company.keys.admin)).status).toBe(404);
  expect((await ask("reconciliations", hub.company.keys.admin)).status).toBe(404);
});
