import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { localDay, type PlanCalendar, periodAt, startOfDay } from "./dates.ts";

const text = (ms: number): string => new Date(ms).toISOString();
const month = (timeZone: string) => ({ timeZone });
const week = (timeZone: string) => ({ timeZone, periods: { every: "week" as const, startsOn: "saturday" as const } });

test("a month begins at midnight of the plan's zone, through changes of the clocks", () => {
  const berlin = periodAt(month("Europe/Berlin"), Date.parse("2026-03-31T22:30:00Z"));
  expect([berlin.id, text(berlin.startsAt), text(berlin.endsAt)]).toStrictEqual([
    "2026-04",
    "2026-03-31T22:00:00.000Z",
    "2026-04-30T22:00:00.000Z",
  ]);
  const march = periodAt(month("Europe/Berlin"), berlin.startsAt - 1);
  expect([march.id, text(march.startsAt)]).toStrictEqual(["2026-03", "2026-02-28T23:00:00.000Z"]);
  expect(periodAt(month("Pacific/Auckland"), Date.parse("2026-12-31T11:00:00Z")).id).toBe("2027-01");
});

test("a week may begin on any day", () => {
  const span = periodAt(week("America/New_York"), Date.parse("2026-06-12T12:00:00Z"));
  expect([span.id, text(span.startsAt), text(span.endsAt)]).toStrictEqual([
    "2026-06-06",
    "2026-06-06T04:00:00.000Z",
    "2026-06-13T04:00:00.000Z",
  ]);
});

const dayAt = (periods: PlanCalendar["periods"], day: string): string => {
  const span = periodAt({ timeZone: "Europe/Berlin", periods }, startOfDay(day, "Europe/Berlin"));
  return [span.id, localDay(span.startsAt, "Europe/Berlin"), localDay(span.endsAt, "Europe/Berlin")].join(" ");
};

test("days, weeks together, quarters, months from any day and parts of months have their own beginnings", () => {
  expect(dayAt({ every: "day" }, "2027-03-28")).toBe("2027-03-28 2027-03-28 2027-03-29");
  const four = { every: "week", startsOn: "monday", count: 4, first: "2027-01-04" } as const;
  expect(dayAt(four, "2027-01-31")).toBe("2027-01-04 2027-01-04 2027-02-01");
  expect(dayAt(four, "2027-02-01")).toBe("2027-02-01 2027-02-01 2027-03-01");
  // Before the first day they go on backwards.
  expect(dayAt(four, "2027-01-03")).toBe("2026-12-07 2026-12-07 2027-01-04");
  const quarter = { every: "month", count: 3 } as const;
  expect(dayAt(quarter, "2027-06-30")).toBe("2027-04-01 2027-04-01 2027-07-01");
  expect(dayAt(quarter, "2027-12-31")).toBe("2027-10-01 2027-10-01 2028-01-01");
  expect(dayAt({ every: "month", startsOn: 16 }, "2027-01-15")).toBe("2026-12-16 2026-12-16 2027-01-16");
  expect(dayAt({ every: "month", startsOn: 16, count: 3 }, "2027-01-15")).toBe("2026-10-16 2026-10-16 2027-01-16");
  expect(dayAt({ every: "month", startsOn: [16, 1] }, "2027-02-15")).toBe("2027-02-01 2027-02-01 2027-02-16");
  expect(dayAt({ every: "month", startsOn: [16, 1] }, "2027-02-28")).toBe("2027-02-16 2027-02-16 2027-03-01");
});

test("where midnight strikes twice a day begins with the first, and where it never strikes, after the gap", () => {
  // Havana goes from -4 to -5 at one in the night, Amman (until 2022) from +3 to +2; Beirut leaves midnight out.
  expect(text(startOfDay("2026-11-01", "America/Havana"))).toBe("2026-11-01T04:00:00.000Z");
  expect(text(startOfDay("2021-10-29", "Asia/Amman"))).toBe("2021-10-28T21:00:00.000Z");
  expect(text(startOfDay("2021-03-28", "Asia/Beirut"))).toBe("2021-03-27T22:00:00.000Z");
  expect(localDay(Date.parse("2021-10-28T21:00:00Z"), "Asia/Amman")).toBe("2021-10-29");
  expect(localDay(Date.parse("2021-10-28T20:59:59Z"), "Asia/Amman")).toBe("2021-10-28");
});

test("periods follow each other without gap or overlap, in every zone", () => {
  const zones = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Asia/Amman",
    "America/Havana",
    "Africa/Cairo",
    "Pacific/Apia",
  );
  fc.assert(
    fc.property(
      zones,
      fc.constantFrom<PlanCalendar["periods"]>(
        undefined,
        { every: "day" },
        { every: "week", startsOn: "saturday" },
        { every: "week", startsOn: "sunday", count: 3, first: "2017-01-01" },
        { every: "month", count: 6, startsOn: 28 },
        { every: "month", startsOn: [1, 11, 21] },
      ),
      fc.integer({ min: Date.parse("2010-01-01"), max: Date.parse("2030-01-01") }),
      (timeZone, periods, instant) => {
        const plan = { timeZone, periods };
        const span = periodAt(plan, instant);
        assert.ok(span.startsAt <= instant && instant < span.endsAt);
        expect(periodAt(plan, span.startsAt)).toStrictEqual(span);
        expect(periodAt(plan, span.endsAt - 1)).toStrictEqual(span);
        expect(periodAt(plan, span.endsAt).startsAt).toBe(span.endsAt);
      },
    ),
    runs(200),
  );
});
