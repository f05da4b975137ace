import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { divideRounded } from "../plan/rounding.ts";
import { scaleRounded } from "./exact.ts";

test("plain numbers round as bigint does, near halves, beyond 2^53 and below zero", () => {
  const value = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 2 ** 31 }), fc.maxSafeInteger());
  fc.assert(
    fc.property(
      value,
      fc.integer({ min: 0, max: 100_000 }),
      fc.constantFrom(1, 2, 3, 7, 100, 10_000, 1_000_000, 99_999),
      fc.constantFrom("half-up" as const, "half-even" as const, "down" as const),
      (v, num, den, rounding) => {
        const exact = divideRounded(BigInt(v) * BigInt(num), BigInt(den), rounding);
        fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= -BigInt(Number.MAX_SAFE_INTEGER));
        expect(scaleRounded(v, num, den, rounding) + 0).toBe(Number(exact));
      },
    ),
    runs(1000),
  );
});

test("the named roundings at a half", () => {
  const halves = [-3n, -1n, 1n, 3n, 5n];
  expect(halves.map((half) => divideRounded(half, 2n, "half-up"))).toStrictEqual([-2n, -1n, 1n, 2n, 3n]);
  expect(halves.map((half) => divideRounded(half, 2n, "half-even"))).toStrictEqual([-2n, 0n, 0n, 2n, 2n]);
  expect(halves.map((half) => divideRounded(half, 2n, "down"))).toStrictEqual([-1n, 0n, 0n, 1n, 2n]);
});
