import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../testing/until.ts";
import { sqlState } from "./connect.ts";
import { startEmbeddedPostgres } from "./embedded.ts";

function freshFolder(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "upline-embedded-"));
  // As root the database runs under another account, which must be able to enter.
  chmodSync(dataDir, 0o755);
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function enter(url: string): Promise<string | null> {
  const sql = postgres(url, { max: 1 });
  const entered = await sql`select 1`.then(() => null, sqlState);
  await sql.end();
  return entered;
}

test("the embedded database lets nobody in without the password, which only its own account may read", async () => {
  const dataDir = freshFolder();
  const embedded = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true });
  onTestFinished(() => embedded.stop());
  expect(await enter(embedded.url)).toBeNull();
  const found = await startEmbeddedPostgres({ dataDir, port: 0 });
  expect(found).toMatchObject({ url: embedded.url, startedHere: false });
  for (const password of ["guess", new URL(embedded.url).password.slice(1)])
    expect(await enter(Object.assign(new URL(embedded.url), { password }).href)).toBe("28P01");
  expect(statSync(join(dataDir, "postgres", "upline.password")).mode & 0o777).toBe(0o600);
});

test("the file of a server that is gone does not mislead, whoever has its number now", async () => {
  const dataDir = freshFolder();
  const data = join(dataDir, "postgres");
  const first = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true });
  const left = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  await first.stop();
  const { uid, gid } = statSync(data);
  // PostgreSQL believes a process of its own account.
  const other = spawn("sleep", ["600"], process.getuid?.() === 0 ? { uid, gid } : {});
  onTestFinished(() => void other.kill("SIGKILL"));
  writeFileSync(join(data, "postmaster.pid"), [other.pid, ...left.slice(1)].join("\n"));
  const again = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true });
  onTestFinished(() => again.stop());
  expect(again.startedHere).toBe(true);
  expect(await enter(again.url)).toBeNull();
  expect(other.exitCode).toBeNull();
});

test("two starts at once share one server", async () => {
  const dataDir = freshFolder();
  const both = await Promise.all([1, 2].map(() => startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true })));
  onTestFinished(() => both[0]?.stop());
  expect(both.map(({ startedHere }) => startedHere).sort()).toStrictEqual([false, true]);
  for (const { url } of both) expect(await enter(url)).toBeNull();
});

/** A hub as its own process on the embedded database; `said` is all that it printed. */
function startHub(dataDir: string): {
  process: ChildProcess;
  listening: Promise<boolean>;
  ended: Promise<number | null>;
  said: () => string;
} {
  const env = { PATH: process.env.PATH, UPLINE_DATA_DIR: dataDir, UPLINE_PORT: "0", UPLINE_JOBS: "off" };
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts")], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  const listening = new Promise<boolean>((done) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        said += `${line}\n`;
        if (line.includes("the hub is listening")) done(true);
      });
    void ended.then(() => done(false));
  });
  return { process: child, listening, ended, said: () => said };
}

test("a hub that was killed leaves its database running, and the clean stop of the next one stops it", {
  timeout: 120_000,
}, async () => {
  const dataDir = freshFolder();
  const pidFile = join(dataDir, "postgres", "postmaster.pid");
  onTestFinished(async () => {
    if (existsSync(pidFile)) await (await startEmbeddedPostgres({ dataDir, port: 0 })).stop();
  });
  const killed = startHub(dataDir);
  expect(await killed.listening, killed.said()).toBe(true);
  killed.process.kill("SIGKILL");
  await killed.ended;
  expect(existsSync(pidFile)).toBe(true);
  const next = startHub(dataDir);
  expect(await next.listening, next.said()).toBe(true);
  const second = startHub(dataDir);
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(/Another hub works with the data folder .*UPLINE_DATA_DIR/);
  next.process.kill("SIGTERM");
  expect(await next.ended).toBe(0);
  await until("the database has stopped", () => !existsSync(pidFile));
});

test("a data folder that cannot be used is told by the setting's name", async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "file"), "");
  const foreign = join(folder, "foreign");
  mkdirSync(join(foreign, "postgres"), { recursive: true });
  writeFileSync(join(foreign, "postgres", "notes.txt"), "somebody's");
  const old = join(folder, "old");
  mkdirSync(join(old, "postgres"), { recursive: true });
  writeFileSync(join(old, "postgres", "PG_VERSION"), "9.6\n");
  const taken = join(folder, "taken");
  mkdirSync(taken);
  writeFileSync(join(taken, "postgres"), "");
  const cases: [dataDir: string, sentence: RegExp][] = [
    [join(folder, "file"), /UPLINE_DATA_DIR.*is a file/],
    [join(folder, "file", "below"), /UPLINE_DATA_DIR.*is a file/],
    ["/proc/x", /UPLINE_DATA_DIR.*"\/proc\/x" cannot be made/],
    ["/dev/null", /UPLINE_DATA_DIR.*is a file/],
    [foreign, /UPLINE_DATA_DIR.*holds other files/],
    [old, /UPLINE_DATA_DIR.*PostgreSQL 9\.6/],
    [taken, /UPLINE_DATA_DIR.*is a file/],
    [`${folder}/new\nline`, /UPLINE_DATA_DIR/],
  ];
  for (const [dataDir, sentence] of cases)
    await expect(startEmbeddedPostgres({ dataDir, port: 0 }), dataDir).rejects.toThrow(sentence);
  expect(readFileSync(join(foreign, "postgres", "notes.txt"), "utf8")).toBe("somebody's");
});

test("a data folder may have blanks, quotes and dollars in its name", async () => {
  const dataDir = join(freshFolder(), `it's an "odd" $HOME \`x\` folder ü`);
  const embedded = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true });
  onTestFinished(() => embedded.stop());
  expect(await enter(embedded.url)).toBeNull();
});
