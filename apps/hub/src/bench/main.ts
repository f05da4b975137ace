/**
 * `pnpm bench`: PostgreSQL alone on a reference schema that never changes, then the hub over HTTP, on the same machine
 * and in turn, three times, so that the ratios mean something on any machine. Prints a table and one JSON line.
 * `--quick` measures shorter.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { dropLogins } from "../db/logins.ts";
import { readEnv } from "../env.ts";
import { prepareCompany } from "./company.ts";
import { startMeter } from "./cost.ts";
import { LoadMaker } from "./load.ts";
import { type ReferenceStatement, runReference } from "./reference.ts";
import { median, type Rate, type Round, report } from "./report.ts";
import { type HubLoad, type HubRun, runHub } from "./run-hub.ts";

const BODY_BYTES = 6_000;
const SECONDS = process.argv.includes("--quick") ? 2 : 8;
const ROUNDS = 3;
/** Above what a hub can do on the machines this is run on. */
const FLOOD_PER_SECOND = 6_000;
/** Numbers of orders that a run may use. */
const NUMBERS = 1_000_000;

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const outside = readEnv().databaseUrl;
const embedded = outside === null ? await startEmbeddedPostgres({ dataDir, port: 0 }) : null;
const admin = outside ?? (embedded?.url as string);
const database = `upline_bench_${randomBytes(4).toString("hex")}`;
const root = postgres(admin, { max: 1, onnotice: () => {} });
await root.unsafe(`create database ${database}`);
const url = admin.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
const owner = postgres(url, { max: 1, onnotice: () => {} });
const children: ChildProcess[] = [];

try {
  await measure();
} finally {
  for (const child of children) child.kill("SIGKILL");
  await owner.end();
  await root.unsafe(`drop database if exists ${database} with (force)`);
  await dropLogins(root, database);
  await root.end();
  await embedded?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  progress("preparing a company of 2,000 distributors");
  const secretKey = randomBytes(32).toString("base64");
  const company = await prepareCompany({ url, secretKey });
  const { storePath, secret, codes } = company;
  const at = { owner, url, secretKey, children, maker: new LoadMaker({ storePath, secret, codes, bodyBytes: BODY_BYTES }) };
  let first = 0;
  const hub = (load: Omit<HubLoad, "first">): Promise<HubRun> => {
    first += NUMBERS;
    return runHub(at, { ...load, first });
  };

  const rounds: Omit<Round, "steady">[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}: PostgreSQL alone, ${SECONDS} s each`);
    const delivery = await reference("delivery");
    const orders = await reference("orders");
    progress("  acknowledgements: a hub that only takes deliveries");
    const perSecond = delivery.perSecond * 1.5;
    const acks = await hub({ role: "ingest", perSecond, count: Math.round(perSecond * SECONDS), distinct: 10_000 });
    await forgetUnprocessed();
    progress("  cart to commission: more than the hub can do");
    const flood = await hub({ role: "all", perSecond: FLOOD_PER_SECOND, count: FLOOD_PER_SECOND * SECONDS });
    rounds.push({ delivery, orders, acks, flood });
  }
  const steadyPerSecond = Math.round(median(rounds.map(({ flood }) => flood.count / flood.cost.seconds)) / 2);
  const measured: Round[] = [];
  for (const round of rounds) {
    progress(`cart to commission: half of that, ${steadyPerSecond} orders a second`);
    measured.push({ ...round, steady: await hub({ role: "all", perSecond: steadyPerSecond, count: steadyPerSecond * SECONDS }) });
  }
  const [version] = await owner`select split_part(version(), ' ', 2) as number`;
  report({ rounds: measured, steadyPerSecond, postgres: String(version?.number) });
}

async function reference(statement: ReferenceStatement): Promise<Rate> {
  const stopMeter = await startMeter(owner, null);
  const count = await runReference({ owner, url, statement, seconds: SECONDS });
  const cost = await stopMeter();
  return { perSecond: count / SECONDS, postgresUs: cost.postgresUs === null ? null : cost.postgresUs / count };
}

/** The next hub is to begin with an empty inbox. */
async function forgetUnprocessed(): Promise<void> {
  await owner.unsafe(`
    alter table inbox disable trigger user;
    truncate inbox, inbox_groups, inbox_outcomes, inbox_retries;
    alter table inbox enable trigger user`);
}

function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
