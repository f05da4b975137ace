import { recordedRest } from "@upline/woocommerce/fixtures";
import { KEY, SECRET } from "@upline/woocommerce/fixtures/store";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { letRead, startRecordedStore } from "../testing/fake-woo-store.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { beginGrant } from "./grant.ts";

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

const key = () => ({ companyId: hub.company.companyId, storeId: hub.company.stores.woocommerce.storeId });

async function begin(): Promise<URL> {
  const { companyId, storeId } = key();
  return new URL(await beginGrant(hub, { admin: { companyId, actor: "test" }, storeId, publicUrl: "https://hub.test" }));
}

const post = (body: object) =>
  hub.app.request("/connect/woocommerce/keys", {
    method: "POST",
    headers: { "content-type": "application/json;charset=UTF-8" },
    body: JSON.stringify(body),
  });

/** The store's POST as it was recorded, with our state and a key the fake store knows. */
const granted = (state: string | null, over: object = {}) => ({
  ...((recordedRest("wc-auth-callback") as { body?: object }).body ?? {}),
  key_id: 1,
  user_id: state,
  consumer_key: KEY,
  consumer_secret: SECRET,
  key_permissions: "read_write",
  ...over,
});

test("a store's key is taken once, tried at the store, and sealed", async (t) => {
  const fake = await startRecordedStore(t);
  await letRead(hub, fake, key());
  await sql`update store_access set rest_key_ciphertext = null, rest_since = null where store_id = ${key().storeId}`;
  const url = await begin();
  expect(`${url.origin}${url.pathname}`).toBe(`${fake.url}/wc-auth/v1/authorize`);
  expect(url.searchParams.get("callback_url")).toBe("https://hub.test/connect/woocommerce/keys");
  const state = url.searchParams.get("user_id");
  expect((await post(granted(state))).status).toBe(200);
  expect((await post(granted(state))).status).toBe(422);
  const [row] = await sql`select rest_key_ciphertext as sealed, rest_since from store_access where store_id = ${key().storeId}`;
  assert.ok(row?.rest_since);
  assert.ok(!Buffer.from(row?.sealed).includes(SECRET));
  expect(JSON.parse(hub.box.open(row?.sealed))).toStrictEqual({ consumerKey: KEY, consumerSecret: SECRET });
});

test("a key that the store does not accept, and a state nobody asked for, change nothing", async (t) => {
  const fake = await startRecordedStore(t);
  await letRead(hub, fake, key());
  const sealed = async () =>
    (await sql`select rest_key_ciphertext as sealed from store_access where store_id = ${key().storeId}`)[0]?.sealed;
  const before = await sealed();
  const wrong = `ck_${"f".repeat(40)}`;
  const state = (await begin()).searchParams.get("user_id");
  expect((await post(granted(state, { consumer_key: wrong }))).status).toBe(422);
  expect((await post(granted("A".repeat(32)))).status).toBe(422);
  expect((await post({ nonsense: true })).status).toBe(422);
  expect(await sealed()).toStrictEqual(before);
});

test("the page to begin wants an admin's key, and a hub that shops reach by https", async () => {
  const { storeId } = key();
  const page = await hub.app.request(`/connect/woocommerce/authorize?store=${storeId}`);
  expect(page.status).toBe(200);
  const send = (fields: Record<string, string>) =>
    hub.app.request("/connect/woocommerce/authorize", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      body: new URLSearchParams(fields),
    });
  expect((await send({ store: storeId, key: hub.company.keys.read })).status).toBe(401);
  const plain = await send({ store: storeId, key: hub.company.keys.admin });
  expect(plain.status).toBe(422);
  expect(await plain.text()).toMatch(/https addresses only/);
  expect((await send({ store: "st_nobodynobody", key: hub.company.keys.admin })).status).toBe(404);
});
