/** What the suite is told from outside; the only file of it that reads the environment. */
import { existsSync } from "node:fs";

export interface Settings {
  /** Magento, as files. */
  readonly root: string;
  /** The same shop over HTTP. */
  readonly url: string;
  readonly zip: string;
  readonly outageOrders: number;
  readonly costSamples: number;
  /** Whether Magento is told of the module; once it knows it, new files are enough where no constructor has changed. */
  readonly installs: boolean;
  /** Whether the dependency injection is compiled; takes minutes. */
  readonly compiles: boolean;
}

export function readSettings(zip: string): Settings {
  const { UPLINE_MAGENTO_ROOT: root, UPLINE_MAGENTO_URL: url } = process.env;
  if (!root || !existsSync(`${root}/bin/magento`))
    throw new Error("Set UPLINE_MAGENTO_ROOT to the folder of an installed Magento.");
  if (!url) throw new Error("Set UPLINE_MAGENTO_URL to the address of that shop, such as http://127.0.0.1:8247.");
  if (!existsSync(zip)) throw new Error("Build the module first: node module/build.ts");
  return {
    root,
    url: url.replace(/\/$/, ""),
    zip,
    outageOrders: Number(process.env.UPLINE_OUTAGE_ORDERS ?? 6),
    costSamples: Number(process.env.UPLINE_COST_SAMPLES ?? 10),
    installs: process.env.UPLINE_MAGENTO_INSTALL !== "0",
    compiles: process.env.UPLINE_MAGENTO_COMPILE !== "0",
  };
}
