import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { asCompany, sqlState, type Tx } from "./connect.ts";
import { failureKind } from "./retry.ts";
import {
  bigints,
  flags as flagsOf,
  integers,
  moments as momentsOf,
  type RowArray,
  smallints,
  texts as textsOf,
} from "./row-arrays.ts";

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

/** What PostgreSQL makes of an array, each element as its text. */
async function readBack(array: (tx: Tx) => RowArray): Promise<{ typed: string; texts: (string | null)[] }> {
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ typed: string; texts: (string | null)[] }[]>`
      select pg_typeof(${array(tx)})::text as typed, to_jsonb(${array(tx)}::text[]) as texts`,
  );
  return { typed: row?.typed ?? "", texts: row?.texts ?? [] };
}

const written = (values: readonly (number | bigint | null)[]) => values.map((value) => (value === null ? null : String(value)));
const itself = <T>(value: T): T => value;

test("arrays arrive as they were", async () => {
  const texts = [
    "",
    "NULL",
    null,
    'quo"te',
    "back\\slash",
    "{brace},",
    " space ",
    "tab\tline\n",
    "é😀",
    "x".repeat(64),
    `${"y".repeat(90_000)}é`,
    "a".repeat(70),
  ];
  expect(await readBack((tx) => textsOf(tx, texts, itself))).toStrictEqual({ typed: "text[]", texts });
  const long = [
    0,
    1,
    -1,
    2 ** 32,
    -(2 ** 32) - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    -2n,
    null,
    9_223_372_036_854_775_807n,
    -9_223_372_036_854_775_808n,
  ];
  expect(await readBack((tx) => bigints(tx, long, itself))).toStrictEqual({ typed: "bigint[]", texts: written(long) });
  const plain = [0, -1, null, 2_147_483_647, -2_147_483_648];
  expect(await readBack((tx) => integers(tx, plain, itself))).toStrictEqual({ typed: "integer[]", texts: written(plain) });
  const short = [0, -1, 32_767, -32_768];
  expect(await readBack((tx) => smallints(tx, short, itself))).toStrictEqual({ typed: "smallint[]", texts: written(short) });
  expect(await readBack((tx) => flagsOf(tx, [true, false, true], itself))).toStrictEqual({
    typed: "boolean[]",
    texts: ["true", "false", "true"],
  });
  expect(await readBack((tx) => integers(tx, [], itself))).toStrictEqual({ typed: "integer[]", texts: [] });
});

test("moments arrive to the microsecond, of any year", async () => {
  const moments = [
    new Date("2026-01-02T03:04:05.678Z"),
    new Date(0),
    new Date("9999-12-31T23:59:59.999Z"),
    "2026-11-01T08:00:00Z",
    "2026-11-01T08:00:00.5+01:00",
    "2026-11-01T08:00:00.123456Z",
    "2026-11-01T08:00:00.1234+00:00",
    "1969-12-31T23:59:59.999999Z",
    "2999-01-01T00:00:00.000001Z",
  ];
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ same: boolean[] }[]>`
      select array_agg(given = said::timestamptz order by n) as same
        from unnest(${momentsOf(tx, moments, itself)}, ${textsOf(tx, moments, (moment) => (typeof moment === "string" ? moment : moment.toISOString()))})
          with ordinality as m (given, said, n)`,
  );
  expect(row?.same).toStrictEqual(moments.map(() => true));
});

test("what a column does not hold is refused, and not bent to fit", async () => {
  const refuses = (array: (tx: Tx) => RowArray) => expect(readBack(array)).rejects.toThrow(RangeError);
  await refuses((tx) => integers(tx, [2 ** 31], itself));
  await refuses((tx) => integers(tx, [0.5], itself));
  await refuses((tx) => smallints(tx, [32_768], itself));
  await refuses((tx) => bigints(tx, [2 ** 53], itself));
  await refuses((tx) => bigints(tx, [2n ** 63n], itself));
  await refuses((tx) => bigints(tx, [Number.NaN], itself));
  await refuses((tx) => momentsOf(tx, [new Date(Number.NaN)], itself));
  await refuses((tx) => momentsOf(tx, ["no moment"], itself));
});
