import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { runCli } from "../program.ts";
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

test("the same at a terminal, with a sentence each", async () => {
  const { storeId } = hub.company.stores.magento;
  const upline = async (...args: string[]) => {
    let text = "";
    const write = (more: string) => {
      text += more;
    };
    const env = { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") };
    const code = await runCli(["store", ...args, "--company", hub.company.slug], {
      env,
      out: write,
      err: write,
      isTerminal: false,
    });
    return [code, text.trim()];
  };
  expect(await upline("rename", "--store", storeId, "--name", "Soap shop")).toStrictEqual([
    0,
    `The store ${storeId} is called Soap shop now.`,
  ]);
  expect((await upline("pause", "--store", storeId)).join()).toMatch(/^0,Soap shop is paused/);
  expect((await upline("resume", "--store", storeId)).join()).toMatch(/^0,Soap shop is active/);
  expect((await upline("disconnect", "--store", storeId)).join()).toMatch(/^0,Soap shop is disconnected/);
  expect((await upline("resume", "--store", storeId)).join()).toMatch(/^1,.*connect the shop again/);
  expect((await upline("pause", "--store", "st_nobody")).join()).toMatch(/^1,.*There is no such store/);
});
