import { fileURLToPath } from "node:url";
import { readSoak } from "./runs.ts";

const { factor } = readSoak(process.env);

/**
 * What the tests of every package share. Files of one worker share their modules, which halves the processor time:
 * a test therefore leaves no global changed. The bounds are for what hangs; no test measures time.
 */
export const shared = {
  isolate: false,
  setupFiles: [fileURLToPath(new URL("./seed.ts", import.meta.url))],
  testTimeout: 300_000 * factor,
  hookTimeout: 300_000,
};
