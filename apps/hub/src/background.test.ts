import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./program.ts";
import { letRead, startRecordedStore } from "./testing/fake-woo-store.ts";
import { openMonth, sendOrders, setUpPeriodCompany } from "./testing/periods.ts";
import { call } from "./testing/seed-fixture.ts";
import { setUpTestCompany } from "./testing/test-company.ts";
import { openTestHub, type TestHub } from "./testing/test-hub.ts";

/** The hub's own jobs, asked for over the API and at a terminal, and done by a running hub. */

const DAILY = {
  UPLINE_JOBS: "on",
  UPLINE_RECONCILE_MINUTES: "1440",
  UPLINE_BOOK_VOLUMES_MINUTES: "1440",
  UPLINE_FOLD_MINUTES: "1440",
};

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub(DAILY);
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

interface RunAnswer {
  readonly subject: string;
  readonly state: string;
  readonly attempts: number;
  readonly note: string | null;
}

interface JobAnswer {
  readonly name: string;
  readonly every_minutes: number;
  readonly next_round_at: string;
  readonly runs: readonly RunAnswer[];
  readonly failures: readonly { readonly subject: string; readonly reason: string }[];
}

async function jobsSeenWith(key: string): Promise<readonly JobAnswer[]> {
  const { status, body } = await call(hub, "/api/jobs", { key });
  expect(status).toBe(200);
  return (body as { items: JobAnswer[] }).items;
}

async function untilRun(key: string, job: string, states: readonly string[]): Promise<{ job: JobAnswer; run: RunAnswer }> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(100)) {
    const found = (await jobsSeenWith(key)).find(({ name }) => name === job);
    const run = found?.runs[0];
    if (found && run && states.includes(run.state)) return { job: found, run };
  }
  throw new Error(`${job} did not become ${states.join(" or ")} within a minute`);
}

test("a store is reconciled when an admin asks, and a failure is told in the shop's words", async (t) => {
  const fake = await startRecordedStore(t);
  const company = await setUpTestCompany(hub, "asks");
  const { admin, read } = company.keys;
  const { storeId } = company.stores.woocommerce;
  const before = await jobsSeenWith(read);
  expect(before.map(({ name, every_minutes, runs }) => [name, every_minutes, runs])).toStrictEqual([
    ["reconcile", 1440, []],
    ["reconcile-all", 1440, []],
    ["import", 0, []],
    ["book-volumes", 1440, []],
    ["remap", 5, []],
    ["forget-bodies", 60, []],
    ["prune-deliveries", 60, []],
    ["redact", 10, []],
    ["fold-ledger", 1440, []],
    ["forget-enrolments", 60, []],
    ["welcome", 5, []],
    ["prune-clicks", 60, []],
  ]);
  expect(before[0]?.next_round_at).toMatch(/T00:00:00\.000Z$/);
  expect((await call(hub, "/api/jobs/reconcile/run", { key: read, method: "POST" })).status).toBe(403);
  const unknown = await call(hub, "/api/jobs/nothing/run", { key: admin, method: "POST" });
  expect([unknown.status, unknown.body.detail]).toStrictEqual([
    404,
    'There is no job "nothing": there is reconcile, reconcile-all, import, book-volumes, remap, forget-bodies, prune-deliveries, redact, fold-ledger, forget-enrolments, welcome, prune-clicks.',
  ]);

  await letRead(hub, fake, { companyId: company.companyId, storeId });
  const asked = await call(hub, "/api/jobs/reconcile/run", { key: admin, method: "POST" });
  expect([asked.status, asked.body]).toStrictEqual([202, { started: 1, already: 0 }]);
  const done = await untilRun(read, "reconcile", ["done"]);
  expect([done.run.subject, done.run.attempts]).toStrictEqual([storeId, 1]);
  expect(done.run.note).toMatch(/^\d+ orders compared, \d+ healed, 0 differ still\.$/);
  expect((await jobsSeenWith(hub.company.keys.read))[0]?.runs).toStrictEqual([]);

  // Of one store alone, also where another one of the company is being compared.
  const one = await call(hub, `/api/jobs/reconcile/run?subject=${storeId}`, { key: admin, method: "POST" });
  expect([one.status, one.body]).toStrictEqual([202, { started: 1, already: 0 }]);
  await untilRun(read, "reconcile", ["done"]);
  for (const subject of ["st_nothing", company.stores.shopify.storeId]) {
    const none = await call(hub, `/api/jobs/reconcile/run?subject=${subject}`, { key: admin, method: "POST" });
    expect([none.status, none.body.detail]).toStrictEqual([
      404,
      `subject: the job "reconcile" has nothing to do for "${subject}"; leave it out to run it for all.`,
    ]);
  }

  fake.faults.push((_request, response) => void response.writeHead(401, { "content-type": "application/json" }).end("{}"));
  await call(hub, "/api/jobs/reconcile/run", { key: admin, method: "POST" });
  const failed = await untilRun(read, "reconcile", ["retrying", "failed"]);
  expect(failed.run.note).toMatch(/does not accept this key/);
  expect(failed.job.failures.map(({ subject, reason }) => [subject, reason])).toStrictEqual([[storeId, failed.run.note]]);
});

test("volumes are booked when somebody asks at a terminal, and the list says so", async () => {
  const company = await setUpPeriodCompany(hub);
  await openMonth(hub, company, "2026-06");
  await sendOrders(hub, company, [
    { id: "j1", at: "2026-06-03", by: "A2", minor: 100_00 },
    { id: "j2", at: "2026-06-04", by: "A3", minor: 50_00 },
  ]);
  const booked = async () => {
    const [row] = await owner<{ cv: string }[]>`
      select coalesce(sum(cv), 0)::text as cv from volume_entries where company_id = ${company.companyId}`;
    return row?.cv;
  };
  expect(await booked()).toBe("0");
  expect(await upline("jobs", "run", "book-volumes", "--company", company.slug)).toBe(
    "1 run handed to the hub: see `pnpm upline jobs list`.\n",
  );
  const list = async () => upline("jobs", "list", "--company", company.slug);
  for (const end = Date.now() + 60_000; !(await list()).includes("2 orders booked.") && Date.now() < end; ) await wait(100);
  expect(await list()).toMatch(/^book-volumes +1440 min +\S+T00:00:00Z +company +done +\S+ +2 orders booked\.$/m);
  // 150.00 of CV, in ten-thousandths.
  expect(await booked()).toBe("1500000");
});

async function upline(...args: string[]): Promise<string> {
  let out = "";
  let err = "";
  const env = { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"), ...DAILY };
  const code = await runCli(args, {
    env,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
  });
  expect(code, err).toBe(0);
  return out;
}

test("a hub with its jobs turned off, as in tests, keeps no clock and takes no connection", async () => {
  const quiet = await openTestHub();
  const watch = postgres(quiet.db.url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await watch<{ schedules: number; connections: number }[]>`
      select (select count(*) from jobs.schedule)::int as schedules,
             (select count(*) from pg_stat_activity where datname = current_database() and application_name = 'upline-jobs')::int as connections`;
    expect(row).toStrictEqual({ schedules: 0, connections: 0 });
  } finally {
    await watch.end();
    await quiet.close();
  }
});
