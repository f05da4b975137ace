import { afterAll, beforeAll, expect, test } from "vitest";
import { HubError } from "../errors.ts";
import { closeLedger, closeMonth, countRows, JUNE, openMonth, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { bookPending } from "./book-volumes.ts";
import { cancelClose, closePeriod, commitClose, previewClose, supersedeClose } from "./close.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/**
 * June by hand. PV: A5 333.33, A3 200, A2 250, A1 100, B1 120.50; A4 is suspended.
 * GV: A5 333.33 bronze; A3 533.33 silver; A2 783.33 gold; A1 1003.83 gold; B1 120.50 bronze.
 * On A5's 333.33: A5 5 % 16.67, A3 to 10 % 33.33 − 16.67 = 16.66, A2 to 15 % 50.00 − 33.33 = 16.67.
 * On A3's 200: A3 20.00, A2 10.00. On A2's 250: A2 37.50. On A1's 100: A1 15.00.
 * On B1's 120.50: B1 6.03 (6.025 up), A1 to 15 % 18.08 (18.075 up) − 6.03 = 12.05.
 */
const STAIRS_OF_JUNE = {
  "stairs A1": 15_00 + 12_05,
  "stairs A2": 16_67 + 10_00 + 37_50,
  "stairs A3": 16_66 + 20_00,
  "stairs A5": 16_67,
  "stairs B1": 6_03,
};

const refusal = (code: string, text: RegExp) =>
  expect.toSatisfy((error: unknown) => error instanceof HubError && error.code === code && text.test(error.message));

test("a close pays to the last cent, only its own bonuses, and each once", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  const period = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo: period.periodNo };
  const done = await closeMonth(hub, company, period);
  expect(await closeLedger(hub, company)).toStrictEqual(STAIRS_OF_JUNE);
  expect(done.transfers).toBe(5);
  expect([done.period.state, done.run.kind, done.run.supersedes]).toStrictEqual(["closed", "committed", null]);
  // What is paid at order time is not paid again, and the other way round.
  const bonuses = await sourcesOf(company.companyId);
  expect(bonuses).toStrictEqual([
    { source_kind: 1, bonus: "levels" },
    { source_kind: 2, bonus: "stairs" },
  ]);
  await expect(() => commitClose(hub, { ...act, actor: "cyd", person: "cyd" })).rejects.toThrow(
    refusal("conflict", /Nothing waits to be committed/),
  );
  await expect(() => closePeriod(hub, { ...act, actor: "ann", person: "ann" })).rejects.toThrow(
    refusal("conflict", /is closed: .*rerun 2026-06/),
  );
});

async function sourcesOf(companyId: number) {
  const { asCompany } = await import("../db/connect.ts");
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx`select distinct source_kind, split_part(entry_key, ':', 1) as bonus from transfers order by 1, 2`,
  );
  return rows.map((row) => ({ source_kind: row.source_kind, bonus: row.bonus }));
}

test("a trial writes one line of totals and nothing else", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  const period = await openMonth(hub, company, "2026-06");
  const tables = [
    "transfers",
    "standings",
    "volume_entries",
    "volume_heads",
    "period_locks",
    "run_results",
    "run_bonuses",
    "run_carry",
    "audit_log",
  ];
  const count = async () => Promise.all(tables.map((table) => countRows(hub, company, table)));
  const earlier = await count();
  const trial = await previewClose(hub, { companyId: company.companyId, periodNo: period.periodNo, actor: "ann" });
  expect(await count()).toStrictEqual(earlier);
  expect(await countRows(hub, company, "close_runs")).toBe(1);
  expect([trial.run.kind, trial.period.state]).toStrictEqual(["trial", "open"]);
  const totals = trial.run.totals as { paidMinor: string; cvMinor: string; netMinor: string; ranks: unknown; active: number };
  expect(totals.paidMinor).toBe(String(Object.values(STAIRS_OF_JUNE).reduce((a, b) => a + b)));
  expect(totals.netMinor).toBe("100383");
  expect([totals.cvMinor, totals.active, totals.ranks]).toStrictEqual(["100383", 5, { bronze: 2, silver: 1, gold: 2 }]);
});

test("a close needs a second person, and can be given up before", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  const period = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo: period.periodNo };
  await expect(() => commitClose(hub, { ...act, actor: "bob", person: "bob" })).rejects.toThrow(
    refusal("conflict", /Nothing waits/),
  );
  const proposal = await closePeriod(hub, { ...act, actor: "ann", person: "ann" });
  expect(proposal.period.state).toBe("closing");
  await expect(() => commitClose(hub, { ...act, actor: "ann", person: "ann" })).rejects.toThrow(
    refusal("conflict", /second person/),
  );
  expect(await closeLedger(hub, company)).toStrictEqual({});
  await cancelClose(hub, { ...act, actor: "ann" });
  await expect(() => commitClose(hub, { ...act, actor: "bob", person: "bob" })).rejects.toThrow(
    refusal("conflict", /Nothing waits/),
  );
  await closePeriod(hub, { ...act, actor: "bob", person: "bob" });
  await expect(() => commitClose(hub, { ...act, actor: "bob", person: "bob" })).rejects.toThrow(
    refusal("conflict", /second person/),
  );
  await Promise.allSettled([
    commitClose(hub, { ...act, actor: "ann", person: "ann" }),
    commitClose(hub, { ...act, actor: "cyd", person: "cyd" }),
  ]);
  expect(await closeLedger(hub, company)).toStrictEqual(STAIRS_OF_JUNE);
});

test("a close is the same to the byte when repeated, and whatever order people and orders came in", async () => {
  const hashes = new Set<string>();
  for (const reversed of [false, true]) {
    const company = await setUpPeriodCompany(hub, { reversed });
    const orders = reversed ? [...JUNE].reverse() : JUNE;
    const period = await openMonth(hub, company, "2026-06");
    for (const order of orders) {
      await sendOrders(hub, company, [order]);
      // Once booked ahead order by order, once all at the close.
      if (reversed) expect(await bookPending(hub, company)).toStrictEqual({ orders: 1 });
    }
    const act = { companyId: company.companyId, periodNo: period.periodNo };
    const runs = [
      await previewClose(hub, { ...act, actor: "ann" }),
      await previewClose(hub, { ...act, actor: "ann" }),
      await closePeriod(hub, { ...act, actor: "ann", person: "ann" }),
      await commitClose(hub, { ...act, actor: "bob", person: "bob" }),
      await supersedeClose(hub, { ...act, actor: "ann", person: "ann", cause: "refund" }),
    ];
    for (const { run } of runs.slice(0, 4)) hashes.add(`${run.inputHash} ${run.outputHash} ${run.carryHash}`);
    // Ranks that were paid are taken as they are, which is another input, but comes to the same.
    expect(runs[4]?.run.outputHash).toBe(runs[3]?.run.outputHash);
  }
  expect(hashes.size).toBe(1);
});

test("facts that come after the lock go to the next open period", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE.slice(1));
  const june = await openMonth(hub, company, "2026-06");
  const july = await openMonth(hub, company, "2026-07");
  await closePeriod(hub, { companyId: company.companyId, periodNo: june.periodNo, actor: "ann", person: "ann" });
  // Placed in June, known only now.
  await sendOrders(hub, company, JUNE.slice(0, 1));
  await commitClose(hub, { companyId: company.companyId, periodNo: june.periodNo, actor: "bob", person: "bob" });
  expect((await closeLedger(hub, company))["stairs A5"]).toBe(undefined);
  await closeMonth(hub, company, july);
  // 333.33 of July at 5 %: nobody above A5 has volume of their own, so nobody above has a rank.
  expect((await closeLedger(hub, company))["stairs A5"]).toBe(16_67);
});
