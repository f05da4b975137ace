import { spawn } from "node:child_process";
import { join } from "node:path";
import { chromiumPath } from "@upline/testing/chromium";
import { expect, test } from "vitest";

const { UPLINE_WP_ROOT: root, UPLINE_WP_URL: url } = process.env;
const isGiven = Boolean(root && url) && chromiumPath() !== null;

test.skipIf(!isGiven)("a WooCommerce shop (set UPLINE_WP_ROOT and UPLINE_WP_URL; needs Chromium)", async () => {
  expect(await run("../plugin/build.ts")).toBe(0);
  expect(await run("main.ts")).toBe(0);
});

/** The suite is a command of its own, which says what it does and measures. */
function run(script: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, script)], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", resolve);
  });
}
