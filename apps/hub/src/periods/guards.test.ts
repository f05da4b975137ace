import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany, sqlState } from "../db/connect.ts";
import { closeMonth, countRows, JUNE, openMonth, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** What the database itself refuses, whatever the code above it does. */

const PAGES = ["run_result_pages", "run_bonus_pages", "run_pair_pages", "run_carry_pages"] as const;
const VIEWS = ["run_results", "run_bonuses"] as const;
const TABLES = ["periods", "volume_entries", "volume_heads", "period_locks", "close_runs"] as const;

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("nobody sees or writes another company's periods", async () => {
  const company = await setUpPeriodCompany(hub);
  const other = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  for (const table of [...TABLES, ...VIEWS, "run_result_pages", "run_bonus_pages"]) {
    assert.ok((await countRows(hub, company, table)) > 0, table);
    expect(await countRows(hub, other, table), table).toBe(0);
  }
  const steal = asCompany(
    hub.db,
    other.companyId,
    (tx) =>
      tx`insert into run_bonus_pages (company_id, run_no, page, bonus_id, distributor_no, before_caps, amount)
         values (${company.companyId}, 1, 0, 'x', '{1}', '{1}', '{1}')`,
  );
  await expect(() => steal).rejects.toThrow(expect.toSatisfy((error) => sqlState(error) === "42501"));
});

test("runs, volumes and locks are append-only, even for the owner of the database", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  try {
    await owner`insert into run_pair_pages values (${company.companyId}, 1, 0, 'x', '{1}', '{1}', '{1}', '{1}', '{1}', '{1}')`;
    await owner`insert into run_carry_pages values (${company.companyId}, 1, 0, 'x', 'left', 0, '{1}', '{1}')`;
    for (const table of ["volume_entries", "period_locks", "close_runs", ...PAGES]) {
      await expect(() => owner`delete from ${owner(table)}`, table).rejects.toThrow(expect.objectContaining({ code: "23001" }));
      await expect(() => owner`truncate ${owner(table)} cascade`, table).rejects.toThrow(
        expect.objectContaining({ code: "23001" }),
      );
    }
    await expect(() => owner`update run_bonus_pages set amount = '{1}'`).rejects.toThrow(
      expect.objectContaining({ code: "23001" }),
    );
    await expect(() => owner`delete from periods`).rejects.toThrow(expect.objectContaining({ code: "23001" }));
    await expect(() => owner`update periods set state = 'open'`).rejects.toThrow(expect.objectContaining({ code: "23001" }));
    await expect(() => owner`update periods set ends_at = ends_at + interval '1 day'`).rejects.toThrow(
      expect.objectContaining({ code: "23001" }),
    );
  } finally {
    await owner.end();
  }
});

test("a page has as many entries in every column, and is written once", async () => {
  const company = await setUpPeriodCompany(hub);
  const insert = (distributors: string, amounts: string) =>
    asCompany(
      hub.db,
      company.companyId,
      (tx) => tx`insert into run_bonus_pages (company_id, run_no, page, bonus_id, distributor_no, before_caps, amount)
        values (${company.companyId}, 9, 0, 'x', ${distributors}::text::integer[], ${amounts}::text::bigint[], ${amounts}::text::bigint[])`,
    );
  const refused = (code: string) => expect.toSatisfy((error) => sqlState(error) === code);
  await expect(() => insert("{1,2}", "{5}")).rejects.toThrow(refused("23514"));
  await insert("{1,2}", "{5,6}");
  await expect(() => insert("{1,2}", "{5,6}")).rejects.toThrow(refused("23505"));
});

test("a standing of somebody who does not exist is refused, among others too", async () => {
  const company = await setUpPeriodCompany(hub);
  const insert = (numbers: readonly number[]) =>
    asCompany(
      hub.db,
      company.companyId,
      (tx) => tx`insert into standings (company_id, version, distributor_no, status, valid_from)
        select ${company.companyId}, 2, no, 'active', '2026-02-01' from unnest(${numbers as number[]}::integer[]) no`,
    );
  await expect(() => insert([1, 99, 2])).rejects.toThrow(expect.toSatisfy((error) => sqlState(error) === "23503"));
  await insert([1, 2]);
});

test("periods of a plan neither overlap nor leave a gap", async () => {
  const company = await setUpPeriodCompany(hub);
  await openMonth(hub, company, "2026-06");
  await expect(() => openMonth(hub, company, "2026-06")).rejects.toThrow(/Periods follow each other/);
  await expect(() => openMonth(hub, company, "2026-08")).rejects.toThrow(/begins there/);
  await expect(() => openMonth(hub, company, "2026-13")).rejects.toThrow(/is no month/);
  const july = await openMonth(hub, company, "2026-07");
  expect([july.startsAt.toISOString(), july.endsAt.toISOString()]).toStrictEqual([
    "2026-07-01T00:00:00.000Z",
    "2026-08-01T00:00:00.000Z",
  ]);
});
