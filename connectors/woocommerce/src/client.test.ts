import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { backoffMs, createGate, retryAfterMs, StoreError, type Surroundings } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { assert, expect, type TestContext, test } from "vitest";
import { recordedRest } from "../fixtures/recorded.ts";
import { type Fault, KEY, SECRET, send, startStore } from "../fixtures/store-server.ts";
import { type ClientOptions, createClient } from "./client.ts";

/** A world whose time passes at once; `slept` tells how long it was. */
function fastWorld() {
  const slept: number[] = [];
  let nowMs = Date.parse("2026-11-24T00:00:00Z");
  const surroundings: Surroundings = {
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
    random: () => 0.5,
  };
  return { surroundings, slept };
}

async function setUp(t: TestContext, { store: how = {}, ...options }: { store?: object } & Partial<ClientOptions> = {}) {
  const store = await startStore(how);
  t.onTestFinished(() => store.close());
  const world = fastWorld();
  const access = { url: store.url, consumerKey: KEY, consumerSecret: SECRET };
  const callOut = openOutgoing({ allowPrivate: true, ca: store.ca });
  const client = createClient({ access, callOut, surroundings: world.surroundings, ...options });
  return { store, client, access, callOut, ...world };
}

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Fault =>
  (_, response) =>
    send(response, status, body, headers);
const hangUp: Fault = (request) => void request.socket.destroy();

async function failure(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => expect.fail("was answered"),
    (reason) => reason,
  );
  assert.ok(error instanceof StoreError, inspect(error));
  return error;
}

test("http is signed by OAuth 1.0a, with any character in a parameter", async (t) => {
  const { client, store } = await setUp(t);
  store.orders.push({ id: 1 });
  const page = await client.get("orders", { search: "a b+c'()!*ü&=%", modified_after: "2026-11-23T16:33:23", include: "1,2" });
  expect([page.total, page.totalPages, page.body]).toStrictEqual([1, 1, [{ id: 1 }]]);
  assert.ok(Math.abs(page.storeTime.getTime() - Date.now()) < 5000, "the store's own clock");
});

test("https is signed by Basic", async (t) => {
  const { client, store } = await setUp(t, { store: { tls: true } });
  store.orders.push({ id: 1 });
  expect((await client.get("orders/1", {})).body).toStrictEqual({ id: 1 });
  assert.ok(!store.log.join().includes("consumer_key"));
});

test("a wrong key is said so at once, and no error ever holds it", async (t) => {
  for (const tls of [false, true]) {
    const { store, access, callOut, surroundings } = await setUp(t, { store: { tls } });
    const client = createClient({ access: { ...access, consumerSecret: `cs_${"a".repeat(40)}` }, callOut, surroundings });
    const error = await failure(client.get("orders"));
    expect([error.kind, error.status, error.code, store.log.length]).toStrictEqual([
      "unauthorised",
      401,
      "woocommerce_rest_cannot_view",
      1,
    ]);
    store.faults.push(...Array.from({ length: 5 }, () => hangUp));
    const broken = await failure(client.get("orders", {}));
    expect(inspect([error, broken], { depth: 20, showHidden: true })).not.toMatch(/ck_0123|cs_aaaa|oauth_/);
  }
});

test("breakdowns are tried again with growing, random waits, and only so often", async (t) => {
  const { client, store, slept } = await setUp(t);
  store.orders.push({ id: 1 });
  store.faults.push(answer(500, "<html>"), hangUp, answer(502, ""), answer(200, "Notice: undefined index <br>[]"));
  expect((await client.get("orders/1")).body).toStrictEqual({ id: 1 });
  expect(slept).toStrictEqual([375, 750, 1500, 3000]);
  store.faults.push(...Array.from({ length: 9 }, () => answer(500, "")));
  const error = await failure(client.get("orders/1"));
  expect([error.kind, error.status, store.log.length]).toStrictEqual(["unavailable", 500, 10]);
});

test("where the store asks for patience, everyone waits; where it asks for too much, the run ends", async (t) => {
  const { client, store, slept } = await setUp(t);
  store.orders.push({ id: 1 });
  store.faults.push(answer(429, {}, { "retry-after": "7" }));
  await client.get("orders/1");
  assert.ok(slept.includes(7000));
  store.faults.push(answer(503, {}, { "retry-after": "86400" }));
  const error = await failure(client.get("orders/1"));
  expect([error.kind, error.status]).toStrictEqual(["unavailable", 503]);
  expect(store.log.length).toBe(3);
});

test("a refusal is for good, though WooCommerce calls it 500", async (t) => {
  const { client, store } = await setUp(t);
  store.faults.push(
    answer(500, recordedRest("refund-over-error")),
    answer(401, recordedRest("error-401-bad-key")),
    answer(400, { code: "rest_invalid_param" }),
    answer(404, "<h1>Not Found</h1>"),
  );
  const kinds = [];
  for (let n = 0; n < 4; n += 1) kinds.push((await failure(client.get("orders"))).kind);
  expect(kinds).toStrictEqual(["refused", "unauthorised", "refused", "not-found"]);
  expect(store.log.length).toBe(4);
});

test("what creates something is repeated only where the store has not begun", async (t) => {
  const { client, store } = await setUp(t);
  store.faults.push(answer(503, ""), answer(429, ""));
  await client.post("webhooks", { topic: "order.updated" });
  expect(store.webhooks.length).toBe(1);
  for (const fault of [answer(500, ""), hangUp]) {
    store.faults.push(fault);
    expect((await failure(client.post("webhooks", { topic: "order.updated" }))).kind).toBe("unavailable");
  }
  expect(store.webhooks.length).toBe(1);
  store.faults.push(hangUp);
  await client.delete("webhooks/1", { force: "true" });
  expect(store.webhooks.length).toBe(0);
});

test("a redirect is not followed: it would hand over the key", async (t) => {
  let reached = 0;
  const elsewhere = createServer((_, response) => {
    reached += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  t.onTestFinished(() => void elsewhere.close());
  const { client, store } = await setUp(t);
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  store.faults.push(answer(301, "", { location }), answer(307, "", { location }));
  expect((await failure(client.get("orders"))).kind).toBe("refused");
  expect((await failure(client.get("orders"))).kind).toBe("refused");
  expect(reached).toBe(0);
});

test("no answer in time is a breakdown; an end of everything is at once", async (t) => {
  const silent: Fault = () => undefined;
  const { client, store } = await setUp(t, { patience: { timeoutMs: 100, attempts: 2 } });
  store.faults.push(silent, silent);
  const error = await failure(client.get("orders"));
  expect(error.message).toMatch(/in time/);
  const ending = new AbortController();
  const { client: other, store: another } = await setUp(t, { signal: ending.signal });
  another.faults.push(() => ending.abort());
  await expect(other.get("orders")).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  expect(another.log.length).toBe(1);
});

test("never more requests at a time than allowed", async (t) => {
  const { client, store } = await setUp(t, { store: { delayMs: 5 }, patience: { concurrency: 3 } });
  store.orders.push({ id: 1 });
  const waiting: (() => void)[] = [];
  const waitForThree: Fault = (_, response) => {
    waiting.push(() => send(response, 200, { id: 1 }));
    if (waiting.length === 3) for (const respond of waiting) respond();
  };
  store.faults.push(waitForThree, waitForThree, waitForThree);
  await Promise.all(Array.from({ length: 40 }, () => client.get("orders/1")));
  expect(store.inFlight.most).toBe(3);
});

test("a store that is not there", async () => {
  const { surroundings } = fastWorld();
  const client = createClient({
    access: { url: "http://127.0.0.1:1", consumerKey: KEY, consumerSecret: SECRET },
    callOut: openOutgoing({ allowPrivate: true }),
    surroundings,
  });
  const error = await failure(client.post("webhooks", {}));
  expect([error.kind, error.status]).toStrictEqual(["unavailable", null]);
});

test("ids beyond 2^53 keep their digits", async (t) => {
  const { client, store } = await setUp(t);
  store.faults.push(answer(200, '{"id":9007199254740993}'));
  expect((await client.get("orders/9007199254740993")).body).toStrictEqual({ id: "9007199254740993" });
});

test("Retry-After in seconds and as a date; backoff grows to half a minute", () => {
  const now = new Date("2026-11-24T00:00:00Z");
  expect(
    ["120", " 0 ", "Tue, 24 Nov 2026 00:00:30 GMT", "Mon, 23 Nov 2026 00:00:00 GMT", "soon", undefined].map((value) =>
      retryAfterMs(value, now),
    ),
  ).toStrictEqual([120_000, 0, 30_000, 0, null, null]);
  expect([backoffMs(1, 0), backoffMs(1, 1), backoffMs(3, 0.5), backoffMs(99, 1)]).toStrictEqual([250, 500, 1500, 30_000]);
});

test("the gate lets the next one in when one has failed, in the order they came", async () => {
  const { surroundings } = fastWorld();
  const gate = createGate(1, surroundings);
  const done: number[] = [];
  const acts = [1, 2, 3].map((n) =>
    gate.pass(async () => {
      done.push(n);
      if (n === 1) throw new Error("one");
    }),
  );
  const results = await Promise.allSettled(acts);
  expect([done, results.map(({ status }) => status)]).toStrictEqual([
    [1, 2, 3],
    ["rejected", "fulfilled", "fulfilled"],
  ]);
});
