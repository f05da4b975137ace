import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startHubProcess } from "../bench/hub-process.ts";
import { createKey } from "../keys/create.ts";
import { auditLedger } from "../orders/audit.ts";
import { closeLedger, closeMonth, countRows, JUNE, openMonth, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { testSettings } from "../testing/test-parts.ts";
import { until } from "../testing/until.ts";
import { closePeriod } from "./close.ts";

/**
 * A hub that is killed (kill -9) while a close is confirmed: at tables that the confirmation writes first, in the middle and last, and at its COMMIT. It is held
 * there by a lock, so that the moment is one of progress and not of time. A company with the same orders, closed in peace, says what is right.
 */

const WRITTEN = ["close_runs", "run_bonus_pages", "transfer_rows", "audit_log"];

let hub: TestHub;
let owner: postgres.Sql;
let right: Record<string, number>;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 2, onnotice: () => {} });
  const twin = await setUpPeriodCompany(hub);
  await sendOrders(hub, twin, JUNE);
  await closeMonth(hub, twin, await openMonth(hub, twin, "2026-06"));
  right = await closeLedger(hub, twin);
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

async function proposed() {
  const company = await setUpPeriodCompany(hub);
  const { companyId } = company;
  await sendOrders(hub, company, JUNE);
  const { periodNo } = await openMonth(hub, company, "2026-06");
  const { run } = await closePeriod(hub, { companyId, periodNo, actor: "ann", person: "ann" });
  const { key } = await createKey(hub, { companyId, name: "bob", scopes: ["admin"], owner: "Bob", actor: "test" });
  return { company, periodNo, key, runNo: run.runNo };
}
type Proposed = Awaited<ReturnType<typeof proposed>>;

async function startHub() {
  const { UPLINE_SECRET_KEY: secretKey = "" } = testSettings(hub.db.url);
  const started = await startHubProcess({ url: hub.db.url, secretKey, role: "all" });
  onTestFinished(() => void started.child.kill("SIGKILL"));
  const confirm = ({ periodNo, key, runNo }: Proposed) =>
    fetch(`http://127.0.0.1:${started.port}/api/periods/${periodNo}/commit?run_id=${runNo}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
    });
  return { ...started, confirm };
}

/** Confirms, waits until that waits for what `hold` holds, kills the hub, and lets go; resolves once nothing of it is under way. */
async function killedAt(desk: Proposed, hold: (tx: postgres.TransactionSql) => Promise<unknown>, waiting: string): Promise<void> {
  const { child, confirm } = await startHub();
  let backend = 0;
  await owner.begin(async (tx) => {
    await hold(tx);
    const answer = confirm(desk).then(
      ({ status }) => status,
      () => "cut short",
    );
    await until(`something waits for ${waiting}`, async () => {
      const [row] = await owner<{ pid: number }[]>`
        select pid from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())
           and (relation::regclass::text = ${waiting} or locktype = ${waiting})`;
      backend = row?.pid ?? 0;
      return backend > 0;
    });
    child.kill("SIGKILL");
    expect(await answer).toBe("cut short");
  });
  await until("nothing of it is under way", async () => {
    const [row] = await owner`select pid from pg_stat_activity where pid = ${backend}`;
    return row === undefined;
  });
}

async function books({ company, periodNo }: Proposed) {
  const { companyId } = company;
  const [period] = await owner`select state from periods where company_id = ${companyId} and period_no = ${periodNo}`;
  const [runs] = await owner`select count(*)::int as n from close_runs where company_id = ${companyId} and kind = 'committed'`;
  const { balanced, differences } = await auditLedger(hub.pipeline, companyId);
  const rows = await Promise.all(["run_result_pages", "run_bonus_pages"].map((table) => countRows(hub, company, table)));
  return {
    ...{ state: period?.state, committed: runs?.n, ledger: await closeLedger(hub, company), balanced, differences },
    results: rows.every((count) => count > 0) ? "there" : rows.every((count) => count === 0) ? "none" : "half",
  };
}

const untouched = { state: "closing", committed: 0, ledger: {}, balanced: true, differences: [], results: "none" };
const done = () => ({ ...untouched, state: "closed", committed: 1, ledger: right, results: "there" });

test("killed before its COMMIT a confirmation has done nothing, and done again it does all of it, once", {
  timeout: 300_000,
}, async () => {
  const desk = await proposed();
  for (const table of WRITTEN) {
    await killedAt(desk, (tx) => tx.unsafe(`lock table ${table} in share mode`), table);
    expect(await books(desk), table).toStrictEqual(untouched);
  }
  const { confirm } = await startHub();
  const answers = await Promise.all([confirm(desk), confirm(desk)]);
  expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 409]);
  expect(await books(desk)).toStrictEqual(done());
});

test("killed at its COMMIT a confirmation is whole, and done again it is refused and changes nothing", {
  timeout: 300_000,
}, async () => {
  const desk = await proposed();
  await owner.unsafe(`
    create function hold_commit() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return null; end $$;
    create constraint trigger hold_commit after insert on close_runs deferrable initially deferred
      for each row when (new.kind = 'committed') execute function hold_commit()`);
  await killedAt(desk, (tx) => tx`select pg_advisory_xact_lock(4711)`, "advisory");
  await owner`drop trigger hold_commit on close_runs`;
  expect(await books(desk)).toStrictEqual(done());
  const { confirm } = await startHub();
  const again = await confirm(desk);
  expect([again.status, ((await again.json()) as { code: string }).code]).toStrictEqual([409, "conflict"]);
  expect(await books(desk)).toStrictEqual(done());
});
