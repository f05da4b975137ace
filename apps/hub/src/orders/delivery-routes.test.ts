import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import postgres from "postgres";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let sql: postgres.Sql;
before(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
after(async () => {
  await sql.end();
  await hub.close();
});

const get = async (path: string, key = hub.company.keys.read) => (await call(hub, `/api${path}`, { key })).body;
const idsOf = (list: { items: { delivery_id: string }[] }) => list.items.map((one) => one.delivery_id);

async function deliver(body: string): Promise<string> {
  const { path, init } = signedRequest(hub.company.stores.shopify, { platform: "shopify", topic: "orders/create", body });
  const response = await hub.app.request(path, init);
  await hub.settled();
  return ((await response.json()) as { delivery: string }).delivery;
}

describe("deliveries", () => {
  const life = recordedLives().find((one) => one.platform === "shopify" && one.topic === "orders/create");
  assert.ok(life);

  it("are listed with what became of them", async () => {
    const applied = await deliver(life.body);
    const doubled = await deliver(life.body);
    const dead = await deliver('{"id": "no order"}');
    const { items } = await get("/deliveries");
    assert.deepEqual(
      items.map((one: { delivery_id: string; outcome: string; topic: string; platform: string }) => [
        one.delivery_id,
        one.outcome,
        one.topic,
        one.platform,
      ]),
      [
        [dead, "dead", "orders/create", "shopify"],
        [doubled, "duplicate", "orders/create", "shopify"],
        [applied, "applied", "orders/create", "shopify"],
      ],
    );
    assert.ok(items[0].detail);
    assert.deepEqual(idsOf(await get("/deliveries?outcome=dead")), [dead]);
    assert.deepEqual(idsOf(await get("/deliveries?outcome=waiting")), []);
    assert.deepEqual(idsOf(await get(`/deliveries?order_id=${items[2].order_id}`)), [doubled, applied]);
    assert.deepEqual(idsOf(await get(`/deliveries?store=${hub.company.stores.magento.storeId}`)), []);
    assert.deepEqual(idsOf(await get("/deliveries?since=2099-01-01")), []);
    const page = await get("/deliveries?limit=2");
    assert.deepEqual(idsOf(await get(`/deliveries?limit=2&before=${page.next}`)), [applied]);
  });

  it("show their body to an admin only", async () => {
    const [id] = idsOf(await get("/deliveries?outcome=applied"));
    const read = await get(`/deliveries/${id}`);
    assert.deepEqual([read.body, read.encoding, read.size_bytes > 100], [undefined, undefined, true]);
    const admin = await get(`/deliveries/${id}`, hub.company.keys.admin);
    assert.deepEqual([admin.body, admin.encoding], [life.body, "utf8"]);
  });

  it("can be processed again: a second time changes nothing, a dead letter may live", async () => {
    const [applied] = idsOf(await get("/deliveries?outcome=applied"));
    const replay = (id: string | undefined, key = hub.company.keys.admin) =>
      call(hub, `/api/deliveries/${id}/replay`, { method: "POST", key });
    const before =
      await sql`select (select count(*) from transfers) as transfers, (select count(*) from order_revisions) as revisions`;
    const again = await replay(applied);
    assert.deepEqual([again.status, again.body.outcome], [200, "duplicate"]);
    assert.deepEqual(
      await sql`select (select count(*) from transfers) as transfers, (select count(*) from order_revisions) as revisions`,
      before,
    );
    const [dead] = idsOf(await get("/deliveries?outcome=dead"));
    assert.equal((await replay(dead)).body.outcome, "dead");
    const audits = await sql`select actor, subject from audit_log where act = 'delivery.replay' order by audit_no`;
    assert.deepEqual(
      audits.map((row) => [row.actor, row.subject]),
      [
        ["key:admin", applied],
        ["key:admin", dead],
      ],
    );
    assert.equal((await replay(applied, hub.company.keys.read)).status, 403);
    assert.equal((await replay("9999999")).status, 404);
  });
});

describe("stores", () => {
  it("are shown without their secrets", async () => {
    const { items } = await get("/stores");
    assert.equal(items.length, 3);
    const { stores } = hub.company;
    const store = await get(`/stores/${stores.shopify.storeId}`);
    assert.deepEqual(
      [store.platform, store.domain, store.status, store.ingest_path],
      ["shopify", stores.shopify.domain, "active", stores.shopify.ingestPath],
    );
    assert.doesNotMatch(JSON.stringify(items), /secret/);
    assert.equal((await get("/stores/st_nobody")).status, 404);
  });
});
