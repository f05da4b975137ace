import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { closeMonth, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { commitClose, supersedeClose } from "./close.ts";

/** 10 % and 20 % of net to the owner when the order comes; the second at most 200.00 less what the first paid. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const bonus = (id: string, rate: string): Plan["bonuses"][number] => ({
  ...{ id, kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": rate } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
});
const plan = testPlan({
  bonuses: [bonus("base", "0.10"), bonus("generational", "0.20")],
  refundAfterClose: "reverse-delta",
  caps: [
    {
      ...{ kind: "running-total", bonuses: ["base", "generational"], counts: "before-it" },
      atMost: { base: { "*": "5000.00" }, generational: { "*": "200.00" } },
    },
  ],
});

/** What everyone has of a bonus in the ledger, from orders and closes together. */
async function stands({ companyId }: PeriodCompany): Promise<Record<string, number>> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ bonusId: string; distributorNo: number; amount: number }[]>`
      select bonus_id as "bonusId", distributor_no as "distributorNo",
             sum(case when kind = 'commission' then amount else -amount end)::int as amount
        from transfers where company_id = ${companyId} group by bonus_id, distributor_no order by bonus_id`,
  );
  return Object.fromEntries(rows.map(({ bonusId, amount }) => [bonusId, amount]));
}

async function rerun({ companyId }: PeriodCompany, periodNo: number) {
  await supersedeClose(hub, { companyId, periodNo, actor: "ann", person: "ann", cause: "refund" });
  return commitClose(hub, { companyId, periodNo, actor: "bob", person: "bob" });
}

test("the close takes back what order-time bonuses paid above their caps, and a run after a refund computes it anew", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  const order = { id: "s1", at: "2026-06-10", by: "A5", minor: 5_000_00 };
  await sendOrders(hub, company, [order]);
  const june = await openMonth(hub, company, "2026-06");
  await openMonth(hub, company, "2026-07");
  expect(await stands(company)).toStrictEqual({ base: 500_00, generational: 1_000_00 });
  await closeMonth(hub, company, june);
  expect(await stands(company)).toStrictEqual({ base: 500_00, generational: 0 });
  // 1,000.00 of 5,000.00 are left: 100.00 and 200.00 are earned, and the second keeps 200.00 less 100.00.
  await sendOrders(hub, company, [{ ...order, refunded: 4_000_00, changed: "2026-07-05" }]);
  expect(await stands(company)).toStrictEqual({ base: 100_00, generational: -800_00 });
  await rerun(company, june.periodNo);
  expect(await stands(company)).toStrictEqual({ base: 100_00, generational: 100_00 });
  await sendOrders(hub, company, [{ ...order, refunded: 5_000_00, changed: "2026-07-06" }]);
  await rerun(company, june.periodNo);
  expect(await stands(company)).toStrictEqual({ base: 0, generational: 0 });
});

test("the order in which orders arrive does not matter", async () => {
  const orders = [
    { id: "a", at: "2026-06-10", by: "A5", minor: 700_00 },
    { id: "b", at: "2026-06-02", by: "A5", minor: 300_00 },
    { id: "c", at: "2026-06-02", by: "A5", minor: 150_00 },
  ];
  const found = [];
  for (const listed of [orders, [...orders].reverse()]) {
    const company = await setUpPeriodCompany(hub, { plan });
    for (const order of listed) await sendOrders(hub, company, [order]);
    const june = await openMonth(hub, company, "2026-06");
    await closeMonth(hub, company, june);
    found.push(await stands(company));
  }
  expect(found).toStrictEqual([
    { base: 115_00, generational: 85_00 },
    { base: 115_00, generational: 85_00 },
  ]);
});
