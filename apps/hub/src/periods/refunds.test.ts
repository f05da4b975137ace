import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import {
  closeLedger,
  closeMonth,
  JUNE,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { closePeriod, commitClose, previewClose, supersedeClose } from "./close.ts";
import { adjustVolume, directRank } from "./directives.ts";
import { periodsWithShadow } from "./volume-queries.ts";

/** The figures of June are worked out in `close.test.ts`. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const J1 = JUNE[0] as (typeof JUNE)[number];

/** June closed, July open with 490.00 of A5. */
async function juneClosed(refundAfterClose?: Plan["refundAfterClose"]) {
  const company = await setUpPeriodCompany(hub, { plan: testPlan(refundAfterClose === undefined ? {} : { refundAfterClose }) });
  await sendOrders(hub, company, [...JUNE, { id: "y1", at: "2026-07-02", by: "A5", minor: 490_00 }]);
  const june = await openMonth(hub, company, "2026-06");
  const july = await openMonth(hub, company, "2026-07");
  await closeMonth(hub, company, june);
  return { company, june, july };
}

const refundJ1 = (company: PeriodCompany, refunded: number, changed: string) =>
  sendOrders(hub, company, [{ ...J1, refunded, changed }]);

async function rerun(company: PeriodCompany, periodNo: number, cause: "rerun" | "refund") {
  const act = { companyId: company.companyId, periodNo };
  await supersedeClose(hub, { ...act, actor: "ann", person: "ann", cause });
  return commitClose(hub, { ...act, actor: "bob", person: "bob" });
}

async function postedBy(company: PeriodCompany, runNo: bigint) {
  const rows = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select distributor_id, kind, amount_minor::int as amount from ledger
                where source_kind = 2 and source_no = ${runNo} order by distributor_id`,
  );
  return rows.map((row) => [row.distributor_id, row.kind, row.amount]);
}

test("volume-only-next-period: the closed period stands, the next one has less volume", async () => {
  const { company, july } = await juneClosed();
  const before = await closeLedger(hub, company);
  await refundJ1(company, 333_33, "2026-07-05");
  await closeMonth(hub, company, july);
  const after = await closeLedger(hub, company);
  // 490.00 − 333.33 = 156.67 at 5 %.
  expect((after["stairs A5"] as number) - (before["stairs A5"] as number)).toBe(7_83);
  expect({ ...after, "stairs A5": 0 }).toStrictEqual({ ...before, "stairs A5": 0 });
});

test("write-off: neither the closed period nor the next one changes", async () => {
  const { company, july } = await juneClosed("write-off");
  await refundJ1(company, 333_33, "2026-07-05");
  await closeMonth(hub, company, july);
  expect((await closeLedger(hub, company))["stairs A5"]).toBe(16_67 + 24_50);
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select kind, period_no, pv::text as pv from volume_entries where kind = 'written-off'`,
  );
  expect([row?.period_no, row?.pv]).toStrictEqual([null, "-3333300"]);
});

test("reverse-delta: a shadow run takes back what the refund paid, and nothing else", async () => {
  const { company, june, july } = await juneClosed("reverse-delta");
  await refundJ1(company, 333_33, "2026-07-05");
  await previewClose(hub, { companyId: company.companyId, periodNo: july.periodNo, actor: "ann" });
  const done = await rerun(company, june.periodNo, "refund");
  expect(await postedBy(company, done.run.runNo)).toStrictEqual([
    ["A2", "clawback", -16_67],
    ["A3", "clawback", -16_66],
    ["A5", "clawback", -16_67],
  ]);
  // Ranks that were paid stand: A2 is still paid as gold, though its group volume is below 700 now.
  expect(await closeLedger(hub, company)).toStrictEqual({
    "stairs A1": 27_05,
    "stairs A2": 47_50,
    "stairs A3": 20_00,
    "stairs B1": 6_03,
  });
  await closeMonth(hub, company, july);
  expect((await closeLedger(hub, company))["stairs A5"]).toBe(24_50);
});

test("reverse-delta: refunds in parts end where one refund of the whole ends", async () => {
  const { company, june } = await juneClosed("reverse-delta");
  for (const [refunded, changed] of [
    [100_01, "2026-07-05"],
    [250_02, "2026-07-09"],
    [333_33, "2026-07-11"],
  ] as const) {
    await refundJ1(company, refunded, changed);
    // Booking happens with the next look; until then nothing waits.
    await rerun(company, june.periodNo, "refund");
  }
  expect(await closeLedger(hub, company)).toStrictEqual({
    "stairs A1": 27_05,
    "stairs A2": 47_50,
    "stairs A3": 20_00,
    "stairs B1": 6_03,
  });
  const waiting = await asCompany(hub.db, company.companyId, (tx) => periodsWithShadow(tx, company.companyId));
  expect(waiting).toStrictEqual([]);
});

test("a run that supersedes posts differences only; one without any posts nothing", async () => {
  const { company, june } = await juneClosed();
  const same = await rerun(company, june.periodNo, "rerun");
  expect([same.transfers, same.run.supersedes !== null]).toStrictEqual([0, true]);
  const until = new Date("2026-07-31T00:00:00Z");
  const direct = {
    companyId: company.companyId,
    actor: "ann",
    distributorId: "A3",
    from: new Date("2026-06-01T00:00:00Z"),
    until,
  };
  await directRank(hub, { ...direct, kind: "override", rank: "gold", reason: "promised in writing" });
  const changed = await rerun(company, june.periodNo, "rerun");
  // A3 as gold: 50.00 − 16.67 on A5's and 30.00 on its own, and A2 has nothing left on either.
  expect(await postedBy(company, changed.run.runNo)).toStrictEqual([
    ["A2", "clawback", -26_67],
    ["A3", "commission", 26_67],
  ]);
  expect(changed.run.supersedes).toBe(same.run.runNo);
  const all = Object.values(await closeLedger(hub, company)).reduce((a, b) => a + b);
  expect(all).toBe(27_05 + 64_17 + 36_66 + 16_67 + 6_03);
  await expect(() => directRank(hub, { ...direct, kind: "override", rank: "diamond", reason: "x" })).rejects.toThrow(
    expect.toSatisfy((error: unknown) => error instanceof HubError && /bronze, silver, gold/.test(error.message)),
  );
});

test("what a later close went on from must be run again before the next one", async () => {
  const { company, june, july } = await juneClosed();
  await closeMonth(hub, company, july);
  const august = await openMonth(hub, company, "2026-08");
  const until = new Date("2026-07-01T00:00:00Z");
  const from = new Date("2026-06-01T00:00:00Z");
  const { companyId } = company;
  await directRank(hub, {
    companyId,
    actor: "ann",
    distributorId: "A3",
    kind: "override",
    rank: "gold",
    from,
    until,
    reason: "late",
  });
  await rerun(company, june.periodNo, "rerun");
  await expect(() => closePeriod(hub, { companyId, periodNo: august.periodNo, actor: "ann", person: "ann" })).rejects.toThrow(
    expect.toSatisfy((error: unknown) => error instanceof HubError && /rerun 2026-07/.test(error.message)),
  );
  await rerun(company, july.periodNo, "rerun");
  await closeMonth(hub, company, august);
});

test("ranks and volumes of a close decide order-time pay from the period's end on", async () => {
  const company = await setUpPeriodCompany(hub);
  const small = JUNE.map((order) => (order.by === "A3" ? { ...order, minor: 50_00 } : order));
  await sendOrders(hub, company, small);
  const june = await openMonth(hub, company, "2026-06");
  await openMonth(hub, company, "2026-07");
  const levels = async (order: string) => {
    const rows = await asCompany(
      hub.db,
      company.companyId,
      (tx) => tx`select coalesce(l.distributor_id, '-') as who, l.amount_minor::int as amount from ledger l
                  join orders o on o.company_id = l.company_id and o.order_no = l.order_id
                 where o.platform_order_id = ${order} order by 1, 2 desc`,
    );
    return rows.map((row) => [row.who, row.amount]);
  };
  // A5's sponsor A4 is suspended: the company keeps level 1. Level 2 is A3, active while nothing is closed.
  expect(await levels("j1")).toStrictEqual([
    ["-", 33_33],
    ["A3", 16_67],
  ]);
  await closeMonth(hub, company, june);
  await sendOrders(hub, company, [
    { id: "late", at: "2026-06-30T23:59:59Z", by: "A5", minor: 100_00 },
    { id: "next", at: "2026-07-01T00:00:00Z", by: "A5", minor: 100_00 },
  ]);
  expect(await levels("late")).toStrictEqual([
    ["-", 10_00],
    ["A3", 5_00],
  ]);
  // A3 had 50 PV in June, 50 short.
  expect(await levels("next")).toStrictEqual([
    ["-", 10_00],
    ["-", 5_00],
  ]);
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select rank, period_pv::text as pv from standings s join distributors d using (company_id, distributor_no)
                where distributor_id = 'A2' order by standing_no desc limit 1`,
  );
  expect([row?.rank, row?.pv]).toStrictEqual(["silver", "2500000"]);
});

test("an adjustment counts in the open period it was made for, with its reason", async () => {
  const { company, july } = await juneClosed();
  const act = {
    companyId: company.companyId,
    actor: "ann",
    periodNo: july.periodNo,
    distributorId: "B1",
    commissionClass: "products",
  };
  await adjustVolume(hub, { ...act, pv: 1_000_000n, qv: 0n, cv: 1_000_000n, reason: "fair sales, receipts on file" });
  await closeMonth(hub, company, july);
  expect((await closeLedger(hub, company))["stairs B1"]).toBe(6_03 + 5_00);
  await expect(() => adjustVolume(hub, { ...act, pv: 1n, qv: 0n, cv: 0n, reason: "too late" })).rejects.toThrow(/is closed/);
});
