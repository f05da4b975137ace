import { type BuyerIdentity, type Plan, parsePlan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubError } from "../errors.ts";
import { publishPlan } from "../plans/publish.ts";
import { closeLedger, closeMonth, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditCloses } from "./audit.ts";
import { backTestPlan } from "./backtest.ts";
import { closePeriod, commitClose, supersedeClose } from "./close.ts";
import { type NewPeriod, openPeriod } from "./open.ts";
import type { Period } from "./queries.ts";

/**
 * Measures in a plan of weeks and months: S sells, is paid each week where customers or a lifetime allow it, and each month
 * where two months together reach 200. A pool by a measure is shared each week.
 */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

type RanksOf = "last-closed" | "running";

function planOf(ranksOf: RanksOf): Plan {
  const own = {
    ...{ kind: "unilevel", snapshot: "close", base: "cv", levelOne: "owner", compression: "none" },
    ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
  };
  const weekly = { ...own, calendar: "week", ranksOf };
  return parsePlan({
    ...testPlan(),
    id: "weeks-and-months",
    active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
    refundAfterClose: "reverse-delta",
    calendars: { week: { every: "week", startsOn: "sunday" }, month: { every: "month" } },
    rankCalendar: "month",
    ranks: [],
    measures: {
      customers: { what: "customers-with-order" },
      lifetime: { what: "pv", over: { lifetime: true } },
      "two-months": { what: "pv", over: { periods: 2 } },
      points: { what: "pv" },
    },
    bonuses: [
      { ...weekly, id: "steady", rates: { "*": ["0.10"] }, earnsIf: { measure: "customers", atLeast: "2" } },
      { ...weekly, id: "veteran", rates: { "*": ["0.01"] }, earnsIf: { measure: "lifetime", atLeast: "150" } },
      {
        ...{ id: "pool", kind: "pool", snapshot: "close", calendar: "week", ranksOf, size: { by: "share", share: "0.02" } },
        ...{ units: [{ by: "measure", measure: "points", each: 1 }], withoutQualifiers: "company" },
      },
      {
        ...own,
        ...{ id: "club", calendar: "month", rates: { "*": ["0.05"] }, earnsIf: { measure: "two-months", atLeast: "200" } },
      },
    ],
  });
}

const mail = (name: string): BuyerIdentity[] => [{ kind: "email", value: `${name}@example.com` }];
const bob = { id: "2", at: "2026-02-10", by: "S", minor: 60_00, buyer: mail("bob") };
const cy = { id: "4", at: "2026-02-24", by: "S", minor: 10_00, buyer: mail("cy") };
const FEBRUARY = [
  { id: "1", at: "2026-02-03", by: "S", minor: 100_00, buyer: mail("ann") },
  bob,
  { id: "3", at: "2026-02-17", by: "S", minor: 40_00, buyer: mail("ann") },
  cy,
];
const MARCH = [{ id: "5", at: "2026-03-03", by: "S", minor: 50_00, buyer: mail("ann") }];

interface Company extends PeriodCompany {
  readonly open: (args: Partial<NewPeriod>) => Promise<Period>;
}

async function setUp(ranksOf: RanksOf): Promise<Company> {
  const network = [
    ["T", null],
    ["S", "T"],
  ] as const;
  const company = await setUpPeriodCompany(hub, { network });
  const { companyId } = company;
  const document = planOf(ranksOf);
  await publishPlan(hub, { companyId, document, effectiveFrom: new Date("2026-01-15T00:00:00Z"), actor: "ann" });
  return {
    ...company,
    open: (args) => openPeriod(hub, { companyId, planId: document.id, currency: "USD", actor: "ann", ...args }),
  };
}

async function closedFebruary(ranksOf: RanksOf) {
  const company = await setUp(ranksOf);
  const weeks = [await company.open({ month: "week/2026-02-01" })];
  while (weeks.length < 5) weeks.push(await company.open({ calendar: "week" }));
  const february = await company.open({ month: "month/2026-02" });
  await company.open({ calendar: "month" });
  await sendOrders(hub, company, FEBRUARY);
  const [first, second, third, fourth, fifth] = weeks as [Period, Period, Period, Period, Period];
  for (const week of [first, second, third, fourth]) await closeMonth(hub, company, week);
  return { company, february, first, second, third, fourth, fifth };
}

async function again({ companyId }: Company, { periodNo }: Period, cause: "rerun" | "refund"): Promise<void> {
  await supersedeClose(hub, { companyId, periodNo, actor: "ann", person: "ann", cause });
  await commitClose(hub, { companyId, periodNo, actor: "bob", person: "bob" });
}

/** What a back-test makes of the plan in force and of the same as a draft, by bonus and for S, whom alone it pays. */
async function triedAgain({ companyId }: Company, ranksOf: RanksOf): Promise<Record<string, number>> {
  const draft = parsePlan({ ...planOf(ranksOf), version: 2 });
  const { test: tried, ids, spans, warnings } = await backTestPlan(hub, { companyId, draft });
  expect([spans, warnings]).toStrictEqual([["2026-02", "2026-03"], []]);
  expect(tried.draft).toStrictEqual(tried.inForce);
  expect(tried.inForce.byDistributor[ids.indexOf("S")]).toBe(tried.inForce.paidMinor);
  return Object.fromEntries(Object.entries(tried.inForce.byBonus).map(([id, minor]) => [`${id} S`, minor]));
}

test("weeks go by what the last month counted, and are run again where that has changed", async () => {
  const { company, february, second, fourth, fifth } = await closedFebruary("last-closed");
  // Nothing was counted before the first month, and a pool without points stays with the company: 2 % of 210.
  expect(await closeLedger(hub, company)).toStrictEqual({ "pool -": 4_20 });
  await closeMonth(hub, company, february);
  expect(await closeLedger(hub, company)).toStrictEqual({ "pool -": 4_20, "club S": 10_50 });
  await sendOrders(hub, company, MARCH);
  await closeMonth(hub, company, fifth);
  // Three customers and 210 points in February: 10 % and 1 % of 50, and the whole of 2 %.
  const march = { "steady S": 5_00, "veteran S": 50, "pool S": 1_00 };
  expect(await closeLedger(hub, company)).toStrictEqual({ "pool -": 4_20, "club S": 10_50, ...march });
  // The past again, with March whole: two months have 260, so 5 % of 50 besides.
  expect(await triedAgain(company, "last-closed")).toStrictEqual({ ...march, "club S": 10_50 + 2_50 });

  // Bob's 60 and Cy's 10 come back: one customer and 140 ever are left of February.
  const back = { changed: "2026-03-09" };
  await sendOrders(hub, company, [
    { ...bob, ...back, refunded: 60_00 },
    { ...cy, ...back, refunded: 10_00 },
  ]);
  await again(company, second, "refund");
  await again(company, fourth, "refund");
  await again(company, february, "refund");
  const sixth = await company.open({ calendar: "week" });
  const stale = (error: unknown) =>
    error instanceof HubError && /week\/2026-03-01 stands on figures of others that have changed/.test(error.message);
  const proposed = { companyId: company.companyId, periodNo: sixth.periodNo, actor: "ann", person: "ann" };
  await expect(() => closePeriod(hub, proposed)).rejects.toThrow(expect.toSatisfy(stale));
  await again(company, fifth, "rerun");
  await closeMonth(hub, company, sixth);
  expect(await closeLedger(hub, company)).toStrictEqual({ "pool -": 2_80, "pool S": 1_00 });
  const audit = await auditCloses(hub, { companyId: company.companyId });
  expect(audit).toStrictEqual({ periods: 7, changed: [], differences: [] });
});

test("weeks go by what the month has counted so far", async () => {
  const { company, february, second, third, fourth, fifth } = await closedFebruary("running");
  // Customers so far 1, 2, 2, 3 and points ever 100, 160, 200, 210: paid on 60, 40 and 10; of the pool 2 % of 210 in four weeks.
  const weeks = { "steady S": 6_00 + 4_00 + 1_00, "veteran S": 60 + 40 + 10, "pool S": 4_20 };
  expect(await closeLedger(hub, company)).toStrictEqual(weeks);
  await closeMonth(hub, company, february);
  expect(await closeLedger(hub, company)).toStrictEqual({ ...weeks, "club S": 10_50 });
  await sendOrders(hub, company, MARCH);
  await closeMonth(hub, company, fifth);
  // One customer in March so far, 260 points ever.
  expect(await closeLedger(hub, company)).toStrictEqual({
    ...{ "steady S": 11_00, "veteran S": 1_10 + 50, "pool S": 4_20 + 1_00, "club S": 10_50 },
  });
  expect(await triedAgain(company, "running")).toStrictEqual({
    ...{ "steady S": 11_00, "veteran S": 1_60, "pool S": 5_20, "club S": 13_00 },
  });
  await sendOrders(hub, company, [{ ...bob, refunded: 60_00, changed: "2026-03-09" }]);
  for (const [week, cause] of [[second, "refund"] as const, [third, "rerun"] as const, [fourth, "rerun"] as const])
    await again(company, week, cause);
  // Ann alone until the third week, Ann and Cy in the fourth: 1.00; 140 and 150 points ever: 0.10 in the fourth; 2 % of 150 and 50.
  expect(await closeLedger(hub, company)).toStrictEqual({
    ...{ "steady S": 1_00, "veteran S": 10 + 50, "pool S": 3_00 + 1_00, "club S": 10_50 },
  });
  await again(company, february, "refund");
  await again(company, fifth, "rerun");
  // 150 in two months are too few for the club; 200 ever are enough in March.
  expect(await closeLedger(hub, company)).toStrictEqual({ "steady S": 1_00, "veteran S": 60, "pool S": 4_00 });
  const audit = await auditCloses(hub, { companyId: company.companyId });
  expect(audit).toStrictEqual({ periods: 6, changed: [], differences: [] });
});
