import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("a filter that is spelled wrong is refused by its name, and does not answer everything", async () => {
  for (const [path, name] of [
    ["/api/ledger?distributer_id=D01", "distributer_id"],
    ["/api/ledger?from=2026-01-01&limit=1", "from"],
    ["/api/orders?Stage=void", "Stage"],
    ["/api/distributors?country=CH&format=csv&contry=DE", "contry"],
    ["/api/distributors/D01?deep=1", "deep"],
  ] as const) {
    const { status, body } = await call(hub, path);
    expect([status, body.errors?.map((one: { path: string }) => one.path)], path).toStrictEqual([400, [name]]);
    expect(body.detail, path).toContain(`Check ${name}: this address knows `);
  }
  for (const path of [
    "/api/ledger?distributor_id=D01&limit=1",
    "/api/orders?stage=void",
    "/api/distributors?country=CH&company=acme",
    "/api/company/branding?v=3",
    "/api/jobs?limit=5",
  ])
    expect((await call(hub, path)).status, path).toBe(200);
});

test("HEAD is answered as GET is, also of what is not known, and tells no page that something changed", async () => {
  const head = (path: string) =>
    hub.app.request(path, { method: "HEAD", headers: { authorization: `Bearer ${hub.company.keys.read}` } });
  expect((await head("/api/orders?limit=5")).status).toBe(200);
  expect((await head("/api/orders?nothing=5")).status).toBe(400);
});
