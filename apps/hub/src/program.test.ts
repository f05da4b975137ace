import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedDelivery } from "@upline/woocommerce/fixtures";
import type { Command } from "commander";
import postgres from "postgres";
import { afterAll, assert, beforeAll, describe, expect, test } from "vitest";
import { asCompany } from "./db/connect.ts";
import { insertDeliveries } from "./inbox/insert.ts";
import { insertOutcomes, readDeliveries } from "./inbox/queries.ts";
import { processDeliveries } from "./orders/process.ts";
import { readDelivery } from "./orders/read.ts";
import { runCli, uplineProgram } from "./program.ts";
import { TEST_PLAN } from "./testing/test-company.ts";
import { createTestDatabase } from "./testing/test-database.ts";
import { openTestParts, type TestParts, testSettings } from "./testing/test-parts.ts";

let hub: TestParts;
const folder = mkdtempSync(join(tmpdir(), "upline-cli-"));

beforeAll(async () => {
  hub = await openTestParts();
});
afterAll(async () => {
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
  expect(code, err).toBe(0);
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
    expect((await upline("store", "list")).err).toMatch(/no company yet: make one with `pnpm upline company create`/);
    expect(await fine("company", "list")).toMatch(/There is no company yet/);
  });

  test("company create and list", async () => {
    expect(await fine("company", "create", "acme", "--name", "Acme Inc.")).toMatch(/Company acme \(Acme Inc\.\) is there/);
    expect(JSON.parse(await fine("company", "list", "--json"))[0].slug).toStrictEqual("acme");
    expect(await upline("company", "create", "acme")).toStrictEqual({
      code: 1,
      out: "",
      err: 'A company with the slug "acme" is there already: choose another slug.\n',
    });
  });

  test("company evidence", async () => {
    const set = await upline("company", "evidence", "checkout-field", "discount-code");
    expect(set.out).toBe("manual\ncheckout-field\ndiscount-code\n");
    expect(set.err).toMatch(/counts for orders that are seen from now on/);
    expect(JSON.parse(await fine("company", "evidence", "--json"))).toStrictEqual(["manual", "checkout-field", "discount-code"]);
    expect((await upline("company", "evidence", "coupon")).err).toMatch(/"coupon" is no kind of evidence: there are manual/);
    expect(await fine("company", "evidence", "--default")).toMatch(/^manual\ndiscount-code\n/);
  });

  test("plan publish and list", async () => {
    const path = file("plan.json", JSON.stringify(TEST_PLAN));
    expect(await fine("plan", "publish", path, "--from", "2025-01-01")).toMatch(
      /version 1 .* is published, in force from 2025-01-01T00:00:00/,
    );
    expect(await fine("plan", "publish", path)).toMatch(/published already, in force from 2025/);
    const dated = await upline("plan", "publish", path, "--from", "2025-02-01");
    expect([dated.code, dated.err]).toStrictEqual([
      1,
      'Version 1 of plan "test-unilevel" is published already, in force from 2025-01-01T00:00:00.000Z, and this date is another one. ' +
        "Leave the date out, or date the version anew: `pnpm upline plan redate test-unilevel 1 --from …`.\n",
    ]);
    expect(await fine("plan", "withdraw", "test-unilevel", "1")).toBe("Plan test-unilevel version 1 is withdrawn.\n");
    expect(await fine("plan", "list")).toMatch(/Levels by rank +withdrawn/);
    expect(await fine("plan", "redate", "test-unilevel", "1", "--from", "2025-01-01")).toMatch(/in force from 2025-01-01T/);
    expect(await fine("plan", "list")).toMatch(/test-unilevel +1 +Levels by rank +2025-01-01T00:00:00Z/);
    const broken = await upline(
      "plan",
      "publish",
      file("broken.json", JSON.stringify({ ...TEST_PLAN, version: 0, rounding: "up" })),
    );
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/rounding: is "up"/);
    expect(broken.err).toMatch(/version: is 0/);
    expect((await upline("plan", "publish", file("no.json", "{"))).err).toMatch(/no\.json is no JSON/);
  });

  test("distributor import: a dry run, then the whole file", async () => {
    const path = file(
      "network.csv",
      '\uFEFFDistributor ID,SPONSOR-ID,Name,Rank,Codes,email\nB,A,"Berg, Bo",silver,,b@example.com\nA,,Ann,gold,ANNA77;A2,\n\nC,B,"C\nc",none,C1|C2 C3,\n',
    );
    expect(await fine("distributor", "import", path, "--dry-run")).toMatch(/^Would enrol 3, update 0\.$/m);
    const { out, err } = await upline("distributor", "import", path);
    expect(out).toBe("Enrolled 3, updated 0.\n");
    expect(err).toMatch(/Read 3 lines/);
    expect(err).toMatch(/Written: 3 of 3/);
    expect(await fine("distributor", "import", path)).toBe("Enrolled 0, updated 0.\n");
    const rows = await asCompany(hub.db, 1, (tx) => tx`select code from referral_codes order by code`);
    expect(rows.map((row) => row.code)).toStrictEqual(["A", "A2", "ANNA77", "B", "C", "C1", "C2", "C3"]);
  });

  test("distributor import: a file without a sponsor column leaves sponsors alone; semicolons are read too", async () => {
    expect(await fine("distributor", "import", file("ranks.csv", "distributor_id;rank\nB;gold\nC;\n"))).toBe(
      "Enrolled 0, updated 1.\n",
    );
  });

  test("distributor import: every wrong line is named, and nothing is imported", async () => {
    const path = file("wrong.csv", 'distributor_id,sponsor_id,status\nX,A,active\nY,nobody,"act\nive"\nZ,A,active\nZ,A,active\n');
    const { code, out, err } = await upline("distributor", "import", path);
    expect([code, out]).toStrictEqual([1, ""]);
    expect(err).toMatch(/wrong\.csv, line 4, sponsor_id: "nobody" is neither/);
    expect(err).toMatch(/line 6, distributor_id: "Z" is in line 5 already/);
    expect(err).toMatch(/Nothing was imported: 3 errors in /);
    const [row] = await asCompany(hub.db, 1, (tx) => tx`select count(*)::int as count from distributors`);
    expect(row?.count).toBe(3);
  });

  test("files that cannot be read say why", async () => {
    const errorOf = async (path: string) => (await upline("distributor", "import", path)).err;
    expect(await errorOf(join(folder, "none.csv"))).toMatch(/cannot be read: there is no such file/);
    expect(await errorOf(file("empty.csv", ""))).toMatch(/is empty: its first line names the columns, distributor_id/);
    expect(await errorOf(file("head.csv", "name\nx\n"))).toMatch(/line 1: the column distributor_id is missing/);
    expect(await errorOf(file("twice.csv", "id,distributor_id\n1,2\n"))).toMatch(/line 1: the column distributor_id comes twice/);
    expect(await errorOf(file("short.csv", "distributor_id,name\nA,b\nB\n"))).toMatch(/cannot be read: .*line 3/);
    expect(await errorOf(file("extra.csv", "distributor_id,shoe_size\nA,1\n"))).toMatch(/Ignored columns: "shoe_size"/);
  });

  test("code add", async () => {
    expect(await fine("code", "add", "BERG1", "B")).toBe("Code BERG1 is now distributor B's.\n");
    expect((await upline("code", "add", "berg1", "A")).err).toMatch(/already that of distributor B/);
  });

  test("key create, list, revoke", async () => {
    const key = (await fine("key", "create", "--name", "console", "--scope", "read, orders")).trim();
    expect(key).toMatch(/^upk_[\w-]{32}$/);
    const [listed] = JSON.parse(await fine("key", "list", "--json"));
    expect([listed.prefix, listed.scopes]).toStrictEqual([key.slice(0, 10), ["read", "orders"]]);
    expect(listed.owner).toBe("console");
    expect(await fine("key", "revoke", listed.prefix)).toMatch(/is revoked/);
    expect((await upline("key", "create", "--name", "x", "--scope", "all")).err).toMatch(
      /The scope "all": give one or more of read, orders, admin/,
    );
    expect((await upline("key", "create", "--name", "x", "--scope", "admin")).err).toMatch(
      /A key with the scope admin needs an owner, the person it belongs to: add --owner <person>/,
    );
    expect((await upline("key", "create", "--name", "x", "--scope", "admin", "--owner", "\u200b ")).err).toMatch(/--owner/);
    await fine("key", "create", "--name", "x", "--scope", "admin", "--owner", " Ａnn  Lee ");
    expect(JSON.parse(await fine("key", "list", "--json"))[0].owner).toBe("Ann Lee");
  });

  test("store add prints the ingest URL for a known secret; deliveries list and replay; sku import frees waiting orders", async () => {
    const secret = "woo-fixture-secret";
    const added = await fine("store", "add", "--platform", "woocommerce", "--domain", "shop.example.com", "--secret", secret);
    const storeId = /\/ingest\/woocommerce\/(st_[\w-]{16})$/m.exec(added)?.[1] as string;
    assert.ok(!added.includes(secret));
    expect(await fine("store", "list")).toMatch(new RegExp(`${storeId} .*http://hub.test/ingest/woocommerce/${storeId}`));

    const bodies = [recordedDelivery(15).rawBody, "{"];
    const stored = await insertDeliveries(
      hub,
      bodies.map(
        (body) => ({ companyId: 1, storeId, topic: "order.updated", platformDeliveryId: null, encoding: "utf8", body }) as const,
      ),
    );
    const [order, broken] = stored.map((one) => one.deliveryId) as [bigint, bigint];
    expect(await fine("deliveries", "list", "--outcome", "waiting")).toMatch(new RegExp(`^${order} `, "m"));
    const [delivery] = await asCompany(hub.db, 1, (tx) => readDeliveries(tx, { companyId: 1, deliveryIds: [order] }));
    assert.ok(delivery);
    await processDeliveries(hub.pipeline, 1, [readDelivery(hub.box, delivery)]);
    await asCompany(hub.db, 1, async (tx) => {
      await insertOutcomes(tx, 1, [{ deliveryId: broken, outcome: "dead", orderNo: null, detail: "x" }]);
    });

    const dead = JSON.parse(await fine("deliveries", "list", "--outcome", "dead", "--json"));
    expect(dead.map((one: { delivery: string }) => one.delivery)).toStrictEqual([String(broken)]);
    expect(await fine("deliveries", "replay", "--dead")).toMatch(new RegExp(`^${broken} +dead`, "m"));
    expect(await fine("deliveries", "replay", String(order))).toMatch(new RegExp(`^${order} +(duplicate|applied)`, "m"));
    expect((await upline("deliveries", "replay", "999")).err).toMatch(/There is no delivery 999/);
    expect((await upline("deliveries", "replay")).err).toMatch(/or give --dead/);
    expect((await upline("deliveries", "list", "--limit", "0")).err).toMatch(/from 1 to 1000/);

    const header = "SKU ID,Platform,Platform SKU,Name,Commission Class,PV,QV,CV";
    const skus = [
      "STK-001,woocommerce,STK-001,Kit,products,100%,100%,100%",
      "GRN-030,woocommerce,GRN-030,Greens,products,25,25,80%",
    ];
    const path = file("skus.csv", `${header}\n${skus.join("\n")}\n`);
    expect(await fine("sku", "import", path, "--dry-run")).toMatch(/^Would add 2, unchanged 0\.$/m);
    expect(await fine("sku", "import", path)).toBe("Added 2, unchanged 0.\n1 order that waited is computed again.\n");
    expect(await fine("sku", "import", path)).toBe("Added 0, unchanged 2.\n");
    const wrong = await upline(
      "sku",
      "import",
      file("wrong-skus.csv", `${header}\n${skus[0]?.replace("products", "gadgets")}\n`),
    );
    expect(wrong.err).toMatch(/line 2, commission_class: "gadgets" is no commission class/);
    const [posted] = await asCompany(
      hub.db,
      1,
      (tx) => tx`select sum(amount)::int as amount from transfers where distributor_no = 1`,
    );
    assert.ok(posted?.amount > 0);
  });

  test("with several companies the one is named", async () => {
    await fine("company", "create", "second");
    expect((await upline("store", "list")).err).toMatch(/several companies: add --company with one of acme, second/);
    expect((await upline("store", "list", "--company", "third")).err).toMatch(
      /There is no company "third": there is acme, second/,
    );
    expect(await fine("store", "list", "--company", "second")).toMatch(/No store is connected yet/);
    expect(await fine("deliveries", "list", "--company", "second")).toMatch(/There is no such delivery/);
  });

  test("migrate finds nothing to do", async () => {
    expect(await fine("migrate")).toBe("The schema is up to date.\n");
  });

  test("migrate alone makes the hub's logins", async () => {
    const fresh = await createTestDatabase();
    const owner = postgres(fresh.url, { max: 1 });
    try {
      const { code } = await runWith(testSettings(fresh.url), "migrate");
      expect(code).toBe(0);
      const database = new URL(fresh.url).pathname.slice(1);
      const logins = await owner`select from pg_roles where rolcanlogin and rolname like ${`upline_%_${database}_%`}`;
      expect(logins.length).toBe(4);
    } finally {
      await owner.end();
      await fresh.drop();
    }
  });

  test("secret rotate says what it sealed anew, and what is left to do", async () => {
    expect(await fine("secret", "rotate")).toMatch(/^The key [0-9a-f]{8} was in use already: 0 values were sealed anew\.\n$/);
  });
});

test("every command has help with an example, and a wrong one says where to look", async () => {
  const quiet = { env: {}, out: () => {}, err: () => {}, isTerminal: false };
  const leaves = (command: Command, path: string): string[] =>
    command.commands.length === 0 ? [path] : command.commands.flatMap((sub) => leaves(sub, `${path} ${sub.name()}`.trim()));
  const commands = leaves(uplineProgram(quiet), "");
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const { code, out, err } = await upline(...command.split(" "), "--help");
    expect([code, err], command).toStrictEqual([0, ""]);
    expect(out, command).toMatch(new RegExp(`Example:\\n(.*\\n)*?.*pnpm upline ${command}`));
  }
  const wrong = await upline("store", "remove");
  expect([wrong.code, wrong.out]).toStrictEqual([1, ""]);
  expect(wrong.err).toMatch(/unknown command 'remove'/);
});

test("a database that is away and a missing secret key are told in a sentence", async () => {
  const away = await runWith(testSettings("postgres://upline@127.0.0.1:1/none"), "company", "list");
  expect(away.code).toBe(1);
  expect(away.err).toMatch(/^The database cannot be reached: check DATABASE_URL/);
  const keyless = await runWith({ ...testSettings(hub.db.url), UPLINE_SECRET_KEY: undefined }, "company", "list");
  expect(keyless.code).toBe(1);
  expect(keyless.err).toMatch(/^UPLINE_SECRET_KEY is not set/);
});
