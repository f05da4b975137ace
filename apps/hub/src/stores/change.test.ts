import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let rival: TestCompany;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  rival = await setUpTestCompany(hub, "rival");
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const life = recordedLives().find((recorded) => recorded.platform === "woocommerce");

async function deliver(): Promise<number> {
  assert.ok(life);
  const { path, init } = signedRequest(hub.company.stores.woocommerce, life);
  return (await hub.app.request(path, init)).status;
}

const change = (body: object, key = hub.company.keys.admin) =>
  call(hub, `/api/stores/${hub.company.stores.woocommerce.storeId}`, { method: "PATCH", body, key });

test("a store is renamed, paused, resumed and disconnected, at once and with a line in the audit", async () => {
  expect((await change({ name: " Tea shop " })).body.name).toBe("Tea shop");
  expect([(await change({ status: "paused" })).body.status, await deliver()]).toStrictEqual(["paused", 404]);
  expect([(await change({ status: "active" })).body.status, await deliver()]).toStrictEqual(["active", 200]);
  expect([(await change({ status: "active", name: "Tea shop" })).status, await deliver()]).toStrictEqual([200, 200]);
  expect([(await change({ status: "disconnected" })).body.status, await deliver()]).toStrictEqual(["disconnected", 404]);
  const again = await change({ status: "active" });
  expect([again.status, again.body.code]).toStrictEqual([409, "conflict"]);
  const acts =
    await sql`select act, actor from audit_log where subject = ${hub.company.stores.woocommerce.storeId} and act <> 'store.add' order by audit_no`;
  expect(acts.map(({ act, actor }) => `${actor} ${act}`)).toStrictEqual(
    ["rename", "pause", "resume", "disconnect"].map((act) => `key:admin store.${act}`),
  );
});

test("only an admin of the company may, and names and states are checked", async () => {
  expect((await change({ name: "Mine" }, hub.company.keys.read)).status).toBe(403);
  expect((await change({ name: "Mine" }, rival.keys.admin)).status).toBe(404);
  for (const [body, status] of [
    [{ name: "  " }, 422],
    [{ name: "x".repeat(101) }, 422],
    [{ status: "gone" }, 400],
    [{ nam: "x" }, 400],
  ] as const)
    expect([body, (await change(body)).status]).toStrictEqual([body, status]);
});
