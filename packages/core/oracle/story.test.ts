import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { richStory } from "./stories.ts";

test("companies live under plans of the second edition as the oracle tells: measures, ranks and every amount to the last unit", () => {
  let amounts = 0;
  fc.assert(
    fc.property(richStory, (story) => {
      amounts += compare(story);
    }),
    runs(150),
  );
  expect(amounts).toBeGreaterThan(1500);
});
