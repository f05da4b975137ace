import { readdirSync, readFileSync } from "node:fs";
import { assert, expect, test } from "vitest";
import { runGoldenCase, tally } from "./run.ts";

const folder = new URL("../../../../docs/golden/", import.meta.url);
const resultsOf = (cases: URL) =>
  readdirSync(cases)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => runGoldenCase(JSON.parse(readFileSync(new URL(name, cases), "utf8"))));
const results = resultsOf(folder);
/** One or more for each kind of rule, worked by hand and written from the language page alone. */
const worked = resultsOf(new URL("worked/", folder));

for (const result of [...results, ...worked]) {
  test(`golden: ${result.id} ${result.outcome}`, () => {
    const differences = result.differences.map(
      (difference) => `${difference.what}: expected ${difference.expected}, got ${difference.actual}`,
    );
    expect(result.outcome, [result.reason ?? "", ...differences].join("\n")).not.toBe("failed");
  });
}

test("every published case is here, and only the shipping switch is contradicted", () => {
  const counts = tally(results);
  expect({ failed: counts.failed, contradicted: counts.contradicted }).toStrictEqual({ failed: 0, contradicted: 1 });
  assert.ok(counts.cases >= 32, `${counts.cases} cases`);
});

test("every case worked by hand passes", () => {
  const { cases, passed } = tally(worked);
  expect(passed).toBe(cases);
  assert.ok(cases >= 70, `${cases} cases`);
});

test("a case that cannot be played fails with the reason, and never throws", () => {
  const whole = JSON.parse(readFileSync(new URL("multi-tier-simple-goaffpro.json", folder), "utf8"));
  const reasonOf = (change: object): string =>
    runGoldenCase({ ...whole, scenarios: undefined, expected: {}, ...change })[0]?.reason ?? "";
  expect(reasonOf({ periods: [{ id: "p", orders: [{ owner: "nobody" }] }] })).toMatch(
    /distributor "nobody", which it does not have/,
  );
  expect(reasonOf({ periods: [{ id: "p", orders: [{ owner: "A", class: "glod" }] }] })).toMatch(/commission class "glod"/);
  expect(
    reasonOf({
      distributors: [
        { id: "A", sponsor: null },
        { id: "A", sponsor: null },
      ],
    }),
  ).toMatch(/two distributors of the same id/);
  expect(reasonOf({ plan: { ...whole.plan, rounding: "up" } })).toMatch(/rounding: is "up"; right would be one of/);
  expect(reasonOf({ expected: { payed: [] } })).toMatch(/expected: /);
  expect(runGoldenCase(7)[0]?.outcome).toBe("failed");
});

test("an expectation that does not hold is a difference with both values", () => {
  const whole = JSON.parse(readFileSync(new URL("multi-tier-simple-goaffpro.json", folder), "utf8"));
  const [result] = runGoldenCase({
    ...whole,
    scenarios: [{ ...whole.scenarios[0], expected: { paid: [{ to: "A", amount: "5.01" }] } }],
  });
  expect(result?.differences).toStrictEqual([{ what: "paid to A", expected: "5.01", actual: "5.00" }]);
  expect(result?.outcome).toBe("failed");
});
