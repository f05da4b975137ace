import { runs, tellCount } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { richStory } from "./stories.ts";

test("companies live under plans of the second edition as the oracle tells: measures, ranks and every amount to the last unit", () => {
  const sums: Record<string, number> = {};
  fc.assert(
    fc.property(richStory, (story) => {
      for (const [what, count] of Object.entries(compare(story))) sums[what] = (sums[what] ?? 0) + count;
    }),
    runs(150),
  );
  tellCount("amounts that the oracle tells of companies' lives", sums);
  expect(sums.amounts).toBeGreaterThan(1500);
  // What was added to the oracle late is really reached.
  expect(sums.lessAtOrders).toBeGreaterThan(5);
  expect(sums.lessAtCloses).toBeGreaterThan(10);
  expect(sums.onTrees).toBeGreaterThan(100);
  expect(sums.acrossTrees).toBeGreaterThan(5);
});
