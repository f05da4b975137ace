import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { openDatabase } from "../db/open.ts";
import { createKey } from "../keys/create.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { forgetBodies, forgetOldBodies } from "./forget-bodies.ts";
import { insertDeliveries } from "./insert.ts";
import { openBody, readDeliveries } from "./queries.ts";

let hub: TestHub;
let owner: postgres.Sql;
let key: string;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  ({ key } = await createKey(hub, {
    companyId: hub.company.companyId,
    name: "test",
    owner: "test",
    scopes: ["admin"],
    actor: "test",
  }));
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const [life] = recordedLives().filter(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
if (!life) throw new Error("the fixture is missing");

async function deliver(body: string): Promise<bigint> {
  const { path, init } = signedRequest(hub.company.stores.shopify, { ...(life as NonNullable<typeof life>), body });
  const response = await hub.app.request(path, init);
  expect(response.status).toBe(200);
  await hub.settled();
  return BigInt(((await response.json()) as { delivery: string }).delivery);
}

const call = (path: string, method = "GET") =>
  hub.app.request(`/api/deliveries/${path}`, { method, headers: { authorization: `Bearer ${key}` } });
const shown = async (deliveryId: bigint) => (await (await call(String(deliveryId))).json()) as Record<string, unknown>;

test("what a shop sent is nowhere in the inbox to be read, and can be read until its key is gone", async () => {
  const deliveryId = await deliver(life.body);
  const [row] = await owner<{ text: string; bytes: Buffer }[]>`
    select row_to_json(i)::text as text, sealed as bytes from inbox i where delivery_id = ${String(deliveryId)}`;
  // Packed and sealed.
  expect(row?.bytes.length).toBeLessThan(Buffer.byteLength(life.body) / 3);
  for (const word of ["line_items", "upline-demo.myshopify.com"]) {
    expect(life.body).toContain(word);
    expect(row?.text).not.toContain(word);
    expect(row?.bytes.includes(word)).toBe(false);
  }
  expect(await shown(deliveryId)).toMatchObject({ body: life.body, encoding: "utf8", size_bytes: Buffer.byteLength(life.body) });
  const before = await shown(deliveryId);
  await owner`update inbox_groups set salts = null where group_no = ${String(deliveryId)}`;
  expect(await shown(deliveryId)).toStrictEqual({ ...before, body: null });
  const replayed = await call(`${deliveryId}/replay`, "POST");
  expect(replayed.status).toBe(422);
  expect(await replayed.text()).toContain(`The body of delivery ${deliveryId} was erased`);
  // What became of it stays.
  expect(await shown(deliveryId)).toStrictEqual({ ...before, body: null });
});

test("of deliveries that were committed together one is erased, and the others can be read; of two companies each has its own", async () => {
  const bravo = await setUpTestCompany(hub, "bravo");
  const given = Array.from({ length: 9 }, (_, index) => ({
    companyId: (index % 3 === 2 ? bravo : hub.company).companyId,
    storeId: (index % 3 === 2 ? bravo : hub.company).stores.shopify.storeId,
    topic: index === 4 ? 'a "quoted" \\ topic, {of} NULL' : "orders/create",
    platformDeliveryId: index === 5 ? null : `"${index}"`,
    encoding: index === 6 ? ("base64" as const) : ("utf8" as const),
    body: index === 6 ? Buffer.from([0, 255, 1]).toString("base64") : `body ${index}: €`,
  }));
  const ids = (await insertDeliveries(hub, given)).map(({ deliveryId }) => deliveryId);
  const read = async () => {
    const found = await readDeliveries(hub.db.gate, { deliveryIds: ids });
    return found.map((delivery) => [delivery.topic, delivery.storeId, delivery.encoding, openBody(hub.box, delivery)]);
  };
  const all = given.map(({ topic, storeId, encoding, body }) => [topic, storeId, encoding, body]);
  expect(await read()).toStrictEqual(all);
  const { companyId } = hub.company;
  const [, second = 0n, , fourth = 0n] = ids;
  const forget = (deliveryIds: readonly bigint[]) =>
    asCompany(hub.db, companyId, (tx) => forgetBodies(tx, companyId, deliveryIds));
  // Another company's delivery is not this one's to erase; at once, neither undoes what the other does.
  expect(await Promise.all([forget([second, ids[2] ?? 0n]), forget([fourth]), forget([second])])).toHaveLength(3);
  expect(await read()).toStrictEqual(all.map((row, index) => (index === 1 || index === 3 ? [...row.slice(0, 3), null] : row)));
  expect(await forget([second, fourth])).toBe(0);
  expect(await forget(ids)).toBe(4);
  expect(await read()).toStrictEqual(all.map((row, index) => (index % 3 === 2 ? row : [...row.slice(0, 3), null])));
  const [group] = await owner`select salts from inbox_groups where company_id = ${companyId} and group_no = ${String(ids[0])}`;
  expect(group?.salts).toBeNull();
  await owner.begin(async (tx) => {
    await tx`alter table inbox disable trigger append_only`;
    await tx`delete from inbox_groups where group_no = any(${[ids[0], ids[2]].map(String)}::bigint[])`;
    await tx`delete from inbox where delivery_id = any(${ids.map(String)}::bigint[])`;
    await tx`alter table inbox enable trigger append_only`;
  });
});

test("a delivery that waits and whose key is gone becomes a dead letter that says so", async () => {
  await owner`
    with kept as (insert into inbox (company_id, store_id, topic, sealed)
      values (${hub.company.companyId}, ${hub.company.stores.shopify.storeId}, 'orders/create', '\\x00') returning delivery_id)
    insert into inbox_groups (company_id, group_no, delivery_ids) select ${hub.company.companyId}, delivery_id, array[delivery_id] from kept`;
  const [row] = await owner`select max(delivery_id)::text as number from inbox`;
  await hub.worker.sweep(0);
  await hub.settled();
  expect(await shown(BigInt(row?.number))).toMatchObject({ outcome: "dead", detail: "its body was erased", body: null });
});

test("bodies from before they were sealed are sealed at the next start", async () => {
  const body = life.body.replace('"id":', '"earlier":true,"id":');
  await owner`insert into inbox (company_id, store_id, topic, body)
    values (${hub.company.companyId}, ${hub.company.stores.shopify.storeId}, 'orders/create', ${body})`;
  const [row] = await owner`select max(delivery_id)::text as number from inbox`;
  expect(await shown(BigInt(row?.number))).toMatchObject({ body });
  await (await openDatabase(hub.db.url, { env: hub.env, box: hub.box })).close();
  expect((await owner`select body from inbox where delivery_id = ${row?.number}`)[0]?.body).toBeNull();
  expect(await shown(BigInt(row?.number))).toMatchObject({ body });
  await expect(owner`update inbox set topic = 'x'`).rejects.toThrow(/append-only/);
});

test("age erases what was processed, and neither what waits nor a dead letter; the age is counted from when it was processed", async () => {
  const { companyId } = hub.company;
  const [done, dead] = [await deliver(life.body), await deliver("{")];
  const [waiting] = await owner`
    with kept as (insert into inbox (company_id, store_id, topic, sealed, received_at)
      values (${companyId}, ${hub.company.stores.shopify.storeId}, 'orders/create', '\\x00', now() - interval '1 year') returning delivery_id),
    keyed as (insert into inbox_groups select ${companyId}, delivery_id, array[delivery_id], '\\x00' from kept)
    select delivery_id::text as number from kept`;
  const readable = async () => {
    const rows =
      await owner`select group_no::text as number from inbox_groups where company_id = ${companyId} and salts is not null`;
    return [String(done), String(dead), waiting?.number].map((number) => rows.some((row) => row.number === number));
  };
  const forget = (before: Date) => forgetOldBodies(hub, { companyId, before });
  await forget(new Date(Date.now() - 86_400_000));
  expect(await readable()).toStrictEqual([true, true, true]);
  expect(await forget(new Date(Date.now() + 1_000))).toBeGreaterThan(0);
  expect(await readable()).toStrictEqual([false, true, true]);
  expect(await forget(new Date(Date.now() + 1_000))).toBe(0);
});
