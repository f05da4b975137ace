import { fileURLToPath } from "node:url";

/**
 * What the tests of every package share. Files of one worker share their modules, which halves the processor time:
 * a test therefore leaves no global changed. The bounds are for what hangs; no test measures time.
 */
export const shared = {
  isolate: false,
  setupFiles: [fileURLToPath(new URL("./seed.ts", import.meta.url))],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};
