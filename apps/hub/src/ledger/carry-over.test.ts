import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../db/migrate.ts";
import { openEarlierVersion } from "../testing/earlier-version.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { companyBalances, listBalances } from "./balances.ts";

const FIRST_NEW = "0018_thin-ledger";

/** What the version before rows were numbers wrote of two companies' orders, refunds and close, and the balances it answered. */
const before = JSON.parse(readFileSync(join(import.meta.dirname, "carry-over.fixture.json"), "utf8"));
const TABLES = ["companies", "distributors", "periods", "close_runs", "order_revisions", "transfers"] as const;

let database: TestDatabase;
let owner: postgres.Sql<{ bigint: bigint }>;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1, onnotice: () => {}, types: { bigint: postgres.BigInt } });
  await openEarlierVersion(owner, FIRST_NEW);
  await owner`set session_replication_role = replica`;
  for (const table of TABLES)
    await owner`
      insert into ${owner(table)} overriding system value
      select * from json_populate_recordset(null::${owner(table)}, ${JSON.stringify(before[table])}::text::json)`;
  await addOddRows();
  await owner`set session_replication_role = origin`;
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const ledgerOf = () => owner`
  select company_id, event_id, order_id, distributor_id, amount_minor, currency, kind, entry_key, effective_at, recorded_at, calc_snapshot_json,
         source_kind, source_no
    from ledger order by event_id`;
const transfersOf = () => owner`
  select company_id, source_kind, source_no, revision, seq, transfer_id, kind, entry_key, distributor_no, debit_owner, debit_account,
         credit_owner, credit_account, amount, currency, effective_at, recorded_at, recorded_xid
    from transfers order by transfer_id`;

/** Of a third company: ids that are no numbers or that a number would change, colons, and a level deeper than two bytes say. */
async function addOddRows(): Promise<void> {
  await owner`
    insert into distributors (company_id, distributor_no, distributor_id, enrolled_at, version) values (3, 1, 'A:1', now(), 1)`;
  for (const [seq, line] of ["gid://shopify/LineItem/1", "007", "1234567890123456789012", "0", "a:1:2"].entries())
    await owner`
      insert into transfers (company_id, source_kind, source_no, revision, seq, transfer_id, kind, entry_key, distributor_no, debit_owner,
        debit_account, credit_owner, credit_account, amount, currency, effective_at)
      overriding system value
      values (3, 1, 1, 1, ${seq}, ${1000 + seq}, 'clawback', ${`odd:${line}:70000:A:1`}, 1, 1, 1, 0, 10, 5, 'JPY', now()),
             (3, 1, 1, 2, ${seq}, ${2000 + seq}, 'breakage', ${`odd:${line}:1:company`}, 0, 0, 10, 0, 11, 5, 'ZZZ', now())`;
}

test("a database of the version before comes through with every row, word and cent", async () => {
  const [ledger, transfers] = [await ledgerOf(), await transfersOf()];
  expect(transfers.length).toBe(before.transfers.length + 10);

  const { applied } = await migrate(database.url);
  expect(applied[0]).toBe(FIRST_NEW);
  expect(await ledgerOf()).toStrictEqual(ledger);
  expect(await transfersOf()).toStrictEqual(transfers);
  const [next] = await owner`select nextval(pg_get_serial_sequence('transfer_rows', 'transfer_id')) as no`;
  expect(next?.no).toBe(2005n);

  const balances = [];
  for (const { companyId } of before.balances)
    balances.push(
      await owner.begin(async (tx) => ({
        companyId,
        own: await companyBalances(tx, companyId),
        distributors: await listBalances(tx, { companyId, limit: 500 }),
      })),
    );
  const texts = JSON.stringify(balances, (_, value) => (typeof value === "bigint" ? String(value) : value));
  expect(JSON.parse(texts)).toStrictEqual(before.balances);
});
