import { spawn } from "node:child_process";
import { join } from "node:path";
import { chromiumPath } from "@upline/testing/chromium";
import { expect, test } from "vitest";

const { UPLINE_WP_ROOT: roots, UPLINE_WP_URL: urls, UPLINE_E2E_FULL: isFull } = process.env;
const shops = listed(urls).map((url, index) => ({ url, root: listed(roots)[index] ?? "" }));
const isGiven = shops.length > 0 && chromiumPath() !== null;
const RACE_ORDERS = "200";

test.skipIf(!isGiven)("WooCommerce shops (set UPLINE_WP_ROOT and UPLINE_WP_URL, comma lists; needs Chromium)", async () => {
  expect(listed(roots), "UPLINE_WP_ROOT and UPLINE_WP_URL name the same shops").toHaveLength(shops.length);
  expect(await run("../plugin/build.ts")).toBe(0);
  for (const shop of shops) expect(await run("main.ts", [], shop), `the suite on ${shop.url}`).toBe(0);
});

test.skipIf(!isGiven || !isFull)(
  "hubs that are wrong are seen, and payments during delivery are earned (pnpm e2e:full)",
  async () => {
    for (const shop of shops) {
      expect(await run("main.ts", ["--mutants"], shop), `the mutants on ${shop.url}`).toBe(0);
      expect(await run("main.ts", ["--race", RACE_ORDERS], shop), `the race on ${shop.url}`).toBe(0);
    }
  },
);

function listed(text: string | undefined): string[] {
  return (text ?? "").split(",").filter((part) => part !== "");
}

/** The suite is a command of its own, which says what it does and measures. */
function run(script: string, args: readonly string[] = [], shop?: { root: string; url: string }): Promise<number | null> {
  const env = shop ? { ...process.env, UPLINE_WP_ROOT: shop.root, UPLINE_WP_URL: shop.url } : process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], { stdio: "inherit", env });
    child.on("error", reject);
    child.on("exit", resolve);
  });
}
