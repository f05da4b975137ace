import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { publishPlan } from "../plans/publish.ts";
import { type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

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

test("a plan that counts sales is refused with the field: nobody tells an order which sale it is", async () => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan() });
  const document = { ...planWith({ counts: "sales" }), version: 2 };
  const publish = publishPlan(hub, {
    companyId: company.companyId,
    document,
    effectiveFrom: new Date("2027-01-01T00:00:00Z"),
    actor: "test",
  });
  await expect(publish).rejects.toMatchObject({ fields: [{ path: "bonuses[0].counts" }] });
});
