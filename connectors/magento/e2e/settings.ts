/** What the suite is told from outside; the only file of it that reads the environment. */
import { existsSync } from "node:fs";

export interface Settings {
  /** Magento, as files. */
  readonly root: string;
  /** The same shop over HTTP. */
  readonly url: string;
  readonly outageOrders: number;
  readonly costSamples: number;
  /** Whether Magento is told of the module; it has to know it otherwise, with the tables it has now. */
  readonly installs: boolean;
  /** Whether the shop's classes are compiled; takes minutes. Without it no constructor may have changed since they were. */
  readonly compiles: boolean;
}

export function readSettings(): Settings {
  const { UPLINE_MAGENTO_ROOT: root, UPLINE_MAGENTO_URL: url } = process.env;
  if (!root || !existsSync(`${root}/bin/magento`))
    throw new Error("Set UPLINE_MAGENTO_ROOT to the folder of an installed Magento.");
  if (!url) throw new Error("Set UPLINE_MAGENTO_URL to the address of that shop, such as http://127.0.0.1:8247.");
  return {
    root,
    url: url.replace(/\/$/, ""),
    outageOrders: Number(process.env.UPLINE_OUTAGE_ORDERS ?? 6),
    costSamples: Number(process.env.UPLINE_COST_SAMPLES ?? 10),
    installs: process.env.UPLINE_MAGENTO_INSTALL !== "0",
    compiles: process.env.UPLINE_MAGENTO_COMPILE !== "0",
  };
}
