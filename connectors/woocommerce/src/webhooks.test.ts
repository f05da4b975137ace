import { openOutgoing } from "@upline/outgoing";
import { assert, expect, type TestContext, test } from "vitest";
import { recordedRest } from "../fixtures/recorded.ts";
import { KEY, SECRET, startStore } from "../fixtures/store-server.ts";
import { createClient } from "./client.ts";
import { deliveryUrlProblem, ensureWebhooks, removeWebhooks, TOPICS } from "./webhooks.ts";

const deliveryUrl = "https://hub.example/ingest/woocommerce/s1";
const wanted = { deliveryUrl, secret: "new secret", topics: ["order.created", "order.updated"] };

async function setUp(t: TestContext) {
  const store = await startStore();
  t.onTestFinished(() => store.close());
  return {
    store,
    client: createClient({
      access: { url: store.url, consumerKey: KEY, consumerSecret: SECRET },
      callOut: openOutgoing({ allowPrivate: true }),
    }),
  };
}

const told = (outcomes: Awaited<ReturnType<typeof ensureWebhooks>>) =>
  outcomes.map(({ topic, webhookId, outcome }) => `${topic} ${webhookId} ${outcome}`);

test("creates what is missing, keeps what is there, and leaves others' webhooks alone", async (t) => {
  const { client, store } = await setUp(t);
  const foreign = { ...(recordedRest("webhook-disabled") as object), id: 1 };
  store.webhooks.push(foreign);
  expect(told(await ensureWebhooks(client, wanted))).toStrictEqual(["order.created 2 created", "order.updated 3 created"]);
  expect(store.webhooks[1]).toStrictEqual({
    id: 2,
    name: "Upline order.created",
    topic: "order.created",
    delivery_url: deliveryUrl,
    secret: "new secret",
    status: "active",
  });
  expect(told(await ensureWebhooks(client, wanted))).toStrictEqual(["order.created 2 kept", "order.updated 3 kept"]);
  expect(store.webhooks[0]).toStrictEqual(foreign);
  expect(await removeWebhooks(client, deliveryUrl)).toBe(2);
  expect(store.webhooks).toStrictEqual([foreign]);
});

test("a disabled webhook is made anew, for activating it would leave its failures counted; a paused one is respected", async (t) => {
  const { client, store } = await setUp(t);
  const mine = (id: number, topic: string, status: string) => ({
    ...(recordedRest("webhook-disabled") as object),
    id,
    topic,
    status,
    delivery_url: deliveryUrl,
  });
  store.webhooks.push(
    mine(4, "order.created", "paused"),
    mine(5, "order.updated", "disabled"),
    mine(6, "order.updated", "disabled"),
  );
  expect(told(await ensureWebhooks(client, wanted))).toStrictEqual([
    "order.created 4 paused",
    "order.updated 7 re-created",
    "order.updated 6 removed",
  ]);
  expect(store.webhooks.map(({ id, status }) => [id, status])).toStrictEqual([
    [4, "paused"],
    [7, "active"],
  ]);
});

test("an active one counts before a disabled one of the same topic; secrets are renewed when asked", async (t) => {
  const { client, store } = await setUp(t);
  const mine = (id: number, status: string) => ({ id, topic: "order.updated", status, delivery_url: deliveryUrl, secret: "old" });
  store.webhooks.push(mine(1, "disabled"), mine(2, "active"));
  const one = { ...wanted, topics: ["order.updated"] };
  expect(told(await ensureWebhooks(client, { ...one, renewSecret: true }))).toStrictEqual([
    "order.updated 2 kept",
    "order.updated 1 removed",
  ]);
  expect(store.webhooks[0]?.secret).toBe("new secret");
});

test("by default: what orders and products need, and deletion for good by its action", async (t) => {
  const { client, store } = await setUp(t);
  await ensureWebhooks(client, { deliveryUrl, secret: "s" });
  expect(store.webhooks.map(({ topic }) => topic)).toStrictEqual([...TOPICS]);
  assert.ok(TOPICS.includes("action.woocommerce_before_delete_order"));
});

test("addresses that WordPress would silently never call are told beforehand", () => {
  const problem = (url: string, storeUrl = "https://shop.example") => deliveryUrlProblem(url, storeUrl);
  for (const url of [deliveryUrl, "http://hub.example/x", "https://hub.example:8080/x", "https://hub.example:443/x"])
    expect(problem(url), url).toBe(null);
  expect(problem("https://hub.example:3000/x") ?? "").toMatch(/port 3000/);
  expect(problem("https://hub.example:8443/x", "https://shop.example:8443")).toBe(null);
  expect(problem("http://127.0.0.1:8080/x", "http://127.0.0.1:8089"), "the store's own host").toBe(null);
  for (const host of ["localhost", "127.0.0.1", "10.0.0.8", "192.168.1.2", "172.20.0.1", "169.254.169.254", "[::1]"])
    expect(problem(`http://${host}/x`) ?? "").toMatch(/local/);
  expect(problem("ftp://hub.example/") ?? "").toMatch(/https/);
  expect(problem("https://me:pw@hub.example/") ?? "").toMatch(/user name/);
  expect(problem("hub.example") ?? "").toMatch(/no address/);
});
