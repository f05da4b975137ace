import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { recordedRest } from "@upline/woocommerce/fixtures";
import { KEY, SECRET } from "@upline/woocommerce/fixtures/store";
import postgres from "postgres";
import { letRead, startRecordedStore } from "../testing/fake-woo-store.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { beginGrant } from "./grant.ts";

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
  assert.equal(`${url.origin}${url.pathname}`, `${fake.url}/wc-auth/v1/authorize`);
  assert.equal(url.searchParams.get("callback_url"), "https://hub.test/connect/woocommerce/keys");
  const state = url.searchParams.get("user_id");
  assert.equal((await post(granted(state))).status, 200);
  assert.equal((await post(granted(state))).status, 422);
  const [row] = await sql`select rest_key_ciphertext as sealed, rest_since from store_access where store_id = ${key().storeId}`;
  assert.ok(row?.rest_since);
  assert.ok(!Buffer.from(row?.sealed).includes(SECRET));
  assert.deepEqual(JSON.parse(hub.box.open(row?.sealed)), { consumerKey: KEY, consumerSecret: SECRET });
});

test("a key that the store does not accept, and a state nobody asked for, change nothing", async (t) => {
  const fake = await startRecordedStore(t);
  await letRead(hub, fake, key());
  const sealed = async () =>
    (await sql`select rest_key_ciphertext as sealed from store_access where store_id = ${key().storeId}`)[0]?.sealed;
  const before = await sealed();
  const wrong = `ck_${"f".repeat(40)}`;
  const state = (await begin()).searchParams.get("user_id");
  assert.equal((await post(granted(state, { consumer_key: wrong }))).status, 422);
  assert.equal((await post(granted("A".repeat(32)))).status, 422);
  assert.equal((await post({ nonsense: true })).status, 422);
  assert.deepEqual(await sealed(), before);
});

test("the page to begin wants an admin's key, and a hub that shops reach by https", async () => {
  const { storeId } = key();
  const page = await hub.app.request(`/connect/woocommerce/authorize?store=${storeId}`);
  assert.equal(page.status, 200);
  const send = (fields: Record<string, string>) =>
    hub.app.request("/connect/woocommerce/authorize", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      body: new URLSearchParams(fields),
    });
  assert.equal((await send({ store: storeId, key: hub.company.keys.read })).status, 401);
  const plain = await send({ store: storeId, key: hub.company.keys.admin });
  assert.equal(plain.status, 422);
  assert.match(await plain.text(), /https addresses only/);
  assert.equal((await send({ store: "st_nobodynobody", key: hub.company.keys.admin })).status, 404);
});
