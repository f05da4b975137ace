import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import postgres from "postgres";
import { asCompany, sqlState } from "../db/connect.ts";
import { closeMonth, countRows, JUNE, openMonth, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** What the database itself refuses, whatever the code above it does. */

const TABLES = ["periods", "volume_entries", "volume_heads", "period_locks", "close_runs", "run_results", "run_bonuses"] as const;

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.close());

test("nobody sees or writes another company's periods", async () => {
  const one = await setUpPeriodCompany(hub);
  const other = await setUpPeriodCompany(hub);
  await sendOrders(hub, one, JUNE);
  await closeMonth(hub, one, await openMonth(hub, one, "2026-06"));
  for (const table of TABLES) {
    assert.ok((await countRows(hub, one, table)) > 0, table);
    assert.equal(await countRows(hub, other, table), 0, table);
  }
  const steal = asCompany(
    hub.db,
    other.companyId,
    (tx) =>
      tx`insert into run_bonuses (company_id, run_no, bonus_id, distributor_no, before_caps, amount) values (${one.companyId}, 1, 'x', 1, 1, 1)`,
  );
  await assert.rejects(
    () => steal,
    (error) => sqlState(error) === "42501",
  );
});

test("runs, volumes and locks are append-only, even for the owner of the database", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  try {
    for (const table of ["volume_entries", "period_locks", "close_runs", "run_results", "run_bonuses"]) {
      await assert.rejects(() => owner`delete from ${owner(table)}`, { code: "23001" }, table);
      await assert.rejects(() => owner`truncate ${owner(table)} cascade`, { code: "23001" }, table);
    }
    await assert.rejects(() => owner`update run_bonuses set amount = 1`, { code: "23001" });
    await assert.rejects(() => owner`delete from periods`, { code: "23001" });
    await assert.rejects(() => owner`update periods set state = 'open'`, { code: "23001" });
    await assert.rejects(() => owner`update periods set ends_at = ends_at + interval '1 day'`, { code: "23001" });
  } finally {
    await owner.end();
  }
});

test("periods of a plan neither overlap nor leave a gap", async () => {
  const company = await setUpPeriodCompany(hub);
  await openMonth(hub, company, "2026-06");
  await assert.rejects(() => openMonth(hub, company, "2026-06"), /Periods follow each other/);
  await assert.rejects(() => openMonth(hub, company, "2026-08"), /begins there/);
  await assert.rejects(() => openMonth(hub, company, "2026-13"), /is no month/);
  const july = await openMonth(hub, company, "2026-07");
  assert.deepEqual(
    [july.startsAt.toISOString(), july.endsAt.toISOString()],
    ["2026-07-01T00:00:00.000Z", "2026-08-01T00:00:00.000Z"],
  );
});
