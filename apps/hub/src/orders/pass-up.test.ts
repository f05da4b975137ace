import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importSkus } from "../catalogue/import.ts";
import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { backTestPlan } from "../periods/backtest.ts";
import { closeMonth, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { processWork } from "./process.ts";
import { remapQuarantined } from "./remap.ts";

/** The first recruit of a sponsor is passed up: 10 % of net stay, 30 % go to the next upline. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const passUp = {
  ...{ id: "up", kind: "pass-up", snapshot: "order", base: "net", rates: { "*": "0.40" }, kept: { "*": "0.10" } },
  ...{ count: 1, cascades: false },
};
const planWith = (more: object): Plan => testPlan({ bonuses: [{ ...passUp, ...more }] as unknown as Plan["bonuses"] });
const NETWORK = [
  ["TOP", null],
  ["MID", "TOP"],
  ["FIRST", "MID"],
  ["SECOND", "MID"],
] as const;

async function paid({ companyId }: PeriodCompany): Promise<readonly unknown[]> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx`select order_id, distributor_id, amount_minor::int as amount from ledger order by order_id, distributor_id`,
  );
  return rows.map((row) => [row.order_id, row.distributor_id, row.amount]);
}

test("the hub counts recruits by the date of enrolment and passes up what the plan says", async () => {
  const company = await setUpPeriodCompany(hub, { plan: planWith({}), network: NETWORK });
  for (const by of ["SECOND", "FIRST"]) await sendOrders(hub, company, [{ id: by, at: "2026-06-03", by, minor: 100_00 }]);
  expect((await paid(company)).map((row) => (row as unknown[]).slice(1))).toStrictEqual([
    ["MID", 40_00],
    ["MID", 10_00],
    ["TOP", 30_00],
  ]);
});

const counting = planWith({ counts: "sales", per: "class", to: "company", count: 2 });

/** By order and earner, "-" being the company; nothing that stands at zero. */
async function stands({ companyId }: PeriodCompany): Promise<Record<string, number>> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ key: string; amount: number }[]>`
      select o.platform_order_id || ' ' || coalesce(l.distributor_id, '-') as key, sum(l.amount_minor)::int as amount
        from ledger l join orders o on o.company_id = l.company_id and o.order_no = l.source_no
       where l.source_kind = 1 group by 1 having sum(l.amount_minor) <> 0 order by 1`,
  );
  return Object.fromEntries(rows.map(({ key, amount }) => [key, amount]));
}

const kept = (id: string, by = "MID") => ({ [`${id} -`]: 30_00, [`${id} ${by}`]: 10_00 });
const sale = (id: string, at: string, by: string) => ({ id, at, by, minor: 100_00 });

test("a sponsor's first two sales are counted by the time of placing, whatever comes first, is void or another's later", async () => {
  const company = await setUpPeriodCompany(hub, { plan: counting, network: NETWORK });
  const s1 = sale("s1", "2026-06-03", "SECOND");
  await sendOrders(hub, company, [sale("s3", "2026-06-05", "FIRST")]);
  expect(await stands(company)).toStrictEqual(kept("s3"));
  await sendOrders(hub, company, [s1, sale("s4", "2026-06-06", "SECOND")]);
  await sendOrders(hub, company, [sale("s2", "2026-06-04", "FIRST")]);
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...kept("s2"), "s3 MID": 40_00, "s4 MID": 40_00 });
  await sendOrders(hub, company, [{ ...s1, void: true, changed: "2026-06-10" }]);
  expect(await stands(company)).toStrictEqual({ ...kept("s2"), ...kept("s3"), "s4 MID": 40_00 });
  // The shop gives the second one to MID, whose sponsor is TOP: TOP's first, and s4 is MID's second.
  await sendOrders(hub, company, [{ ...sale("s2", "2026-06-04", "FIRST"), byShop: "MID", changed: "2026-06-11" }]);
  expect(await stands(company)).toStrictEqual({ ...kept("s2", "TOP"), ...kept("s3"), ...kept("s4") });
  // Under a draft that passes up one alone s4 is MID's second: it is paid whole.
  const draft = { ...counting, version: 2, bonuses: [{ ...counting.bonuses[0], count: 1 }] as Plan["bonuses"] };
  const { test: tried } = await backTestPlan(hub, { companyId: company.companyId, draft });
  expect([tried.inForce.paidMinor, tried.draft.paidMinor]).toStrictEqual([30_00, 10_00 + 10_00 + 40_00]);
  const audit = await auditLedger(hub.pipeline, company.companyId);
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
});

test("what a closed period counted stays, and a late sale is counted where it was placed", async () => {
  const levels = { ...testPlan().bonuses[1], id: "stairs" } as Plan["bonuses"][number];
  const plan = { ...counting, bonuses: [...counting.bonuses, levels] };
  const company = await setUpPeriodCompany(hub, { plan, network: NETWORK });
  await sendOrders(hub, company, [sale("s1", "2026-06-03", "FIRST"), sale("s2", "2026-06-04", "FIRST")]);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  await sendOrders(hub, company, [sale("s0", "2026-06-01", "SECOND"), sale("s3", "2026-07-01", "SECOND")]);
  expect(await stands(company)).toStrictEqual({ ...kept("s0"), ...kept("s1"), ...kept("s2"), "s3 MID": 40_00 });
});

test("two sales at once are not both the first", async () => {
  const company = await setUpPeriodCompany(hub, {
    plan: { ...counting, bonuses: [{ ...counting.bonuses[0], count: 1 }] as Plan["bonuses"] },
    network: NETWORK,
  });
  const at = (n: number) => sale(`s${n}`, `2026-06-0${n}`, n % 2 === 0 ? "FIRST" : "SECOND");
  await Promise.all([1, 2, 3, 4, 5].map((n) => retryPassing(() => sendOrders(hub, company, [at(n)]))));
  const rest = Object.fromEntries([2, 3, 4, 5].map((n) => [`s${n} MID`, 40_00]));
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...rest });
});

const closedJune = async (...orders: Parameters<typeof sendOrders>[2][number][]) => {
  const company = await setUpPeriodCompany(hub, { plan: counting, network: NETWORK });
  await sendOrders(hub, company, orders);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  return company;
};

/** As somebody of the company decides. */
async function give({ companyId, storeId }: PeriodCompany, platformOrderId: string, reattributeTo: string): Promise<void> {
  const work = { storeId, platformOrderId, reads: [], cause: "reattribution" as const, reattributeTo };
  await hub.pipeline.directories.ready(companyId);
  await asCompany(hub.db, companyId, (tx) => processWork(hub.pipeline, tx, { companyId, works: [work] }));
}

test("an order that nobody sold is counted as a sale when it gets an owner, though its period is closed", async () => {
  const n1 = { ...sale("n1", "2026-06-02", "SECOND"), byShop: null };
  const n2 = { ...sale("n2", "2026-06-07", "SECOND"), byShop: null };
  const company = await closedJune(n1, sale("s1", "2026-06-03", "FIRST"), sale("s2", "2026-06-04", "SECOND"), n2);
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...kept("s2") });
  // Placed first and third of MID's; what June counted of the two others stays.
  for (const id of ["n1", "n2"]) await give(company, id, "FIRST");
  expect(await stands(company)).toStrictEqual({ ...kept("n1"), ...kept("s1"), ...kept("s2"), "n2 MID": 40_00 });
});

test("an order that changes hands in a closed period is counted among the new sponsor's sales", async () => {
  const [s1, s2] = [sale("s1", "2026-06-03", "FIRST"), sale("s2", "2026-06-04", "SECOND")];
  const company = await closedJune(s1, s2, sale("s3", "2026-06-05", "FIRST"));
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...kept("s2"), "s3 MID": 40_00 });
  // MID's third, and TOP's first.
  await give(company, "s3", "MID");
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...kept("s2"), ...kept("s3", "TOP") });
});

test("a product that is mapped when the period of its orders is closed is counted, and holds up no other", async () => {
  const company = await closedJune(
    sale("s1", "2026-06-03", "FIRST"),
    { ...sale("q1", "2026-06-04", "SECOND"), sku: "MATE" },
    { ...sale("q2", "2026-06-05", "FIRST"), sku: "MATE" },
  );
  expect(await stands(company)).toStrictEqual(kept("s1"));
  const { companyId } = company;
  const named = { skuId: "MATE", platform: "woocommerce", platformSku: "MATE", name: "Mate", commissionClass: "products" };
  const mate = { line: 2, ...named, pv: "100%", qv: "100%", cv: "100%" };
  expect((await importSkus(hub, { companyId, rows: [mate], actor: "test" })).errors).toStrictEqual([]);
  expect(await remapQuarantined(hub.pipeline, companyId)).toStrictEqual({ orders: 2 });
  expect(await stands(company)).toStrictEqual({ ...kept("s1"), ...kept("q1"), "q2 MID": 40_00 });
  const audit = await auditLedger(hub.pipeline, companyId);
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
});
