import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { type OwnServer, startOwnServer } from "../testing/own-server.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { testSettings } from "../testing/test-parts.ts";
import { until } from "../testing/until.ts";

let server: OwnServer;
let hub: Hub;
let company: TestCompany;
beforeAll(async () => {
  server = await startOwnServer();
  hub = await openHub(readEnv(testSettings(server.url)), server.url);
  company = await setUpTestCompany(hub);
});
afterAll(async () => {
  await hub.close();
  await server.remove();
});

const PAID = recordedLives().find((life) => life.platform === "shopify" && life.body.includes("9007199254740993118"));
if (!PAID) throw new Error("the fixture is missing");
const life = PAID;
let next = 7_300_000_000_000;

/** Sends a new order, and answers the hub's status for it. */
async function send(): Promise<number> {
  const body = life.body.replaceAll("9007199254740993118", String(next++));
  const { path, init } = signedRequest(company.stores.shopify, { ...life, body });
  return (await hub.app.request(path, init)).status;
}

const statusOf = async (path: string, key?: string) =>
  (await hub.app.request(path, key ? { headers: { authorization: `Bearer ${key}` } } : {})).status;

async function paidOrders(): Promise<number> {
  const answer = await hub.app.request("/api/orders?limit=500", { headers: { authorization: `Bearer ${company.keys.read}` } });
  return ((await answer.json()) as { items: unknown[] }).items.length;
}

/** Every pool at once does its work: door and inbox, API, pipeline with its directory. */
async function works(): Promise<void> {
  await until("the hub is ready again", async () => (await statusOf("/readyz")) === 200);
  // As many at once as there are connections, so that every connection has to come back.
  await until("deliveries are taken", async () => (await Promise.all(Array.from({ length: 12 }, send))).every((s) => s === 200));
  await until("the API answers", async () => {
    const calls = Array.from({ length: 12 }, () => statusOf("/api/orders", company.keys.read));
    return (await Promise.all(calls)).every((status) => status === 200);
  });
  const before = await paidOrders();
  await until("one more delivery is taken", async () => (await send()) === 200);
  await until("it becomes an order", async () => (await paidOrders()) > before);
}

test("an idle hub comes back by itself after the database was restarted", async () => {
  await works();
  await server.stop();
  await server.start();
  await works();
}, 600_000);

test("a hub under load comes back by itself, with every connection of every pool, and loses nothing it acknowledged", async () => {
  const before = await paidOrders();
  let acknowledged = 0;
  let refused = 0;
  let loading = true;
  const load = Array.from({ length: 24 }, async () => {
    while (loading) {
      const status = await send().catch(() => 0);
      if (status === 200) acknowledged++;
      else refused++;
      await statusOf("/api/balances", company.keys.read).catch(() => {});
      await wait(5);
    }
  });
  for (let outage = 0; outage < 3; outage++) {
    await server.stop();
    await wait(1_500);
    await server.start();
    await until("deliveries are taken", async () => (await send()) === 200 && ++acknowledged > 0);
  }
  loading = false;
  await Promise.all(load);
  expect(refused).toBeGreaterThan(0);
  await works();
  const waiting = async () => (await (await hub.app.request("/readyz")).json()) as { waiting: number };
  await until("nothing waits", async () => (await waiting()).waiting === 0);
  expect(acknowledged).toBeGreaterThan(0);
  expect(before).toBeGreaterThan(0);
}, 600_000);
