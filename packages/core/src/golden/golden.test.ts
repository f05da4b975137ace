import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runGoldenCase, tally } from "./run.ts";

const folder = new URL("../../../../docs/golden/", import.meta.url);
const results = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => runGoldenCase(JSON.parse(readFileSync(new URL(name, folder), "utf8"))));

for (const result of results) {
  test(`golden: ${result.id} ${result.outcome}`, () => {
    const differences = result.differences.map((one) => `${one.what}: expected ${one.expected}, got ${one.actual}`);
    assert.notEqual(result.outcome, "failed", [result.reason ?? "", ...differences].join("\n"));
  });
}

test("every published case is here, and only the shipping switch is contradicted", () => {
  const counts = tally(results);
  assert.deepEqual({ failed: counts.failed, contradicted: counts.contradicted }, { failed: 0, contradicted: 1 });
  assert.ok(counts.cases >= 32, `${counts.cases} cases`);
});
