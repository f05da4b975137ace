import type { BuyerIdentity, Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { importDistributors } from "../network/import.ts";
import {
  closeLedger,
  closeMonth,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  type TestOrder,
  type TestPerson,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditCloses } from "./audit.ts";
import { backTestPlan } from "./backtest.ts";
import { commitClose, supersedeClose } from "./close.ts";
import { explainPeriod } from "./explain.ts";
import type { Period } from "./queries.ts";

/**
 * A plan of bonuses that each pay a share of one's own customers' and own orders where a condition holds. TOP stands above
 * C1, C2 and C3, each of whom stands above three more; C3 enrolled on the 10th of June.
 */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const people: TestPerson[] = [
  ["TOP", null],
  ["C1", "TOP", "active", "US"],
  ["C2", "TOP", "active", "CA"],
  ["C3", "TOP", "active", "US", "2026-06-10"],
  ...["C1", "C2", "C3"].flatMap((above) =>
    [1, 2, 3].map((n): TestPerson => [`${above}-${n}`, above, "active", "US", "2026-06-12"]),
  ),
];

type Levels = Extract<Plan["bonuses"][number], { kind: "unilevel" }>;

function paying(id: string, share: string, earnsIf: NonNullable<Levels["earnsIf"]>): Levels {
  return {
    id,
    kind: "unilevel",
    snapshot: "close",
    base: "cv",
    rates: { "*": [share] },
    levelOne: "owner",
    earnsIf,
    compression: "none",
    unqualifiedSource: "pay-in-place",
    unqualifiedEarner: "none",
  };
}

const plan = testPlan({
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
  refundAfterClose: "reverse-delta",
  ranks: [{ id: "seller", name: "Seller", requires: { pv: "200" } }],
  measures: {
    customers: { what: "customers-with-order" },
    autoship: { what: "pv", subscription: true },
    "two-months": { what: "pv", over: { periods: 2 } },
    lifetime: { what: "pv", over: { lifetime: true } },
    "first-days": { what: "pv", over: { daysAfterEnrolment: 10 } },
    three: { what: "count", of: "frontline" },
    "three-below": { what: "count", of: "frontline", meeting: { measure: "three", atLeast: "3" } },
    "new-ones": { what: "new-customers" },
    pieces: { what: "items", over: { periods: 1 } },
    "large-orders": { what: "orders", eachAtLeast: "150" },
    recruits: { what: "count", of: "enrolled", over: { periods: 1 } },
  },
  bonuses: [
    paying("customers", "0.10", { measure: "customers", atLeast: "2" }),
    paying("autoship", "0.07", { measure: "autoship", atLeast: "100" }),
    paying("two-months", "0.05", { measure: "two-months", atLeast: "300" }),
    paying("lifetime", "0.03", { measure: "lifetime", atLeast: "500" }),
    paying("first-days", "0.02", { measure: "first-days", atLeast: "100", atMost: "150" }),
    paying("three", "0.01", { measure: "three-below", atLeast: "3" }),
    paying("pieces", "0.04", { measure: "pieces", atLeast: "3" }),
    paying("new", "0.06", { measure: "new-ones", atLeast: "2" }),
    paying("large", "0.08", { measure: "large-orders", atLeast: "1" }),
    paying("canada", "0.09", { country: ["CA"] }),
    paying("recruits", "0.001", { measure: "recruits", atLeast: "1" }),
    { ...paying("at-once", "0.01", { all: [{ measure: "customers", atLeast: "2" }, { title: "seller" }] }), snapshot: "order" },
  ],
});

const mail = (name: string): BuyerIdentity => ({ kind: "email", value: `${name}@example.com` });
const account = (value: string): BuyerIdentity => ({ kind: "customer", value });

const june: TestOrder[] = [
  // Two customers of C1 (Ann twice), 60 on subscription.
  { id: "o1", at: "2026-06-03", by: "C1", minor: 100_00, buyer: [mail("ann")] },
  { id: "o2", at: "2026-06-04", by: "C1", minor: 60_00, buyer: [mail("bob")], subscription: true },
  { id: "o3", at: "2026-06-05", by: "C1", minor: 40_00, buyer: [mail("ann")] },
  // One customer of C2 by two mailboxes and one account.
  { id: "p1", at: "2026-06-06", by: "C2", minor: 50_00, buyer: [mail("eve"), account("7")] },
  { id: "p2", at: "2026-06-07", by: "C2", minor: 50_00, buyer: [mail("eva"), account("7")] },
  // C3's own 100 in the first ten days and 100 of a customer after them.
  { id: "q1", at: "2026-06-15", by: "C3", minor: 100_00, buyer: [{ kind: "distributor", value: "C3" }] },
  { id: "q2", at: "2026-06-25", by: "C3", minor: 100_00, buyer: [mail("dan")] },
  { id: "t1", at: "2026-06-20", by: "TOP", minor: 300_00, buyer: [mail("tom")] },
];

const july: TestOrder[] = [
  { id: "o4", at: "2026-07-03", by: "C1", minor: 120_00, buyer: [mail("ann")], subscription: true },
  { id: "o5", at: "2026-07-04", by: "C1", minor: 80_00, buyer: [mail("cy")] },
  { id: "r1", at: "2026-07-05", by: "C3", minor: 50_00 },
  { id: "t2", at: "2026-07-06", by: "TOP", minor: 250_00, pieces: 3 },
];

/**
 * Of 200 of C1's 10 and 6 % (two customers, both new) and 4 % (three pieces); of 100 of C2's 9 %; of 100 of C3's customer 2 %
 * (100 in ten days); 0.1 % of each with three recruits. What C3 bought pays TOP.
 */
const AFTER_JUNE = {
  "customers C1": 20_00,
  "new C1": 12_00,
  "pieces C1": 8_00,
  "canada C2": 9_00,
  "first-days C3": 2_00,
  "recruits C3": 10,
  "recruits C1": 20,
  "recruits C2": 10,
  // Of 300 of TOP's and C3's 100: 5 % of two months, 8 % of an order of 150, 1 % of three who have three, 0.1 % of C3.
  "two-months TOP": 20_00,
  "large TOP": 32_00,
  "three TOP": 4_00,
  "recruits TOP": 40,
};

/** What July adds: 200 of C1's, 50 of C3's, 250 of TOP's. */
const JULY = {
  // Ann and Cy; 120 on subscription; 200 and 200 in two months. Cy alone is new.
  "customers C1": 20_00,
  "autoship C1": 14_00,
  "two-months C1": 10_00,
  "first-days C3": 1_00,
  // 550 in two months and ever; three pieces in one order of 250.
  "two-months TOP": 12_50,
  "lifetime TOP": 7_50,
  "pieces TOP": 10_00,
  "large TOP": 20_00,
  "three TOP": 2_50,
};

function plus(...all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const amounts of all) for (const [key, amount] of Object.entries(amounts)) sum[key] = (sum[key] ?? 0) + amount;
  return Object.fromEntries(Object.entries(sum).filter(([, amount]) => amount !== 0));
}

async function twoMonths(
  ofJuly: readonly TestOrder[],
): Promise<{ company: PeriodCompany; months: Period[]; afterJune: unknown }> {
  const company = await setUpPeriodCompany(hub, { plan, network: people });
  await sendOrders(hub, company, june);
  const first = await openMonth(hub, company, "2026-06");
  await closeMonth(hub, company, first);
  const afterJune = await closeLedger(hub, company);
  await sendOrders(hub, company, ofJuly);
  const second = await openMonth(hub, company, "2026-07");
  await closeMonth(hub, company, second);
  return { company, months: [first, second], afterJune };
}

async function rerun(company: PeriodCompany, period: Period, cause: "rerun" | "refund"): Promise<number> {
  const of = { companyId: company.companyId, periodNo: period.periodNo };
  await supersedeClose(hub, { ...of, actor: "ann", person: "ann", cause });
  return (await commitClose(hub, { ...of, actor: "bob", person: "bob" })).transfers;
}

test("customers, subscriptions, pieces, several periods, a lifetime, first days, countries and counts of counts pay to the cent", async () => {
  const { company, months, afterJune } = await twoMonths(july);
  const { companyId } = company;
  expect(afterJune).toStrictEqual(plus(AFTER_JUNE));
  const stands = plus(AFTER_JUNE, JULY);
  expect(await closeLedger(hub, company)).toStrictEqual(stands);
  for (const month of months) expect(await rerun(company, month, "rerun")).toBe(0);
  expect(await closeLedger(hub, company)).toStrictEqual(stands);
  // A third period: of 10 of TOP's 3 % (560 ever) and 1 % of three who have three; 260 in two months are too few.
  await sendOrders(hub, company, [{ id: "t3", at: "2026-08-06", by: "TOP", minor: 10_00 }]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-08"));
  expect(await closeLedger(hub, company)).toStrictEqual(plus(stands, { "lifetime TOP": 30, "three TOP": 10 }));
  expect(await auditCloses(hub, { companyId })).toStrictEqual({ periods: 3, changed: [], differences: [] });
});

test("an explanation says what is short", async () => {
  const { company, months } = await twoMonths(july);
  const [first] = months;
  const told = await explainPeriod(hub, { ...company, periodNo: (first as Period).periodNo, actor: "ann", distributorId: "C2" });
  const linesOf = (id: string) => told.bonuses.find(({ bonusId }) => bonusId === id)?.lines;
  expect(linesOf("customers")).toStrictEqual(["does not qualify: customers needs 2, had 1: 1 short"]);
  expect(linesOf("autoship")).toStrictEqual(["does not qualify: autoship needs 100, had 0: 100 short"]);
  expect(linesOf("three")).toStrictEqual(["does not qualify: three-below needs 3, had 0: 3 short"]);
});

test("bonuses at the order's time go by the title and the measures of the last close, and nothing before it", async () => {
  const { company } = await twoMonths(july);
  // C1 had two customers and 200 PV in June: of July's 120 and 80. TOP had the title and one customer.
  expect(await orderLedger(company)).toStrictEqual(["at-once C1 o4: 120", "at-once C1 o5: 80"]);
  await sendOrders(hub, company, [
    { id: "a1", at: "2026-08-02", by: "C1", minor: 100_00 },
    // Before the first close there was nothing: no matter when it comes.
    { id: "a2", at: "2026-06-02", by: "C1", minor: 100_00 },
  ]);
  expect(await orderLedger(company)).toStrictEqual(["at-once C1 a1: 100", "at-once C1 o4: 120", "at-once C1 o5: 80"]);
});

function orderLedger({ companyId }: PeriodCompany): Promise<string[]> {
  return asCompany(hub.db, companyId, async (tx) => {
    const rows = await tx<{ line: string }[]>`
      select split_part(l.entry_key, ':', 1) || ' ' || l.distributor_id || ' ' || o.platform_order_id || ': ' || sum(l.amount_minor) as line
        from ledger l join orders o on o.company_id = l.company_id and o.order_no = l.source_no
       where l.source_kind = 1 group by l.entry_key, l.distributor_id, o.platform_order_id having sum(l.amount_minor) <> 0 order by 1`;
    return rows.map(({ line }) => line);
  });
}

test("a back-test of the plan comes to what its closes and orders really paid, and a draft may ask for more than it did", async () => {
  const { company } = await twoMonths(july);
  const { companyId } = company;
  const [row] = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ paid: number }[]>`select sum(amount_minor)::int as paid from ledger where distributor_id is not null`,
  );
  // Of two months: in July 4 % of C1's 200 (five pieces) and of C3's 50 (three) besides, and of TOP's 250 as before.
  const measures = { ...plan.measures, pieces: { what: "items" as const, over: { periods: 2 } } };
  const draft = { ...plan, version: 2, measures };
  const { test: tried } = await backTestPlan(hub, { companyId, draft });
  expect(tried.inForce.paidMinor).toBe(row?.paid);
  expect([tried.inForce.byBonus.pieces, tried.draft.byBonus.pieces]).toStrictEqual([18_00, 28_00]);
  expect(tried.draft.byBonus["at-once"]).toBe(2_00);
});

test("a buyer who is known by more after the close is no customer of the next period", async () => {
  const company = await setUpPeriodCompany(hub, { plan, network: people });
  const sold: TestOrder = { id: "s1", at: "2026-06-03", by: "C2", minor: 50_00, buyer: [mail("eve")] };
  await sendOrders(hub, company, [sold]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  await sendOrders(hub, company, [
    { ...sold, buyer: [mail("eve"), account("7")], changed: "2026-07-02" },
    { id: "s2", at: "2026-07-03", by: "C2", minor: 40_00, buyer: [mail("zoe")] },
  ]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-07"));
  // 9 % of 50 and of 40 because C2 lives in Canada, 0.1 % of June's 50; never 10 % for two customers.
  expect(await closeLedger(hub, company)).toStrictEqual({ "canada C2": 8_10, "recruits C2": 5 });
});

test("a country that is corrected after the close was proposed changes nothing of it", async () => {
  const { company, months } = await twoMonths(july);
  const row = {
    line: 2,
    distributorId: "C2",
    sponsorId: "TOP",
    status: "active",
    country: "US",
    enrolledAt: "2026-01-01T00:00:00Z",
  };
  await importDistributors(hub, { companyId: company.companyId, rows: [row], actor: "test" });
  expect(await auditCloses(hub, { companyId: company.companyId })).toStrictEqual({ periods: 2, changed: [], differences: [] });
  await rerun(company, months[0] as Period, "rerun");
  expect((await closeLedger(hub, company))["canada C2"]).toBeUndefined();
});

test("what is refunded after the close comes to the same as if it had been before", async () => {
  const returned = { ...(july[1] as TestOrder), refunded: 80_00, changed: "2026-08-03" };
  const { company, months } = await twoMonths(july);
  await sendOrders(hub, company, [returned]);
  await rerun(company, months[1] as Period, "refund");
  const stands = await closeLedger(hub, company);
  // Ann is left: 7 % and 5 % of 120.
  const taken = { "customers C1": -20_00, "autoship C1": -5_60, "two-months C1": -4_00 };
  expect(stands).toStrictEqual(plus(AFTER_JUNE, JULY, taken));
  const before = await twoMonths([july[0] as TestOrder, returned, ...july.slice(2)]);
  expect(await closeLedger(hub, before.company)).toStrictEqual(stands);
  expect(await auditCloses(hub, { companyId: company.companyId })).toStrictEqual({ periods: 2, changed: [], differences: [] });
});
