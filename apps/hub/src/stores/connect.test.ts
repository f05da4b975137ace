import { createHmac } from "node:crypto";
import { signStandardWebhook } from "@upline/core";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { makeConnectionCode } from "./code.ts";

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

const SHOP = {
  platform: "woocommerce",
  domain: "shop.test",
  url: "https://shop.test",
  versions: { plugin: "0.1.0", php: "8.2" },
};

type Json = Record<string, string>;

async function newCode(companyId = hub.company.companyId): Promise<string> {
  return (await makeConnectionCode(hub, { companyId, publicUrl: "http://hub.test", actor: "test" })).code;
}

async function connect(body: object): Promise<{ status: number; text: string; json: Json }> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await hub.app.request("/connect", init);
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Json };
}

function asStore(path: string, token: string, method = "GET"): Promise<Response> {
  const body = method === "POST" ? "{}" : null;
  return Promise.resolve(
    hub.app.request(path, { method, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body }),
  );
}

async function deliver(ingestUrl: string, secret: string): Promise<number> {
  const body = JSON.stringify({ type: "customer.updated", timestamp: new Date().toISOString(), data: { customer: { id: 1 } } });
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  const headers = signStandardWebhook({ id: "msg_1", at: new Date(), rawBody: Buffer.from(body), secret, hmac });
  return (await hub.app.request(new URL(ingestUrl).pathname, { method: "POST", headers, body })).status;
}

test("a code connects a shop once, and its first delivery is taken", async () => {
  const code = await newCode();
  expect(Buffer.from(code.split(".")[0] ?? "", "base64url").toString()).toBe("http://hub.test");
  const { status, json } = await connect({ ...SHOP, code });
  expect(status).toBe(200);
  expect(json.company).toBe("Company acme");
  expect(json.ingestUrl).toBe(`http://hub.test/ingest/woocommerce/${json.store}`);
  expect(await deliver(json.ingestUrl ?? "", json.secret ?? "")).toBe(200);
  const tried = await asStore("/connect/test", json.token ?? "", "POST");
  expect(await tried.json()).toStrictEqual({
    ...{ ok: true, company: "Company acme", store: json.store },
    evidenceOrder: ["manual", "discount-code", "checkout-field", "cart-attribute", "line-property", "landing-site"],
  });
});

test("used, unknown, expired and malformed codes answer alike, to the byte", async () => {
  const used = await newCode();
  await connect({ ...SHOP, domain: "other.test", url: "https://other.test", code: used });
  const expired = await newCode();
  await sql`update connection_codes set expires_at = now() - interval '1 second' where used_at is null`;
  const unknown = `${used.split(".")[0]}.${"A".repeat(32)}`;
  const answers = await Promise.all([used, expired, unknown, "nonsense"].map((code) => connect({ ...SHOP, code })));
  for (const { status, text } of answers) expect([status, text]).toStrictEqual([404, answers[0]?.text]);
});

test("text that no database holds, and an address with a password in it, are refused with their field, and the code stays good", async () => {
  const code = await newCode();
  const odd = { ...SHOP, domain: "odd.test", url: "https://odd.test", code };
  for (const [change, path] of [
    [{ url: "https://odd.test/a\u0000b" }, "url"],
    [{ versions: { plugin: "1\u0000" } }, "versions.plugin"],
    [{ versions: { plugin: "\ud800" } }, "versions.plugin"],
    [{ previousStore: "st_\u0000" }, "previousStore"],
    [{ url: "https://ann:secret@odd.test" }, "url"],
  ] as const) {
    const { status, json } = await connect({ ...odd, ...change });
    const [first] = json.errors as unknown as { path: string }[];
    expect([status >= 400 && status < 500, first?.path], path).toStrictEqual([true, path]);
  }
  const { json } = await connect(odd);
  const moved = await hub.app.request("/connect/moved", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${json.token}` },
    body: JSON.stringify({ url: "https://odd.test/\u0000", domain: "odd.test", from: "https://odd.test" }),
  });
  expect(moved.status).toBe(400);
});

test("two shops with one code: one is connected", async () => {
  const code = await newCode();
  const shops = ["a", "b", "c", "d"].map((name) => ({
    ...SHOP,
    code,
    domain: `${name}.race.test`,
    url: `https://${name}.race.test`,
  }));
  const statuses = (await Promise.all(shops.map(connect))).map(({ status }) => status).sort();
  expect(statuses).toStrictEqual([200, 404, 404, 404]);
});

test("connecting again keeps the store and replaces its keys", async () => {
  const shop = { ...SHOP, domain: "again.test", url: "https://again.test" };
  const first = (await connect({ ...shop, code: await newCode() })).json;
  expect(await deliver(first.ingestUrl ?? "", first.secret ?? "")).toBe(200);
  const second = (await connect({ ...shop, code: await newCode() })).json;
  expect(second.store).toBe(first.store);
  expect(await deliver(second.ingestUrl ?? "", second.secret ?? "")).toBe(200);
  expect(await deliver(first.ingestUrl ?? "", first.secret ?? "")).toBe(401);
  expect((await asStore("/connect/test", first.token ?? "", "POST")).status).toBe(401);
  expect((await asStore("/connect/test", second.token ?? "", "POST")).status).toBe(200);
});

test("a shop of another company is refused without telling whose, and the code stays good", async () => {
  const rival = await setUpTestCompany(hub, "rival");
  const shop = { ...SHOP, domain: "taken.test", url: "https://taken.test" };
  const mine = (await connect({ ...shop, code: await newCode() })).json;
  const code = await newCode(rival.companyId);
  const { status, text } = await connect({ ...shop, code });
  expect(status).toBe(409);
  expect(text).not.toMatch(/acme/i);
  // Once it is free, the very code works.
  expect((await asStore("/connect", mine.token ?? "", "DELETE")).status).toBe(200);
  expect((await connect({ ...shop, code })).json.company).toBe("Company rival");
});

test("disconnecting ends every key and keeps what was delivered", async () => {
  const shop = { ...SHOP, domain: "leaving.test", url: "https://leaving.test" };
  const { json } = await connect({ ...shop, code: await newCode() });
  expect(await deliver(json.ingestUrl ?? "", json.secret ?? "")).toBe(200);
  expect((await asStore("/connect", json.token ?? "", "DELETE")).status).toBe(200);
  expect(await deliver(json.ingestUrl ?? "", json.secret ?? "")).toBe(404);
  expect((await asStore("/connect", json.token ?? "", "DELETE")).status).toBe(401);
  const [row] =
    await sql`select s.status, (select count(*)::int from inbox i where i.store_id = s.store_id) as kept from stores s where s.store_id = ${json.store ?? ""}`;
  expect([row?.status, row?.kept]).toStrictEqual(["disconnected", 1]);
});

test("shops in folders of one host, or at its ports, are shops of their own", async () => {
  const urls = ["https://multi.test", "https://multi.test/de", "https://multi.test/fr/", "https://multi.test:8443"];
  const stores = [];
  for (const url of urls) stores.push((await connect({ ...SHOP, domain: "multi.test", url, code: await newCode() })).json.store);
  expect(new Set(stores).size).toBe(4);
  const lying = await connect({ ...SHOP, domain: "multi.test", url: "https://elsewhere.test", code: await newCode() });
  expect(lying.status).toBe(422);
});

test("a referral code shows a first name and an initial to its company's stores only", async () => {
  await sql`update distributors set name = 'Anna Maria Müller' where distributor_id = 'D03'`;
  const { json } = await connect({ ...SHOP, domain: "names.test", url: "https://names.test", code: await newCode() });
  const ask = async (code: string) => {
    const response = await asStore(`/connect/referrals/${encodeURIComponent(code)}`, json.token ?? "");
    return response.status === 200 ? await response.json() : response.status;
  };
  expect(await ask("anna77")).toStrictEqual({ code: "ANNA77", displayName: "Anna M.", active: true });
  expect(((await ask("HANA8")) as { active: boolean }).active).toBe(false);
  expect(await ask("NOBODY1")).toBe(404);
  expect((await asStore("/connect/referrals/ANNA77", "upt_wrongwrongwrong")).status).toBe(401);
  expect((await asStore("/connect/referrals/ANNA77", hub.company.keys.admin)).status).toBe(401);
});

test("the database keeps hashes of codes and tokens, and sealed secrets", async () => {
  const code = await newCode();
  const { json } = await connect({ ...SHOP, domain: "rest.test", url: "https://rest.test", code });
  const [row] = await sql<{ dump: string }[]>`
    select (select string_agg(x::text, ' ') from connection_codes x) || (select string_agg(x::text, ' ') from store_tokens x)
        || (select string_agg(x::text, ' ') from store_secrets x) || (select string_agg(x::text, ' ') from audit_log x) as dump`;
  for (const secret of [code.split(".")[1], json.token, json.secret]) {
    assert.ok(!row?.dump.includes(secret ?? "-"));
    assert.ok(!row?.dump.includes(Buffer.from(secret ?? "-").toString("hex")));
  }
});

const RETURN = "https://shop.test/wp-admin/admin.php?page=upline";

function agree(fields: Record<string, string>, headers: Record<string, string> = { "sec-fetch-site": "same-origin" }) {
  return hub.app.request("/connect/woocommerce", {
    method: "POST",
    headers,
    body: new URLSearchParams({ return_url: RETURN, state: "a1b2c3d4e5", ...fields }),
  });
}

test("the page to agree shows where it leads, and cannot be framed, scripted or led elsewhere", async () => {
  const response = await hub.app.request(`/connect/woocommerce?return_url=${encodeURIComponent(RETURN)}&state=a1b2c3d4e5`);
  const page = await response.text();
  expect(response.status).toBe(200);
  expect(page).toMatch(/<dd>shop\.test<\/dd>/);
  expect(response.headers.get("content-security-policy") ?? "").toMatch(
    /default-src 'none'.*form-action 'self' https:\/\/shop\.test; frame-ancestors 'none'/,
  );
  for (const bad of ["javascript:alert(1)", "//evil.test", "ftp://x.test", "https://u:p@shop.test/"]) {
    const refused = await hub.app.request(`/connect/woocommerce?return_url=${encodeURIComponent(bad)}&state=a1b2c3d4e5`);
    expect(refused.status, bad).toBe(400);
  }
  const escaped = await hub.app.request(
    `/connect/woocommerce?return_url=${encodeURIComponent('https://x.test/"><script>')}&state=a1b2c3d4e5`,
  );
  expect(await escaped.text()).not.toMatch(/<script>/);
});

test("a Magento shop has a page of its own, which says where one begins there", async () => {
  const back = encodeURIComponent("https://shop.test/store/index.php/admin/upline/connect/back/");
  const page = await (await hub.app.request(`/connect/magento?return_url=${back}&state=a1b2c3d4e5`)).text();
  expect(page).toContain("shop.test/store<");
  expect(page).toContain('action="/connect/magento"');
  const incomplete = await hub.app.request("/connect/magento");
  expect([incomplete.status, (await incomplete.text()).includes("Stores, Configuration, Upline")]).toStrictEqual([400, true]);
});

test("agreeing needs an admin's key and the hub's own form; the code it leads back with works", async () => {
  const { admin, read } = hub.company.keys;
  expect((await agree({ key: read })).status).toBe(401);
  expect((await agree({ key: "upk_wrongwrongwrong" })).status).toBe(401);
  expect((await agree({ key: admin }, { "sec-fetch-site": "cross-site" })).status).toBe(400);
  expect((await agree({ key: admin }, { origin: "https://evil.test", host: "hub.test" })).status).toBe(400);
  expect((await agree({ key: admin }, {})).status).toBe(400);
  const response = await agree({ key: admin }, { origin: "http://hub.test", host: "hub.test" });
  expect(response.status).toBe(303);
  const back = new URL(response.headers.get("location") ?? "");
  expect(`${back.origin}${back.pathname}`).toBe("https://shop.test/wp-admin/admin.php");
  expect(back.searchParams.get("page")).toBe("upline");
  expect(back.searchParams.get("state")).toBe("a1b2c3d4e5");
  const shop = { ...SHOP, domain: "agreed.test", url: "https://agreed.test", code: back.searchParams.get("code") };
  expect((await connect(shop)).status).toBe(200);
});

test("a code over the API needs the scope admin", async () => {
  const ask = (key: string) =>
    hub.app.request("/api/connection-codes", { method: "POST", headers: { authorization: `Bearer ${key}` } });
  expect((await ask(hub.company.keys.read)).status).toBe(403);
  const made = await ask(hub.company.keys.admin);
  expect(made.status).toBe(201);
  const { code } = (await made.json()) as { code: string };
  expect((await connect({ ...SHOP, domain: "api.test", url: "https://api.test", code })).status).toBe(200);
});

test("each role may do no more with codes and tokens than it needs", async () => {
  await expect(hub.db.gate`update connection_codes set used_at = null`).rejects.toThrow(/permission denied/);
  await expect(hub.db.gate`insert into store_tokens (company_id, store_id, token_hash) values (1, 'x', '')`).rejects.toThrow(
    /permission denied/,
  );
  expect((await hub.db.app`select * from store_tokens`).length).toBe(0);
});
