import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const { UPLINE_MAGENTO_ROOT: root, UPLINE_MAGENTO_URL: url } = process.env;

test.skipIf(!root || !url)(
  "a Magento shop (set UPLINE_MAGENTO_ROOT and UPLINE_MAGENTO_URL)",
  { timeout: 3_600_000 },
  async () => {
    expect(await run("main.ts")).toBe(0);
  },
);

/** The suite is a command of its own, which says what it does and measures. */
function run(script: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, script)], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", resolve);
  });
}
