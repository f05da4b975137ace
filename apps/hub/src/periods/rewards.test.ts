import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { closeLedger, closeMonth, openMonth, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** What a reward has to remember lies between two closes in the database: how often it was paid, which part is next. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const CAR: Plan["bonuses"][number] = {
  id: "car",
  kind: "reward",
  snapshot: "close",
  for: { kind: "each-period", when: { rank: "bronze" }, atMostTimes: 2 },
  amounts: { "*": "375.00" },
};
const SUSTAINED: Plan["bonuses"][number] = {
  id: "sustained",
  kind: "reward",
  snapshot: "close",
  for: { kind: "first-time", when: { rank: "bronze" }, inParts: { after: [2, 3, 4], gap: "restart-unpaid" } },
  amounts: { bronze: "100.00" },
};

test("a car is paid twice at most, and instalments go on where the gap lets them, close after close", async () => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan({ bonuses: [CAR, SUSTAINED] }) });
  const stood: [number, number][] = [];
  for (const [month, sold] of [150, 150, 90, 150, 150, 150, 150].entries()) {
    const name = `2026-0${month + 1}`;
    await sendOrders(hub, company, [{ id: name, at: `${name}-10`, by: "B1", minor: sold * 100 }]);
    await closeMonth(hub, company, await openMonth(hub, company, name));
    const ledger = await closeLedger(hub, company);
    stood.push([ledger["car B1"] ?? 0, ledger["sustained B1"] ?? 0]);
  }
  // In February the second month in a row is over: a third of 100.00, cut down. March is a gap: counted anew from April, so that
  // the second part comes in June, after three months, and the third in July, after four.
  expect(stood).toStrictEqual([
    [375_00, 0],
    [750_00, 33_33],
    [750_00, 33_33],
    [750_00, 33_33],
    [750_00, 33_33],
    [750_00, 66_66],
    [750_00, 100_00],
  ]);
  const kept = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select count(*)::int as rows from run_carry where kind = 'reward'`,
  );
  expect(Number(kept[0]?.rows)).toBeGreaterThan(0);
});
