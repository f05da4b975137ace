/**
 * `pnpm bench close-database [distributors] [volume rows]`: the period's close of a large company from and
 * to its database: read, compute, hash, write, post. `pnpm bench close` measures the engine alone.
 * Prints how long each stage took and one JSON line.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planHash } from "@upline/core";
import postgres from "postgres";
import { fullPlan } from "../../../../packages/core/bench/network.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { dropLogins } from "../db/logins.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { closePeriod, commitClose } from "../periods/close.ts";
import { openPeriod } from "../periods/open.ts";
import { SecretBox } from "../secret-box.ts";
import { seedPeople, seedVolumes } from "./close-company.ts";
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
  const env = { appDatabaseUrl: null, gateDatabaseUrl: null, jobsDatabaseUrl: null, peopleDatabaseUrl: null };
  const box = new SecretBox(randomBytes(32).toString("base64"));
  const db = await openDatabase(url, { env, box, sizes: { app: 2, gate: 1 } });
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    progress(`a company of ${distributors.toLocaleString("en")} distributors and ${rows.toLocaleString("en")} volume rows`);
    await owner`insert into companies (slug, name, buyer_key) values ('bench', 'Bench', '\\x00')`;
    await owner`
      insert into plans (company_id, plan_hash, plan_id, version, document, effective_from)
      values (1, ${planHash(fullPlan)}, ${fullPlan.id}, ${fullPlan.version}, ${owner.json(JSON.parse(JSON.stringify(fullPlan)))}, '2026-01-01')`;
    await seedPeople(owner, { companyId: 1, distributors });
    const period = await openPeriod({ db }, { companyId: 1, month: "2026-06", currency: "USD", actor: "ann" });
    await seedVolumes(owner, { companyId: 1, periodNo: period.periodNo, distributors, rows });
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
