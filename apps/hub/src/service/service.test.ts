import { createHmac } from "node:crypto";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { redactJob } from "../buyers/job.ts";
import { answerOf, createHubClient, HubProblem } from "../client.ts";
import { asCompany } from "../db/connect.ts";
import { makeConnectionCode } from "../stores/code.ts";
import { listOpenHints } from "../sync/queries.ts";
import { recordedLives } from "../testing/recorded-lives.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, TEST_SHOPIFY_APP_SECRET, type TestHub } from "../testing/test-hub.ts";
import { createServiceKey, listServiceKeys, revokeServiceKey } from "./keys.ts";

let hub: TestHub;
let sql: postgres.Sql;
let serviceKey: string;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  serviceKey = (await createServiceKey(hub, { name: "shopify-app", scopes: ["companies"], actor: "test" })).key;
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever came, for tests to look into
  readonly json: any;
}

async function ask(path: string, body?: unknown, key = serviceKey): Promise<Answer> {
  const response = await hub.app.request(`/api/service/shops${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

let shops = 0;
/** A shop that nobody has seen. */
function newShop() {
  shops += 1;
  return {
    platform: "shopify",
    domain: `shop-${shops}.myshopify.com`,
    shop_id: String(70_000 + shops),
    name: `Shop ${shops}`,
    currency: "EUR",
    time_zone: "Europe/Berlin",
  };
}
const create = (name = "Tea & Co.") => ({ kind: "create", company_name: name });
const connect = (shop: object, join: object) => ask("", { ...shop, join });
const codeOf = async (companyId: number) =>
  (await makeConnectionCode(hub, { companyId, publicUrl: "http://hub.test", actor: "test" })).code;
const companyOfKey = async (key: string) =>
  (await hub.app.request("/api/stores", { headers: { authorization: `Bearer ${key}` } })).status;

/** An order of the shop as the platform's app delivers it, at the one address of all shops. */
async function deliverOrder(shop: { domain: string }, orderId: string, change: (body: string) => string = (body) => body) {
  const recorded = "9007199254740993118";
  const life = recordedLives().find(
    ({ platform, topic, body }) => platform === "shopify" && topic === "orders/create" && body.includes(recorded),
  );
  assert.ok(life);
  // By text: its ids are longer than a number holds.
  const page = `"order_status_url":"https://${shop.domain}/1/orders/abc/authenticate"`;
  const body = change(life.body.replaceAll(recorded, orderId)).replace(/"order_status_url":"[^"]*"/, page);
  expect(body).toContain(page);
  return hub.app.request("/ingest/shopify", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": shop.domain,
      "x-shopify-hmac-sha256": createHmac("sha256", TEST_SHOPIFY_APP_SECRET).update(body).digest("base64"),
    },
  });
}

test("a service key is stored as a hash, opens the service's routes alone, and is useless once it is revoked", async () => {
  const { key, prefix } = await createServiceKey(hub, { name: "second", scopes: ["companies"], actor: "test" });
  const stored = JSON.stringify(await sql`select * from service_keys where prefix = ${prefix}`);
  expect(stored).toContain("second");
  expect(stored).not.toContain(key);
  const shop = newShop();
  expect((await ask("", { ...shop, join: create() }, key)).status).toBe(201);
  // Nothing else opens to it, and no company's key opens this.
  for (const path of ["/api/stores", "/api/orders", "/api/company/evidence-order", "/api/jobs"])
    expect((await hub.app.request(path, { headers: { authorization: `Bearer ${key}` } })).status, path).toBe(401);
  for (const other of [hub.company.keys.admin, "ups_nonsense-nonsense", ""])
    for (const [path, body] of [
      ["", { ...newShop(), join: create() }],
      [`/${shop.domain}`, undefined],
      [`/${shop.domain}/hints`, { topic: "x", webhook_id: "1", triggered_at: "2026-11-01" }],
      [`/${shop.domain}/uninstalled`, { triggered_at: "2026-11-01" }],
      [`/${shop.domain}/redactions`, { kind: "shop" }],
      [`/${shop.domain}/evidence`, { kind: "pixel", order_id: "1", code: "x", at: "2026-11-01" }],
    ] as const)
      expect((await ask(path, body, other)).status, `${path} with ${other}`).toBe(401);
  await revokeServiceKey(hub, { prefix, actor: "test" });
  expect((await ask(`/${shop.domain}`, undefined, key)).status).toBe(401);
  await expect(revokeServiceKey(hub, { prefix, actor: "test" })).rejects.toThrow(/No valid service key begins with/);
  expect((await listServiceKeys(hub.db.gate)).find((one) => one.prefix === prefix)?.revokedAt).toBeInstanceOf(Date);
  const acts = await sql`select act from service_log where subject = ${prefix} order by log_no`;
  expect(acts.map(({ act }) => act)).toStrictEqual(["service-key.create", "service-key.revoke"]);
  await expect(sql`update service_log set actor = 'nobody'`).rejects.toThrow();
  await expect(createServiceKey(hub, { name: "x", scopes: ["admin"], actor: "test" })).rejects.toThrow(
    /one or more of companies/,
  );
});

test("a shop makes a company, comes again to the same one with a new key, and the old key is useless", async () => {
  const shop = newShop();
  const first = await connect(shop, create());
  expect([first.status, first.json.created, first.json.company]).toStrictEqual([
    201,
    true,
    { slug: shop.domain.split(".")[0], name: "Tea & Co." },
  ]);
  const ownStores = await hub.app.request("/api/stores", { headers: { authorization: `Bearer ${first.json.key}` } });
  expect(((await ownStores.json()) as { items: { domain: string }[] }).items.map(({ domain }) => domain)).toStrictEqual([
    shop.domain,
  ]);
  for (const join of [{ kind: "again" }, create("Another name")]) {
    const before = (await connect(shop, { kind: "again" })).json.key as string;
    const again = await connect(shop, join);
    expect([again.status, again.json.store_id, again.json.created]).toStrictEqual([200, first.json.store_id, false]);
    expect(again.json.company.name).toBe("Tea & Co.");
    expect([await companyOfKey(before), await companyOfKey(again.json.key)]).toStrictEqual([401, 200]);
  }
  expect(await companyOfKey(first.json.key)).toBe(401);
  // Everything is in the company's own audit log.
  const [row] = await sql`select company_id from stores where store_id = ${first.json.store_id}`;
  const acts =
    await sql`select act, actor from audit_log where company_id = ${row?.company_id} and act like 'store.%' order by audit_no limit 2`;
  expect(acts.map(({ act, actor }) => `${act} ${actor}`)).toStrictEqual([
    "store.connect service:shopify-app",
    "store.reconnect service:shopify-app",
  ]);
  const owners = await sql`select distinct owner, scopes::text from api_keys where company_id = ${row?.company_id}`;
  expect(owners.map(({ owner, scopes }) => `${owner} ${scopes}`)).toStrictEqual([`shopify:${shop.domain} {admin}`]);
});

test("ten requests of one shop at once make one company, one store and one key that works", async () => {
  const shop = newShop();
  const answers = await Promise.all(Array.from({ length: 10 }, () => connect(shop, create())));
  expect(answers.map(({ status }) => status).sort()).toStrictEqual([...Array(9).fill(200), 201]);
  expect(new Set(answers.map(({ json }) => json.store_id)).size).toBe(1);
  const works = await Promise.all(answers.map(({ json }) => companyOfKey(json.key)));
  expect(works.filter((status) => status === 200).length).toBe(1);
  const [count] =
    await sql`select count(*)::int as n from companies where name = 'Tea & Co.' and slug like ${`${shop.domain.split(".")[0]}%`}`;
  expect(count?.n).toBe(1);
});

test("a code joins the company that made it, once; another company's shop is refused, and keeps its company", async () => {
  const other = await setUpTestCompany(hub, `other${shops}`);
  const shop = newShop();
  const code = await codeOf(hub.company.companyId);
  const joined = await connect(shop, { kind: "code", code });
  expect([joined.status, joined.json.company.name]).toStrictEqual([201, "Company acme"]);
  expect((await connect(newShop(), { kind: "code", code })).status).toBe(404);
  expect((await connect(newShop(), { kind: "code", code: "nonsense" })).status).toBe(404);
  const theirs = await connect(shop, { kind: "code", code: await codeOf(other.companyId) });
  expect([theirs.status, theirs.json.code]).toStrictEqual([409, "conflict"]);
  // The refused call revoked nothing and moved nothing.
  expect(await companyOfKey(joined.json.key)).toBe(200);
  expect((await connect(shop, { kind: "again" })).json.company.name).toBe("Company acme");
  expect((await connect(newShop(), { kind: "again" })).status).toBe(404);
});

test("a domain that somebody typed in opens that company to no shop; its code does", async () => {
  const { domain } = hub.company.stores.shopify;
  const shop = { ...newShop(), domain };
  for (const join of [create(), { kind: "again" }]) expect((await connect(shop, join)).status).toBe(409);
  expect((await ask(`/${domain}`)).status).toBe(404);
  const joined = await connect(shop, { kind: "code", code: await codeOf(hub.company.companyId) });
  expect([joined.status, joined.json.store_id]).toStrictEqual([200, hub.company.stores.shopify.storeId]);
  expect((await ask(`/${domain}`)).status).toBe(200);
});

test("a shop under another shop's number, or under a new domain of its own", async () => {
  const [one, two] = [newShop(), newShop()];
  await connect(one, create());
  const { json } = await connect(two, create());
  const mixed = await connect({ ...one, shop_id: two.shop_id }, { kind: "again" });
  expect([mixed.status, mixed.json.errors[0].path]).toStrictEqual([422, "shop_id"]);
  const renamed = await connect({ ...two, domain: `renamed-${two.domain}` }, { kind: "again" });
  expect([renamed.status, renamed.json.store_id]).toStrictEqual([200, json.store_id]);
  expect((await ask(`/renamed-${two.domain}`)).json.shop_id).toBe(two.shop_id);
});

test("a late uninstall changes nothing; one that counts pauses the store, and the shop comes back as it was", async () => {
  const shop = newShop();
  const early = new Date(Date.now() - 60_000).toISOString();
  await connect(shop, create());
  expect((await deliverOrder(shop, "990000000001")).status).toBe(200);
  await hub.settled();
  expect((await ask(`/${shop.domain}/uninstalled`, { triggered_at: early })).status).toBe(202);
  expect((await ask(`/${shop.domain}`)).json.status).toBe("active");
  const later = new Date(Date.now() + 5_000).toISOString();
  expect((await ask(`/${shop.domain}/uninstalled`, { triggered_at: later })).status).toBe(202);
  const gone = (await ask(`/${shop.domain}`)).json;
  expect([gone.status, gone.paused_because, gone.deliveries.outcomes]).toStrictEqual(["paused", "uninstalled", { applied: 1 }]);
  expect((await deliverOrder(shop, "990000000002")).status).toBe(404);
  const back = await connect(shop, { kind: "again" });
  expect([back.status, (await ask(`/${shop.domain}`)).json.status]).toStrictEqual([200, "active"]);
  expect((await deliverOrder(shop, "990000000003")).status).toBe(200);
  // The same message once more, as platforms send it, after the shop came back.
  await sql`update store_apps set connected_at = ${new Date(Date.now() + 60_000)} where store_id = ${back.json.store_id}`;
  await ask(`/${shop.domain}/uninstalled`, { triggered_at: later });
  expect((await ask(`/${shop.domain}`)).json.status).toBe("active");
  expect((await ask("/nobody-here.myshopify.com/uninstalled", { triggered_at: later })).status).toBe(404);
});

test("what people paused stays paused when the app comes again", async () => {
  const shop = newShop();
  const { json } = await connect(shop, create());
  const paused = await hub.app.request(`/api/stores/${json.store_id}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${json.key}`, "content-type": "application/json" },
    body: JSON.stringify({ status: "paused" }),
  });
  expect(paused.status).toBe(200);
  await connect(shop, { kind: "again" });
  const now = (await ask(`/${shop.domain}`)).json;
  expect([now.status, now.paused_because]).toStrictEqual(["paused", null]);
});

test("hints are asked about and believed in nothing; they stay in their shop", async () => {
  const [shop, other] = [newShop(), newShop()];
  const mine = (await connect(shop, create())).json.store_id as string;
  const theirs = (await connect(other, create())).json.store_id as string;
  expect((await deliverOrder(shop, "990000000011")).status).toBe(200);
  await hub.settled();
  const hint = {
    topic: "orders/delete",
    webhook_id: "w1",
    triggered_at: "2026-11-01T00:00:00Z",
    order_ids: ["gid://shopify/Order/990000000011", "990000000011"],
    product_ids: ["77"],
  };
  expect((await ask(`/${shop.domain}/hints`, hint)).status).toBe(202);
  expect((await ask(`/${shop.domain}/hints`, hint)).status).toBe(202);
  expect((await ask(`/${other.domain}/hints`, hint)).status).toBe(202);
  await hub.settled();
  const orders = await sql`select stage from orders where platform_order_id = '990000000011'`;
  expect(orders.map(({ stage }) => stage)).toStrictEqual(["earned"]);
  const open = async (storeId: string) => {
    const [row] = await sql`select company_id from stores where store_id = ${storeId}`;
    const companyId = Number(row?.company_id);
    return (await asCompany(hub.db, companyId, (tx) => listOpenHints(tx, { companyId, storeId, limit: 10 }))).map(
      ({ orderId }) => orderId,
    );
  };
  expect([await open(mine), await open(theirs)]).toStrictEqual([["990000000011", "990000000011"], ["990000000011"]]);
  expect((await ask(`/${shop.domain}`)).json.last_hint_at).not.toBeNull();
  expect((await ask(`/${shop.domain}/hints`, { ...hint, order_ids: ["x"] })).status).toBe(400);
  expect((await ask("/unknown.myshopify.com/hints", hint)).status).toBe(404);
});

test("a redaction erases the bodies of the named orders and the buyer's hashes, of that shop alone, also once the app is gone", async () => {
  const [shop, other] = [newShop(), newShop()];
  const { store_id: storeId } = (await connect(shop, create())).json;
  await connect(other, create());
  const buyer = (body: string) => body.replace(/"customer":\s*\{"id":\s*\d+/, '"customer":{"id":555001');
  for (const [where, order] of [
    [shop, "990000000021"],
    [shop, "990000000022"],
    [other, "990000000023"],
  ] as const)
    expect((await deliverOrder(where, order, order === "990000000022" ? undefined : buyer)).status).toBe(200);
  await hub.settled();
  await ask(`/${shop.domain}/uninstalled`, { triggered_at: new Date(Date.now() + 5000).toISOString() });
  const customer = { kind: "customer", customer_id: "gid://shopify/Customer/555001", order_ids: ["990000000021"] };
  expect((await ask(`/${shop.domain}/redactions`, { ...customer, kind: "data-request" })).status).toBe(202);
  expect((await ask(`/${shop.domain}/redactions`, customer)).status).toBe(202);
  await hub.settled();
  const [row] = await sql`select company_id from stores where store_id = ${storeId}`;
  const companyId = Number(row?.company_id);
  const run = () => redactJob(hub).run({ companyId, subject: "company" }, new AbortController().signal);
  await run();
  const kept = async () => {
    const rows = await sql`
      select o.platform_order_id as id, o.buyer_hash is not null as known,
             exists (select from order_buyers b where b.company_id = o.company_id and b.order_no = o.order_no) as listed,
             exists (select from inbox_outcomes w join inbox i using (delivery_id) join inbox_groups g on g.group_no = i.group_no
                      where w.order_no = o.order_no and salt_in(g.delivery_ids, g.salts, w.delivery_id) is not null) as readable
        from orders o where o.platform_order_id in ('990000000021', '990000000022', '990000000023') order by 1`;
    return rows.map(({ id, known, listed, readable }) => [String(id).slice(-2), known, listed, readable]);
  };
  expect(await kept()).toStrictEqual([
    ["21", false, false, false],
    ["22", true, true, true],
    ["23", true, true, true],
  ]);
  expect((await ask(`/${shop.domain}/redactions`, { kind: "shop" })).status).toBe(202);
  await hub.settled();
  await run();
  expect(await kept()).toStrictEqual([
    ["21", false, false, false],
    ["22", false, false, false],
    ["23", true, true, true],
  ]);
  const audits =
    await sql`select act, details from audit_log where company_id = ${companyId} and act like 'store.%' order by audit_no`;
  expect(audits.map(({ act }) => act)).toStrictEqual([
    "store.connect",
    "store.uninstall",
    "store.data-request",
    "store.redact-buyer",
    "store.redact-shop",
    "store.erase",
  ]);
  expect(JSON.stringify(audits)).not.toContain("555001");
});

test("evidence is kept once, belongs to its shop, and makes no commission", async () => {
  const shop = newShop();
  const { store_id: storeId } = (await connect(shop, create())).json;
  const pixel = { kind: "pixel", order_id: "990000000031", code: "ABC123", at: "2026-11-01T00:00:00Z", client_id: "browser-7" };
  for (const told of [
    pixel,
    { ...pixel, code: "abc123" },
    { ...pixel, kind: "claim" },
    { ...pixel, order_id: undefined, checkout_token: "t" },
  ])
    expect((await ask(`/${shop.domain}/evidence`, told)).status).toBe(202);
  const rows =
    await sql`select kind, status, platform_order_id, client_hash from told_evidence where store_id = ${storeId} order by evidence_no`;
  expect(rows.map(({ kind, status, platform_order_id }) => `${kind} ${status} ${platform_order_id}`)).toStrictEqual([
    "pixel kept 990000000031",
    "claim open 990000000031",
    "pixel kept ",
  ]);
  expect(JSON.stringify(rows)).not.toContain("browser-7");
  for (const [wrong, status] of [
    [{ ...pixel, order_id: undefined }, 422],
    [{ ...pixel, code: "jane@example.com" }, 422],
    [{ ...pixel, kind: "manual" }, 400],
    [{ ...pixel, at: "yesterday" }, 400],
  ] as const)
    expect((await ask(`/${shop.domain}/evidence`, wrong)).status, JSON.stringify(wrong)).toBe(status);
  // Anybody's browser sends these: of one order no more than twenty are kept.
  for (let index = 0; index < 25; index++) await ask(`/${shop.domain}/evidence`, { ...pixel, code: `CODE${index}` });
  const [count] = await sql`select count(*)::int as n from told_evidence where platform_order_id = '990000000031'`;
  expect(count?.n).toBe(20);
  const [transfers] =
    await sql`select count(*)::int as n from transfers join stores using (company_id) where store_id = ${storeId}`;
  expect(transfers?.n).toBe(0);
});

test("the typed client speaks to the service's routes, and refusals name the field", async () => {
  const client = createHubClient({
    url: "http://hub.test",
    key: serviceKey,
    fetch: (input, init) => hub.app.request(input as Request, init),
  });
  const { platform: _platform, ...shop } = newShop();
  const connected = await answerOf(
    client.service.shops.$post({
      json: { ...shop, platform: "shopify", join: { kind: "create", company_name: "Typed" } },
    }),
  );
  expect(connected.company.name).toBe("Typed");
  const found = await answerOf(client.service.shops[":domain"].$get({ param: { domain: shop.domain } }));
  expect([found.status, found.currency, found.last_reconciliation]).toStrictEqual(["active", "EUR", null]);
  const refusal = await client.service.shops
    .$post({ json: { ...shop, domain: "shop.example.com", platform: "shopify", join: { kind: "again" } } })
    .catch((error: unknown) => error);
  assert.ok(refusal instanceof HubProblem);
  expect([refusal.status, refusal.fields[0]?.path]).toStrictEqual([400, "domain"]);
});
