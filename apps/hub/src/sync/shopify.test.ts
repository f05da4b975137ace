import { type AdminShop, bodyOf, startAdminShop } from "@upline/shopify/fixtures/admin";
import { fixtures } from "@upline/shopify/fixtures/load";
import postgres from "postgres";
import { assert, beforeAll, expect, type TestContext, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { auditLedger } from "../orders/audit.ts";
import { connectShop } from "../service/connect-shop.ts";
import { createServiceKey } from "../service/keys.ts";
import { makeConnectionCode } from "../stores/code.ts";
import { type FakeApp, startFakeApp } from "../testing/fake-shopify-app.ts";
import { jobPartsOf } from "../testing/fake-woo-store.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { readCatalogue } from "./catalogue.ts";
import { importStore } from "./import.ts";
import { reconcileAllJob, reconcileJob } from "./job.ts";
import { listOpenHints } from "./queries.ts";
import { reconcileStore } from "./reconcile.ts";

const SINCE = new Date("2026-01-01T00:00:00Z");

interface Scene {
  readonly hub: TestHub;
  readonly app: FakeApp;
  readonly shop: AdminShop;
  readonly sql: postgres.Sql;
  readonly key: { readonly companyId: number; readonly storeId: string };
}

/** A hub whose Shopify store was connected by the app, beside a shop that can be asked. */
async function open(t: TestContext): Promise<Scene> {
  const [app, shop] = [await startFakeApp(t), await startAdminShop()];
  t.onTestFinished(() => shop.close());
  const hub = await openTestHub({ ...app.settings, SHOPIFY_STANDIN_URL: shop.url });
  t.onTestFinished(() => hub.close());
  const sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  t.onTestFinished(() => sql.end());
  const { companyId, stores } = hub.company;
  const { code } = await makeConnectionCode(hub, { companyId, publicUrl: "http://hub.test", actor: "test" });
  const { domain, storeId } = stores.shopify;
  const told = { platform: "shopify", domain, shopId: "61230998744", name: "Demo", currency: "USD", timeZone: "UTC" } as const;
  await connectShop(hub, { shop: told, join: { kind: "code", code }, actor: "service:test" });
  return { hub, app, shop, sql, key: { companyId, storeId } };
}

/** Orders as the shop has them now: of each the newest recorded body. */
const recorded = new Map<string, string>();
/** All of them, in the order of their changes. */
const bodies: string[] = [];
beforeAll(() => {
  const orders = fixtures.filter(({ expect, body }) => expect.kind === "order" && bodyOf(body).name && bodyOf(body).created_at);
  bodies.push(...orders.map(({ body }) => body).sort((a, b) => (newer(a, b) ? 1 : -1)));
  for (const body of bodies) recorded.set(String(bodyOf(body).id), body);
});
const newer = (a: string, b: string) => Date.parse(bodyOf(a).updated_at) > Date.parse(bodyOf(b).updated_at);

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

test("reconciliation alone, with every webhook lost, reaches the same ledger to the last unit; doing it again changes nothing", async (t) => {
  const [told, asked] = [await open(t), await open(t)];
  for (const body of bodies) {
    const { path, init } = signedRequest(told.hub.company.stores.shopify, {
      ...{ platform: "shopify", topic: "orders/updated", body },
    });
    expect((await told.hub.app.request(path, init)).status).toBe(200);
  }
  await told.hub.settled();
  for (const [id, body] of recorded) asked.shop.orders.set(id, bodyOf(body));
  const parts = jobPartsOf(asked.hub);
  const run = await reconcileStore(parts, { ...asked.key, since: SINCE });
  assert.ok(run);
  expect([run.outcome, run.error, run.discrepancies]).toStrictEqual(["finished", null, []]);
  expect(run.healed).toBe(recorded.size);
  expect(Object.values(run.delta).every((amount) => /^0(\.0+)?$/.test(amount))).toBe(true);
  expect(await orders(asked)).toStrictEqual(await orders(told));
  const ledger = await earned(asked);
  expect(ledger.length).toBeGreaterThan(10);
  expect(ledger).toStrictEqual(await earned(told));
  const again = await reconcileStore(parts, { ...asked.key, since: SINCE, all: true });
  expect([again?.healed, await earned(asked)]).toStrictEqual([0, ledger]);
  // Where the webhooks came, there is nothing to heal.
  for (const [id, body] of recorded) told.shop.orders.set(id, bodyOf(body));
  const nothing = await reconcileStore(jobPartsOf(told.hub), { ...told.key, since: SINCE, all: true });
  expect([nothing?.outcome, nothing?.healed, nothing?.discrepancies]).toStrictEqual(["finished", 0, []]);
  expect(await earned(told)).toStrictEqual(ledger);
  for (const { hub } of [told, asked]) {
    const audit = await auditLedger(hub.pipeline, hub.company.companyId);
    expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
  }
}, 60_000);

test("once a day all orders of 60 days are compared, in one file of the shop, with what no list of changes told of in time", async (t) => {
  const scene = await open(t);
  const { hub, shop, sql, key } = scene;
  const parts = jobPartsOf(hub);
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
  const paid = JSON.parse([...recorded.values()].find((text) => bodyOf(text).financial_status === "paid") ?? "{}");
  const put = (id: number, at: string) =>
    shop.orders.set(String(id), { ...paid, id: String(id), created_at: at, updated_at: at });
  await sql`update stores set created_at = now() - interval '100 days' where store_id = ${key.storeId}`;
  for (let id = 1; id <= 510; id++) put(7_000_000 + id, days(61 + (id % 30)));
  await reconcileStore(parts, key);
  // The shop's search told of these too late; the last one is older than what the run goes back to.
  for (let id = 1; id <= 510; id++) put(8_000_000 + id, days(1 + (id % 50)));
  put(9_000_000, days(61));
  const [job, usual] = [reconcileAllJob(parts), reconcileJob(parts)];
  const target = { companyId: key.companyId, subject: key.storeId };
  expect([await job.due(), await job.targetsOf(key.companyId)]).toStrictEqual([[target], [target]]);
  shop.asked.length = 0;
  const run = (one: typeof job) => one.run(target, new AbortController().signal);
  expect(await run(usual)).toMatch(/ 0 healed, 0 differ still/);
  expect(shop.asked).not.toContain("RunBulk");
  expect(await run(job)).toMatch(/ 510 healed, 0 differ still/);
  expect(shop.asked.filter((name) => name === "RunBulk")).toHaveLength(1);
  expect(await run(job)).toMatch(/ 0 healed, 0 differ still/);
  const [row] = await sql`select count(*)::int as count, bool_and(reconciled_until > now() - interval '5 minutes') as on_time
    from orders cross join store_reads where orders.store_id = ${key.storeId} and store_reads.store_id = ${key.storeId}`;
  expect(row).toStrictEqual({ count: 1020, on_time: true });
}, 120_000);

test("a hint that the app passes on makes the hub ask that shop, and a deletion takes everything back", async (t) => {
  const scene = await open(t);
  const { hub, shop, key } = scene;
  const [id = "", body = ""] = [...recorded].find(([, text]) => bodyOf(text).financial_status === "paid") ?? [];
  shop.orders.set(id, bodyOf(body));
  const parts = jobPartsOf(hub);
  await reconcileStore(parts, { ...key, since: SINCE });
  expect((await orders(scene)).map((row) => row.split(" ")[1])).toStrictEqual(["earned"]);
  shop.orders.delete(id);
  const service = await createServiceKey(hub, { name: "app", scopes: ["companies"], actor: "test" });
  const answer = await hub.app.request(`/api/service/shops/${hub.company.stores.shopify.domain}/hints`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.key}`, "content-type": "application/json" },
    body: JSON.stringify({ topic: "orders/delete", webhook_id: "w", triggered_at: "2026-11-20", order_ids: [id] }),
  });
  expect(answer.status).toBe(202);
  await hub.settled();
  expect((await orders(scene)).map((row) => row.split(" ")[1])).toStrictEqual(["earned"]);
  // The run is asked for at once; here nobody takes runs but the test.
  const job = reconcileJob(parts);
  expect((await job.due()).length + (await job.targetsOf(key.companyId)).length).toBeGreaterThan(0);
  await job.run({ companyId: key.companyId, subject: key.storeId }, new AbortController().signal);
  expect((await orders(scene)).map((row) => row.split(" ")[1])).toStrictEqual(["void"]);
  expect(await earned(scene)).toStrictEqual([]);
  const left = await asCompany(hub.db, key.companyId, (tx) => listOpenHints(tx, { ...key, limit: 10 }));
  expect(left).toStrictEqual([]);
});

test("an import brings in what was before, and the catalogue tells SKUs that are the same", async (t) => {
  const scene = await open(t);
  for (const [id, body] of recorded) scene.shop.orders.set(id, bodyOf(body));
  scene.shop.products.push({
    id: "9",
    title: "Starter Kit",
    variants: [{ id: "51120099001", title: "Default Title", sku: "KIT-STARTER" }],
  });
  const parts = jobPartsOf(scene.hub);
  const result = await importStore(parts, scene.key);
  const uncancelled = [...recorded.values()].filter((body) => bodyOf(body).cancelled_at == null).length;
  expect([result?.done, result?.applied, result?.discrepancies]).toStrictEqual([recorded.size, uncancelled, []]);
  const [line] = await readCatalogue(parts, scene.key);
  expect([line?.variant_id, line?.suggestion, line?.sku_id, line?.name]).toStrictEqual([
    "51120099001",
    "exact",
    "KIT-STARTER",
    "Starter Kit",
  ]);
});

test("where the app cannot give a token, the run fails with its sentence and nothing is taken as gone", async (t) => {
  const scene = await open(t);
  const [id = "", body = ""] = [...recorded][0] ?? [];
  scene.shop.orders.set(id, bodyOf(body));
  const parts = jobPartsOf(scene.hub);
  await reconcileStore(parts, { ...scene.key, since: SINCE });
  const before = await orders(scene);
  for (const [answer, sentence] of [
    [{ status: 404, body: { code: "not-installed" } }, /not installed in/],
    [{ status: 409, body: { code: "needs-reopen" } }, /open the app in the shop's admin once/],
    [{ status: 503, body: {} }, /could not give a token/],
  ] as const) {
    scene.app.answer = answer;
    // Makes the hub ask for another token.
    scene.shop.faults.push({ status: 401 });
    const run = await reconcileStore(parts, { ...scene.key, since: SINCE, all: true });
    expect([run?.outcome, run?.error ?? ""]).toStrictEqual(["failed", expect.stringMatching(sentence)]);
  }
  expect(await orders(scene)).toStrictEqual(before);
});

test("a shop that was only typed in, or whose app is gone, is not asked, and its health says what to do", async (t) => {
  const scene = await open(t);
  const { hub, key, sql } = scene;
  const health = async () => {
    const answer = await hub.app.request(`/api/stores/${key.storeId}/health`, {
      headers: { authorization: `Bearer ${hub.company.keys.read}` },
    });
    return (await answer.json()) as { app_since: string | null; problems: string[] };
  };
  expect((await health()).app_since).not.toBeNull();
  await sql`update store_apps set uninstalled_at = now()`;
  const gone = await health();
  expect([gone.app_since, gone.problems]).toStrictEqual([
    null,
    ["The hub cannot ask this shop what it missed: install the Upline app in it."],
  ]);
  await expect(reconcileStore(jobPartsOf(hub), key)).rejects.toThrow(/the Upline app is not installed/);
  expect(await reconcileJob(jobPartsOf(hub)).targetsOf(key.companyId)).toStrictEqual([]);
});
