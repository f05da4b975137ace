import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import {
  closeLedger,
  closeMonth,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  type TestOrder,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditCloses } from "./audit.ts";
import { backTestPlan } from "./backtest.ts";
import { commitClose, supersedeClose } from "./close.ts";
import { explainPeriod } from "./explain.ts";
import type { Period } from "./queries.ts";

/** Closes on what other bonuses left of net, on the shop's prices, and on orders of subscriptions alone. S sells below T. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const levels = {
  ...{ kind: "unilevel", snapshot: "close", levelOne: "sponsor", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
};
const profit = {
  ...{ id: "profit", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.25" } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
};
const plan = (more: object = {}): Plan =>
  testPlan({
    active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
    refundAfterClose: "reverse-delta",
    ranks: [],
    bonuses: [
      profit,
      { ...levels, id: "left", base: { of: "net", less: ["profit"] }, rates: { "*": ["0.10"] } },
      { ...levels, id: "shelf", base: { of: "retail" }, rates: { "*": ["0.02"] } },
      { ...levels, id: "auto", base: "cv", rates: { "*": ["0.05"] }, appliesTo: { orders: "subscription" } },
      { ...levels, id: "once", base: "cv", rates: { "*": ["0.01"] }, appliesTo: { orders: "others" } },
      {
        ...levels,
        id: "at-once",
        snapshot: "order",
        base: "cv",
        rates: { "*": ["0.03"] },
        appliesTo: { orders: "subscription" },
      },
    ] as unknown as Plan["bonuses"],
    ...more,
  });
const NETWORK = [
  ["T", null],
  ["S", "T"],
] as const;

const o1: TestOrder = { id: "1", at: "2026-06-03", by: "S", minor: 100_00, discount: 20_00 };
const o2: TestOrder = { id: "2", at: "2026-06-04", by: "S", minor: 33_33, subscription: true };

/**
 * S has 25.00 and 8.33 of profit. T: 10 % of 75.00 and 25.00; 2 % of 120.00 and 33.33 are 3.0666; 5 % of 33.33 is 1.6665;
 * 1 % of 100.
 */
const JUNE = { "left T": 10_00, "shelf T": 3_07, "auto T": 1_67, "once T": 1_00 };

async function june(orders: readonly TestOrder[]): Promise<{ company: PeriodCompany; period: Period }> {
  const company = await setUpPeriodCompany(hub, { plan: plan(), network: NETWORK });
  await sendOrders(hub, company, orders);
  const period = await openMonth(hub, company, "2026-06");
  await closeMonth(hub, company, period);
  return { company, period };
}

async function again({ companyId }: PeriodCompany, { periodNo }: Period, cause: "rerun" | "refund"): Promise<number> {
  await supersedeClose(hub, { companyId, periodNo, actor: "ann", person: "ann", cause });
  return (await commitClose(hub, { companyId, periodNo, actor: "bob", person: "bob" })).transfers;
}

const paidAtOnce = ({ companyId }: PeriodCompany): Promise<Record<string, number>> =>
  asCompany(hub.db, companyId, async (tx) => {
    const rows = await tx<{ key: string; amount: number }[]>`
      select split_part(entry_key, ':', 1) || ' ' || distributor_id as key, sum(amount_minor)::float8 as amount
        from ledger where source_kind = 1 group by 1 order by 1`;
    return Object.fromEntries(rows.map(({ key, amount }) => [key, amount]));
  });

test("a close pays on what orders left, on retail prices, and on subscriptions, to the cent", async () => {
  const { company, period } = await june([o1, o2]);
  expect(await paidAtOnce(company)).toStrictEqual({ "at-once T": 1_00, "profit S": 33_33 });
  expect(await closeLedger(hub, company)).toStrictEqual(JUNE);
  expect(await again(company, period, "rerun")).toBe(0);
  expect(await auditCloses(hub, { companyId: company.companyId })).toStrictEqual({ periods: 1, changed: [], differences: [] });
  const told = await explainPeriod(hub, { ...company, periodNo: period.periodNo, actor: "ann", distributorId: "T" });
  expect(told.bonuses.map(({ bonusId, amount }) => [bonusId, amount])).toStrictEqual([
    ["left", "10.00 USD"],
    ["shelf", "3.07 USD"],
    ["auto", "1.67 USD"],
    ["once", "1.00 USD"],
  ]);
});

test("what comes back takes its deduction and its shelf price back, as if it had before the close", async () => {
  const returned: TestOrder = { ...o1, refunded: 40_00, changed: "2026-07-02" };
  const { company, period } = await june([o1, o2]);
  await sendOrders(hub, company, [returned]);
  await again(company, period, "refund");
  // 60 less 15.00, and 25.00; 72.00 and 33.33 on the shelf are 2.1066; 1 % of 60.
  const stands = { "left T": 7_00, "shelf T": 2_11, "auto T": 1_67, "once T": 60 };
  expect(await closeLedger(hub, company)).toStrictEqual(stands);
  // 15.00 and 8.33 of profit, and 3 % of 33.33 at once, are what the orders paid.
  const draft = { ...plan(), version: 2 };
  const { test: tried } = await backTestPlan(hub, { companyId: company.companyId, draft });
  const paid = { left: 7_00, shelf: 2_11, auto: 1_67, once: 60, profit: 23_33, "at-once": 1_00 };
  expect([tried.inForce.byBonus, tried.draft.byBonus]).toStrictEqual([paid, paid]);
  const before = await june([returned, o2]);
  expect(await closeLedger(hub, before.company)).toStrictEqual(stands);
  expect(await auditCloses(hub, { companyId: company.companyId })).toStrictEqual({ periods: 1, changed: [], differences: [] });
});

test("what comes late or back in a later period counts there with its deduction", async () => {
  const network = NETWORK;
  const company = await setUpPeriodCompany(hub, { plan: plan({ refundAfterClose: "volume-only-next-period" }), network });
  await sendOrders(hub, company, [o1]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  expect(await closeLedger(hub, company)).toStrictEqual({ "left T": 7_50, "shelf T": 2_40, "once T": 1_00 });
  await sendOrders(hub, company, [o2, { ...o1, refunded: 100_00, changed: "2026-07-02" }]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-07"));
  // July: 10 % of 25.00 less 75.00, 2 % of 33.33 less 120.00 and 1 % of 100 are charged, all of it paid in June.
  expect(await closeLedger(hub, company)).toStrictEqual({ "left T": 2_50, "shelf T": 67, "auto T": 1_67 });
});
