import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

let hub: TestHub;
let neighbour: TestCompany;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  neighbour = await setUpTestCompany(hub, "bravo");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const call = (key: string, path: string, body?: unknown) =>
  hub.app.request(`/api${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

test("while one company waits for its own lock, its calls are told to come again, and another company works on", async () => {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = owner.begin(async (tx) => {
    await tx`select from companies where company_id = ${hub.company.companyId} for no key update`;
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  const waiting = Array.from({ length: 24 }, (_, index) =>
    call(hub.company.keys.admin, "/distributors", { distributor_id: `Q${index}`, sponsor_id: "D01" }),
  );
  // The neighbour's calls end while the others still wait.
  expect((await call(neighbour.keys.read, "/orders")).status).toBe(200);
  const life = recordedLives().find(({ platform }) => platform === "shopify");
  if (!life) throw new Error("the fixture is missing");
  const { path, init } = signedRequest(neighbour.stores.shopify, life);
  expect((await hub.app.request(path, init)).status).toBe(200);
  await until("the neighbour's delivery is processed", async () => {
    const { items } = (await (await call(neighbour.keys.read, "/deliveries")).json()) as { items: { outcome: string }[] };
    return items.length > 0 && items.every((delivery) => delivery.outcome !== "waiting");
  });
  expect((await call(neighbour.keys.admin, "/distributors", { distributor_id: "N1", sponsor_id: "D01" })).status).toBe(201);
  const answers = await Promise.all(waiting);
  for (const answer of answers) {
    expect([answer.status, answer.headers.get("retry-after")]).toStrictEqual([503, "2"]);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/Nothing was changed\. Try again shortly\./);
  }
  released.resolve();
  await holding;
  expect((await call(hub.company.keys.admin, "/distributors", { distributor_id: "Q0", sponsor_id: "D01" })).status).toBe(201);
});
