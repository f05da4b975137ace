import { PATIENCE_MS } from "@upline/testing/chromium";
import { shared } from "@upline/testing/project";
import { defineConfig } from "vitest/config";

/** Browsers and real shops, one file after the other: `pnpm e2e`. */
export default defineConfig({
  test: {
    ...shared,
    name: "e2e",
    include: ["{packages,connectors,apps}/*/e2e/**/*.e2e.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 30 * 60_000,
    // A bound for what hangs, as all of them are: on a busy machine a page takes longer than the usual second.
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
