import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { readSoak } from "./runs.ts";

const { factor } = readSoak(process.env);

/**
 * What the tests of every package share. Files of one worker share their modules, which halves the processor time:
 * a test therefore leaves no global changed. The bounds are for what hangs; no test measures time.
 */
export const shared = {
  isolate: false,
  // Each project has a number of its own, whatever the root says; the usual one is a worker less than processors.
  // Tests of the hub wait for databases and processes much of their time: a single worker leaves half of two processors idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  setupFiles: [fileURLToPath(new URL("./seed.ts", import.meta.url))],
  testTimeout: 300_000 * factor,
  hookTimeout: 300_000,
};
