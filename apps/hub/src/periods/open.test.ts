import { afterAll, beforeAll, expect, test } from "vitest";
import { setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { type NewPeriod, openPeriod } from "./open.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** Opens periods of one company one after the other: name, start and end, or the sentence of a refusal. */
async function openerOf(plan: Parameters<typeof testPlan>[0]) {
  const { companyId } = await setUpPeriodCompany(hub, { plan: testPlan(plan) });
  return async (args: Partial<NewPeriod>): Promise<string> => {
    try {
      const { name, startsAt, endsAt } = await openPeriod(hub, { companyId, actor: "ann", currency: "USD", ...args });
      return `${name}: ${startsAt.toISOString().slice(0, 16)} to ${endsAt.toISOString().slice(0, 16)}`;
    } catch (error) {
      return (error as Error).message;
    }
  };
}

test("weeks go on by themselves, through a change of the clocks", async () => {
  const open = await openerOf({ timeZone: "America/New_York", periods: { every: "week", startsOn: "monday" } });
  expect(await open({})).toBe("The first period needs its first day, such as 2026-06-01, or its days.");
  expect(await open({ month: "2026-10-23" })).toBe(
    "No week of the plan begins on 2026-10-23: the one around it begins on 2026-10-19, the next on 2026-10-26.",
  );
  expect(await open({ from: "2026-02-30", to: "2026-03-05" })).toMatch(/^Give both days/);
  expect(await open({ month: "2026-10-32" })).toBe('"2026-10-32" is no week: write it as 2026-06-01.');
  expect(await open({ month: "2026-10-19" })).toBe("2026-10-19: 2026-10-19T04:00 to 2026-10-26T04:00");
  // On Sunday, 1 November, the clocks are set back: this week has 169 hours.
  expect(await open({})).toBe("2026-10-26: 2026-10-26T04:00 to 2026-11-02T05:00");
  expect(await open({})).toBe("2026-11-02: 2026-11-02T05:00 to 2026-11-09T05:00");
  expect(await open({ from: "2026-11-09", to: "2026-11-11" })).toBe(
    "2026-11-09..2026-11-11: 2026-11-09T05:00 to 2026-11-11T05:00",
  );
  expect(await open({})).toBe("The last period did not end with a week: give the days of the next one.");
});

test("months go on by themselves; one that begins where midnight strikes twice begins with the first", async () => {
  const open = await openerOf({ timeZone: "America/Havana" });
  expect(await open({})).toBe("The first period needs its month, such as 2026-06, or its days.");
  expect(await open({ month: "2026-10-01" })).toBe('"2026-10-01" is no month: write it as 2026-06.');
  expect(await open({ month: "2026-10" })).toBe("2026-10: 2026-10-01T04:00 to 2026-11-01T04:00");
  expect(await open({})).toBe("2026-11: 2026-11-01T04:00 to 2026-12-01T05:00");
  expect(await open({ from: "2026-12-01", to: "2026-12-10" })).toBe(
    "2026-12-01..2026-12-10: 2026-12-01T05:00 to 2026-12-10T05:00",
  );
  expect(await open({})).toBe("The last period did not end with a month: give the days of the next one.");
});
