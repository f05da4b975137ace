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

test("a case that cannot be played fails with the reason, and never throws", () => {
  const whole = JSON.parse(readFileSync(new URL("multi-tier-simple-goaffpro.json", folder), "utf8"));
  const reasonOf = (change: object): string =>
    runGoldenCase({ ...whole, scenarios: undefined, expected: {}, ...change })[0]?.reason ?? "";
  assert.match(
    reasonOf({ periods: [{ id: "p", orders: [{ owner: "nobody" }] }] }),
    /distributor "nobody", which it does not have/,
  );
  assert.match(reasonOf({ periods: [{ id: "p", orders: [{ owner: "A", class: "glod" }] }] }), /commission class "glod"/);
  assert.match(
    reasonOf({
      distributors: [
        { id: "A", sponsor: null },
        { id: "A", sponsor: null },
      ],
    }),
    /two distributors of the same id/,
  );
  assert.match(reasonOf({ plan: { ...whole.plan, rounding: "up" } }), /rounding: is "up"; right would be one of/);
  assert.match(reasonOf({ expected: { payed: [] } }), /expected: /);
  assert.equal(runGoldenCase(7)[0]?.outcome, "failed");
});

test("an expectation that does not hold is a difference with both values", () => {
  const whole = JSON.parse(readFileSync(new URL("multi-tier-simple-goaffpro.json", folder), "utf8"));
  const [result] = runGoldenCase({
    ...whole,
    scenarios: [{ ...whole.scenarios[0], expected: { paid: [{ to: "A", amount: "5.01" }] } }],
  });
  assert.deepEqual(result?.differences, [{ what: "paid to A", expected: "5.01", actual: "5.00" }]);
  assert.equal(result?.outcome, "failed");
});
