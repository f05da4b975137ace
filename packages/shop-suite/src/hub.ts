/** A real hub of the suite's own: started as a process, set up at its command line, read through its API. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { distributorsCsv, PLAN, skusCsv } from "./company.ts";
import { HUB_MUTANTS, type Platform } from "./mutants.ts";
import { minorOf } from "./worth.ts";

const run = promisify(execFile);
const HUB = join(import.meta.dirname, "../../../apps/hub/src");

/** What the hub's books say of an order of one store. */
export interface BookedOrder {
  /** The number of the order in the shop. */
  readonly shopId: number;
  readonly stage: string;
  readonly owner: string | null;
  readonly netMinor: bigint;
  readonly refundedMinor: bigint;
  /** What the ledger holds, by `level distributor`; what stays with the company is left out. */
  readonly earned: ReadonlyMap<string, bigint>;
}

export interface Hub {
  readonly url: string;
  /** A one-time code for a shop to connect with. */
  connectionCode(): Promise<string>;
  /** Everything the hub holds of that store, from the given number of the shop's on. */
  books(store: string, fromShopId: number): Promise<BookedOrder[]>;
  /** A command of the hub's own, and what it says. */
  upline(...words: string[]): Promise<string>;
  /** Ends the hub and starts it again: `mutant` names a way to be wrong. */
  restart(mutant: string | null): Promise<void>;
  close(): Promise<void>;
}

type Summary = {
  order_id: string;
  platform_order_id: string;
  stage: string;
  distributor_id: string | null;
  net: string;
  refunded_net: string;
};
type Entry = { amount: string; entry: string; distributor_id: string | null };

export interface HubOptions {
  /** Where shops reach it. */
  readonly publicUrl: string;
  readonly platform: Platform;
  readonly skus: readonly string[];
  /** More settings of the hub. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openHub(options: HubOptions): Promise<Hub> {
  const dataDir = mkdtempSync(join(tmpdir(), "upline-e2e-hub-"));
  // As root the database runs under another account, which has to reach its folder.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const env = { ...hubEnv({ dataDir, port, publicUrl: options.publicUrl }), ...options.env };
  let child = await startHub(env, null);
  // A suite that breaks off leaves no hub and no database behind.
  const end = () => void child.kill("SIGTERM");
  process.on("exit", end);
  const close = async () => {
    process.off("exit", end);
    await stopHub(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const key = await setUp(env, dataDir, options);
    const url = `http://127.0.0.1:${port}`;
    const restart = async (mutant: string | null) => {
      await stopHub(child);
      child = await startHub(env, mutant);
    };
    const upline = async (...words: string[]) =>
      (await run(process.execPath, [join(HUB, "upline.ts"), ...words], { env })).stdout;
    return { url, ...reading(url, key, options.platform), upline, restart, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function hubEnv({ dataDir, port, publicUrl }: { dataDir: string; port: number; publicUrl: string }): NodeJS.ProcessEnv {
  // Reconciliation would mend what the plugin loses, and the suite is to see it.
  const own = { UPLINE_RECONCILE_MINUTES: "0", UPLINE_BOOK_VOLUMES_MINUTES: "0", UPLINE_LOG_LEVEL: "info" };
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...own, UPLINE_DATA_DIR: dataDir, UPLINE_PORT: String(port), UPLINE_PUBLIC_URL: publicUrl };
}

function startHub(env: NodeJS.ProcessEnv, mutant: string | null): Promise<ChildProcess> {
  const isInside = mutant !== null && mutant in HUB_MUTANTS;
  const mutate = `${pathToFileURL(join(import.meta.dirname, "mutate.ts")).href}?mutant=${encodeURIComponent(mutant ?? "")}`;
  const args = [...(isInside ? ["--import", mutate] : []), join(HUB, "main.ts")];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      text += String(chunk);
      if (!text.includes('"the hub is listening"')) return;
      child.stdout?.off("data", read).resume();
      resolve(child);
    };
    child.stdout?.on("data", read);
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`the hub ended: ${text}`)));
  });
}

function stopHub(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** The company, its people, what it sells and its plan; answers an API key. */
async function setUp(env: NodeJS.ProcessEnv, folder: string, { platform, skus }: HubOptions): Promise<string> {
  const upline = async (...words: string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [join(HUB, "upline.ts"), ...words], { env });
    return stdout;
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  await upline("company", "create", "e2e", "--name", "E2E Company");
  await upline("plan", "publish", file("plan.json", JSON.stringify(PLAN)), "--from", "2020-01-01");
  await upline("distributor", "import", file("network.csv", distributorsCsv()));
  await upline("sku", "import", file("skus.csv", skusCsv(platform, skus)));
  const made = await upline("key", "create", "--name", "e2e", "--scope", "read,orders,admin", "--owner", "e2e");
  const key = made.match(/upk_[\w-]+/)?.[0];
  if (!key) throw new Error(`upline key create printed no key: ${made}`);
  return key;
}

function reading(url: string, key: string, platform: HubOptions["platform"]): Pick<Hub, "connectionCode" | "books"> {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } };
    if (body) init.body = JSON.stringify(body);
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as T;
  };
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = [];
    let next: string | null = null;
    do {
      const before: string = next === null ? "" : `&before=${encodeURIComponent(next)}`;
      const page: { items: T[]; next: string | null } = await ask("GET", `${path}&limit=500${before}`);
      items.push(...page.items);
      next = page.next;
    } while (next !== null);
    return items;
  };
  return {
    connectionCode: async () => (await ask<{ code: string }>("POST", "/api/connection-codes", { platform })).code,
    books: async (store, fromShopId) => {
      const known = await all<Summary>(`/api/orders?store=${encodeURIComponent(store)}`);
      const wanted = known.filter(({ platform_order_id: id }) => Number(id) >= fromShopId);
      const booked: BookedOrder[] = [];
      for (const order of wanted) {
        booked.push({
          shopId: Number(order.platform_order_id),
          stage: order.stage,
          owner: order.distributor_id,
          netMinor: minorOf(order.net),
          refundedMinor: minorOf(order.refunded_net),
          earned: earnedOf(await all<Entry>(`/api/ledger?order_id=${order.order_id}`)),
        });
      }
      return booked;
    },
  };
}

/** An entry is named `bonus:line:level:distributor`; what was taken back has the same name and another sign. */
function earnedOf(entries: readonly Entry[]): Map<string, bigint> {
  const earned = new Map<string, bigint>();
  for (const { amount, entry, distributor_id: distributor } of entries) {
    if (distributor === null) continue;
    const share = `${entry.split(":").at(-2)} ${distributor}`;
    const minor = amount.startsWith("-") ? -minorOf(amount) : minorOf(amount);
    earned.set(share, (earned.get(share) ?? 0n) + minor);
  }
  return new Map([...earned].filter(([, minor]) => minor !== 0n));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
