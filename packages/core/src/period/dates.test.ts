import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { localDay, periodAt, startOfDay } from "./dates.ts";

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
      fc.boolean(),
      fc.integer({ min: Date.parse("2010-01-01"), max: Date.parse("2030-01-01") }),
      (zone, weekly, instant) => {
        const plan = weekly ? week(zone) : month(zone);
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
