import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBody, readDeliveries } from "../inbox/queries.ts";
import { SecretBox } from "../secret-box.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { migrate } from "./migrate.ts";

let database: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

test("nothing is left to do on a migrated database", async () => {
  expect(await migrate(database.url)).toStrictEqual({ applied: [] });
});

test("keys and runs from before keys had owners get the name they were known by", async () => {
  await owner`alter table api_keys drop column owner`;
  await owner`alter table close_runs drop column person`;
  await owner`insert into companies (slug, name, buyer_key) values ('old', 'Old', '')`;
  await owner`insert into api_keys (company_id, key_hash, prefix, name, scopes) values (1, 'x', 'upk_x', 'console', '{admin}')`;
  // Runs alone, without the period and the locks that they name.
  await owner`set session_replication_role = replica`;
  const hash = "0".repeat(64);
  const runs = [
    ["trial", null, null, "key:console"],
    ["proposed", 1, null, "key:console"],
    ["proposed", 2, null, "operator:ann"],
    ["committed", 2, 3, "operator"],
  ] as const;
  for (const [index, [kind, lock, proposal, actor]] of runs.entries())
    await owner`insert into close_runs (company_id, run_no, period_no, kind, cause, lock_no, proposal, plan_hash, input_hash, output_hash,
        carry_hash, totals, actor, started_at, finished_at)
      values (1, ${index + 1}, 1, ${kind}, 'close', ${lock}, ${proposal}, ${hash}, ${hash}, ${hash}, ${hash}, '{}', ${actor}, now(), now())`;
  await owner`set session_replication_role = origin`;
  await owner.unsafe(readFileSync(join(import.meta.dirname, "migrations", "0017_key-owners.sql"), "utf8"));
  expect((await owner`select owner from api_keys`).map((row) => row.owner)).toStrictEqual(["console"]);
  const persons = await owner`select person from close_runs order by run_no`;
  expect(persons.map((row) => row.person)).toStrictEqual([null, "console", "ann", "operator"]);
});

test("bodies whose keys lay each in a row of its own can be read, and erased ones stay erased", async () => {
  const folder = join(import.meta.dirname, "migrations");
  const file = (name: string) =>
    readFileSync(join(folder, readdirSync(folder).find((other) => other.endsWith(name)) ?? ""), "utf8");
  const box = new SecretBox(Buffer.alloc(32, 7).toString("base64"));
  box.useBodyKey(Buffer.alloc(32, 9).toString("base64"));
  const salt = Buffer.alloc(16, 3);
  await owner.begin(async (tx) => {
    // The tables as they were, and as nobody can make them any more: without the newer column a delivery names no group.
    await tx`drop table inbox_groups`;
    await tx`drop function salt_in`;
    await tx`alter table inbox drop column group_no`;
    await tx`create table body_keys (company_id integer, delivery_id bigint, salt bytea, primary key (company_id, delivery_id))`;
    await tx`create policy own_company on body_keys to upline_app using (true)`;
    await tx`create policy any_company on body_keys to upline_gate using (true)`;
    await tx`
      insert into inbox (company_id, store_id, topic, sealed)
      values (1, 'st_old', 'kept', ${box.sealBody(Buffer.from("as it came"), salt)}), (1, 'st_old', 'erased', '\\x00')`;
    await tx`insert into body_keys select company_id, delivery_id, ${salt} from inbox where topic = 'kept'`;
  });
  for (const name of [
    "_deliveries-committed-together.sql",
    "_which-deliveries-were-committed-together.sql",
    "_keys-of-single-bodies-go.sql",
  ])
    await owner.unsafe(file(name));
  const sql = postgres(database.url, { max: 1, types: { bigint: postgres.BigInt } });
  const ids = (await owner`select delivery_id::text as id from inbox order by 1`).map((row) => BigInt(row.id));
  await owner`insert into stores (company_id, store_id, platform, domain, name) values (1, 'st_old', 'shopify', 'old.example', 'Old')`;
  const read = await readDeliveries(sql, { deliveryIds: ids });
  await sql.end();
  expect(read.map((delivery) => openBody(box, delivery))).toStrictEqual(["as it came", null]);
});

test("a file that was changed after it ran is refused, and named", async () => {
  await owner`update migrations set hash = 'other' where name = '0001_tables'`;
  await expect(migrate(database.url)).rejects.toThrow(/migration 0001_tables was changed after it ran here/);
  await owner`delete from migrations where name = '0001_tables'`;
  await expect(migrate(database.url)).rejects.toThrow(/already exists/);
});

test("a database of a newer version is refused with what to do", async () => {
  await owner`insert into migrations (name, hash) values ('9999_later', 'x')`;
  await expect(migrate(database.url)).rejects.toThrow(
    /9999_later, which this version of Upline does not know: start the newer version/,
  );
  await owner`delete from migrations where name = '9999_later'`;
});

test("a database from before the first release is refused with what to do, and nothing in it is changed", async () => {
  await owner`truncate migrations`;
  await owner`insert into migrations (name, hash) values ('0001-spine.sql', 'x'), ('0002-store-connections.sql', 'y')`;
  await expect(migrate(database.url)).rejects.toThrow(
    /before its first release.*Nothing in it was changed\. Set UPLINE_DATA_DIR to a new folder/,
  );
  const left = await owner`select name from migrations order by name`;
  expect(left.map((row) => row.name)).toStrictEqual(["0001-spine.sql", "0002-store-connections.sql"]);
});
