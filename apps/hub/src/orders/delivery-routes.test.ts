import postgres from "postgres";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

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
    expect(
      items.map((one: { delivery_id: string; outcome: string; topic: string; platform: string }) => [
        one.delivery_id,
        one.outcome,
        one.topic,
        one.platform,
      ]),
    ).toStrictEqual([
      [dead, "dead", "orders/create", "shopify"],
      [doubled, "duplicate", "orders/create", "shopify"],
      [applied, "applied", "orders/create", "shopify"],
    ]);
    assert.ok(items[0].detail);
    expect(idsOf(await get("/deliveries?outcome=dead"))).toStrictEqual([dead]);
    expect(idsOf(await get("/deliveries?outcome=waiting"))).toStrictEqual([]);
    expect(idsOf(await get(`/deliveries?order_id=${items[2].order_id}`))).toStrictEqual([doubled, applied]);
    expect(idsOf(await get(`/deliveries?store=${hub.company.stores.magento.storeId}`))).toStrictEqual([]);
    expect(idsOf(await get("/deliveries?since=2099-01-01"))).toStrictEqual([]);
    const page = await get("/deliveries?limit=2");
    expect(idsOf(await get(`/deliveries?limit=2&before=${page.next}`))).toStrictEqual([applied]);
  });

  it("show their body to an admin only", async () => {
    const [id] = idsOf(await get("/deliveries?outcome=applied"));
    const read = await get(`/deliveries/${id}`);
    expect([read.body, read.encoding, read.size_bytes > 100]).toStrictEqual([undefined, undefined, true]);
    const admin = await get(`/deliveries/${id}`, hub.company.keys.admin);
    expect([admin.body, admin.encoding]).toStrictEqual([life.body, "utf8"]);
  });

  it("can be processed again: a second time changes nothing, a dead letter may live", async () => {
    const [applied] = idsOf(await get("/deliveries?outcome=applied"));
    const replay = (id: string | undefined, key = hub.company.keys.admin) =>
      call(hub, `/api/deliveries/${id}/replay`, { method: "POST", key });
    const before =
      await sql`select (select count(*) from transfers) as transfers, (select count(*) from order_revisions) as revisions`;
    const again = await replay(applied);
    expect([again.status, again.body.outcome]).toStrictEqual([200, "duplicate"]);
    expect(
      await sql`select (select count(*) from transfers) as transfers, (select count(*) from order_revisions) as revisions`,
    ).toStrictEqual(before);
    const [dead] = idsOf(await get("/deliveries?outcome=dead"));
    expect((await replay(dead)).body.outcome).toBe("dead");
    const audits = await sql`select actor, subject from audit_log where act = 'delivery.replay' order by audit_no`;
    expect(audits.map((row) => [row.actor, row.subject])).toStrictEqual([
      ["key:admin", applied],
      ["key:admin", dead],
    ]);
    expect((await replay(applied, hub.company.keys.read)).status).toBe(403);
    expect((await replay("9999999")).status).toBe(404);
  });
});

describe("stores", () => {
  it("are shown without their secrets", async () => {
    const { items } = await get("/stores");
    expect(items.length).toBe(3);
    const { stores } = hub.company;
    const store = await get(`/stores/${stores.shopify.storeId}`);
    expect([store.platform, store.domain, store.status, store.ingest_path]).toStrictEqual([
      "shopify",
      stores.shopify.domain,
      "active",
      stores.shopify.ingestPath,
    ]);
    expect(JSON.stringify(items)).not.toMatch(/secret/);
    expect((await get("/stores/st_nobody")).status).toBe(404);
  });
});
