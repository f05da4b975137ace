/** The test shop: its inside through PHP, its REST API, and what the suite made in it. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { openOutgoing } from "@upline/outgoing";
import { createClient, type WooClient } from "../src/client.ts";
import type { ShopOrder } from "./expected.ts";
import type { Settings } from "./settings.ts";

export interface Shop {
  readonly url: string;
  readonly rest: WooClient;
  readonly products: readonly [number, number];
  readonly classicCheckout: string;
  readonly blockCheckout: string;
  readonly admin: { readonly user: string; readonly password: string };
  readonly versions: Readonly<Record<string, string>>;
  /** The orders as the shop's own tables have them. */
  facts(orderIds: Iterable<number>): Promise<ShopOrder[]>;
  /** Somebody looks at a page of the shop, or its cron is called; what it shows is of no matter. */
  visit(path: string): Promise<void>;
  /** Runs a command of shop.php. */
  inside(command: string, input?: object): Promise<unknown>;
}

/**
 * A connection is used once: a test shop's server is often PHP's own, one of whose processes takes whatever comes on a
 * connection that is kept, and would let a buyer wait behind a delivery.
 */
export const ONCE = { connection: "close" } as const;

/** What the two products are called in the shop and in the hub. */
export const SKUS = ["E2E-KIT", "E2E-TEA"] as const;

type Prepared = {
  consumerKey: string;
  consumerSecret: string;
  products: [number, number];
  classic: string;
  block: string;
  user: string;
  password: string;
  versions: Record<string, string>;
};

export async function openShop(settings: Settings, gatePort: number): Promise<Shop> {
  const inside = (command: string, input: object = {}) => runPhp(settings, command, input);
  await inside("gate", { port: gatePort });
  await inside("address", { url: settings.url });
  const { problem } = (await inside("install", { zip: settings.zip })) as { problem: string | null };
  if (problem) throw new Error(`The plugin could not be installed: ${problem}`);
  const made = (await inside("prepare")) as Prepared;
  await inside("reset");
  const access = { url: settings.url, consumerKey: made.consumerKey, consumerSecret: made.consumerSecret };
  return {
    url: settings.url,
    rest: createClient({ access, callOut: openOutgoing({ allowPrivate: true }) }),
    products: made.products,
    classicCheckout: made.classic,
    blockCheckout: made.block,
    admin: { user: made.user, password: made.password },
    versions: made.versions,
    visit: async (path) => {
      // A body that nobody reads keeps its connection from ending.
      await fetch(settings.url + path, { headers: ONCE })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    },
    facts: async (orderIds) => (await inside("facts", { orders: [...orderIds] })) as ShopOrder[],
    inside,
  };
}

function runPhp({ root, url }: Settings, command: string, input: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const php = spawn("php", [join(import.meta.dirname, "shop.php"), root, url, command], { timeout: 120_000 });
    let output = "";
    let errors = "";
    php.stdout.on("data", (chunk) => {
      output += chunk;
    });
    php.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    php.on("error", reject);
    php.on("exit", () => {
      const line = output.match(/^UPLINE:(.*)$/m)?.[1];
      if (line === undefined) reject(new Error(`shop.php ${command} failed: ${(errors + output).slice(0, 800)}`));
      else resolve(JSON.parse(line));
    });
    php.stdin.end(JSON.stringify(input));
  });
}
