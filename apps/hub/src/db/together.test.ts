import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import type { Tx } from "./connect.ts";
import { together } from "./together.ts";

let database: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1 });
  await owner`create table one (no integer primary key)`;
  await owner`create table other (name text)`;
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const rows = () => owner<{ no: number | string }[]>`select no::text from one union all select name from other order by 1`;
const written = async () => (await rows()).map(({ no }) => no);

test("writes of any number are one statement, with the parameters of each, and what one fails by undoes all", async () => {
  const tx = owner as unknown as Tx;
  const number = (no: number) => tx`insert into one values (${no})`;
  const name = (text: string) => tx`insert into other values (${text})`;
  expect(together(tx, [])).toBeNull();
  expect(together(tx, [null, null])).toBeNull();
  await together(tx, [null, number(1)]);
  expect(await written()).toStrictEqual(["1"]);
  // Outside of a transaction each statement commits by itself.
  await expect(together(tx, [number(2), null, name("a"), name("b"), number(1)])).rejects.toMatchObject({ code: "23505" });
  expect(await written()).toStrictEqual(["1"]);
  await together(tx, [number(2), null, name("a"), name("b"), number(3)]);
  expect(await written()).toStrictEqual(["1", "2", "3", "a", "b"]);
});
