import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

/** Our patch of the driver: bytes come from the database as they are, where it is known before that they do. */

let database: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1 });
  // As text bytes would come in a form that the driver cannot read.
  await owner`set bytea_output = 'escape'`;
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const SIZES = [0, 1, 300, 32_768, 200_000];

test("bytes come as they are beside other columns, of a statement that is new and of one that is known", async () => {
  for (const size of [...SIZES, ...SIZES]) {
    const bytes = randomBytes(size);
    const rows = await owner`
      select n, ${bytes}::bytea as bytes, null::bytea as none, 'é' || n as text, array[n, 2] as list from generate_series(1, 3) n`;
    expect(rows.map((row) => ({ ...row }))).toStrictEqual(
      [1, 2, 3].map((n) => ({ n, bytes, none: null, text: `é${n}`, list: [n, 2] })),
    );
  }
});

test("so they do by cursor, as lists of values, and of statements that are sent together", async () => {
  const bytes = randomBytes(5_000);
  const read = (from: number) => owner`select n, ${bytes}::bytea as bytes from generate_series(${from}::integer, 7) n`;
  const seen: unknown[] = [];
  for await (const rows of read(1).cursor(2)) seen.push(...rows.map((row) => ({ ...row })));
  expect(seen).toStrictEqual([1, 2, 3, 4, 5, 6, 7].map((n) => ({ n, bytes })));
  expect([...(await read(6).values())]).toStrictEqual([6, 7].map((n) => [n, bytes]));
  const together = await owner.begin((tx) =>
    Promise.all(
      [1, 2, 3, 4].map(
        (from) => tx`select ${bytes}::bytea as other, n from generate_series(${from}::integer, 4) n order by n limit 1`,
      ),
    ),
  );
  expect(together.map(([row]) => ({ ...row }))).toStrictEqual([1, 2, 3, 4].map((n) => ({ other: bytes, n })));
});

test("a statement without columns is carried out, and one that fails says why", async () => {
  await owner`create table kept (bytes bytea)`;
  const bytes = randomBytes(100);
  await owner`insert into kept values (${bytes})`;
  await owner`insert into kept values (${bytes})`;
  expect((await owner`select bytes from kept where bytes = ${bytes}`).map((row) => row.bytes)).toStrictEqual([bytes, bytes]);
  await expect(owner`select ${bytes}::bytea as bytes, 1 / ${0}::integer as never`).rejects.toMatchObject({ code: "22012" });
  await expect(owner`select no_such_column, ${bytes}::bytea from kept`).rejects.toMatchObject({ code: "42703" });
  expect((await owner`select ${bytes}::bytea as bytes`)[0]?.bytes).toStrictEqual(bytes);
});
