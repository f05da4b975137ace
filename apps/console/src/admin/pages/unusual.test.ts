import { expect, test } from "vitest";
import { compareFigures, type Figure } from "./unusual.ts";

const figure = (key: string, value: bigint): Figure => ({ key, name: key, value, isMoney: true });
const stateOf = (now: bigint, ...earlier: bigint[]) =>
  compareFigures(
    [figure("a", now)],
    earlier.map((value) => [figure("a", value)]),
  )[0]?.state;

test("a figure is unusual from a twentieth beyond the highest or the lowest of the closes before", () => {
  expect(stateOf(105n, 100n, 90n, 95n)).toBe("usual");
  expect(stateOf(106n, 100n, 90n, 95n)).toBe("above");
  expect(stateOf(86n, 100n, 90n, 95n)).toBe("usual");
  expect(stateOf(85n, 100n, 90n, 95n)).toBe("below");
  expect(stateOf(93n, 100n, 90n)).toBe("usual");
});

test("a figure below zero is compared as one above it", () => {
  expect(stateOf(-100n, -100n)).toBe("usual");
  expect(stateOf(-105n, -100n)).toBe("usual");
  expect(stateOf(-106n, -100n)).toBe("below");
  expect(stateOf(-94n, -100n)).toBe("above");
  expect(stateOf(-20n, -100n, 50n)).toBe("usual");
  expect(stateOf(53n, -100n, 50n)).toBe("above");
});

test("amounts beyond 2^53 minor units are compared exactly", () => {
  const most = 9_007_199_254_740_992_000n;
  expect(stateOf((most * 21n) / 20n, most)).toBe("usual");
  expect(stateOf((most * 21n) / 20n + 1n, most)).toBe("above");
});

test("what was nothing before is new, and a bonus that an earlier close did not know counts as nothing there", () => {
  expect(stateOf(1n, 0n, 0n)).toBe("new");
  expect(stateOf(0n, 0n)).toBe("usual");
  const [one] = compareFigures([figure("pool", 50n)], [[], [figure("pool", 40n)]]);
  expect(one).toMatchObject({ low: 0n, high: 40n, state: "above" });
});
