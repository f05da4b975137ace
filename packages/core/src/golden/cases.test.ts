import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runGoldenCase, tally } from "./run.ts";

/** Cases of our own: each was wrong once. What only the ceiling gets wrong is in `plan/ceiling.test.ts`. */
const folder = new URL("cases/", import.meta.url);
const results = readdirSync(folder).flatMap((name) => runGoldenCase(JSON.parse(readFileSync(new URL(name, folder), "utf8"))));

for (const { id, outcome, reason, differences } of results) {
  test(`${id} is right`, () => {
    const wrong = differences.map(
      (difference) => `${difference.what}: expected ${difference.expected}, got ${difference.actual}`,
    );
    expect(wrong).toStrictEqual([]);
    expect(outcome, reason ?? "").toBe(id.startsWith("24-") ? "refused" : "passed");
  });
}

test("a plan that the language refuses is counted apart from cases that fail", () => {
  const { refused, failed } = tally(results);
  expect({ refused, failed }).toStrictEqual({ refused: 1, failed: 0 });
});
