/**
 * `pnpm bench directory [distributors] [moves]`: a company's directory from its database into memory, and what is asked of it
 * there. Prints how long it takes in seconds and in processor seconds of the hub, the longest time for which nothing else could
 * be done meanwhile, and the memory it takes; and one JSON line.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { membersAfter } from "@upline/core";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { dropLogins } from "../db/logins.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { downlineOf } from "../network/downlines.ts";
import { DirectoryCache } from "../orders/directories.ts";
import { SecretBox } from "../secret-box.ts";

const [distributors = 1_000_000, moves = distributors / 100] = process.argv
  .slice(2)
  .filter((text) => /^\d+$/.test(text))
  .map(Number);
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-directory-"));
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
    progress(`a company of ${distributors.toLocaleString("en")} distributors, ${moves.toLocaleString("en")} of whom moved`);
    await seedNetwork(owner, box.seal("a bench's key"));
    const directories = new DirectoryCache(db, box);
    const before = process.memoryUsage();
    const load = await timed(() => directories.ready(1));
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const atEnd = process.memoryUsage();
    const directory = await directories.fresh(1);
    await owner`
      insert into standings (company_id, distributor_no, status, valid_from, version)
      select 1, no, 'inactive', '2026-06-01', 2 from generate_series(1, 100) no`;
    await owner`update companies set directory_version = 2`;
    const change = await timed(() => directories.refresh(1));
    const at = Date.now();
    const uplines = await timed(async () => {
      for (let no = 1; no <= distributors; no += Math.max(1, distributors / 100_000))
        directory.uplineOf(`D${Math.floor(no)}`, at);
    });
    const { network } = directory;
    const everybody = { no: 1, at, depth: Number.POSITIVE_INFINITY };
    const downline = await timed(() => downlineOf(network, everybody));
    const again = await timed(async () => {
      for (let page = 0; page < 1000; page++)
        membersAfter(await downlineOf(network, everybody), { after: { level: 5, no: page }, depth: 50, limit: 50 });
    });
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    const figures = {
      distributors,
      moves,
      loadSeconds: load.seconds,
      loadCpuSeconds: load.cpuSeconds,
      longestBlockMs: load.longestBlockMs,
      longestTurnCpuMs: load.longestTurnCpuMs,
      changeMs: round(change.seconds * 1000),
      uplineMicroseconds: round((uplines.cpuSeconds * 1e6) / Math.min(distributors, 100_000)),
      downlineCpuMs: round(downline.cpuSeconds * 1000),
      downlineTurnCpuMs: downline.longestTurnCpuMs,
      nextPageMicroseconds: round(again.cpuSeconds * 1000),
      directoryMb: megabytes(directories.inMemory().bytes),
      rssMb: megabytes(atEnd.rss),
      peakRssMb: Math.round(peakMb),
      heapMb: megabytes(atEnd.heapUsed),
      rssBeforeMb: megabytes(before.rss),
    };
    for (const [name, value] of Object.entries(figures))
      process.stdout.write(`  ${name.padEnd(20)} ${value.toLocaleString("en")}\n`);
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await owner.end();
    await db.close();
  }
}

interface Timed {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The longest time between two turns of the event loop, and the most processor time between two: a busy machine shows in the first alone. */
  readonly longestBlockMs: number;
  readonly longestTurnCpuMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  let [longestTurn, running] = [0, true];
  let last = process.threadCpuUsage();
  const turn = () => {
    const now = process.threadCpuUsage();
    longestTurn = Math.max(longestTurn, now.user + now.system - last.user - last.system);
    last = now;
    if (running) setTimeout(turn, 1);
  };
  setTimeout(turn, 1);
  const blocks = monitorEventLoopDelay({ resolution: 1 });
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  blocks.enable();
  await work();
  blocks.disable();
  running = false;
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: round((performance.now() - startedAt) / 1000),
    cpuSeconds: round((user + system) / 1e6),
    longestBlockMs: round(blocks.max / 1e6),
    longestTurnCpuMs: round(longestTurn / 1000),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Everybody has a code beside the id, a known buyer and one standing; moves lead upwards, so that none closes a circle. */
async function seedNetwork(owner: postgres.Sql, buyerKey: Buffer): Promise<void> {
  await owner`select setseed(0.4242)`;
  await owner`insert into companies (slug, name, buyer_key, directory_version) values ('bench', 'Bench', ${buyerKey}, 1)`;
  const everyone = owner`generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into distributors (company_id, distributor_no, distributor_id, country, enrolled_at, version)
    select 1, no, 'D' || no, 'US', timestamptz '2025-06-01' + no % 365 * interval '1 day', 1 from ${everyone}`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select 1, no, case when no = 1 then 0 else 1 + floor((no - 1) * power(random(), 1.5))::integer end, '2025-06-01', 1 from ${everyone}`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select 1, no, 1 + floor((no - 1) * random())::integer, timestamptz '2026-01-01' + no % 180 * interval '1 day', 1
      from generate_series(2, ${distributors}::integer) no order by random() limit ${moves}`;
  await owner`
    insert into standings (company_id, distributor_no, status, rank, valid_from, version)
    select 1, no, 'active', case when no % 10 = 0 then 'gold' end, '2025-06-01', 1 from ${everyone}`;
  await owner`
    insert into referral_codes (company_id, folded_code, code, distributor_no, version) select 1, 'd' || no, 'D' || no, no, 1 from ${everyone}`;
  await owner`
    insert into distributor_buyers (company_id, buyer_hash, distributor_no, version)
    select 1, left(encode(sha256(no::text::bytea), 'base64'), 22), no, 1 from ${everyone}`;
  for (const table of ["distributors", "sponsor_edges", "standings", "referral_codes", "distributor_buyers"])
    await owner.unsafe(`vacuum analyze ${table}`);
}
