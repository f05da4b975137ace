import { connect } from "node:net";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { type Listening, listen } from "../hub.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** The direct door and the routes are two ways to the same inbox: whoever sends must not be able to tell which one answered. */

let hub: TestHub;
let listening: Listening;
beforeAll(async () => {
  hub = await openTestHub({ UPLINE_BODY_LIMIT_BYTES: "100000" });
  listening = await listen(hub, { host: "127.0.0.1", port: 0 });
});
afterAll(() => listening.close());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What differs from one answer to the next: numbers of deliveries, the date, and how long a connection lives. */
async function shown(response: Response): Promise<Answer> {
  const {
    date,
    connection,
    "keep-alive": keepAlive,
    "content-length": length,
    ...headers
  } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: (await response.text()).replace(/"delivery":"\d+"/, '"delivery":"…"') };
}

async function ask(path: string, init: RequestInit): Promise<[direct: Answer, routes: Answer]> {
  const request = { ...init, headers: { ...(init.headers as Record<string, string>), "x-request-id": "asked-twice" } };
  return [await shown(await fetch(`${listening.url}${path}`, request)), await shown(await hub.app.request(path, request))];
}

test("both doors give the same answer, to the header and the byte, to what is taken and to what is refused", async () => {
  const { stores } = hub.company;
  for (const platform of ["shopify", "woocommerce", "magento"] as const) {
    const life = recordedLives().find((recorded) => recorded.platform === platform);
    assert.ok(life);
    const [taken, forged] = [signedRequest(stores[platform], life), signedRequest(stores[platform], life, "another secret")];
    const latin = Buffer.from('{"name":"caf\xe9"}', "latin1");
    const cases: [string, RequestInit, number][] = [
      [taken.path, taken.init as RequestInit, 200],
      [forged.path, forged.init as RequestInit, 401],
      [`/ingest/${platform}/st_nobody`, taken.init as RequestInit, 404],
      ["/ingest/etsy/st_1", taken.init as RequestInit, 404],
      [taken.path, { ...(taken.init as RequestInit), body: latin }, 401],
      [taken.path, { ...(taken.init as RequestInit), body: "" }, 401],
      [taken.path, { ...(taken.init as RequestInit), body: "x".repeat(100_001) }, 413],
      [`${taken.path}?again=1`, taken.init as RequestInit, 200],
    ];
    for (const [path, init, status] of cases) {
      const [direct, routes] = await ask(path, init);
      expect(direct, `${path} ${status}`).toStrictEqual(routes);
      expect(direct.status, path).toBe(status);
    }
  }
});

test("a refused request's own id comes back, and one that is none gets another", async () => {
  const life = recordedLives().find((recorded) => recorded.platform === "shopify");
  assert.ok(life);
  const { path, init } = signedRequest(hub.company.stores.shopify, life, "another secret");
  const idOf = async (id: string) => {
    const headers = { ...(init.headers as Record<string, string>), "x-request-id": id };
    return (await fetch(`${listening.url}${path}`, { ...(init as RequestInit), headers })).headers.get("x-request-id");
  };
  expect(await idOf("mine-1")).toBe("mine-1");
  expect(await idOf("not an id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("a body that ends before its announced length stores nothing", async () => {
  const life = recordedLives().find((recorded) => recorded.platform === "shopify");
  assert.ok(life);
  const { path, init } = signedRequest(hub.company.stores.shopify, life);
  await hub.settled();
  const deliveries = async () => (await hub.db.gate<{ count: number }[]>`select count(*)::int as count from inbox`)[0]?.count;
  const before = await deliveries();
  const headers = Object.entries(init.headers as Record<string, string>).map(([name, value]) => `${name}: ${value}\r\n`);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(listening.url).port), "127.0.0.1", () => {
      socket.end(
        `POST ${path} HTTP/1.1\r\nHost: hub.test\r\n${headers.join("")}Content-Length: ${Buffer.byteLength(life.body) + 1}\r\n\r\n${life.body}`,
      );
    });
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
    socket.resume();
  });
  expect(await deliveries()).toBe(before);
  expect((await fetch(`${listening.url}${path}`, init as RequestInit)).status).toBe(200);
});
