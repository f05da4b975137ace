/**
 * Runs before every test file: fast-check draws from `FC_SEED`, so that what fails here fails there too.
 * `FC_RUNS` multiplies how often every property is tried. Fresh seeds are for `pnpm test:soak`.
 */
import fc from "fast-check";
import { RUNS, readSoak } from "./runs.ts";

const { seed, factor } = readSoak(process.env);
fc.configureGlobal({ seed, numRuns: RUNS * factor });
