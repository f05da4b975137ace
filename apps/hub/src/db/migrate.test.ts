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
