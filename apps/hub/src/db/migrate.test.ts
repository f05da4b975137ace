import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
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
