import { expect, test } from "vitest";
import { beginningOf, dayIn, firstDayFrom } from "./moments.ts";

test("a day begins in the company's zone, on the nights when clocks change too", () => {
  expect(beginningOf("2026-07-01", "UTC")).toBe("2026-07-01T00:00:00.000Z");
  expect(beginningOf("2026-07-01", "Europe/Berlin")).toBe("2026-06-30T22:00:00.000Z");
  expect(beginningOf("2026-01-01", "America/New_York")).toBe("2026-01-01T05:00:00.000Z");
  // Summer time begins at 2 in the night of 29 March, and ends on 25 October.
  expect(beginningOf("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(beginningOf("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
  expect(beginningOf("2026-10-25", "Europe/Berlin")).toBe("2026-10-24T22:00:00.000Z");
  expect(beginningOf("2026-10-26", "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z");
});

test("a moment lies in its zone's day, and the first day from it on is the next unless it begins just then", () => {
  expect(dayIn("2026-06-30T22:00:00Z", "Europe/Berlin")).toBe("2026-07-01");
  expect(dayIn("2026-06-30T21:59:59Z", "Europe/Berlin")).toBe("2026-06-30");
  expect(firstDayFrom("2026-06-30T22:00:00.000Z", "Europe/Berlin")).toBe("2026-07-01");
  expect(firstDayFrom("2026-06-30T22:00:00.001Z", "Europe/Berlin")).toBe("2026-07-02");
});
