import { expect, test } from "vitest";
import { RowErrors, readDate } from "./row-errors.ts";

test("one cause in many lines is one entry with a count", () => {
  const errors = new RowErrors();
  for (let line = 2; line <= 201; line++) errors.add(line, "commission_class", '"products" is no commission class');
  errors.add(7, "name", "is empty");
  expect([errors.count, errors.listed]).toStrictEqual([
    201,
    [
      { line: 2, field: "commission_class", message: '"products" is no commission class', more: 199 },
      { line: 7, field: "name", message: "is empty" },
    ],
  ]);
});

test("one cause with ever other values: ten of them are shown and the rest is counted", () => {
  const errors = new RowErrors();
  for (let line = 2; line <= 101; line++) errors.add(line, "enrolled_at", `"${line}.01.2026" is no date`);
  expect([errors.count, errors.listed.length, errors.listed.at(-1)]).toStrictEqual([
    100,
    10,
    { line: 11, field: "enrolled_at", message: '"11.01.2026" is no date', more: 90 },
  ]);
});

test("dates at the edge of the calendar", () => {
  expect(readDate("9999-12-31")?.toISOString()).toBe("9999-12-31T00:00:00.000Z");
  for (const bad of ["0000-01-01", "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-02-31", "2026-13-01", "10000-01-01", "soon"])
    expect(readDate(bad), bad).toBe(null);
});
