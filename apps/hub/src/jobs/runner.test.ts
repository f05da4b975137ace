import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { asCompany, type Database } from "../db/connect.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { HubError } from "../errors.ts";
import { openLog } from "../log.ts";
import { openSecretBox } from "../secret-box.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { testSettings } from "../testing/test-parts.ts";
import type { Job, Target } from "./job.ts";
import { JobRunner, type RunnerOptions } from "./runner.ts";
import { readJobs, type ShownJob } from "./view.ts";

let database: TestDatabase;
let db: Database;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  const env = readEnv(testSettings(database.url));
  db = await openDatabase(database.url, { env, box: openSecretBox(env) });
  owner = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await database.drop();
});

const stores = (companyId: number, ...subjects: string[]): Target[] => subjects.map((subject) => ({ companyId, subject }));
let names = 0;

/** A job that nothing runs by the clock unless a test says so, under a name of its own. */
function jobOf(given: Partial<Job> & Pick<Job, "run">): Job {
  names += 1;
  return {
    name: `job-${names}`,
    about: "A test.",
    everyMinutes: 0,
    atOnce: 2,
    retries: { limit: 2, delaySeconds: 1 },
    due: async () => [],
    targetsOf: async (companyId) => stores(companyId, "a"),
    ...given,
  };
}

async function startRunner(
  job: Job | readonly Job[],
  options: Partial<RunnerOptions> = {},
  url = db.jobsUrl,
): Promise<JobRunner> {
  const runner = new JobRunner({ url, log: openLog("silent") }, [job].flat(), { takesJobs: true, pollSeconds: 0.5, ...options });
  onTestFinished(() => runner.stop());
  await runner.start();
  return runner;
}

/** Waits for a state, not for a time. */
async function until<T>(look: () => Promise<T | false | undefined> | T | false | undefined): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
  }
  throw new Error("it did not come to that within a minute");
}

async function shown(runner: JobRunner, companyId: number): Promise<ShownJob> {
  return (await readJobs(db, runner, companyId))[0] as ShownJob;
}

const untilDone = (runner: JobRunner, companyId: number, count: number) =>
  until(async () => {
    const { runs } = await shown(runner, companyId);
    return runs.filter((run) => run.state === "done").length === count && runs;
  });

test("two replicas run one at a time for each target, and several targets at once", async () => {
  const inHand = new Map<string, number>();
  let most = 0;
  let together = 0;
  let ran = 0;
  const askedAgain: string[] = [];
  const release = Promise.withResolvers<void>();
  const job = jobOf({
    targetsOf: async (companyId) => stores(companyId, "a", "b"),
    askedAgain: async ({ subject }) => void askedAgain.push(subject),
    run: async ({ subject }) => {
      inHand.set(subject, (inHand.get(subject) ?? 0) + 1);
      most = Math.max(most, ...inHand.values());
      together = Math.max(together, [...inHand.values()].filter((count) => count > 0).length);
      await release.promise;
      inHand.set(subject, (inHand.get(subject) ?? 0) - 1);
      ran += 1;
      return "done";
    },
  });
  const [first, second] = [await startRunner(job), await startRunner(job)];
  expect(await first.ask(job.name, 1)).toStrictEqual({ started: 2, already: 0 });
  await until(() => together === 2);
  expect(askedAgain).toStrictEqual([]);
  expect(await second.ask(job.name, 1)).toStrictEqual({ started: 0, already: 2 });
  expect(askedAgain).toStrictEqual(["a", "b"]);
  const running = await shown(second, 1);
  expect(running.runs.map((run) => [run.subject, run.state])).toStrictEqual([
    ["a", "running"],
    ["b", "running"],
  ]);
  release.resolve();
  await untilDone(first, 1, 2);
  expect([ran, most]).toStrictEqual([2, 1]);
  expect(await second.ask(job.name, 1)).toStrictEqual({ started: 2, already: 0 });
});

test("a run hands over what is left to another job for the same target, which begins by itself", async () => {
  const ran: string[] = [];
  const small = jobOf({ run: async ({ subject }) => `${ran.push(`small ${subject}`)}` });
  const large = jobOf({
    targetsOf: async (companyId) => stores(companyId, "a", "b"),
    run: async ({ subject }, _signal, then) => {
      ran.push(`large ${subject}`);
      if (subject === "b") then?.(small.name);
      return "done";
    },
  });
  const runner = await startRunner([large, small]);
  await runner.ask(large.name, 1);
  await until(() => ran.includes("small b"));
  expect(ran.toSorted()).toStrictEqual(["large a", "large b", "small b"]);
});

test("a failure is tried again a few times, and its reason is kept and shown, without anybody's secret", async () => {
  let attempts = 0;
  const job = jobOf({
    targetsOf: async (companyId) => stores(companyId, "says", "blurts"),
    run: async ({ subject }) => {
      attempts += 1;
      if (subject === "says") throw new HubError("unavailable", "The shop does not accept this key.");
      throw new TypeError("the body was {secret: hunter2}");
    },
  });
  const runner = await startRunner(job);
  await runner.ask(job.name, 2);
  const failed = await until(async () => {
    const found = await shown(runner, 2);
    return found.runs.every((run) => run.state === "failed") && found;
  });
  expect(attempts).toBe(6);
  expect(failed.failures.map(({ subject, attempts, reason }) => [subject, attempts, reason])).toStrictEqual([
    ["blurts", 3, "It failed unexpectedly (TypeError)."],
    ["says", 3, "The shop does not accept this key."],
  ]);
  const kept = await owner<{ text: string }[]>`select to_jsonb(j)::text as text from jobs.job j`;
  expect(kept.filter(({ text }) => text.includes("hunter2"))).toStrictEqual([]);
});

test("what failed once and then went well keeps neither state nor blame", async () => {
  let attempts = 0;
  const job = jobOf({
    run: async () => {
      attempts += 1;
      if (attempts === 1) throw new HubError("unavailable", "Away.");
      return "There again.";
    },
  });
  const runner = await startRunner(job);
  await runner.ask(job.name, 3);
  const [run] = await untilDone(runner, 3, 1);
  expect([run?.attempts, run?.note]).toStrictEqual([2, "There again."]);
});

test("a stop waits for what is under way; what outlasts it is interrupted, and taken up by the next start", async () => {
  const begun = Promise.withResolvers<void>();
  let interrupted = 0;
  let finished = 0;
  const patient = jobOf({
    run: async () => {
      begun.resolve();
      await wait(1_000);
      finished += 1;
      return "finished";
    },
  });
  const waiting = await startRunner(patient);
  await waiting.ask(patient.name, 4);
  await begun.promise;
  await waiting.stop();
  expect(finished).toBe(1);
  expect((await shown(waiting, 4)).runs[0]?.note).toBe("finished");

  const endless = jobOf({
    run: async (_target, signal) => {
      if (interrupted > 0) return "taken up";
      await wait(600_000, undefined, { signal }).catch(() => {
        interrupted += 1;
        throw new HubError("unavailable", "Interrupted.");
      });
      return "never";
    },
  });
  const stopped = await startRunner(endless, { graceMs: 1_000 });
  await stopped.ask(endless.name, 4);
  await until(async () => (await shown(stopped, 4)).runs[0]?.state === "running");
  await stopped.stop();
  expect(interrupted).toBe(1);
  const after = (await shown(stopped, 4)).runs[0];
  expect([after?.state, after?.note]).toStrictEqual([
    "retrying",
    "The hub that ran it was stopped or killed meanwhile, or it took too long.",
  ]);
  const next = await startRunner(endless);
  const [run] = await untilDone(next, 4, 1);
  expect(run?.note).toBe("taken up");
});

test("connections that the database ends are opened again, and a run that could not say how it ended is taken up anew", async () => {
  let attempts = 0;
  const killAll = () => owner`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'upline-jobs' and datname = current_database()`;
  const job = jobOf({
    run: async () => {
      attempts += 1;
      if (attempts === 1) await killAll();
      return "done";
    },
  });
  const runner = await startRunner(job, { heartbeatSeconds: 10 });
  await killAll();
  await until(() => runner.ask(job.name, 5).catch(() => false as const));
  await untilDone(runner, 5, 1);
  expect(attempts).toBeGreaterThan(0);
});

test("a run whose process was killed is taken up by another", async () => {
  const job = jobOf({ run: async () => "taken up" });
  const runner = await startRunner(job, { heartbeatSeconds: 10 });
  await owner`
    insert into jobs.job (name, data, singleton_key, group_id, policy, retry_limit, state, started_on, heartbeat_on, heartbeat_seconds)
    values (${job.name}, ${owner.json({ companyId: 11, subject: "a" })}, '11/a', '11', 'exclusive', 2, 'active',
            now() - interval '5 minutes', now() - interval '5 minutes', 10)`;
  expect((await shown(runner, 11)).runs[0]?.state).toBe("running");
  const [run] = await untilDone(runner, 11, 1);
  expect([run?.attempts, run?.note]).toStrictEqual([2, "taken up"]);
});

test("a database that is away for a while ends neither the process nor the runner", async () => {
  const folder = mkdtempSync(join(tmpdir(), "upline-jobs-"));
  const first = await startEmbeddedPostgres({ dataDir: folder, port: 0, unsafeFast: true });
  let last = first;
  onTestFinished(async () => {
    await last.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await migrate(first.url);
  let ran = 0;
  const job = jobOf({
    run: async () => {
      ran += 1;
      return "done";
    },
  });
  const runner = await startRunner(job, {}, first.url);
  await runner.ask(job.name, 1);
  await until(() => ran === 1);
  await first.stop();
  // Long enough for every worker and the clock to have looked in vain, several times.
  await wait(10_000);
  last = await startEmbeddedPostgres({ dataDir: folder, port: Number(new URL(first.url).port), unsafeFast: true });
  await until(() => runner.ask(job.name, 1).catch(() => false as const));
  await until(() => ran === 2);
});

test("rounds are kept by the clock: the next one is told, and a job that is turned off has none", async () => {
  const due: Target[] = stores(6, "a");
  const ran: string[] = [];
  const job = jobOf({
    everyMinutes: 1,
    due: async () => due,
    run: async ({ subject }) => {
      ran.push(subject);
      return "done";
    },
  });
  const runner = await startRunner(job);
  const next = runner.nextRound(job);
  expect(next?.getUTCSeconds()).toBe(0);
  expect(next?.getTime()).toBeGreaterThan(Date.now());
  await runner.stop();
  const schedules = () => owner<{ name: string; cron: string }[]>`select name, cron from jobs.schedule where name = ${job.name}`;
  expect([...(await schedules())]).toStrictEqual([{ name: job.name, cron: "FREQ=MINUTELY;INTERVAL=1" }]);
  const off = { ...job, everyMinutes: 0 };
  const quiet = await startRunner(off);
  expect(quiet.nextRound(off)).toBe(null);
  expect([...(await schedules())]).toStrictEqual([]);
});

test("a round hands over a run for everything that is due", async () => {
  const ran: string[] = [];
  const job = jobOf({
    due: async () => [...stores(7, "a", "b"), ...stores(8, "c")],
    run: async ({ companyId, subject }) => {
      ran.push(`${companyId}/${subject}`);
      return "done";
    },
  });
  const runner = await startRunner(job);
  // What the clock does when a round is due.
  await owner`
    insert into jobs.job (name, data, singleton_key, policy, retry_limit)
    values (${job.name}, null, 'round', 'exclusive', 2)`;
  await untilDone(runner, 7, 2);
  await untilDone(runner, 8, 1);
  expect(ran.toSorted()).toStrictEqual(["7/a", "7/b", "8/c"]);
  expect((await shown(runner, 8)).lastRoundAt).toBeInstanceOf(Date);
});

test("a company sees no run of another, not even without a filter, and the library's role sees no company", async () => {
  const job = jobOf({ run: async () => "done" });
  const runner = await startRunner(job);
  await runner.ask(job.name, 9);
  await runner.ask(job.name, 10);
  await untilDone(runner, 9, 1);
  await untilDone(runner, 10, 1);
  const groups = await asCompany(
    db,
    9,
    (tx) => tx<{ group_id: string | null }[]>`select distinct group_id from jobs.job where name = ${job.name}`,
  );
  expect([...groups]).toStrictEqual([{ group_id: "9" }]);
  const asLibrary = owner.begin(async (tx) => {
    await tx`set local role upline_jobs`;
    await tx`select from companies`;
  });
  await expect(asLibrary).rejects.toMatchObject({ code: "42501" });
});
