export { type GoldenCase, goldenCase } from "./case.ts";
export { type CaseResult, type Difference, runGoldenCase, tally } from "./run.ts";
