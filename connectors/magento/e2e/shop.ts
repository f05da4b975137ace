/** The test shop: its inside through PHP, its REST API, and what the suite made in it. */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { generate, pack } from "../module/build.ts";
import type { ShopOrder } from "./expected.ts";
import type { Settings } from "./settings.ts";

export const SKUS = ["E2E-KIT", "E2E-TEA", "E2E-SHIRT-S", "E2E-SHIRT-M", "E2E-BOX", "E2E-SET"] as const;

export interface Shop {
  readonly url: string;
  readonly versions: Readonly<Record<string, string>>;
  /** By SKU: what a cart over REST has to say of a product that leaves a choice. */
  readonly choices: Readonly<Record<string, object | undefined>>;
  /** The orders as the shop's own tables have them. */
  facts(orderIds: Iterable<number>): Promise<ShopOrder[]>;
  /** Runs a command of shop.php. */
  inside(command: string, input?: object): Promise<unknown>;
  /** Runs a command of Magento's own. */
  magento(...words: string[]): Promise<string>;
}

export async function openShop(settings: Settings, say: (text: string) => void): Promise<Shop> {
  const magento = (...words: string[]) => run([join(settings.root, "bin/magento"), ...words], "");
  const inside = async (command: string, input: object = {}) => {
    const output = await run([join(import.meta.dirname, "shop.php"), settings.root, command], JSON.stringify(input));
    const line = output.match(/^UPLINE:(.*)$/m)?.[1];
    if (line === undefined) throw new Error(`shop.php ${command} failed: ${output.slice(0, 800)}`);
    return JSON.parse(line);
  };
  await install(settings, magento, say);
  await inside("address", { url: settings.url });
  const { versions, choices } = await inside("prepare");
  await inside("world");
  await inside("reset");
  // A shop that indexes on a schedule does not sell new goods over GraphQL before cron has run.
  await magento("indexer:reindex");
  return { url: settings.url, versions, choices, facts: (orders) => inside("facts", { orders: [...orders] }), inside, magento };
}

async function install(settings: Settings, magento: Shop["magento"], say: (text: string) => void): Promise<void> {
  say("building the module");
  await generate();
  unpack(settings.root, pack());
  if (settings.installs) {
    say("setup:upgrade");
    await magento("module:enable", "Upline_Connector");
    await magento("setup:upgrade");
  } else {
    say("not installed (UPLINE_MAGENTO_INSTALL=0): the shop has to know the module and its tables already");
    await magento("cache:flush");
  }
  if (settings.compiles) {
    say("setup:di:compile");
    await magento("setup:di:compile");
  } else say("not compiled (UPLINE_MAGENTO_COMPILE=0): no constructor of the module may have changed since the shop was");
}

function unpack(root: string, zip: Uint8Array): void {
  const folder = join(root, "app/code/Upline/Connector");
  rmSync(folder, { recursive: true, force: true });
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

function run(args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const php = spawn("php", ["-d", "memory_limit=3G", ...args], { timeout: 1_500_000 });
    let output = "";
    for (const stream of [php.stdout, php.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    php.on("error", reject);
    php.on("exit", (code) => (code === 0 ? resolve(output) : reject(new Error(`php ${args.join(" ")}: ${output.slice(-1500)}`))));
    php.stdin.end(input);
  });
}
