import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  closeLedger,
  closeMonth,
  countRows,
  JUNE,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import { closePeriod, commitClose, type PeriodRun } from "./close.ts";

/** What goes on beside a commit that has written everything and not ended, and what is left of one that dies there. */

let hub: TestHub;
let owner: postgres.Sql;
let company: PeriodCompany;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  // The last thing a commit writes is its line in the audit log: it is held up there.
  await owner.unsafe(`
    create table held_up (company_id integer);
    create function wait_while_held_up() returns trigger security definer language plpgsql as $$
    begin
      while exists (select from held_up h where h.company_id = new.company_id) loop perform pg_sleep(0.01); end loop;
      return new;
    end $$;
    create trigger wait before insert on audit_log for each row when (new.act = 'period.commit') execute function wait_while_held_up()`);
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});
beforeEach(async () => {
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
});

async function heldUp(): Promise<{ commit: Promise<PeriodRun>; pid: number; again: () => Promise<PeriodRun> }> {
  const { periodNo } = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo };
  await closePeriod(hub, { ...act, actor: "ann", person: "ann" });
  await owner`insert into held_up values (${company.companyId})`;
  const again = () => commitClose(hub, { ...act, actor: "bob", person: "bob" });
  const commit = again();
  commit.catch(() => {});
  let pid = 0;
  await until("the commit is held up", async () => {
    const [found] = await owner<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    pid = found?.pid ?? 0;
    return pid !== 0;
  });
  return { commit, pid, again };
}

const letGo = () => owner`delete from held_up`;

test("orders of the company, and another one's orders and close, go on beside a commit", async () => {
  const other = await setUpPeriodCompany(hub);
  await sendOrders(hub, other, JUNE);
  const june = await openMonth(hub, other, "2026-06");
  const { commit, pid } = await heldUp();
  const locks = await owner<{ mode: string }[]>`select distinct mode from pg_locks where pid = ${pid} and locktype = 'relation'`;
  const gentle = ["AccessShareLock", "RowShareLock", "RowExclusiveLock"];
  expect(locks.map(({ mode }) => mode).filter((mode) => !gentle.includes(mode))).toStrictEqual([]);
  const order = { id: "beside", at: "2026-07-02", by: "A5", minor: 100_00 };
  await sendOrders(hub, company, [order]);
  await sendOrders(hub, other, [order]);
  await closeMonth(hub, other, june);
  expect(Object.keys(await closeLedger(hub, other)).length).toBe(5);
  // All of that while the commit is not through.
  expect(await closeLedger(hub, company)).toStrictEqual({});
  await letGo();
  expect((await commit).run.kind).toBe("committed");
  expect(Object.keys(await closeLedger(hub, company)).length).toBe(5);
});

test("a commit that dies at its end leaves nothing, and the same one can be made again", async () => {
  const standings = await countRows(hub, company, "standings");
  const { commit, pid, again } = await heldUp();
  await owner`select pg_terminate_backend(${pid})`;
  await expect(commit).rejects.toThrow();
  const left = ["run_result_pages", "run_bonus_pages", "run_pair_pages", "run_carry_pages"].map((table) =>
    countRows(hub, company, table),
  );
  expect(await Promise.all(left)).toStrictEqual([0, 0, 0, 0]);
  expect(await countRows(hub, company, "standings")).toBe(standings);
  expect(await closeLedger(hub, company)).toStrictEqual({});
  await letGo();
  expect((await again()).run.kind).toBe("committed");
  expect(Object.keys(await closeLedger(hub, company)).length).toBe(5);
});

test("whichever of the two that read at once fails, the commit says why, and no transaction stays open", async () => {
  const { periodNo } = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo };
  await closePeriod(hub, { ...act, actor: "ann", person: "ann" });
  const commit = () => commitClose(hub, { ...act, actor: "bob", person: "bob" });
  for (const table of ["volume_entries", "sponsor_edges"]) {
    await owner.unsafe(`revoke select on ${table} from upline_app`);
    // More often than either pool has connections.
    for (let time = 0; time < 5; time++) await expect(commit()).rejects.toMatchObject({ code: "42501" });
    await owner.unsafe(`grant select on ${table} to upline_app`);
  }
  const [open] = await owner`
    select count(*)::int as sessions from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect(open).toStrictEqual({ sessions: 0 });
  expect((await commit()).run.kind).toBe("committed");
  expect(Object.keys(await closeLedger(hub, company)).length).toBe(5);
});
