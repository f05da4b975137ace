import { expect, test } from "vitest";
import {
  amountProblem,
  idProblem,
  isAmountMinor,
  isCalendarMoment,
  isOrderDate,
  isQuantity,
  readableText,
  textProblem,
  volumeProblem,
  volumeRuleProblem,
} from "./bounds.ts";

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

test("volume rules of a SKU map: a number or a share of the net, both with a largest one", () => {
  for (const good of ["0", "25", "12.5", "80%", "0.5%", "1000%", "100000000"]) expect(volumeRuleProblem(good), good).toBe(null);
  expect(volumeRuleProblem("99999999999999999999")).toMatch(/larger than 100000000/);
  expect(volumeRuleProblem("1001%")).toMatch(/more than 1000%/);
  expect(volumeRuleProblem("80.00001%")).toMatch(/more than 4 decimals/);
  expect(volumeRuleProblem("-1")).toMatch(/less than 0/);
  for (const bad of ["", "1e3", "%", "12,5", "8e1%"]) expect(volumeRuleProblem(bad), bad).toMatch(/is no volume/);
});

test("amounts of one piece", () => {
  for (const good of ["0", "12.50", "100000000"]) expect(amountProblem(good), good).toBe(null);
  expect(amountProblem("-1")).toBe("is less than 0");
  for (const bad of ["1e9", "1,5", ""]) expect(amountProblem(bad), bad).toMatch(/write a number/);
  expect(amountProblem("1.00001")).toMatch(/more than 4 decimals/);
  expect(amountProblem("100000001")).toMatch(/larger than/);
});

test("ids: what no spreadsheet and no database broke", () => {
  for (const good of ["0010", "7", "AB-12", "1E5", "日本", "E+1"]) expect(idProblem(good), good).toBe(null);
  expect(idProblem("")).toMatch(/empty/);
  for (const bad of ["1.00001E+11", "5,11201e+10", "1E-3"]) expect(idProblem(bad), bad).toMatch(/spreadsheet/);
  expect(idProblem("a\u0000b")).toMatch(/NUL/);
  expect(idProblem("a\ud800")).toMatch(/half a character/);
  expect([idProblem("a\tb"), textProblem("a\tb")]).toStrictEqual([
    "holds a control character, such as a tab or a line break: remove it",
    null,
  ]);
  expect(idProblem("x".repeat(101), 100)).toMatch(/longer than 100 characters/);
  expect(textProblem("", 5)).toBe(null);
});

test("moments of the calendar: the years 1900 to 9999", () => {
  const within = (moment: string) => isCalendarMoment(new Date(moment));
  expect(["1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z"].map(within)).toStrictEqual([true, true]);
  expect(["1899-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "no date"].map(within)).toStrictEqual([
    false,
    false,
    false,
    false,
  ]);
});
