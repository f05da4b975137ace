import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { asCompany, sqlState, type Tx } from "./connect.ts";
import { failureKind } from "./retry.ts";
import { flagsText, momentsText, numbersText, textsText } from "./row-arrays.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

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

test("of writes of which one is never sent nothing stays", async () => {
  const before = await notes();
  const failed = hub.db.lines.run(hub.company.companyId, {
    read: async () => null,
    write: (tx) => [begin(note(tx, "seventh")), Promise.reject(new Error("cannot be put together")), begin(note(tx, "eighth"))],
  });
  await expect(failed).rejects.toThrow("cannot be put together");
  expect(await notes()).toStrictEqual(before);
});

test("what fails a transaction is what is told, however many statements behind it hear of it first", async () => {
  const { companyId } = hub.company;
  const deep = async (query: PromiseLike<unknown>) => void (await begin(begin(query)));
  // Statements that are known already travel together, and so do their answers.
  const both = (tx: Tx, divisor: number) =>
    Promise.all([deep(tx`select 1 / ${divisor}::integer`), tx`select ${divisor}::integer`]);
  const secondFails = async (tx: Tx) => {
    await both(tx, 1);
    return both(tx, 0);
  };
  const inLine = hub.db.lines.run(companyId, { read: secondFails, write: () => [] });
  await expect(inLine.catch(sqlState)).resolves.toBe("22012");
  await expect(asCompany(hub.db, companyId, secondFails).catch(sqlState)).resolves.toBe("22012");
  // Nobody hears of it in the next one.
  const next = hub.db.lines.run(companyId, { read: (tx) => tx`select 'no number'::text::integer`, write: () => [] });
  await expect(next.catch(sqlState)).resolves.toBe("22P02");
});

test("a commit that undid everything, for a failure that nobody heard of, is not counted as done", async () => {
  const before = await notes();
  const swallowed = hub.db.lines.run(hub.company.companyId, {
    read: async () => null,
    write: (tx) => [begin(note(tx, "tenth")), begin(note(tx, "first")).catch(() => {})],
  });
  await expect(swallowed).rejects.toThrow("ended with ROLLBACK");
  expect(await notes()).toStrictEqual(before);
});

test("a connection that is lost between reading and writing writes nothing, and the line comes back", async () => {
  const before = await notes();
  const failed = hub.db.lines.run(hub.company.companyId, {
    read: async (tx) => {
      const [line] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await owner`select pg_terminate_backend(${line?.pid ?? 0}, 5000)`;
      // Until this process has heard of it.
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

test("a plan that was made while a table was empty is not kept once it has grown", async () => {
  const { companyId, stores } = hub.company;
  const indexTaken = () =>
    hub.db.lines.run(companyId, {
      read: async (tx) => {
        await tx<{ stage: string }[]>`select stage from orders where company_id = ${companyId} and order_no = ${5n}`;
        const [known] = await tx<{ name: string }[]>`
          select name from pg_prepared_statements where statement like 'select stage from orders%'`;
        const plan = await tx.unsafe<{ "QUERY PLAN": string }[]>(`explain execute "${known?.name}" (${companyId}, 5)`);
        return plan.map((line) => /using (\w+)/.exec(line["QUERY PLAN"])?.[1]).find((name) => name !== undefined);
      },
      write: () => [],
    });
  expect(await indexTaken()).not.toBe("orders_company_id_order_no_pk");
  await owner`
    insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
      state_hash, stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, unresolved,
      self_purchase, first_order, quarantined_lines)
    select ${companyId}, no, ${stores.shopify.storeId}, 'shopify', 'trap ' || no, '', 1, now(), '', '', 'earned', '', now(), 'EUR', 1, 1, 0,
           false, false, false, 0 from generate_series(1, 5000) as no`;
  const taken = [];
  for (let round = 0; round < 100; round++) taken.push(await indexTaken());
  expect(taken.at(-1)).toBe("orders_company_id_order_no_pk");
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
