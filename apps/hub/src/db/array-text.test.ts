import fc from "fast-check";
import { expect, test } from "vitest";
import { ArrayText } from "./array-text.ts";

const EDGES = [
  0,
  9,
  10,
  99_999,
  100_000,
  999_999_999,
  1_000_000_000,
  1_000_000_001,
  123_000_000_000,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 60,
  10 ** 20,
];

test("any whole numbers, as often as the text is taken", () => {
  const text = new ArrayText();
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.constantFrom(...EDGES),
    fc.constantFrom(...EDGES.map((edge) => 0 - edge)),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3_000 }), (numbers) => {
      for (const number of numbers) text.add(number);
      expect(text.count).toBe(numbers.length);
      expect(text.take()).toBe(`{${numbers.map((number) => String(number)).join(",")}}`);
    }),
  );
});
