import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, createWriteStream, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmbeddedPostgres } from "@upline/hub/embedded-postgres";
import postgres from "postgres";
import type { ShopSettings } from "./shop.ts";
import { type Standin, startStandin } from "./start.ts";

/** Hub, app and stand-in together, on one PostgreSQL of their own: for people who click (`dev.ts`) and for the end-to-end suite. */

const ROOM = join(import.meta.dirname, "..");
const HUB = join(ROOM, "../hub/src");
const run = promisify(execFile);

/** The same in every run: nothing of it guards anything. */
const SECRETS = {
  apiKey: "standin-client",
  apiSecret: "shpss_standin-secret",
  hubsKey: "what-the-hub-shows-the-app",
  hubSecretKey: Buffer.alloc(32, 1).toString("base64"),
  appSecretKey: Buffer.alloc(32, 2).toString("base64"),
};

export interface StackOptions {
  /** Where the database lies and the logs are written; made if absent. */
  readonly dataDir: string;
  /** Without them any free ports. */
  readonly ports?: { readonly standin: number; readonly app: number; readonly hub: number };
  readonly shops?: readonly ShopSettings[];
  readonly hubSettings?: Readonly<Record<string, string>>;
  readonly appSettings?: Readonly<Record<string, string>>;
  /** What node loads before the hub or the app, for suites that make one of them wrong. */
  readonly before?: { readonly hub?: string; readonly app?: string };
  /** Trades the database's durability for speed. */
  readonly unsafeFast?: boolean;
}

export interface Stack {
  readonly standin: Standin;
  readonly hubUrl: string;
  readonly appUrl: string;
  readonly appDatabaseUrl: string;
  /** What the app shows the hub. */
  readonly serviceKey: string;
  /** What the hub asks the app. */
  askToken(domain: string): Promise<{ status: number; accessToken: string | null }>;
  /** Runs a command of the hub's and answers what it printed. */
  upline(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function openStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.dataDir, { recursive: true });
  // As root the database runs under another account, which has to reach its folder.
  chmodSync(options.dataDir, 0o755);
  const pages = buildPages();
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const { unsafeFast = false } = options;
    const database = await startEmbeddedPostgres({ dataDir: options.dataDir, port: 0, unsafeFast });
    ends.push(() => database.stop());
    await pages;
    const [hubDatabaseUrl, appDatabaseUrl] = await makeDatabases(database.url, ["upline_hub", "upline_shopify_app"]);
    const [standinPort, appPort, hubPort] = options.ports
      ? [options.ports.standin, options.ports.app, options.ports.hub]
      : [0, await freePort(), await freePort()];
    const [appUrl, hubUrl] = [`http://127.0.0.1:${appPort}`, `http://127.0.0.1:${hubPort}`];
    const { apiKey, apiSecret } = SECRETS;
    const standin = await startStandin({ port: standinPort, apiKey, apiSecret, appUrl, hubUrl, shops: options.shops });
    ends.push(() => standin.stop());
    const places: Places = { ...options, standinUrl: standin.url, appUrl, hubUrl, hubDatabaseUrl, appDatabaseUrl };
    const hubEnv = hubSettings(places);
    mkdirSync(hubEnv.UPLINE_DATA_DIR, { recursive: true });
    const upline = async (...words: string[]): Promise<string> => {
      const { stdout } = await run(process.execPath, [join(HUB, "upline.ts"), ...words], { env: hubEnv, cwd: options.dataDir });
      return stdout;
    };
    const key = /ups_[\w-]+/.exec(await upline("service-key", "create", "--name", "shopify-app"))?.[0] ?? "";
    const start = { log: join(options.dataDir, "hub.log"), before: options.before?.hub, says: "the hub is listening" };
    const hub = await startProcess(join(HUB, "main.ts"), hubEnv, start);
    ends.push(() => endProcess(hub));
    const appEnv = appSettings(places, key);
    const begin = { log: join(options.dataDir, "app.log"), before: options.before?.app, says: "the Shopify app listens" };
    const app = await startProcess(join(ROOM, "src/main.ts"), appEnv, begin);
    ends.push(() => endProcess(app));
    return {
      standin,
      hubUrl,
      appUrl,
      appDatabaseUrl,
      serviceKey: key,
      askToken: (domain) => askToken(appUrl, domain),
      upline,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Places extends StackOptions {
  readonly standinUrl: string;
  readonly appUrl: string;
  readonly hubUrl: string;
  readonly hubDatabaseUrl: string;
  readonly appDatabaseUrl: string;
}

const shared = ({ standinUrl }: Places) => ({
  ...plainEnv(),
  SHOPIFY_STANDIN_URL: standinUrl,
  UPLINE_SHOPIFY_APP_KEY: SECRETS.hubsKey,
  NODE_ENV: "development",
});

const hubSettings = (places: Places) => ({
  ...shared(places),
  DATABASE_URL: places.hubDatabaseUrl,
  UPLINE_DATA_DIR: join(places.dataDir, "hub"),
  UPLINE_SECRET_KEY: SECRETS.hubSecretKey,
  UPLINE_PORT: new URL(places.hubUrl).port,
  UPLINE_PUBLIC_URL: places.hubUrl,
  UPLINE_SHOPIFY_APP_SECRETS: SECRETS.apiSecret,
  UPLINE_SHOPIFY_APP_URL: places.appUrl,
  UPLINE_PRIVATE_STORES: "allow",
  ...places.hubSettings,
});

const appSettings = (places: Places, serviceKey: string) => ({
  ...shared(places),
  SHOPIFY_API_KEY: SECRETS.apiKey,
  SHOPIFY_API_SECRET: SECRETS.apiSecret,
  SHOPIFY_APP_URL: places.appUrl,
  APP_BRIDGE_URL: `${places.standinUrl}/app-bridge.js`,
  DATABASE_URL: places.appDatabaseUrl,
  UPLINE_HUB_URL: places.hubUrl,
  UPLINE_SERVICE_KEY: serviceKey,
  UPLINE_APP_SECRET_KEY: SECRETS.appSecretKey,
  PORT: new URL(places.appUrl).port,
  ...places.appSettings,
});

async function askToken(appUrl: string, shop: string): Promise<{ status: number; accessToken: string | null }> {
  const headers = { authorization: `Bearer ${SECRETS.hubsKey}`, "content-type": "application/json" };
  const answer = await fetch(`${appUrl}/service/admin-token`, { method: "POST", headers, body: JSON.stringify({ shop }) });
  const body = (await answer.json()) as { accessToken?: string };
  return { status: answer.status, accessToken: body.accessToken ?? null };
}

function plainEnv(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

async function makeDatabases(url: string, names: readonly [string, string]): Promise<[string, string]> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const known = new Set((await admin`select datname from pg_database`).map(({ datname }) => datname));
    for (const name of names) if (!known.has(name)) await admin.unsafe(`create database ${name}`);
  } finally {
    await admin.end();
  }
  const named = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return [named(names[0]), named(names[1])];
}

interface Start {
  readonly log: string;
  readonly before: string | undefined;
  readonly says: string;
}

/** Starts a program and waits until it says that it listens; all that it says is kept in its log. */
function startProcess(program: string, env: NodeJS.ProcessEnv, { log, before, says }: Start): Promise<ChildProcess> {
  const imports = before === undefined ? [] : ["--import", before];
  const child = spawn(process.execPath, [...imports, program], { env, cwd: ROOM, stdio: ["ignore", "pipe", "pipe"] });
  const file = createWriteStream(log, { flags: "a" });
  // Whoever breaks off leaves nothing behind.
  const end = () => void child.kill("SIGTERM");
  process.once("exit", end);
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      file.write(chunk);
      text = `${text}${chunk}`.slice(-20_000);
      if (text.includes(says)) resolve(child);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", reject);
    child.on("exit", () => {
      process.off("exit", end);
      file.end();
      reject(new Error(`${program} ended:\n${text}`));
    });
  });
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => void child.kill("SIGKILL"), 10_000);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** The app's pages as they are now: built anew where one of their files is younger than the build. */
async function buildPages(): Promise<void> {
  const built = join(ROOM, "build/server/index.js");
  const sources = ["app", "src", "vite.config.ts", "package.json"].map((name) => newest(join(ROOM, name)));
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...sources)) return;
  const env = { ...plainEnv(), NODE_ENV: "production", CI: "1" };
  await run(process.execPath, [join(ROOM, "node_modules/@remix-run/dev/dist/cli.js"), "vite:build"], { cwd: ROOM, env });
}

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
