import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { openPeriod } from "../periods/open.ts";
import { publishPlan } from "../plans/publish.ts";
import { type PeriodCompany, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { readSpans } from "./spans.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const NOW = new Date("2026-08-20T10:00:00Z");
const spansOf = ({ companyId }: PeriodCompany, since = "2026-06-02") =>
  asCompany(hub.db, companyId, (tx) => readSpans(tx, { companyId, now: NOW, since: new Date(since) }));
const open = ({ companyId }: PeriodCompany, planId: string, rest: object) =>
  openPeriod(hub, { companyId, planId, currency: "USD", actor: "ann", ...rest });
/** Another plan is in force from July on, and its id is another one: its periods are its own. */
const changedInJuly = async (more: Parameters<typeof testPlan>[0] = {}) => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan() });
  const document = testPlan({ id: "other", ...more });
  const effectiveFrom = new Date("2026-07-01T00:00:00Z");
  await publishPlan(hub, { companyId: company.companyId, document, effectiveFrom, actor: "ann" });
  return company;
};

test.each([
  ["other", "stairs"],
  ["stairs", "other"],
])(
  "of two plans' periods over the same days a span is that of the plan that was in force, whichever was opened first: %s",
  async (...plans) => {
    const company = await changedInJuly();
    const opened = new Map<string, number>();
    for (const planId of plans) {
      for (const month of ["2026-06", "2026-07", "2026-08"])
        opened.set(`${planId} ${month}`, (await open(company, planId, { month })).periodNo);
    }
    const { spans } = await spansOf(company);
    expect(spans.map(({ name, period }) => [name, period?.periodNo])).toStrictEqual([
      ["2026-08", opened.get("other 2026-08")],
      ["2026-07", opened.get("other 2026-07")],
      ["2026-06", opened.get("stairs 2026-06")],
    ]);
  },
);

test("what another plan has of days that the one in force has no period of stands there still", async () => {
  const company = await changedInJuly();
  const august = await open(company, "stairs", { month: "2026-08" });
  expect((await spansOf(company)).spans[0]?.period?.periodNo).toBe(august.periodNo);
});

test("no day is in two spans, whatever lengths the periods of two plans have", async () => {
  const company = await changedInJuly({ periods: { every: "week", startsOn: "monday" } });
  for (const month of ["2026-06", "2026-07"]) await open(company, "stairs", { month });
  await open(company, "other", { month: "2026-08-17" });
  const { spans } = await spansOf(company);
  // The newest first: each ends where the one before it in the list begins.
  const gaps = spans.slice(1).map(({ endsAt }, index) => endsAt.getTime() - (spans[index]?.startsAt.getTime() ?? 0));
  expect(gaps).toStrictEqual(gaps.map(() => 0));
  expect(new Set(spans.map(({ name }) => name)).size).toBe(spans.length);
  expect(spans.at(-1)?.name).toBe("2026-06");
  expect(spans[0]).toMatchObject({ name: "2026-08-17" });
});
