import type { Plan } from "@upline/core";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { closeMonth, JUNE, openMonth, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { explainPeriod } from "./explain.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** Bronze is paid on one level, silver on two, gold on three; whoever is not active is passed over. */
const LEVELS: Plan["bonuses"][number] = {
  id: "depth",
  kind: "unilevel",
  snapshot: "close",
  base: "cv",
  rates: { bronze: ["0.10"], silver: ["0.10", "0.05"], gold: ["0.10", "0.05", "0.03"] },
  levelOne: "sponsor",
  compression: "standard",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "company",
};

/** A3 has 80 PV in place of 200: 20 short of being active. */
const SHORT = JUNE.map((order) => (order.by === "A3" ? { ...order, minor: 80_00 } : order));

test("says what was paid and what was not, with what is short, before and after the close alike", async () => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan({ bonuses: [LEVELS] }) });
  await sendOrders(hub, company, SHORT);
  const period = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo: period.periodNo, actor: "ann" };
  const open = await explainPeriod(hub, { ...act, distributorId: "A3" });
  expect(open.runNo).toBe(null);
  await closeMonth(hub, company, period);
  const closed = await explainPeriod(hub, { ...act, distributorId: "A3" });
  assert.ok(closed.runNo !== null);
  expect({ ...closed, runNo: null }).toStrictEqual(open);
  expect(closed.activity).toBe("not active: 100 PV needed, had 80");
  const lines = closed.notPaid.find((unpaid) => unpaid.bonusId === "depth")?.lines ?? [];
  expect(lines[0]).toBe("not active: needs 100 PV, had 80: 20 PV short");
  const short = { kind: "pv-short", facts: { needed: "100", had: "80", short: "20" } };
  expect(closed.notPaid.find((unpaid) => unpaid.bonusId === "depth")?.reasons?.[0]).toStrictEqual(short);
  expect(closed.reasons?.activity).toStrictEqual({ kind: "pv-needed", facts: { needed: "100", had: "80" } });
  assert.ok(
    lines.includes("A5: level 1: being active needs 100 PV, had 80: 20 PV short; skipped, the level goes to the next"),
    lines.join("\n"),
  );
});

test("a level that a higher rank would have names the rank and what is short of it", async () => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan({ bonuses: [LEVELS] }) });
  await sendOrders(hub, company, SHORT);
  const period = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo: period.periodNo, actor: "ann" };
  // A2 has 250 PV and 663.33 GV: silver, 36.67 short of gold and so of level 3.
  const { notPaid, bonuses, rank } = await explainPeriod(hub, { ...act, distributorId: "A2" });
  expect(rank).toMatch(/^paid as Silver/);
  expect(notPaid[0]?.lines).toStrictEqual(["level 3 is paid from Gold: group volume: needs 700, had 663.33: 36.67 short"]);
  // A4 and A3 are passed over: A5's 333.33 and A3's 80.00 are both level 1 for A2.
  expect(bonuses[0]?.lines).toStrictEqual(["level 1 on A3: 8.00 USD", "level 1 on A5: 33.33 USD"]);
  const followed = await explainPeriod(hub, { ...act, distributorId: "A1", from: "A5" });
  assert.ok(
    followed.notPaid[0]?.lines.some((line) => line === "A5: level 2: Gold earns 5% of 333.33 = 16.67 USD"),
    followed.notPaid[0]?.lines.join("\n"),
  );
});

test("a bonus of one market is explained on that market's volume", async () => {
  const german: Plan["bonuses"][number] = { ...LEVELS, id: "german", appliesTo: { markets: ["DE"] } };
  const company = await setUpPeriodCompany(hub, {
    plan: testPlan({ bonuses: [german] }),
    network: [
      ["A1", null],
      ["A2", "A1", "active", "DE"],
      ["A3", "A1", "active", "AT"],
    ],
  });
  await sendOrders(hub, company, [
    { id: "1", at: "2026-06-02", by: "A1", minor: 150_00 },
    { id: "2", at: "2026-06-02", by: "A2", minor: 200_00 },
    { id: "3", at: "2026-06-02", by: "A3", minor: 300_00 },
  ]);
  const period = await openMonth(hub, company, "2026-06");
  const { notPaid } = await explainPeriod(hub, {
    companyId: company.companyId,
    periodNo: period.periodNo,
    actor: "ann",
    distributorId: "A1",
    from: "A2",
  });
  expect(notPaid.find(({ bonusId }) => bonusId === "german")?.lines.at(-1)).toBe(
    "A2: level 1: Silver earns 10% of 200.00 = 20.00 USD",
  );
});
