import { expect, test } from "vitest";
import { othersThanTold, type RowOutcome, TOLD_PATTERN, toldOf } from "./row-outcomes.ts";

const row = (line: number, kind: RowOutcome["kind"], by: unknown = line): RowOutcome => ({ line, kind, by });

test("what a preview told of each line is held against what it does now, line by line", () => {
  const told = toldOf([row(2, "new"), row(3, "new"), row(4, "changed"), row(7, "changed"), row(8, "changed")]);
  expect(told).toMatch(TOLD_PATTERN);
  expect(told).toMatch(/^n2\.[\w-]{10},c4\.[\w-]{5},c7\.[\w-]{10}$/);
  expect(
    othersThanTold(told, [row(2, "new"), row(3, "new"), row(4, "changed"), row(7, "changed"), row(8, "changed")]),
  ).toStrictEqual([]);
  const now = [row(2, "new"), row(3, "changed"), row(5, "new"), row(7, "changed", "by somebody else"), row(8, "changed")];
  expect(othersThanTold(told, now)).toStrictEqual([
    { line: 3, was: "new", is: "changed" },
    { line: 4, was: "changed", is: null },
    { line: 5, was: null, is: "new" },
    { line: 7, was: "changed", is: "changed" },
  ]);
  expect(othersThanTold("", [row(2, "new")])).toStrictEqual([{ line: 2, was: null, is: "new" }]);
  for (const odd of ["n2.abc", "x2.abcde", "n.abcde", "n2.abcdef", "n2.abcde;c3.abcde"]) expect(odd).not.toMatch(TOLD_PATTERN);
});

test("of the longest file it takes a quarter of a megabyte, so that both go in one request", () => {
  const told = toldOf(Array.from({ length: 50_000 }, (_, index) => row(index + 2, "new")));
  expect(told.length).toBe("n2.".length + 250_000);
  expect(told).toMatch(TOLD_PATTERN);
});
