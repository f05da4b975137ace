import { getRollbackPlans } from "pg-boss";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { JOB_SCHEMA } from "./job-tables.ts";
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

const version = async () =>
  (await owner<{ version: number }[]>`select version from ${owner(JOB_SCHEMA)}.version`)[0]?.version ?? 0;

test("an older version of the library's tables is brought up to date by the owner, once", async () => {
  const newest = await version();
  await owner.unsafe(getRollbackPlans(JOB_SCHEMA, newest));
  await owner.unsafe(`comment on schema ${JOB_SCHEMA} is 'as an older hub left it'`);
  // An older hub's last look at work left over is long ago; this database's was just now.
  await owner`update ${owner(JOB_SCHEMA)}.version set bam_on = null`;
  expect(await version()).toBeLessThan(newest);
  expect(await migrate(database.url)).toStrictEqual({ applied: ["the tables of pg-boss"] });
  expect(await version()).toBe(newest);
  expect(await migrate(database.url)).toStrictEqual({ applied: [] });
});

test("the library's role owns nothing and cannot change the tables it uses", async () => {
  const asLibrary = (statement: string) =>
    owner.begin(async (tx) => {
      await tx`set local role upline_jobs`;
      await tx.unsafe(statement);
    });
  await expect(asLibrary(`select count(*) from ${JOB_SCHEMA}.job`)).resolves.not.toThrow();
  await expect(asLibrary(`drop table ${JOB_SCHEMA}.job`)).rejects.toMatchObject({ code: "42501" });
  await expect(asLibrary("select * from stores")).rejects.toMatchObject({ code: "42501" });
});
