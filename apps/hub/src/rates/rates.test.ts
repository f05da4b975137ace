import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { auditLedger } from "../orders/audit.ts";
import { remapQuarantined } from "../orders/remap.ts";
import { backTestPlan } from "../periods/backtest.ts";
import { closeMonth, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { setRate } from "./set.ts";

/** 15 % of net to the owner when an order comes, 10 % at the close, in US dollars at the rates of the table. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const plan = testPlan({
  currency: { plan: "USD", orders: { mode: "dated" }, rounds: "each-step" },
  bonuses: [
    {
      ...{ id: "fee", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.15" } } },
      ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
    },
    {
      ...{ id: "own", kind: "unilevel", snapshot: "close", base: "net", rates: { "*": ["0.10"] }, levelOne: "owner" },
      ...{ compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
    },
  ] as Plan["bonuses"],
});

interface Stands {
  readonly bonusId: string;
  readonly currency: string;
  readonly amount: number;
}

async function stands({ companyId }: PeriodCompany): Promise<readonly string[]> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<Stands[]>`
      select bonus_id as "bonusId", currency, sum(case when kind = 'commission' then amount else -amount end)::int as amount
        from transfers where company_id = ${companyId} group by bonus_id, currency order by bonus_id, currency`,
  );
  return rows.map(({ bonusId, currency, amount }) => `${bonusId} ${amount} ${currency}`);
}

async function waiting({ companyId }: PeriodCompany): Promise<readonly unknown[]> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx`select currency, rate_to, net_minor::int as net from quarantine where company_id = ${companyId}`,
  );
  return rows.map((row) => [row.currency, row.rate_to, row.net]);
}

const rate = ({ companyId }: PeriodCompany, text: string, day: string) =>
  setRate(hub, { companyId, from: "EUR", to: "USD", rate: text, validFrom: new Date(day), actor: "ann" });
const euros = { id: "e1", at: "2026-06-10", by: "A5", minor: 24_00, currency: "EUR" };

test("an order without a rate waits and is listed, and is computed by the rate of its day once that is set", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  await sendOrders(hub, company, [euros, { id: "d1", at: "2026-06-11", by: "A5", minor: 100_00 }]);
  expect(await stands(company)).toStrictEqual(["fee 1500 USD"]);
  expect(await waiting(company)).toStrictEqual([["EUR", "USD", 24_00]]);
  await rate(company, "1.3", "2026-07-01");
  expect(await remapQuarantined(hub.pipeline, company.companyId)).toStrictEqual({ orders: 0 });
  await rate(company, "1.27151", "2026-06-01");
  expect(await remapQuarantined(hub.pipeline, company.companyId)).toStrictEqual({ orders: 1 });
  // 24.00 EUR are 30.52 USD, 15 % of it 4.58.
  expect(await stands(company)).toStrictEqual(["fee 1958 USD"]);
  expect(await waiting(company)).toStrictEqual([]);
});

test("an order keeps the rate it was locked to, whatever is set later: edits, refunds and the audit compute by it", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  await rate(company, "1.27151", "2026-06-01");
  await sendOrders(hub, company, [euros]);
  await rate(company, "1.5", "2026-06-01");
  await sendOrders(hub, company, [{ ...euros, minor: 48_00, changed: "2026-06-12" }]);
  // 48.00 EUR are 61.03 USD by the old rate, 15 % of it 9.15.
  expect(await stands(company)).toStrictEqual(["fee 915 USD"]);
  await sendOrders(hub, company, [{ ...euros, minor: 48_00, refunded: 48_00, changed: "2026-06-13" }]);
  expect(await stands(company)).toStrictEqual(["fee 0 USD"]);
  await sendOrders(hub, company, [{ ...euros, id: "e2" }]);
  expect(await stands(company)).toStrictEqual(["fee 540 USD"]);
  const audit = await auditLedger(hub.pipeline, company.companyId);
  expect(audit.differences).toStrictEqual([]);
});

test("a close over orders in several currencies is in the plan's", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  await rate(company, "1.27151", "2026-06-01");
  await sendOrders(hub, company, [euros, { id: "d1", at: "2026-06-11", by: "A5", minor: 100_00 }]);
  const june = await openMonth(hub, company, "2026-06");
  expect(june.currency).toBe("USD");
  await closeMonth(hub, company, june);
  // 10 % of 100.00 and 30.52 together: 13.052.
  expect(await stands(company)).toStrictEqual(["fee 1958 USD", "own 1305 USD"]);
});

test("what is no rate is refused with the field", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  await expect(rate(company, "0", "2026-06-01")).rejects.toMatchObject({ fields: [{ path: "rate" }] });
  const odd = { companyId: company.companyId, from: "EUR", rate: "1", validFrom: new Date("2026-06-01"), actor: "ann" };
  await expect(setRate(hub, { ...odd, to: "ZZZ" })).rejects.toMatchObject({ fields: [{ path: "to" }] });
  await expect(setRate(hub, { ...odd, to: "EUR" })).rejects.toMatchObject({ fields: [{ path: "to" }] });
});

test("a back-test converts past orders by the rates of their days, says which have none, and compares one currency", async () => {
  const company = await setUpPeriodCompany(hub, { plan });
  const { companyId } = company;
  await rate(company, "1.27151", "2026-06-01");
  await sendOrders(hub, company, [
    euros,
    { id: "d1", at: "2026-06-11", by: "A5", minor: 100_00 },
    { id: "e0", at: "2026-05-30", by: "A5", minor: 10_00, currency: "EUR" },
  ]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  // A draft that pegs the euro at 2: 15 % of 20.00, 48.00 and 100.00, and 10 % of June's; in May 20 PV are too few.
  const orders = { mode: "pegged" as const, rates: { EUR: "2" } };
  const draft: Plan = { ...plan, version: 2, currency: { plan: "USD", orders, rounds: "each-step" } };
  const { test: tried, warnings } = await backTestPlan(hub, { companyId, draft });
  // 30.52 and 100.00: 4.58 and 15.00 at once; 10 % of 130.52.
  expect([tried.currency, tried.inForce.byBonus, tried.draft.byBonus]).toStrictEqual([
    "USD",
    { fee: 19_58, own: 13_05 },
    { fee: 3_00 + 7_20 + 15_00, own: 14_80 },
  ]);
  expect(warnings).toStrictEqual(["1 orders have no rate into USD under the plan in force: they earn nothing here."]);
  const yen: Plan = { ...plan, version: 2, currency: { plan: "JPY", orders: { mode: "dated" }, rounds: "each-step" } };
  await expect(backTestPlan(hub, { companyId, draft: yen })).rejects.toThrow(
    "The plan in force comes to USD and the draft to JPY: try a draft whose currency is USD.",
  );
});
