import { afterAll, beforeAll, expect, test } from "vitest";
import { HubError } from "../errors.ts";
import { createKey } from "../keys/create.ts";
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
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { bookPending } from "./book-volumes.ts";
import { cancelClose, closePeriod, commitClose, previewClose, supersedeClose } from "./close.ts";
import { directRank } from "./directives.ts";
import { explainPeriod } from "./explain.ts";
import type { Period } from "./queries.ts";

/** The close desk with several people at it at once. The figures of June are worked out in `close.test.ts`. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const refusal = (text: RegExp) =>
  expect.toSatisfy((error: unknown) => error instanceof HubError && error.code === "conflict" && text.test(error.message));

/** Ann proposes, bob commits, cyd does either. */
function deskOf({ companyId }: PeriodCompany, { periodNo }: Period) {
  const as = (person: string) => ({ companyId, periodNo, actor: person, person });
  return {
    propose: (person = "ann") => closePeriod(hub, as(person)),
    rerun: (person = "ann") => supersedeClose(hub, { ...as(person), cause: "rerun" }),
    commit: (person = "bob", runNo?: bigint) => commitClose(hub, { ...as(person), runNo }),
    cancel: (person = "bob") => cancelClose(hub, as(person)),
  };
}

async function june(refundAfterClose?: "write-off") {
  const company = await setUpPeriodCompany(hub, { plan: testPlan(refundAfterClose === undefined ? {} : { refundAfterClose }) });
  await sendOrders(hub, company, JUNE);
  const period = await openMonth(hub, company, "2026-06");
  return { company, period, desk: deskOf(company, period) };
}

/** What a hub leaves that died after it had locked a period's inputs and before it had computed them. */
async function dieWhileProposing({ companyId }: PeriodCompany, { periodNo }: Period): Promise<void> {
  const stop = new Error("the hub died here");
  const died = closePeriod(hub, {
    ...{ companyId, periodNo, actor: "cyd", person: "cyd" },
    onProgress: (stage) => {
      if (stage === "reading") throw stop;
    },
  });
  await expect(died).rejects.toBe(stop);
}

const J1 = JUNE[0] as (typeof JUNE)[number];
const J6 = { id: "j6", at: "2026-06-21", by: "B1", minor: 1_000_00 };

test("what was sent back cannot be carried out, though somebody proposes anew and the hub dies over it", async () => {
  const { company, period, desk } = await june();
  await desk.propose();
  await desk.cancel();
  await sendOrders(hub, company, [J6]);
  await dieWhileProposing(company, period);
  await expect(desk.commit()).rejects.toThrow(refusal(/Nothing waits/));
  expect(await closeLedger(hub, company)).toStrictEqual({});
  await desk.propose();
  await desk.commit();
  // B1 has 1,120.50 and is bronze for want of group volume below 500: gold by 1,120.50 of its own, 15 % of it 168.08 (168.075 up).
  expect((await closeLedger(hub, company))["stairs B1"]).toBe(168_08);
});

test("an order or a refund that comes while a close waits counts in its own period, where that close is sent back or proposed anew", async () => {
  for (const again of ["sent back", "proposed anew"]) {
    const { company, desk } = await june("write-off");
    await openMonth(hub, company, "2026-07");
    await desk.propose();
    await sendOrders(hub, company, [J6, { ...J1, refunded: 333_33, changed: "2026-06-25" }]);
    // The hub books by itself, every hour.
    await bookPending(hub, company);
    if (again === "sent back") await desk.cancel();
    await desk.propose();
    await desk.commit();
    const ledger = await closeLedger(hub, company);
    // A5 sold nothing that was kept. 15 % of B1's 1,120.50 are 168.08 (168.075 up).
    expect([ledger["stairs A5"], ledger["stairs B1"]], again).toStrictEqual([undefined, 168_08]);
  }
});

test("what comes while a close waits is late, or written off, once that is committed", async () => {
  const { company, desk } = await june("write-off");
  const july = await openMonth(hub, company, "2026-07");
  await desk.propose();
  await sendOrders(hub, company, [J6, { ...J1, refunded: 333_33, changed: "2026-06-25" }]);
  await bookPending(hub, company);
  await desk.commit();
  const ledger = await closeLedger(hub, company);
  expect([ledger["stairs A5"], ledger["stairs B1"]]).toStrictEqual([16_67, 6_03]);
  await closeMonth(hub, company, july);
  // B1's 1,000.00 of July are 15 % as gold, and A5 owes nothing.
  const later = await closeLedger(hub, company);
  expect([later["stairs A5"], later["stairs B1"]]).toStrictEqual([16_67, 6_03 + 150_00]);
});

test("an open period is explained as it stands now, not as it was when a close was sent back", async () => {
  const { company, period, desk } = await june();
  const { companyId } = company;
  await desk.propose();
  await desk.cancel();
  await sendOrders(hub, company, [J6]);
  const told = await explainPeriod(hub, { companyId, periodNo: period.periodNo, actor: "ann", distributorId: "B1" });
  expect([told.runNo, told.activity]).toStrictEqual([null, expect.stringContaining("1120.5 PV")]);
});

test("who confirms a proposal that they looked at does not confirm another that took its place", async () => {
  const { company, desk } = await june();
  const first = await desk.propose();
  await sendOrders(hub, company, [J6]);
  const second = await desk.propose("cyd");
  await expect(desk.commit("bob", first.run.runNo)).rejects.toThrow(refusal(/another proposal/));
  expect(await closeLedger(hub, company)).toStrictEqual({});
  await desk.commit("bob", second.run.runNo);
  expect((await closeLedger(hub, company))["stairs B1"]).toBe(168_08);
});

test("however often a period is tried, the proposal that waits and the run that stands are told with it; all runs come by pages", async () => {
  const { company, period, desk } = await june();
  const { companyId } = company;
  await desk.propose();
  const { run: paid } = await desk.commit();
  const { run: waiting } = await desk.rerun();
  for (let tried = 0; tried < 21; tried++) await previewClose(hub, { companyId, periodNo: period.periodNo, actor: "ann" });
  const { key } = await createKey(hub, { companyId, name: "look", scopes: ["read"], owner: "Eve", actor: "test" });
  const path = `/api/periods/${period.periodNo}`;
  const told = (await call(hub, path, { key })).body;
  const numbers = (runs: readonly { run_id: string }[]) => runs.map(({ run_id }) => Number(run_id));
  expect([told.trials, told.waiting_run_id]).toStrictEqual([21, String(waiting.runNo)]);
  expect(numbers(told.runs).slice(-2)).toStrictEqual([Number(waiting.runNo), Number(paid.runNo)]);
  const all: number[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page: { items: { run_id: string }[]; next: string | null } = (
      await call(hub, `${path}/runs?limit=5${next && `&before=${next}`}`, { key })
    ).body;
    all.push(...numbers(page.items));
    // What is tried meanwhile stands before the first page.
    if (next === "") await previewClose(hub, { companyId, periodNo: period.periodNo, actor: "ann" });
    next = page.next;
  }
  // A proposal, its commit, a proposal to compute again, 21 trials: each once, the newest first.
  expect(all).toHaveLength(24);
  expect(all).toStrictEqual([...new Set(all)].sort((a, b) => b - a));
  expect(numbers(told.runs).slice(0, 20)).toStrictEqual(all.slice(0, 20));
  expect((await call(hub, "/api/periods/99/runs", { key })).status).toBe(404);
});

test("a proposal to compute a closed period again is sent back, and the period stays as it was paid", async () => {
  const { company, period, desk } = await june();
  await closeMonth(hub, company, period);
  const paid = await closeLedger(hub, company);
  await expect(desk.cancel()).rejects.toThrow(refusal(/is closed, and nothing waits/));
  await desk.rerun();
  await desk.cancel();
  await expect(desk.commit()).rejects.toThrow(refusal(/Nothing waits/));
  expect(await closeLedger(hub, company)).toStrictEqual(paid);
  await desk.rerun();
  await desk.commit();
});

test("a proposal does not outlive the figures that it stands on", async () => {
  const { company, period, desk } = await june();
  await sendOrders(hub, company, [{ id: "y1", at: "2026-07-02", by: "A5", minor: 490_00 }]);
  const july = deskOf(company, await openMonth(hub, company, "2026-07"));
  await closeMonth(hub, company, period);
  await july.propose();
  const span = { from: new Date("2026-06-01T00:00:00Z"), until: new Date("2026-07-01T00:00:00Z") };
  const gold = { kind: "override" as const, rank: "gold", reason: "late" };
  await directRank(hub, { companyId: company.companyId, actor: "ann", distributorId: "A3", ...gold, ...span });
  await desk.rerun();
  await desk.commit();
  await expect(july.commit()).rejects.toThrow(refusal(/stands on figures of the one before that have changed/));
  await july.propose();
  await july.commit();
});
