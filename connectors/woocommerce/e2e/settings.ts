/** What the suite is told from outside; the only file of it that reads the environment. */
import { existsSync } from "node:fs";
import { chromiumPath } from "@upline/testing/chromium";

export interface Settings {
  /** WordPress with WooCommerce, as files. */
  readonly root: string;
  /** The same shop over HTTP. */
  readonly url: string;
  readonly chromium: string;
  readonly zip: string;
  readonly outageOrders: number;
  /** Orders that are paid while they are on their way to a slow hub. */
  readonly payments: number;
  readonly costSamples: number;
}

export function readSettings(zip: string): Settings {
  const { UPLINE_WP_ROOT: root, UPLINE_WP_URL: url, UPLINE_E2E_FULL: full } = process.env;
  if (!root || !existsSync(`${root}/wp-load.php`))
    throw new Error("Set UPLINE_WP_ROOT to the folder of a WordPress with WooCommerce.");
  if (!url) throw new Error("Set UPLINE_WP_URL to the address of that shop, such as http://127.0.0.1:8181.");
  const chromium = chromiumPath();
  if (chromium === null) throw new Error("There is no Chromium: install it, or set UPLINE_CHROMIUM to its path.");
  if (!existsSync(zip)) throw new Error("Build the plugin first: node plugin/build.ts");
  return {
    root,
    url: url.replace(/\/$/, ""),
    chromium,
    zip,
    outageOrders: Number(process.env.UPLINE_OUTAGE_ORDERS ?? (full ? 100 : 20)),
    payments: Number(process.env.UPLINE_E2E_PAYMENTS ?? 8),
    costSamples: Number(process.env.UPLINE_COST_SAMPLES ?? (full ? 40 : 10)),
  };
}
