import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { databaseUrl, type TestServer } from "./test-database.ts";

const FOLDERS = join(tmpdir(), "upline-test-server-");

/**
 * One PostgreSQL for the whole run, and in it a migrated template that every test file copies.
 * `UPLINE_TEST_DATABASE_URL` takes a server of your own (its user may create databases and roles);
 * nothing but our own databases is touched there.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  stopServersOfKilledRuns();
  const folder = mkdtempSync(`${FOLDERS}${process.pid}-`);
  // As root the database runs under another account; where that may not enter, its files would go elsewhere and stay there.
  chmodSync(folder, 0o755);
  const own = process.env.UPLINE_TEST_DATABASE_URL;
  const embedded = own ? null : await startEmbeddedPostgres({ dataDir: folder, port: 0, unsafeFast: true });
  const stop = async () => {
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = own || (embedded?.url ?? "");
  const template = `upline_template_${randomBytes(6).toString("hex")}`;
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(`create database ${template}`);
    await migrate(databaseUrl(url, template));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    await admin.end();
  }
  project.provide("server", { url, template } satisfies TestServer);
  return async () => {
    if (own) await dropTemplate(url, template);
    await stop();
  };
}

async function dropTemplate(url: string, template: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`drop database if exists ${template} with (force)`);
  await admin.end();
}

/** The folder's name holds the run's process id: where that is gone, the run could not stop its server itself. */
function stopServersOfKilledRuns(): void {
  for (const folder of globSync(`${FOLDERS}*`)) {
    const run = Number(folder.slice(FOLDERS.length).split("-")[0]);
    if (!(run > 0) || isAlive(run)) continue;
    const pidFile = join(folder, "postgres", "postmaster.pid");
    if (existsSync(pidFile)) {
      const server = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
      // SIGINT is PostgreSQL's fast shutdown.
      if (isAlive(server)) process.kill(server, "SIGINT");
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
