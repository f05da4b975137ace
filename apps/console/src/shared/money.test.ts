import { expect, test } from "vitest";
import { differenceOf, formatDecimal, isZero, negated, shareOf, sumOf } from "./money.ts";

test("amounts keep their decimals and every digit", () => {
  expect(formatDecimal("1234567890123456789.05", "en")).toBe("1,234,567,890,123,456,789.05");
  expect(formatDecimal("-1234.50", "en")).toBe("−1,234.50");
  expect(formatDecimal("1234.50", "de")).toBe("1.234,50");
  expect(formatDecimal("0.000", "en")).toBe("0.000");
  expect(formatDecimal("2985", "en")).toBe("2,985");
  expect(formatDecimal("unlimited", "en")).toBe("unlimited");
});

test("sums are exact beyond what a number holds", () => {
  expect(sumOf(["9007199254740993.01", "0.01"])).toBe("9007199254740993.02");
  expect(sumOf(["0.1", "0.2", "-0.30"])).toBe("0.00");
  expect(sumOf([])).toBe("0");
  expect(differenceOf("86.60", "18.53")).toBe("68.07");
  expect(negated("0.00")).toBe("0.00");
  expect(negated("-3.71")).toBe("3.71");
  expect(isZero("-0.00")).toBe(true);
});

test("a share is rounded half up", () => {
  expect(shareOf("1083855.71", "2846118.72")).toBe("38.08");
  expect(shareOf("1", "8", 0)).toBe("13");
  expect(shareOf("1", "0")).toBeNull();
});
