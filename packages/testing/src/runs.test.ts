import fc from "fast-check";
import { expect, test } from "vitest";
import { RUNS, readSoak, runs, SEED } from "./runs.ts";

test("without settings the seed is always the same, and every property is tried its own number of times", () => {
  expect(readSoak({})).toStrictEqual({ seed: SEED, factor: 1 });
  expect(readSoak({ FC_SEED: "-7", FC_RUNS: "20" })).toStrictEqual({ seed: -7, factor: 20 });
});

test("what is no seed and no number of runs is said by name", () => {
  expect(() => readSoak({ FC_SEED: "today" })).toThrow(/FC_SEED is "today"/);
  expect(() => readSoak({ FC_SEED: "4294967296" })).toThrow(/FC_SEED/);
  expect(() => readSoak({ FC_RUNS: "0.5" })).toThrow(/FC_RUNS is "0.5"/);
});

test("the set-up reaches fast-check in every test file", () => {
  const { seed, factor } = readSoak(process.env);
  expect(fc.readConfigureGlobal()).toMatchObject({ seed, numRuns: RUNS * factor });
  expect(runs(40)).toStrictEqual({ numRuns: 40 * factor });
});
