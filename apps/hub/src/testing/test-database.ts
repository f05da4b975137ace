import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { isAlive, withFileLock } from "./file-lock.ts";

/**
 * Databases for tests: one embedded PostgreSQL for all test files of this checkout, a migrated
 * template in it, and a fresh copy of that for whoever asks. The server is started by the first who
 * asks, found running by the others, and stopped by `idle-stop.ts` half a minute after the last
 * connection, however the tests ended. `UPLINE_TEST_DATABASE_URL` takes a server of your own (its
 * user may create databases and roles); nothing but our own databases is touched there.
 */

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const MIGRATIONS = join(import.meta.dirname, "..", "db", "migrations");
const FOLDER = join(
  tmpdir(),
  `upline-test-${createHash("sha256")
    .update(`${process.getuid?.()} ${import.meta.dirname}`)
    .digest("hex")
    .slice(0, 10)}`,
);
const LOCK = `${FOLDER}.lock`;

/** A fresh, migrated database. Drop it at the end: `after(() => database.drop())`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  // One at a time: the template must have no other connection while it is copied, and the server must not be stopping.
  return withFileLock(LOCK, async () => {
    const server = await testServer();
    const admin = postgres(server, { max: 1, onnotice: () => {} });
    try {
      const template = await readyTemplate(admin, server);
      const name = `upline_test_${randomBytes(6).toString("hex")}`;
      await admin.unsafe(`create database ${name} template ${template}`);
      // Keeps the server from looking idle while a test has, for once, nobody connected: a hub that is being killed.
      const presence = postgres(server, { max: 1, onnotice: () => {} });
      await presence`select 1`;
      const drop = async () => {
        await presence.end();
        await dropDatabase(server, name);
      };
      return { url: urlOf(server, name), drop };
    } finally {
      await admin.end();
    }
  });
}

async function testServer(): Promise<string> {
  const own = process.env.UPLINE_TEST_DATABASE_URL;
  if (own) return own;
  const start = () => startEmbeddedPostgres({ dataDir: FOLDER, port: 0, unsafeFast: true });
  // Without fsync a killed machine may leave files that no server starts on: tests simply begin anew.
  const { url } = await start().catch(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    return start();
  });
  watchIdle(url);
  return url;
}

/** Starts the process that stops the server in the end, unless it runs already. */
function watchIdle(url: string): void {
  mkdirSync(FOLDER, { recursive: true });
  const pidFile = join(FOLDER, "idle-stop.pid");
  if (existsSync(pidFile) && isAlive(Number(readFileSync(pidFile, "utf8")))) return;
  const child = spawn(process.execPath, [join(import.meta.dirname, "idle-stop.ts"), url, LOCK], {
    detached: true,
    stdio: "ignore",
    cwd: "/",
    // Node's test runner counts whoever carries its mark as one of its files.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_TEST_CONTEXT")),
  });
  child.unref();
  if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
}

/** The name of a template database with every migration, made if it is not there yet. */
async function readyTemplate(admin: postgres.Sql, server: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of globSync("*.sql", { cwd: MIGRATIONS }).sort())
    hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  const template = `upline_template_${hash.digest("hex").slice(0, 12)}`;
  // Test runs of other machines may share a server of your own.
  await admin`select pg_advisory_lock(7314002)`;
  const [ready] = await admin`select from pg_database where datname = ${template}`;
  if (ready) return template;
  const building = `upline_building_${randomBytes(6).toString("hex")}`;
  await admin.unsafe(`create database ${building}`);
  try {
    await migrate(urlOf(server, building));
    await admin.unsafe(`alter database ${building} rename to ${template}`);
  } catch (error) {
    await admin.unsafe(`drop database if exists ${building} with (force)`);
    throw error;
  }
  return template;
}

async function dropDatabase(server: string, name: string): Promise<void> {
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
