import { expect, test } from "vitest";
import { isAmountMinor, isOrderDate, isQuantity, readableText, volumeProblem } from "./bounds.ts";

test("an order's date: from 1970 to the end of the day after tomorrow", () => {
  const now = new Date("2026-11-26T15:00:00Z");
  const within = (moment: string) => isOrderDate(moment, now);
  expect(["1970-01-01T00:00:00Z", "2026-11-28T23:59:59Z"].map(within)).toStrictEqual([true, true]);
  expect(["1969-12-31T23:59:59Z", "2026-11-29T00:00:00Z", "9999-01-01T00:00:00Z", "no date"].map(within)).toStrictEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(isOrderDate("9999-01-01T00:00:00Z", null)).toBe(true);
});

test("amounts and quantities", () => {
  expect([10n ** 12n, -(10n ** 12n), 10n ** 12n + 1n].map(isAmountMinor)).toStrictEqual([true, true, false]);
  expect([0, 2.5, 10_000_000, 10_000_001, -1, Number.NaN, Number.POSITIVE_INFINITY].map(isQuantity)).toStrictEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("volumes: four decimals and a largest one, with a sentence for each", () => {
  for (const good of ["0", "12.5", "100000000", "-3.0001"]) expect(volumeProblem(good), good).toBe(null);
  expect(volumeProblem("1.00001")).toMatch(/more than 4 decimals/);
  expect(volumeProblem("100000000.0001")).toMatch(/larger than 100000000/);
  expect(volumeProblem("99999999999999999999")).toMatch(/larger than/);
  for (const bad of ["", "1,5", "1e5", "ten"]) expect(volumeProblem(bad), bad).toMatch(/write a number/);
});

test("text that people read loses NUL and half characters and is cut between characters", () => {
  expect(readableText("Kit\u0000")).toBe("Kit");
  expect(readableText("a\ud800b")).toBe("a\ufffdb");
  expect(readableText("ab😀", 3)).toBe("ab");
  expect(readableText("x".repeat(300))).toHaveLength(255);
});
