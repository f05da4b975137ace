/**
 * `pnpm bench close-database [distributors] [volume rows]`: the period's close of a large company from and
 * to its database: read, compute, hash, write, post. `pnpm bench close` measures the engine alone.
 * Prints how long each stage took and one JSON line.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plan, planHash } from "@upline/core";
import postgres from "postgres";
import { fullPlan } from "../../../../packages/core/bench/network.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { dropLogins } from "../db/logins.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { closePeriod, commitClose } from "../periods/close.ts";
import { openPeriod } from "../periods/open.ts";
import { SecretBox } from "../secret-box.ts";
import { postmasterOf, processorUsOfAll, startMeter } from "./cost.ts";

const [distributors = 1_000_000, rows = 5 * distributors] = process.argv
  .slice(2)
  .filter((text) => /^\d+$/.test(text))
  .map(Number);
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-close-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const outside = readEnv().databaseUrl;
const embedded = outside === null ? await startEmbeddedPostgres({ dataDir, port: 0 }) : null;
const admin = outside ?? (embedded?.url as string);
const database = `upline_bench_${randomBytes(4).toString("hex")}`;
const root = postgres(admin, { max: 1, onnotice: () => {} });
await root.unsafe(`create database ${database}`);
const url = admin.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
try {
  await measure();
} finally {
  await root.unsafe(`drop database if exists ${database} with (force)`);
  await dropLogins(root, database);
  await root.end();
  if (embedded) await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const env = { appDatabaseUrl: null, gateDatabaseUrl: null, jobsDatabaseUrl: null };
  const box = new SecretBox(randomBytes(32).toString("base64"));
  const db = await openDatabase(url, { env, box, sizes: { app: 2, gate: 1 } });
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    progress(`a company of ${distributors.toLocaleString("en")} distributors and ${rows.toLocaleString("en")} volume rows`);
    await seedPeople(owner);
    const period = await openPeriod({ db }, { companyId: 1, month: "2026-06", currency: "USD", actor: "ann" });
    await seedVolumes(owner, period.periodNo);
    const of = { companyId: 1, periodNo: period.periodNo };
    const proposed = await staged(owner, (onProgress) => closePeriod({ db }, { ...of, actor: "ann", person: "ann", onProgress }));
    const committed = await staged(owner, (onProgress) =>
      commitClose({ db }, { ...of, actor: "bob", person: "bob", onProgress }),
    );
    const [counts] = await owner`
      select (select count(*)::int from transfer_rows) as transfers,
             (select sum(cardinality(distributor_no))::int from run_result_pages) as results,
             (select sum(cardinality(distributor_no))::int from run_bonus_pages) as bonuses,
             (select sum(cardinality(distributor_no))::int from run_carry_pages) as carry,
             (select count(*)::int from standings where valid_from > '2026-01-01') as standings`;
    const stages = { ...labelled("propose", proposed.stages), ...labelled("commit", committed.stages) };
    const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1000);
    process.stdout.write(
      `\nclose with its database, ${distributors.toLocaleString("en")} distributors, ${rows.toLocaleString("en")} volume rows\n`,
    );
    console.table(stages);
    const { walMb, diskMb } = committed;
    process.stdout.write(
      `memory at most ${peakMemoryMb} MB; the commit's log ${walMb} MB, its tables and indexes ${diskMb} MB; same bytes twice: ${committed.done === proposed.done}\n`,
    );
    process.stdout.write(`${JSON.stringify({ distributors, rows, stages, written: counts, walMb, diskMb, peakMemoryMb })}\n`);
  } finally {
    await owner.end();
    await db.close();
  }
}

/** What a stage took: the clock's seconds, and those of the processor in this process and in PostgreSQL. */
type Stages = Record<string, Readonly<Record<"seconds" | "processor" | "postgres", number>>>;

/** What each stage cost, by the progress it tells, and what all of it wrote. */
async function staged<T extends { run: { outputHash: string } }>(
  owner: postgres.Sql,
  work: (onProgress: (stage: string) => void) => Promise<T>,
): Promise<{ done: string; stages: Stages; walMb: number; diskMb: number }> {
  const postmaster = await postmasterOf(owner);
  const read = () => {
    const { user, system } = process.cpuUsage();
    const postgresUs = postmaster === null ? null : processorUsOfAll(postmaster);
    return { seconds: performance.now() / 1000, processor: (user + system) / 1e6, postgres: (postgresUs ?? Number.NaN) / 1e6 };
  };
  const stages: Stages = {};
  const stop = await startMeter(owner, null);
  let since = read();
  let stage = "start";
  const onProgress = (next: string): void => {
    const now = read();
    const spent = (kind: keyof typeof now) => Math.round((now[kind] - since[kind]) * 10) / 10;
    stages[stage] = { seconds: spent("seconds"), processor: spent("processor"), postgres: spent("postgres") };
    [stage, since] = [next, now];
    progress(`  ${next}`);
  };
  const done = await work(onProgress);
  onProgress("done");
  const { walBytes, diskBytes } = await stop();
  return { done: done.run.outputHash, stages, walMb: Math.round(walBytes / 1e6), diskMb: Math.round(diskBytes / 1e6) };
}

function labelled(name: string, stages: Stages): Stages {
  return Object.fromEntries(
    Object.entries(stages).flatMap(([stage, spent]) => (stage === "start" ? [] : [[`${name}: ${stage}`, spent]])),
  );
}

/** A network like that of the engine's bench: sponsors near the top have more below them, and a full binary tree. */
async function seedPeople(owner: postgres.Sql): Promise<void> {
  const plan: Plan = fullPlan;
  await owner`select setseed(0.4242)`;
  await owner`insert into companies (slug, name, buyer_key) values ('bench', 'Bench', '\\x00')`;
  const document = JSON.parse(JSON.stringify(plan));
  await owner`
    insert into plans (company_id, plan_hash, plan_id, version, document, effective_from)
    values (1, ${planHash(plan)}, ${plan.id}, ${plan.version}, ${owner.json(document)}, '2026-01-01')`;
  await owner`insert into placement_trees (company_id, tree, width, spillover, window_days) values (1, 'binary', 2, 'breadth-first', 30)`;
  await owner`
    insert into distributors (company_id, distributor_no, distributor_id, enrolled_at, version)
    select 1, no, 'D' || no, '2025-06-01', 1 from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select 1, no, case when no = 1 then 0 else 1 + floor((no - 1) * power(random(), 1.5))::integer end, '2025-06-01', 1
      from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into standings (company_id, distributor_no, status, valid_from, version)
    select 1, no, 'active', '2025-06-01', 1 from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into placement_edges (company_id, tree, distributor_no, parent_no, leg, valid_from, version, actor)
    select 1, 'binary', no, no / 2, case when no = 1 then 0 else no % 2 end, '2025-06-01', 1, 'bench' from generate_series(1, ${distributors}::integer) no`;
}

async function seedVolumes(owner: postgres.Sql, periodNo: number): Promise<void> {
  await owner`
    insert into volume_entries (company_id, period_no, kind, order_no, revision, distributor_no, commission_class, market, self_purchase,
      open_fast_starts, currency, pv, qv, cv, net_minor, effective_at)
    select 1, ${periodNo}, 'order', n, 1, 1 + floor(random() * ${distributors}::integer)::integer, 'standard', '*', random() < 0.4, '', 'USD',
           v, v, v, v / 100, '2026-06-15'
      from (select n, (500 + floor(random() * 6000))::bigint * 100 as v from generate_series(1, ${rows}::integer) n) one`;
  for (const table of ["distributors", "sponsor_edges", "standings", "placement_edges", "volume_entries"])
    await owner.unsafe(`vacuum analyze ${table}`);
}
