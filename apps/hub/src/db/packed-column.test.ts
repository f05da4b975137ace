import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { writeColumns } from "./column-batch.ts";
import type { Tx } from "./connect.ts";
import { arrayParameter, type ColumnType, PackedColumn, PackedColumns } from "./packed-column.ts";

let database: TestDatabase;
let owner: postgres.Sql<{ bigint: bigint }>;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1, types: { bigint: postgres.BigInt } });
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** What PostgreSQL makes of a column, each element as its text. */
async function readBack(type: ColumnType, taken: Uint8Array): Promise<string[]> {
  const column = arrayParameter(owner as unknown as Tx, type, taken);
  const [row] = await owner<
    { texts: string[]; typed: string }[]
  >`select ${column}::text[] as texts, pg_typeof(${column})::text as typed`;
  expect(row?.typed).toBe({ int2: "smallint[]", int4: "integer[]", int8: "bigint[]" }[type]);
  return row?.texts ?? [];
}

const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const EDGES = [2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 2 ** 63 - 1024].flatMap((edge) => [edge, -edge]);
const types = {
  int2: whole(16),
  int4: whole(32),
  int8: fc.oneof(fc.maxSafeInteger(), whole(32), fc.constantFrom(-(2 ** 63), ...EDGES)),
};

test("PostgreSQL reads the numbers that were put in, of every type, as often as a column is taken", async () => {
  for (const [type, value] of Object.entries(types)) {
    const column = new PackedColumn(type as ColumnType);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 3_000 }), async (values) => {
        for (const one of values) column.add(one);
        expect(column.count).toBe(values.length);
        expect(await readBack(type as ColumnType, column.take())).toStrictEqual(values.map((one) => String(BigInt(one))));
      }),
      runs(20),
    );
  }
});

test("what a column's type does not hold is refused, and not bent to fit", () => {
  const outside = {
    int2: [2 ** 15, -(2 ** 15) - 1, 65_536, 0.5, Number.NaN],
    int4: [2 ** 31, -(2 ** 31) - 1, 2 ** 32, 0.5, Number.NaN],
    int8: [2 ** 63, -(2 ** 63) - 2_048, 0.5, Number.NaN, Number.POSITIVE_INFINITY],
  };
  for (const [type, values] of Object.entries(outside))
    for (const value of values) expect(() => new PackedColumn(type as ColumnType).add(value)).toThrow(RangeError);
});

test("what was taken stays as it was while the next rows are put in", async () => {
  const columns = new PackedColumns(["int4"]);
  columns.add([1]);
  const first = columns.take(owner as unknown as Tx)(0);
  columns.add([2]);
  columns.add([3]);
  const second = columns.take(owner as unknown as Tx)(0);
  const [row] = await owner`select ${first} as first, ${second} as second`;
  expect(row).toStrictEqual({ first: [1], second: [2, 3] });
});

test("rows are written in batches, in their order, and what is made beside them in between", async () => {
  await owner`create table written (serial integer generated always as identity, no integer, amount bigint)`;
  await owner`create table beside (no integer)`;
  const COUNT = 65_000;
  function* rows(): Generator<readonly number[]> {
    for (let no = 0; no < COUNT; no++) yield [no, no * 1_000_000];
  }
  await owner.begin(async (tx) => {
    let made = 0;
    const beside = () => (made === 2 ? null : tx`insert into beside values (${made++})`);
    const write = (column: (index: number) => postgres.Parameter<Uint8Array>) =>
      tx`insert into written (no, amount) select unnest(${column(0)}), unnest(${column(1)})`;
    expect(await writeColumns(tx as unknown as Tx, { types: ["int4", "int8"], rows: rows(), write, beside })).toBe(COUNT);
    expect(made).toBe(2);
  });
  const [sums] = await owner`
    select count(*)::int as rows, sum(amount)::float8 as amount, bool_and(no = serial - 1) as "inOrder", (select count(*)::int from beside) as beside from written`;
  expect(sums).toStrictEqual({ rows: COUNT, amount: (1_000_000 * (COUNT * (COUNT - 1))) / 2, inOrder: true, beside: 2 });
});

test("a statement that fails ends the writing with its own reason", async () => {
  const rows = Array.from({ length: 70_000 }, (_, no) => [no]);
  let sent = 0;
  const failing = owner.begin((tx) =>
    writeColumns(tx as unknown as Tx, {
      types: ["int4"],
      rows,
      write: (column) => {
        sent++;
        return tx`select 1 / (1 - no) from unnest(${column(0)}) no`;
      },
    }),
  );
  await expect(failing).rejects.toMatchObject({ code: "22012" });
  expect(sent).toBeLessThan(5);
});
