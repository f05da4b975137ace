import { setTimeout as wait } from "node:timers/promises";
import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany, type Tx } from "../db/connect.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import { companyBalances, dailyFigures, listBalances } from "./balances.ts";
import { foldBlock, foldDifferences, foldLedger, hasUnfolded, markNewest } from "./fold.ts";
import { Folder } from "./folder.ts";
import { currencyNo } from "./numbers.ts";

/** Folding equals summing, whatever is written, undone, killed and folded at the same time. The oracle sums the view `transfers`. */

let hub: TestHub;
let owner: postgres.Sql<{ bigint: bigint }>;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 12, onnotice: () => {}, types: { bigint: postgres.BigInt } });
  for (let no = 1; no <= 5; no++)
    await owner`
      insert into distributors (company_id, distributor_no, distributor_id, enrolled_at, version)
      select ${hub.company.companyId}, n, 'F' || n, now(), 1 from (select ${100 + no}::integer as n) x`;
  for (const [index, store] of STORES.entries())
    await owner`
      insert into orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie,
        state_hash, stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor)
      values (${hub.company.companyId}, ${ORDERS + index}, ${store}, 'shopify', ${`f${index}`}, '#f', 1, now(), '', '', 'earned', 'paid',
        now(), 'EUR', 0, 0, 0)`;
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

/** The order of each store that transfers are written for; a close's transfer is of none, also where its run has an order's number. */
const ORDERS = 9_000;
const STORES = ["st_first", "st_second"];

let lastSource = 1_000;

interface Written {
  /** 0 is the company: breakage. */
  readonly distributor: number;
  readonly amount: number;
  readonly takes: boolean;
  readonly currency: "EUR" | "USD" | "JPY";
  readonly day: number;
  /** 0 and 1 are the stores, 2 is a close. */
  readonly source: number;
}

const written = fc.record<Written>({
  distributor: fc.nat(5),
  amount: fc.integer({ min: 1, max: 1_000_000 }),
  takes: fc.boolean(),
  currency: fc.constantFrom("EUR", "USD", "JPY"),
  day: fc.nat(3),
  source: fc.nat(2),
});

async function write(tx: postgres.TransactionSql<{ bigint: bigint }>, row: Written): Promise<void> {
  const no = row.distributor === 0 ? 0 : 100 + row.distributor;
  const [kind, account] = no === 0 ? [3, 11] : [1, 1];
  const [debit, credit] = row.takes ? [account, 10] : [10, account];
  const isOfOrder = row.source < STORES.length;
  await tx`
    insert into transfer_rows (company_id, source_kind, source_no, revision, seq, kind_no, bonus_no, line, level, distributor_no,
      debit_account, credit_account, amount, currency_no, effective_at)
    values (${hub.company.companyId}, ${isOfOrder ? 1 : 3}, ${isOfOrder ? ORDERS + row.source : ORDERS}, ${lastSource++}, 0, ${kind + (row.takes ? 1 : 0)}, 1, 0, 0, ${no}, ${debit}, ${credit},
      ${row.amount}, ${currencyNo(row.currency)}, timestamptz '2026-06-01T12:00:00Z' + make_interval(days => ${row.day}))`;
}

/** What the hub answers, and what summing says, of one moment. */
async function bothWays(): Promise<{ answered: string; summed: string }> {
  const { companyId } = hub.company;
  const texts = (rows: readonly object[]) =>
    JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
  return owner.begin("isolation level repeatable read", async (tx) => {
    const answered = [
      await companyBalances(tx, companyId),
      await listBalances(tx, { companyId, limit: 100 }),
      await dailyFigures(tx, { companyId, from: "2026-01-01", to: "2026-12-31" }),
      ...(await Promise.all(
        STORES.map((storeId) => dailyFigures(tx, { companyId, from: "2026-01-01", to: "2026-12-31", of: { storeId } })),
      )),
      await dailyFigures(tx, { companyId, from: "2026-01-01", to: "2026-12-31", of: { distributorNo: 101 } }),
    ];
    return { answered: answered.map(texts).join("\n"), summed: (await sums(tx, companyId)).map(texts).join("\n") };
  });
}

async function sums(tx: Tx, companyId: number) {
  const moves = tx`
    (select credit_owner as owner, credit_account as account, currency, amount from transfers where company_id = ${companyId}
     union all
     select debit_owner, debit_account, currency, -amount from transfers where company_id = ${companyId}) m`;
  return [
    await tx`
      select account, currency, sum(amount)::bigint as balance from ${moves} where owner = 0
       group by account, currency order by currency, account`,
    await tx`
      select d.distributor_no as "distributorNo", d.distributor_id as "distributorId", m.account, m.currency, sum(m.amount)::bigint as balance
        from ${moves} join distributors d on d.company_id = ${companyId} and d.distributor_no = m.owner
       group by 1, 2, 3, 4 order by 1 desc, 4, 3`,
    await tx`
      select to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD') as day, kind, currency, count(*)::bigint as transfers, sum(amount)::bigint as amount
        from transfers where company_id = ${companyId}
       group by 1, 2, 3 order by 1 desc, 3, array_position(array['commission', 'clawback', 'breakage', 'breakage-clawback'], kind)`,
    ...(await Promise.all(STORES.map((_, index) => days(tx, tx`source_kind = 1 and source_no = ${ORDERS + index}`)))),
    await days(tx, tx`distributor_no = 101`),
  ];
}

function days(tx: Tx, which: ReturnType<Tx>) {
  return tx`
    select to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD') as day, kind, currency, count(*)::bigint as transfers, sum(amount)::bigint as amount
      from transfers where company_id = ${hub.company.companyId} and ${which}
     group by 1, 2, 3 order by 1 desc, 3, array_position(array['commission', 'clawback', 'breakage', 'breakage-clawback'], kind)`;
}

async function expectSame(): Promise<void> {
  const { answered, summed } = await bothWays();
  expect(answered).toBe(summed);
}

class Undone extends Error {}

const act = fc.oneof(
  // A transaction that writes, sleeps between its rows, and may be undone in the end.
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      rows: fc.array(written, { minLength: 1, maxLength: 4 }),
      pauseMs: fc.nat(8),
      undone: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fold" as const) }) },
  // A folder that dies in its transaction, before anything of it is committed.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("look" as const) }) },
);

async function crash(): Promise<void> {
  const { companyId } = hub.company;
  const dying = postgres(hub.db.url, { max: 1, onnotice: () => {}, types: { bigint: postgres.BigInt } });
  await dying.begin((tx) => markNewest(tx, companyId));
  const died = dying.begin(async (tx) => {
    await foldBlock(tx, companyId);
    const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await owner`select pg_terminate_backend(${backend?.pid ?? 0})`;
    await tx`select pg_sleep(10)`;
  });
  await expect(died).rejects.toThrow(/terminating|CONNECTION/);
  await dying.end({ timeout: 0 });
}

test("property: folded balances and the rest are the sum of all transfers, with writers, kills and folds at the same time", async () => {
  const { companyId } = hub.company;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 16 }), async (acts) => {
      const does = async (one: (typeof acts)[number], index: number) => {
        await wait(index * 2);
        if (one.kind === "fold") await foldLedger(hub.db, { companyId });
        else if (one.kind === "crash") await crash();
        else if (one.kind === "look") await expectSame();
        else
          await owner
            .begin(async (tx) => {
              for (const row of one.rows) {
                await write(tx, row);
                await wait(one.pauseMs);
              }
              if (one.undone) throw new Undone();
            })
            .catch((error: unknown) => {
              if (!(error instanceof Undone)) throw error;
            });
      };
      await Promise.all(acts.map(does));
      await expectSame();
      await foldLedger(hub.db, { companyId });
      await expectSame();
      expect([...(await asCompany(hub.db, companyId, (tx) => foldDifferences(tx, companyId)))]).toStrictEqual([]);
    }),
    runs(12),
  );
});

test("a transaction that wrote first and commits last is not lost: nothing from its time on is folded before it ends", async () => {
  const { companyId } = hub.company;
  await foldLedger(hub.db, { companyId });
  const row: Written = { distributor: 1, amount: 7, takes: false, currency: "EUR", day: 0, source: 2 };
  const late = Promise.withResolvers<void>();
  const wrote = Promise.withResolvers<void>();
  const slow = owner.begin(async (tx) => {
    await write(tx, row);
    wrote.resolve();
    await late.promise;
  });
  await wrote.promise;
  await owner.begin((tx) => write(tx, row));
  await foldLedger(hub.db, { companyId });
  await expectSame();
  late.resolve();
  await slow;
  await expectSame();
  await foldLedger(hub.db, { companyId });
  await expectSame();
  expect(await asCompany(hub.db, companyId, (tx) => hasUnfolded(tx, companyId))).toBe(false);
});

test("a mark of another server, whose transactions had greater numbers, is not waited for", async () => {
  const { companyId } = hub.company;
  await owner.begin((tx) => write(tx, { distributor: 2, amount: 5, takes: false, currency: "EUR", day: 0, source: 2 }));
  await owner`
    update ledger_folds set marked_to = folded_to + 1000000, marked_xid = '9000000000000'::xid8 where company_id = ${companyId}`;
  expect(await foldLedger(hub.db, { companyId })).toBe(1);
  await expectSame();
});

test("a hub that wrote much folds it at once", async () => {
  const { companyId } = hub.company;
  await foldLedger(hub.db, { companyId });
  const folder = new Folder({ db: hub.db, log: hub.log, many: 3 });
  await owner.begin((tx) => write(tx, { distributor: 3, amount: 5, takes: false, currency: "EUR", day: 0, source: 2 }));
  const waits = () => asCompany(hub.db, companyId, (tx) => hasUnfolded(tx, companyId));
  folder.wrote(companyId, 2);
  expect(await waits()).toBe(true);
  folder.wrote(companyId, 1);
  await until("the transfer is folded", async () => !(await waits()));
  await folder.stop();
});

test("a folded figure that is not the sum is named", async () => {
  const { companyId } = hub.company;
  await owner`update folded_balances set balance = balance + 3 where company_id = ${companyId} and owner_no = 101 and currency_no = ${currencyNo("EUR")}`;
  const [found, ...more] = await asCompany(hub.db, companyId, (tx) => foldDifferences(tx, companyId));
  expect([found?.what, found?.currency, (found?.foldedMinor ?? 0n) - (found?.summedMinor ?? 0n), more.length]).toStrictEqual([
    "account 1 of distributor 101",
    "EUR",
    3n,
    0,
  ]);
});

test("so are a shop's day and a distributor's day", async () => {
  const { companyId } = hub.company;
  await owner.begin((tx) => write(tx, { distributor: 4, amount: 5, takes: false, currency: "JPY", day: 40, source: 1 }));
  await foldLedger(hub.db, { companyId });
  await owner`update folded_store_days set amount = amount + 1 where company_id = ${companyId} and day = '2026-07-11'`;
  await owner`update folded_distributor_days set amount = amount + 2 where company_id = ${companyId} and day = '2026-07-11'`;
  const found = await asCompany(hub.db, companyId, (tx) => foldDifferences(tx, companyId));
  const ofDay = found.filter(({ what }) => what.includes("2026-07-11"));
  expect(ofDay.map(({ what, foldedMinor, summedMinor }) => [what, foldedMinor, summedMinor])).toStrictEqual([
    ["distributor 104, 2026-07-11, commission", 7n, 5n],
    ["store st_second, 2026-07-11, commission", 6n, 5n],
  ]);
});
