import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { packedNumbers, packedTexts } from "./packed.ts";

let database: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

async function pack(type: string, values: readonly (number | string)[]): Promise<Buffer> {
  const [row] = await owner.unsafe<{ packed: Buffer }[]>(`select array_send($1::text[]::${type}[]) as packed`, [
    values.map((value) => String(value)),
  ]);
  return row?.packed as Buffer;
}

const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const types = { int2: whole(16), int4: whole(32), int8: fc.maxSafeInteger(), float8: fc.maxSafeInteger() };

test("numbers come back as they were, of every type, none of them too", async () => {
  for (const [type, value] of Object.entries(types)) {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 50 }), async (values) => {
        expect([...packedNumbers(await pack(type, values))].map(String)).toStrictEqual(values.map(String));
      }),
      runs(10),
    );
  }
  const texts = await pack("text", ["1"]);
  expect(() => packedNumbers(texts)).toThrow(/type 25 holds no numbers/);
});

test("texts come back as they were", async () => {
  const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (values) => {
      expect(packedTexts(await pack("text", values))).toStrictEqual(values);
    }),
    runs(20),
  );
});
