import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { recordedDelivery } from "@upline/woocommerce/fixtures";
import { asCompany } from "./db/connect.ts";
import { findDelivery, insertDeliveries, insertOutcomes } from "./inbox/queries.ts";
import { processDeliveries } from "./orders/process.ts";
import { readDelivery } from "./orders/read.ts";
import { runCli } from "./program.ts";
import { TEST_PLAN } from "./testing/test-company.ts";
import { openTestParts, type TestParts, testSettings } from "./testing/test-parts.ts";

let hub: TestParts;
const folder = mkdtempSync(join(tmpdir(), "upline-cli-"));

before(async () => {
  hub = await openTestParts();
});
after(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function upline(...args: string[]): Promise<Run> {
  return runWith(testSettings(hub.db.url), ...args);
}

async function runWith(env: Record<string, string | undefined>, ...args: string[]): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (texts: string[]) => (text: string) => void texts.push(text);
  const code = await runCli(args, { env, out: into(out), err: into(err), isTerminal: false });
  return { code, out: out.join(""), err: err.join("") };
}

async function fine(...args: string[]): Promise<string> {
  const { code, out, err } = await upline(...args);
  assert.equal(code, 0, err);
  return out;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The tests of this block build one company up, in the order in which an operator does. */
describe("from nothing to an order", () => {
  test("before there is a company, commands say how to make one", async () => {
    assert.match((await upline("store", "list")).err, /no company yet: make one with `pnpm upline company create`/);
    assert.match(await fine("company", "list"), /There is no company yet/);
  });

  test("company create and list", async () => {
    assert.match(await fine("company", "create", "acme", "--name", "Acme Inc."), /Company acme \(Acme Inc\.\) is there/);
    assert.deepEqual(JSON.parse(await fine("company", "list", "--json"))[0].slug, "acme");
    assert.deepEqual(await upline("company", "create", "acme"), {
      code: 1,
      out: "",
      err: 'A company with the slug "acme" is there already: choose another slug.\n',
    });
  });

  test("plan publish and list", async () => {
    const path = file("plan.json", JSON.stringify(TEST_PLAN));
    assert.match(
      await fine("plan", "publish", path, "--from", "2025-01-01"),
      /version 1 .* is published, in force from 2025-01-01T00:00:00/,
    );
    assert.match(await fine("plan", "publish", path), /published already, in force from 2025/);
    assert.match(await fine("plan", "list"), /test-unilevel +1 +Levels by rank +2025-01-01T00:00:00Z/);
    const broken = await upline(
      "plan",
      "publish",
      file("broken.json", JSON.stringify({ ...TEST_PLAN, version: 0, rounding: "up" })),
    );
    assert.equal(broken.code, 1);
    assert.match(broken.err, /rounding: is "up"/);
    assert.match(broken.err, /version: is 0/);
    assert.match((await upline("plan", "publish", file("no.json", "{"))).err, /no\.json is no JSON/);
  });

  test("distributor import: a dry run, then the whole file", async () => {
    const path = file(
      "network.csv",
      '\uFEFFDistributor ID,SPONSOR-ID,Name,Rank,Codes,email\nB,A,"Berg, Bo",silver,,b@example.com\nA,,Ann,gold,ANNA77;A2,\n\nC,B,"C\nc",none,C1|C2 C3,\n',
    );
    assert.match(await fine("distributor", "import", path, "--dry-run"), /^Would enrol 3, update 0\.$/m);
    const { out, err } = await upline("distributor", "import", path);
    assert.equal(out, "Enrolled 3, updated 0.\n");
    assert.match(err, /Read 3 lines/);
    assert.match(err, /Written: 3 of 3/);
    assert.equal(await fine("distributor", "import", path), "Enrolled 0, updated 0.\n");
    const rows = await asCompany(hub.db, 1, (tx) => tx`select code from referral_codes order by code`);
    assert.deepEqual(
      rows.map((row) => row.code),
      ["A", "A2", "ANNA77", "B", "C", "C1", "C2", "C3"],
    );
  });

  test("distributor import: a file without a sponsor column leaves sponsors alone; semicolons are read too", async () => {
    assert.equal(
      await fine("distributor", "import", file("ranks.csv", "distributor_id;rank\nB;gold\nC;\n")),
      "Enrolled 0, updated 1.\n",
    );
  });

  test("distributor import: every wrong line is named, and nothing is imported", async () => {
    const path = file("wrong.csv", 'distributor_id,sponsor_id,status\nX,A,active\nY,nobody,"act\nive"\nZ,A,active\nZ,A,active\n');
    const { code, out, err } = await upline("distributor", "import", path);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /wrong\.csv, line 4, sponsor_id: "nobody" is neither/);
    assert.match(err, /line 6, distributor_id: "Z" is in line 5 already/);
    assert.match(err, /Nothing was imported: 3 errors in /);
    const [row] = await asCompany(hub.db, 1, (tx) => tx`select count(*)::int as count from distributors`);
    assert.equal(row?.count, 3);
  });

  test("files that cannot be read say why", async () => {
    const errorOf = async (path: string) => (await upline("distributor", "import", path)).err;
    assert.match(await errorOf(join(folder, "none.csv")), /cannot be read: there is no such file/);
    assert.match(await errorOf(file("empty.csv", "")), /is empty: its first line names the columns, distributor_id/);
    assert.match(await errorOf(file("head.csv", "name\nx\n")), /line 1: the column distributor_id is missing/);
    assert.match(await errorOf(file("twice.csv", "id,distributor_id\n1,2\n")), /line 1: the column distributor_id comes twice/);
    assert.match(await errorOf(file("short.csv", "distributor_id,name\nA,b\nB\n")), /cannot be read: .*line 3/);
    assert.match(await errorOf(file("extra.csv", "distributor_id,phone\nA,1\n")), /Ignored columns: "phone"/);
  });

  test("code add", async () => {
    assert.equal(await fine("code", "add", "BERG1", "B"), "Code BERG1 is now distributor B's.\n");
    assert.match((await upline("code", "add", "berg1", "A")).err, /already that of distributor B/);
  });

  test("key create, list, revoke", async () => {
    const key = (await fine("key", "create", "--name", "console", "--scope", "read, orders")).trim();
    assert.match(key, /^upk_[\w-]{32}$/);
    const [listed] = JSON.parse(await fine("key", "list", "--json"));
    assert.deepEqual([listed.prefix, listed.scopes], [key.slice(0, 10), ["read", "orders"]]);
    assert.match(await fine("key", "revoke", listed.prefix), /is revoked/);
    assert.match(
      (await upline("key", "create", "--name", "x", "--scope", "all")).err,
      /The scope "all": give one or more of read, orders, admin/,
    );
  });

  test("store add prints the ingest URL for a known secret; deliveries list and replay; sku import frees waiting orders", async () => {
    const secret = "woo-fixture-secret";
    const added = await fine("store", "add", "--platform", "woocommerce", "--domain", "shop.example.com", "--secret", secret);
    const storeId = /\/ingest\/woocommerce\/(st_[\w-]{16})$/m.exec(added)?.[1] as string;
    assert.ok(!added.includes(secret));
    assert.match(await fine("store", "list"), new RegExp(`${storeId} .*http://hub.test/ingest/woocommerce/${storeId}`));

    const bodies = [recordedDelivery(15).rawBody, "{"];
    const stored = await insertDeliveries(
      hub.db.gate,
      bodies.map(
        (body) => ({ companyId: 1, storeId, topic: "order.updated", platformDeliveryId: null, encoding: "utf8", body }) as const,
      ),
    );
    const [order, broken] = stored.map((one) => one.deliveryId) as [bigint, bigint];
    assert.match(await fine("deliveries", "list", "--outcome", "waiting"), new RegExp(`^${order} `, "m"));
    const delivery = await asCompany(hub.db, 1, (tx) => findDelivery(tx, { companyId: 1, deliveryId: order }));
    assert.ok(delivery);
    await processDeliveries(hub.pipeline, 1, [readDelivery(delivery)]);
    await asCompany(hub.db, 1, (tx) =>
      insertOutcomes(tx, 1, [{ deliveryId: broken, outcome: "dead", orderNo: null, detail: "x" }]),
    );

    const dead = JSON.parse(await fine("deliveries", "list", "--outcome", "dead", "--json"));
    assert.deepEqual(
      dead.map((one: { delivery: string }) => one.delivery),
      [String(broken)],
    );
    assert.match(await fine("deliveries", "replay", "--dead"), new RegExp(`^${broken} +dead`, "m"));
    assert.match(await fine("deliveries", "replay", String(order)), new RegExp(`^${order} +(duplicate|applied)`, "m"));
    assert.match((await upline("deliveries", "replay", "999")).err, /There is no delivery 999/);
    assert.match((await upline("deliveries", "replay")).err, /or give --dead/);
    assert.match((await upline("deliveries", "list", "--limit", "0")).err, /from 1 to 1000/);

    const header = "SKU ID,Platform,Platform SKU,Name,Commission Class,PV,QV,CV";
    const skus = [
      "STK-001,woocommerce,STK-001,Kit,products,100%,100%,100%",
      "GRN-030,woocommerce,GRN-030,Greens,products,25,25,80%",
    ];
    const path = file("skus.csv", `${header}\n${skus.join("\n")}\n`);
    assert.match(await fine("sku", "import", path, "--dry-run"), /^Would add 2, unchanged 0\.$/m);
    assert.equal(await fine("sku", "import", path), "Added 2, unchanged 0.\n1 order that waited is computed again.\n");
    assert.equal(await fine("sku", "import", path), "Added 0, unchanged 2.\n");
    const wrong = await upline(
      "sku",
      "import",
      file("wrong-skus.csv", `${header}\n${skus[0]?.replace("products", "gadgets")}\n`),
    );
    assert.match(wrong.err, /line 2, commission_class: "gadgets" is no commission class/);
    const [posted] = await asCompany(
      hub.db,
      1,
      (tx) => tx`select sum(amount)::int as amount from transfers where distributor_no = 1`,
    );
    assert.ok(posted?.amount > 0);
  });

  test("with several companies the one is named", async () => {
    await fine("company", "create", "second");
    assert.match((await upline("store", "list")).err, /several companies: add --company with one of acme, second/);
    assert.match((await upline("store", "list", "--company", "third")).err, /There is no company "third": there is acme, second/);
    assert.match(await fine("store", "list", "--company", "second"), /No store is connected yet/);
    assert.match(await fine("deliveries", "list", "--company", "second"), /There is no such delivery/);
  });

  test("migrate finds nothing to do", async () => {
    assert.equal(await fine("migrate"), "The schema is up to date.\n");
  });
});

test("every command has help with an example, and a wrong one says where to look", async () => {
  const commands = [
    "serve",
    "migrate",
    "company create",
    "company list",
    "store add",
    "store list",
    "distributor import",
    "sku import",
  ];
  commands.push(
    "plan publish",
    "plan list",
    "code add",
    "key create",
    "key list",
    "key revoke",
    "deliveries list",
    "deliveries replay",
  );
  for (const command of commands) {
    const { code, out } = await upline(...command.split(" "), "--help");
    assert.equal(code, 0);
    assert.match(out, new RegExp(`Example:\\n.*pnpm upline ${command}`), command);
  }
  const wrong = await upline("store", "remove");
  assert.deepEqual([wrong.code, wrong.out], [1, ""]);
  assert.match(wrong.err, /unknown command 'remove'/);
});

test("a database that is away and a missing secret key are told in a sentence", async () => {
  const away = await runWith(testSettings("postgres://upline@127.0.0.1:1/none"), "company", "list");
  assert.equal(away.code, 1);
  assert.match(away.err, /^The database cannot be reached: check DATABASE_URL/);
  const keyless = await runWith({ ...testSettings(hub.db.url), UPLINE_SECRET_KEY: undefined }, "company", "list");
  assert.equal(keyless.code, 1);
  assert.match(keyless.err, /^UPLINE_SECRET_KEY is not set/);
});
