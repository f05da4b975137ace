import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { closeLedger, closeMonth, openMonth, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** 300 sold in May and returned in June, 80 sold in July: one level of 10 % to whoever sold them. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const LEVELS: Plan["bonuses"][number] = {
  id: "levels",
  kind: "unilevel",
  snapshot: "close",
  base: "cv",
  rates: { "*": ["0.10"] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
};

async function threeMonths(negativeVolume?: Plan["negativeVolume"]) {
  const plan = testPlan({ bonuses: [LEVELS], ...(negativeVolume === undefined ? {} : { negativeVolume }) });
  const company = await setUpPeriodCompany(hub, { plan });
  const may = { id: "m1", at: "2026-05-10", by: "B1", minor: 300_00 };
  await sendOrders(hub, company, [may, { id: "m2", at: "2026-05-10", by: "A5", minor: 150_00 }]);
  const stood: number[] = [];
  const close = async (month: string) => {
    await closeMonth(hub, company, await openMonth(hub, company, month));
    stood.push((await closeLedger(hub, company))["levels B1"] ?? 0);
  };
  await close("2026-05");
  await sendOrders(hub, company, [{ ...may, refunded: 300_00, changed: "2026-06-05" }]);
  await close("2026-06");
  await sendOrders(hub, company, [{ id: "j1", at: "2026-07-10", by: "B1", minor: 180_00 }]);
  await close("2026-07");
  const carried = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select run_no, amount::text as amount from run_carry where kind = 'deficit' order by run_no`,
  );
  return { stood, deficits: carried.map((row) => row.amount) };
}

test("returned goods are owed back where the plan says nothing, though their seller sold nothing else", async () => {
  expect(await threeMonths()).toStrictEqual({ stood: [30_00, 0, 18_00], deficits: [] });
});

test("returned goods wait in the run's carry and are taken off later sales", async () => {
  expect(await threeMonths("carry")).toStrictEqual({ stood: [30_00, 30_00, 30_00], deficits: ["3000000", "1200000"] });
});

test("returned goods stay paid only where the plan forgives them", async () => {
  expect(await threeMonths("forgive")).toStrictEqual({ stood: [30_00, 30_00, 48_00], deficits: [] });
});
