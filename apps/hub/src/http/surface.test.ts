import { connect } from "node:net";
import { Writable } from "node:stream";
import { pino } from "pino";
import postgres from "postgres";
import { assert, expect, onTestFinished, test } from "vitest";
import { createApp } from "../app.ts";
import { type Listening, listen } from "../hub.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** What the hub shows of itself to anybody: headers, metrics, readiness, limits, and its log. */

interface Line {
  readonly level: number;
  readonly request?: string;
  readonly state?: string;
  readonly route?: string;
  readonly message: string;
}

/** A hub that listens, and what it logs. */
async function openListening(settings: Readonly<Record<string, string>> = {}) {
  const hub = await openTestHub(settings);
  const lines: Line[] = [];
  const log = pino(
    { base: null, messageKey: "message" },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    }),
  );
  const surface = createApp({ ...hub, log });
  const listening: Listening = await listen({ ...hub, ...surface, log }, { host: "127.0.0.1", port: 0 });
  onTestFinished(() => listening.close());
  const sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  return { hub, url: listening.url, lines, sql };
}

const wooDelivery = (hub: TestHub) => {
  const life = recordedLives().find((recorded) => recorded.platform === "woocommerce");
  assert.ok(life);
  return signedRequest(hub.company.stores.woocommerce, life);
};

test("every page forbids scripts of others, framing and guessing, and the API's page keeps no key", async () => {
  const { url } = await openListening();
  for (const path of [
    "/docs",
    "/connect/woocommerce",
    "/connect/magento",
    "/connect/woocommerce/authorize",
    "/connect/woocommerce/authorized",
  ]) {
    const { headers } = await fetch(`${url}${path}`);
    expect([path, headers.get("x-content-type-options"), headers.get("x-frame-options")]).toStrictEqual([
      path,
      "nosniff",
      "DENY",
    ]);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy, path).toMatch(/default-src 'none'/);
    expect(policy, path).toMatch(/frame-ancestors 'none'/);
    expect(policy, path).not.toMatch(/script-src[^;]*(unsafe|\*|http)/);
  }
  for (const path of ["/openapi.json", "/docs/start.js", "/api/orders"])
    expect((await fetch(`${url}${path}`)).headers.get("x-content-type-options"), path).toBe("nosniff");
  expect(await (await fetch(`${url}/docs/start.js`)).text()).not.toMatch(/persistAuthorization: true/);
});

test("names that every object has are no files and no routes", async () => {
  const { url } = await openListening();
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"])
    for (const path of [`/docs/${name}`, `/ingest/${name}/${name}`, `/api/${name}`])
      expect([path, (await fetch(`${url}${path}`)).status]).toStrictEqual([path, 404]);
});

test("a form in another form is refused, and told so", async () => {
  const { url } = await openListening();
  for (const path of ["/connect/woocommerce", "/connect/magento", "/connect/woocommerce/authorize"])
    for (const [type, body] of [
      ["application/json", "{}"],
      ["text/plain", "key=upk_1"],
      ["multipart/form-data", "no boundary"],
      ["multipart/form-data; boundary=x", "no parts"],
      ["", ""],
    ] as const) {
      const headers = { "content-type": type, "sec-fetch-site": "same-origin" };
      const { status } = await fetch(`${url}${path}`, { method: "POST", body, headers });
      expect([path, type, status]).toStrictEqual([path, type, 400]);
    }
});

test("metrics are shown to who has the key, and to nobody where there is none", async () => {
  const key = "metrics-key-of-this-test";
  const { url } = await openListening({ UPLINE_METRICS_KEY: key });
  const ask = async (authorization: string) => (await fetch(`${url}/metrics`, { headers: { authorization } })).status;
  expect([await ask("Bearer wrong"), await ask(key), await ask(`Bearer ${key}`)]).toStrictEqual([401, 401, 200]);
  const { hub } = await openListening();
  expect((await hub.app.request("/metrics")).status).toBe(404);
});

test("wrong keys and codes are answered so often and no more; a key that was right goes on working", async () => {
  const { hub, url } = await openListening();
  const ask = async (key: string) => (await fetch(`${url}/api/stores`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await ask(hub.company.keys.read)).toBe(200);
  const statuses = new Set<number>();
  for (let count = 0; count < 29; count++) statuses.add(await ask(`upk_wrong${String(count).padStart(10, "0")}`));
  const body = JSON.stringify({ code: `x.${"A".repeat(32)}`, platform: "woocommerce", domain: "a.test", url: "https://a.test" });
  const connected = () => fetch(`${url}/connect`, { method: "POST", body, headers: { "content-type": "application/json" } });
  expect([[...statuses], (await connected()).status]).toStrictEqual([[401], 404]);
  const late = await connected();
  expect([late.status, late.headers.get("retry-after"), await ask(hub.company.keys.read)]).toStrictEqual([429, "60", 200]);
  // A right key that was not seen here before waits like everybody.
  expect(await ask(hub.company.keys.orders)).toBe(429);
});

test("a disk that is nearly full, or that the database says is full, makes the hub not ready", async () => {
  const { hub, url, sql } = await openListening();
  const ready = async () => (await fetch(`${url}/readyz`)).status;
  expect(await ready()).toBe(200);
  await sql`create function no_room() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$`;
  await sql`create trigger no_room before insert on inbox for each statement execute function no_room()`;
  const { path, init } = wooDelivery(hub);
  expect((await fetch(`${url}${path}`, init as RequestInit)).status).toBe(503);
  expect([await ready(), (await fetch(`${url}/healthz`)).status]).toStrictEqual([503, 200]);
});

test("a failure's line in the log has the request's id and the SQLSTATE, and none of the request", async () => {
  const { hub, url, lines, sql } = await openListening();
  await sql`create function broken() returns trigger language plpgsql as $$ begin raise exception 'secret text' using errcode = 'XX001'; end $$`;
  await sql`create trigger broken before insert on inbox for each statement execute function broken()`;
  const { path, init } = wooDelivery(hub);
  const answer = await fetch(`${url}${path}`, init as RequestInit);
  expect(answer.status).toBe(500);
  const line = lines.find(({ message }) => message === "a request failed unexpectedly");
  expect([line?.state, line?.request, line?.route]).toStrictEqual([
    "XX001",
    answer.headers.get("x-request-id"),
    "POST /ingest/:platform/:store",
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/secret text|ANNA77/);
});

test("an upload that is broken off is no error", async () => {
  const { hub, url, lines } = await openListening();
  const { port } = new URL(url);
  for (const path of [hub.company.stores.woocommerce.ingestPath, "/api/mlm/orders", "/connect/woocommerce"])
    await new Promise<void>((resolve) => {
      const head = [
        `POST ${path} HTTP/1.1`,
        "Host: hub.test",
        `Authorization: Bearer ${hub.company.keys.orders}`,
        "Content-Type: application/json",
        "Sec-Fetch-Site: same-origin",
        "Content-Length: 1000",
      ];
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(`${head.join("\r\n")}\r\n\r\n{`, () => setImmediate(() => socket.destroy()));
      });
      socket.on("close", () => resolve());
    });
  // Whatever they leave behind is there once later requests were answered.
  for (let count = 0; count < 20; count++) await fetch(`${url}/readyz`);
  expect(lines.filter(({ level }) => level >= 40)).toStrictEqual([]);
});
