import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterAll, assert, beforeAll, expect, type TestContext, test } from "vitest";
import { type Listening, listen } from "../hub.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Half-sent and large bodies over real sockets: what they may hold is bounded, and ordinary orders get through. */

let hub: TestHub;
let listening: Listening;
beforeAll(async () => {
  hub = await openTestHub();
  listening = await listen(hub, { host: "127.0.0.1", port: 0 });
});
afterAll(() => listening.close());

const LARGE = 1_900_000;

/** A request that is begun and not ended. `answer` is all that comes back until the hub closes, or until it has a whole head. */
function begin(t: TestContext, head: string, body = Buffer.alloc(0), port = Number(new URL(listening.url).port)) {
  const answer = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  let text = "";
  const socket: Socket = connect(port, "127.0.0.1", () => {
    socket.write(head);
    socket.write(body);
  });
  socket.on("data", (chunk) => {
    text += String(chunk);
    if (text.includes("\r\n\r\n")) answer.resolve(text);
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    answer.resolve(text);
    closed.resolve();
  });
  t.onTestFinished(() => void socket.destroy());
  return { socket, answer: answer.promise, closed: closed.promise };
}

const post = (path: string, bytes: number, headers = "") =>
  `POST ${path} HTTP/1.1\r\nHost: hub.test\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n${headers}\r\n`;
const statusOf = (answer: string) => Number(answer.split(" ")[1]);

test("who names no store here is refused before the body is read", async (t) => {
  const unknown = begin(t, post("/ingest/woocommerce/st_nobody", LARGE));
  expect(statusOf(await unknown.answer)).toBe(404);
  const shop = begin(t, post("/ingest/shopify", LARGE, "x-shopify-shop-domain: nobody.myshopify.com\r\n"));
  expect(statusOf(await shop.answer)).toBe(404);
  const keyless = begin(t, post("/api/mlm/orders", LARGE));
  expect(statusOf(await keyless.answer)).toBe(401);
});

test("while half-sent bodies of a store wait for more, its ordinary orders are taken", async (t) => {
  const { woocommerce } = hub.company.stores;
  for (let count = 0; count < 40; count++) begin(t, post(woocommerce.ingestPath, LARGE), Buffer.alloc(LARGE - 1, 97));
  const life = recordedLives().find((recorded) => recorded.platform === "woocommerce");
  assert.ok(life);
  const { path, init } = signedRequest(woocommerce, life);
  expect((await fetch(`${listening.url}${path}`, init as RequestInit)).status).toBe(200);
  expect((await fetch(`${listening.url}/healthz`)).status).toBe(200);
});

test("many large, signed bodies at once are all taken, in groups that fit, and the worker holds few of them", async () => {
  const { shopify: store } = hub.company.stores;
  let most = 0;
  const bodies = Array.from({ length: 24 }, (_, index) => JSON.stringify({ id: index, note: "x".repeat(LARGE) }));
  const statuses = await Promise.all(
    bodies.map(async (body) => {
      const signature = createHmac("sha256", store.secret).update(body).digest("base64");
      const headers = {
        "content-type": "application/json",
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": signature,
      };
      const { status } = await fetch(`${listening.url}${store.ingestPath}`, { method: "POST", body, headers });
      most = Math.max(most, hub.worker.heldCharacters);
      return status;
    }),
  );
  expect(new Set(statuses)).toStrictEqual(new Set([200]));
  expect(most).toBeLessThanOrEqual(32 << 20);
});

test("a request that never ends is ended: its head, and its body", async (t) => {
  const limits = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };
  const impatient = await listen({ ...hub, close: async () => {} }, { host: "127.0.0.1", port: 0 }, limits);
  t.onTestFinished(() => impatient.close());
  const port = Number(new URL(impatient.url).port);
  const head = begin(t, "POST /ingest/shopify HTTP/1.1\r\nHost: hub.test\r\n", undefined, port);
  const body = begin(t, post(hub.company.stores.woocommerce.ingestPath, 1000), Buffer.from("{"), port);
  await Promise.all([head.closed, body.closed]);
  expect(statusOf(await head.answer)).toBe(408);
});
