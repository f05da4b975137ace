import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { asCompany, sqlState, type Tx } from "./connect.ts";
import { failureKind } from "./retry.ts";
import { flagsText, momentsText, numbersText, textsText } from "./row-arrays.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const note = (tx: Tx, key: string) =>
  tx`insert into order_facts (company_id, store_id, platform_order_id, fact_key, standalone, fact)
     values (${hub.company.companyId}, ${hub.company.stores.shopify.storeId}, 'lines', ${key}, true, '{}')`;
const notes = () =>
  asCompany(hub.db, hub.company.companyId, async (tx) => {
    const rows = await tx<{ key: string }[]>`
      select fact_key as key from order_facts where platform_order_id = 'lines' order by fact_key`;
    return rows.map(({ key }) => key);
  });
const begin = async (promise: PromiseLike<unknown>) => void (await promise);

test("what is written is committed, and answered with what was read", async () => {
  const found = await hub.db.lines.run(hub.company.companyId, {
    read: async (tx) => (await tx<{ one: number }[]>`select 1 as one`)[0]?.one,
    write: (tx) => [begin(note(tx, "first")), begin(note(tx, "second"))],
  });
  expect(found).toBe(1);
  expect(await notes()).toStrictEqual(["first", "second"]);
});

test("of writes of which one fails nothing stays, although the commit was under way, and the line serves the next", async () => {
  const before = await notes();
  for (let round = 0; round < 10; round++) {
    const failed = hub.db.lines.run(hub.company.companyId, {
      read: async () => null,
      write: (tx) => [begin(note(tx, "third")), begin(note(tx, "first")), begin(note(tx, "fourth"))],
    });
    await expect(failed.catch(sqlState)).resolves.toBe("23505");
  }
  const failed = hub.db.lines.run(hub.company.companyId, {
    read: async (tx) => {
      await note(tx, "fifth");
      throw new Error("decided otherwise");
    },
    write: () => [],
  });
  await expect(failed).rejects.toThrow("decided otherwise");
  expect(await notes()).toStrictEqual(before);
});

test("a connection that is lost between reading and writing writes nothing, and the line comes back", async () => {
  const before = await notes();
  const failed = hub.db.lines.run(hub.company.companyId, {
    read: async (tx) => {
      await tx`select pg_terminate_backend(pg_backend_pid())`.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
    write: (tx) => [begin(note(tx, "sixth"))],
  });
  await expect(failed.catch(failureKind)).resolves.toBe("away");
  expect(await notes()).toStrictEqual(before);
  await hub.db.lines.run(hub.company.companyId, { read: async () => null, write: (tx) => [begin(note(tx, "zeroth"))] });
  expect(await notes()).toStrictEqual([...before, "zeroth"]);
});

test("a transaction sees its own company only, and the next one of the line another", async () => {
  const companiesSeen = (companyId: number) =>
    hub.db.lines.run(companyId, {
      read: async (tx) => (await tx<{ no: number }[]>`select company_id::int as no from companies`).map(({ no }) => no),
      write: () => [],
    });
  expect(await companiesSeen(hub.company.companyId)).toStrictEqual([hub.company.companyId]);
  expect(await companiesSeen(hub.company.companyId + 1)).toStrictEqual([]);
});

test("plans that were made while a table was empty are not kept", async () => {
  const plansOf = () =>
    hub.db.lines.run(hub.company.companyId, {
      read: async (tx) => {
        await tx`select ${1}::int`;
        const [plans] = await tx<{ made: number }[]>`
          select sum(generic_plans + custom_plans)::int as made from pg_prepared_statements where statement like 'select $1::int%'`;
        return plans?.made;
      },
      write: () => [],
    });
  // All lines take turns in the order in which they were freed, so that one of them serves every transaction here.
  for (let round = 0; round < 70; round++) await plansOf();
  expect(await plansOf()).toBeGreaterThan(0);
});

test("arrays arrive as they were", async () => {
  const texts = ["", "NULL", null, 'quo"te', "back\\slash", "{brace},", " space ", "tab\tline\n", "é😀"];
  const numbers = [1, -2n, null, 9_223_372_036_854_775_807n];
  const flags = [true, false, true];
  const moments = [new Date("2026-01-02T03:04:05.678Z"), new Date(0)];
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ texts: unknown; numbers: unknown; flags: unknown; moments: unknown }[]>`
      select to_jsonb(${textsText(texts, (text) => text)}::text[]) as texts,
             to_jsonb(${numbersText(numbers, (number) => number)}::bigint[]::text[]) as numbers,
             to_jsonb(${flagsText(flags, (flag) => flag)}::boolean[]) as flags,
             ${momentsText(moments, (moment) => moment)}::timestamptz[] as moments`,
  );
  expect(row).toStrictEqual({
    texts,
    numbers: numbers.map((number) => (number === null ? null : String(number))),
    flags,
    moments,
  });
});
