/**
 * Runs beside the tests' embedded PostgreSQL and stops it once nobody has been connected for half a
 * minute, so that neither a finished nor a killed test run leaves a server behind. Takes with it the
 * databases that killed tests left.
 */
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { isAlive, withFileLock } from "./file-lock.ts";

const IDLE_MS = 30_000;
const LOOK_EVERY_MS = 3_000;

const [url = "", lock = ""] = process.argv.slice(2);
const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });

try {
  for (let idleSince = Date.now(); ; await sleep(LOOK_EVERY_MS)) {
    if (await someoneElse()) idleSince = Date.now();
    else if (Date.now() - idleSince > IDLE_MS && (await withFileLock(lock, stopIfAlone))) break;
  }
} catch {
  // The server is gone: so is the reason to watch it.
}
process.exit(0);

async function someoneElse(): Promise<boolean> {
  const [row] = await sql<{ others: number }[]>`
    select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
  return (row?.others ?? 0) > 0;
}

/** Whoever asks for a database holds the lock meanwhile: with it, being alone is certain. */
async function stopIfAlone(): Promise<boolean> {
  if (await someoneElse()) return false;
  const left = await sql<{ datname: string }[]>`
    select datname from pg_database where datname like 'upline\\_test\\_%' or datname like 'upline\\_building\\_%' or datname like 'upline\\_template\\_%'`;
  for (const { datname } of left) await sql.unsafe(`drop database if exists ${datname}`);
  const [server] = await sql<{ pid: number }[]>`select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`;
  await sql.end({ timeout: 1 });
  if (server === undefined) return true;
  // SIGINT is PostgreSQL's fast shutdown. The lock is kept until it is down.
  process.kill(server.pid, "SIGINT");
  for (let waited = 0; waited < 20_000 && isAlive(server.pid); waited += 50) await sleep(50);
  return true;
}
