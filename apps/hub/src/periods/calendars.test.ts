import { type Plan, parsePlan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { createKey } from "../keys/create.ts";
import { addTree, placeDistributor } from "../network/placement.ts";
import { publishPlan } from "../plans/publish.ts";
import { runCli } from "../program.ts";
import {
  closeLedger,
  closeMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  type TestOrder,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditCloses } from "./audit.ts";
import { closePeriod, commitClose, supersedeClose } from "./close.ts";
import { explainPeriod } from "./explain.ts";
import { type NewPeriod, openPeriod } from "./open.ts";
import type { Period } from "./queries.ts";

/** One company that closes weekly pairs and monthly levels, rank pay and a match, with a monthly limit over all of it. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const NETWORK = [
  ["A", null],
  ["B", "A"],
  ["C", "A"],
  ["D", "B"],
  ["E", "B"],
] as const;

const pairs = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  calendar: "week",
  ranksOf: "last-closed",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.10", star: "0.15" } },
  remainder: "carry",
  flushIfInactive: false,
  cappedVolume: "consumed",
};
const monthly = [
  {
    id: "levels",
    kind: "unilevel",
    snapshot: "close",
    calendar: "month",
    base: "cv",
    rates: { "*": ["0.05", "0.03"] },
    levelOne: "sponsor",
    compression: "none",
    unqualifiedSource: "pay-in-place",
    unqualifiedEarner: "none",
  },
  {
    id: "star-pay",
    kind: "rank-advancement",
    snapshot: "close",
    calendar: "month",
    amounts: { star: "50.00" },
    paysSkippedRanks: false,
  },
  {
    id: "match",
    kind: "matching",
    snapshot: "close",
    calendar: "month",
    of: ["pairs", "levels"],
    amounts: "after-caps",
    cascade: false,
    rates: { "*": ["0.20"] },
    by: { kind: "level", compression: "none" },
    who: "everyone",
  },
];

const plan = (changes: object = {}): Plan =>
  parsePlan({
    ...testPlan(),
    id: "weeks-and-months",
    active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
    refundAfterClose: "reverse-delta",
    calendars: { week: { every: "week", startsOn: "sunday" }, month: { every: "month" } },
    rankCalendar: "month",
    ranks: [{ id: "star", name: "Star", requires: { gv: { volume: "1500" } } }],
    bonuses: [pairs, ...monthly],
    caps: [{ kind: "distributor", calendar: "month", atMost: { "*": "200.00" }, enforcement: "priority" }],
    ...changes,
  });

/** February 2026 is four weeks from a Sunday. */
const FEBRUARY: readonly TestOrder[] = [
  { id: "1", at: "2026-02-02", by: "D", minor: 400_00 },
  { id: "2", at: "2026-02-03", by: "C", minor: 300_00 },
  { id: "3", at: "2026-02-04", by: "E", minor: 200_00 },
  { id: "4", at: "2026-02-10", by: "C", minor: 500_00 },
  { id: "5", at: "2026-02-28T23:59:59.999Z", by: "E", minor: 350_00 },
];

interface Company extends PeriodCompany {
  readonly open: (args: Partial<NewPeriod>) => Promise<Period>;
}

async function setUp(published: Plan): Promise<Company> {
  const company = await setUpPeriodCompany(hub, { network: NETWORK });
  const { companyId } = company;
  const act = { companyId, actor: "ann", tree: "binary" };
  await addTree(hub, { ...act, width: 2, depth: null, spillover: "leftmost", windowDays: 30 });
  const places = [
    ["A", null, 0],
    ["B", "A", 0],
    ["C", "A", 1],
    ["D", "B", 0],
    ["E", "B", 1],
  ] as const;
  for (const [distributorId, parentId, leg] of places)
    await placeDistributor(hub, { ...act, distributorId, parentId, leg, at: new Date("2026-01-02T00:00:00Z") });
  await publishPlan(hub, { companyId, document: published, effectiveFrom: new Date("2026-01-15T00:00:00Z"), actor: "ann" });
  return {
    ...company,
    open: (args) => openPeriod(hub, { companyId, planId: published.id, currency: "USD", actor: "ann", ...args }),
  };
}

async function weeksOfFebruary(company: Company): Promise<Period[]> {
  const weeks = [await company.open({ month: "week/2026-02-01" })];
  while (weeks.length < 4) weeks.push(await company.open({ calendar: "week" }));
  return weeks;
}

const propose = ({ companyId }: Company, { periodNo }: Period) =>
  closePeriod(hub, { companyId, periodNo, actor: "ann", person: "ann" });

async function again({ companyId }: Company, { periodNo }: Period, cause: "rerun" | "refund"): Promise<void> {
  await supersedeClose(hub, { companyId, periodNo, actor: "ann", person: "ann", cause });
  await commitClose(hub, { companyId, periodNo, actor: "bob", person: "bob" });
}

const refusal = (text: RegExp) => expect.toSatisfy((error: unknown) => error instanceof HubError && text.test(error.message));

test("weeks of pairs and a month of levels, rank pay and a match under one limit pay to the cent; the longer waits", async () => {
  const company = await setUp(plan());
  const { companyId } = company;
  const [first, second, third, fourth] = (await weeksOfFebruary(company)) as [Period, Period, Period, Period];
  const february = await company.open({ calendar: "month", month: "2026-02" });
  expect([first.name, fourth.name, february.name]).toStrictEqual(["week/2026-02-01", "week/2026-02-22", "month/2026-02"]);
  await sendOrders(hub, company, FEBRUARY);
  await expect(() => propose(company, february)).rejects.toThrow(
    refusal(/week\/2026-02-01 ends in month\/2026-02 and is open: close it first/),
  );
  // A: 600 on the left and 300 on the right, then 300 carried and 500; B: 400 and 200.
  for (const week of [first, second, third, fourth]) await closeMonth(hub, company, week);
  expect(await closeLedger(hub, company)).toStrictEqual({ "pairs A": 30_00 + 30_00 + 20_00, "pairs B": 20_00 + 20_00 });
  expect(await standingsWritten(companyId)).toBe(0);
  // Levels: 3 % of 400 and 550, 5 % of 800; the match is 20 % of B's 40.00 and 47.50, and only 1.50 of it is below 200.00.
  await closeMonth(hub, company, february);
  const ofFebruary = { "levels A": 68_50, "levels B": 47_50, "match A": 1_50, "star-pay A": 50_00 };
  expect(await closeLedger(hub, company)).toStrictEqual({ ...ofFebruary, "pairs A": 80_00, "pairs B": 40_00 });

  // A is a star since February was closed: 15 % of 250. B has 10 % of 100.
  const fifth = await company.open({ calendar: "week" });
  const march = await company.open({ calendar: "month" });
  await sendOrders(hub, company, [
    { id: "6", at: "2026-03-01T00:00:00Z", by: "D", minor: 100_00 },
    { id: "7", at: "2026-03-02", by: "C", minor: 400_00 },
  ]);
  await closeMonth(hub, company, fifth);
  expect(await closeLedger(hub, company)).toStrictEqual({ ...ofFebruary, "pairs A": 80_00 + 37_50, "pairs B": 40_00 + 10_00 });
  await expect(() => propose(company, march)).rejects.toThrow(
    refusal(/month\/2026-03 waits for every "week" that ends in it, up to 2026-03-29, and the last one is week\/2026-03-01/),
  );
  const explained = await explainPeriod(hub, { companyId, periodNo: fifth.periodNo, actor: "ann", distributorId: "A" });
  expect([explained.rank, explained.nextRank]).toStrictEqual([
    'paid as Star, as the last close of "month" left it; highest title Star',
    [],
  ]);

  // C's 300 of the first week come back. Each period that counted them is run again, the next one refused until then.
  await sendOrders(hub, company, [
    { id: "2", at: "2026-02-03", by: "C", minor: 300_00, refunded: 300_00, changed: "2026-03-05" },
  ]);
  await again(company, first, "refund");
  const sixth = await company.open({ calendar: "week" });
  for (const week of [second, third, fourth]) {
    await expect(() => propose(company, sixth)).rejects.toThrow(refusal(new RegExp(`${week.name} stands on figures of others`)));
    await again(company, week, "rerun");
  }
  await expect(() => propose(company, sixth)).rejects.toThrow(refusal(/week\/2026-03-01 stands on figures of others/));
  await expect(() => propose(company, march)).rejects.toThrow(refusal(/month\/2026-02 stands on figures of others/));
  await again(company, february, "refund");
  await again(company, fifth, "rerun");
  await closeMonth(hub, company, sixth);
  // A's weeks: 0, 50.00 of 600 and 500, 0, and 0, then 400 of 550 at 15 %; levels 12 + 16.50 + 25; the limit leaves the match whole.
  expect(await closeLedger(hub, company)).toStrictEqual({
    ...{ "levels A": 53_50, "levels B": 47_50, "match A": 17_50, "star-pay A": 50_00 },
    ...{ "pairs A": 50_00 + 60_00, "pairs B": 20_00 + 20_00 + 10_00 },
  });
  const audit = await auditCloses(hub, { companyId });
  expect([audit.periods, audit.changed, audit.differences]).toStrictEqual([7, [], []]);
});

async function standingsWritten(companyId: number): Promise<number> {
  const [row] = await asCompany(
    hub.db,
    companyId,
    (tx) =>
      tx<{ n: number }[]>`select count(*)::int as n from standings where company_id = ${companyId} and period_pv is not null`,
  );
  return row?.n ?? -1;
}

test("ranks that run are those of the month so far, what is late in a week may be in time for its month, and a limit takes back", async () => {
  const low = [{ kind: "distributor", calendar: "month", atMost: { "*": "75.00" }, enforcement: "priority" }];
  const company = await setUp(plan({ caps: low, bonuses: [{ ...pairs, ranksOf: "running" }, ...monthly] }));
  const { companyId } = company;
  const [first, ...later] = (await weeksOfFebruary(company)) as [Period, ...Period[]];
  await sendOrders(hub, company, FEBRUARY.slice(0, 2));
  await expect(() => propose(company, first)).rejects.toThrow(
    refusal(/Ranks of week\/2026-02-01 run in the "month" around it, which is not open/),
  );
  const february = await company.open({ month: "month/2026-02" });
  await closeMonth(hub, company, first);
  // 200 of E, placed in the first week, come after its close: the second week counts them, and February as its own.
  await sendOrders(hub, company, FEBRUARY.slice(2));
  for (const week of later) await closeMonth(hub, company, week);
  const booked = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ calendar: string; kind: string; n: number }[]>`
      select calendar, kind, count(*)::int as n from volume_entries group by 1, 2 order by 1, 2`,
  );
  expect(booked.map((row) => ({ ...row }))).toStrictEqual([
    { calendar: "month", kind: "order", n: 5 },
    { calendar: "week", kind: "late", n: 1 },
    { calendar: "week", kind: "order", n: 4 },
  ]);
  // A: 300 of 400 and 300, then 300 of 100 + 200 and 500; in the last week 200 of 350 and 200, as a star for 1,750 so far: 30.00.
  // B: nothing, 200 of 400 and 200, then 200 of 200 and 350.
  expect(await closeLedger(hub, company)).toStrictEqual({ "pairs A": 30_00 + 30_00 + 30_00, "pairs B": 20_00 + 20_00 });
  await closeMonth(hub, company, february);
  // A's 90.00 are 15.00 above the limit and taken back to it; of B's 47.50 of levels 35.00 are left.
  expect(await closeLedger(hub, company)).toStrictEqual({ "levels B": 35_00, "pairs A": 75_00, "pairs B": 40_00 });
});

test("a calendar is named where it is needed, and a version keeps the calendars of its plan", async () => {
  const company = await setUp(plan());
  const says = async (args: Partial<NewPeriod>): Promise<string> => {
    try {
      return (await company.open(args)).name;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await says({ month: "2026-02" })).toBe(
    'The plan has several calendars: name one of "week", "month", as --calendar or as in week/2026-06-01.',
  );
  expect(await says({ month: "day/2026-02-01" })).toBe(
    'Nothing of the plan is closed by a calendar "day": there is "week", "month".',
  );
  expect(await says({ month: "week/2026-02" })).toBe('"2026-02" is no week: write it as 2026-06-01.');
  expect(await says({ calendar: "month", month: "2026-02" })).toBe("month/2026-02");
  expect(await says({ month: "week/2026-02-01", currency: "EUR" })).toBe(
    "month/2026-02 is closed in USD, and calendars of one plan close in one currency.",
  );
  const next = (changes: object) =>
    publishPlan(hub, { companyId: company.companyId, document: plan({ version: 2, ...changes }), actor: "ann" });
  await expect(() => next({ rankCalendar: "week", bonuses: [], caps: [] })).rejects.toThrow(
    refusal(/judges ranks by "week", and the version before by "month": publish this as a plan with another id/),
  );
  await expect(() => next({ bonuses: [{ ...pairs, calendar: "month", ranksOf: undefined }, ...monthly] })).rejects.toThrow(
    refusal(/closes nothing by "week" any more/),
  );
});

test("over the API and at a terminal a period is opened and found by its calendar", async () => {
  const company = await setUp(plan());
  const { companyId, slug } = company;
  const { key } = await createKey(hub, { companyId, name: "ann", scopes: ["admin"], owner: "Ann Lee", actor: "test" });
  const call = async (method: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await hub.app.request("/api/periods", {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify({ plan_id: "weeks-and-months", currency: "USD", ...body }) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const opened = await call("POST", { calendar: "week", month: "2026-02-01" });
  expect([opened.status, opened.body.name, opened.body.calendar, opened.body.ends_at]).toStrictEqual([
    201,
    "week/2026-02-01",
    "week",
    "2026-02-08T00:00:00.000Z",
  ]);
  expect((await call("POST", { month: "2026-02" })).status).toBe(422);

  const upline = async (...args: string[]): Promise<string> => {
    let out = "";
    const take = (text: string): void => {
      out += text;
    };
    const env = { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") };
    await runCli([...args, "--company", slug], { env, out: take, err: take, isTerminal: false });
    return out;
  };
  expect(await upline("period", "open", "--calendar", "week", "--plan", "weeks-and-months")).toMatch(
    /^Period week\/2026-02-08 of "weeks-and-months" is open: 2026-02-08T00:00:00.000Z to 2026-02-15/,
  );
  await sendOrders(hub, company, FEBRUARY);
  expect(await upline("period", "preview", "week/2026-02-01")).toMatch(/50\.00 USD in all/);
});
