import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plan, parsePlan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { importDistributors } from "../network/import.ts";
import { readSnapshot } from "../orders/snapshot.ts";
import { runCli } from "../program.ts";
import {
  closeMonth,
  countRows,
  JUNE,
  openMonth,
  type PeriodCompany,
  STAIRS,
  sendOrders,
  setUpPeriodCompany,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { backTestPlan } from "./backtest.ts";

let hub: TestHub;
const folder = mkdtempSync(join(tmpdir(), "upline-backtest-"));
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const JULY = [
  { id: "y1", at: "2026-07-02", by: "A5", minor: 490_00 },
  { id: "y2", at: "2026-07-09", by: "B1", minor: 80_00 },
  { id: "y3", at: "2026-07-30", by: "A3", minor: 151_15 },
] as const;

async function paidInAll(company: PeriodCompany): Promise<number> {
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ paid: number }[]>`select sum(amount_minor)::int as paid from ledger where distributor_id is not null`,
  );
  return row?.paid ?? 0;
}

test("the plan in force comes to what was really paid; the draft to what it would have, to the cent", async () => {
  const company = await setUpPeriodCompany(hub);
  // Everyone's volume of June is known when July's orders are judged, as it was when they really came.
  await sendOrders(hub, company, JUNE);
  const june = await openMonth(hub, company, "2026-06");
  const july = await openMonth(hub, company, "2026-07");
  await closeMonth(hub, company, june);
  await sendOrders(hub, company, JULY);
  await closeMonth(hub, company, july);
  const really = await paidInAll(company);
  const tables = ["close_runs", "transfers", "volume_entries", "standings", "audit_log"];
  const count = () => Promise.all(tables.map((table) => countRows(hub, company, table)));
  const earlier = await count();
  // Twice the stair-step, and other names and numbers for the same ranks and classes.
  const stairs = { ...STAIRS, percentage: { by: "rank" as const, rates: { bronze: "0.10", silver: "0.20", gold: "0.30" } } };
  const base = testPlan();
  const draft = parsePlan({
    ...base,
    version: 2,
    commissionClasses: [{ id: "services", name: "Services" }, ...base.commissionClasses],
    bonuses: [stairs as Plan["bonuses"][number]],
  });
  const { test: compared, orders, spans, rankMoves } = await backTestPlan(hub, { companyId: company.companyId, draft });
  expect(compared.inForce.paidMinor).toBe(really);
  // June twice over: 15 % of 1003.83 was 150.58; 30 % with every share rounded once is 301.15.
  const byHand = {
    A5: 33_33,
    A3: 66_67 - 33_33 + 40_00,
    A2: 100_00 - 66_67 + 20_00 + 75_00,
    A1: 30_00 + 36_15 - 12_05,
    B1: 12_05,
  };
  const juneOnly = await backTestPlan(hub, { companyId: company.companyId, draft, to: new Date("2026-07-01T00:00:00Z") });
  expect(
    Object.fromEntries(
      juneOnly.ids.map((id, no) => [id, juneOnly.test.draft.byDistributor[no]]).filter(([, paid]) => paid !== 0),
    ),
  ).toStrictEqual(byHand);
  expect([orders, spans, rankMoves]).toStrictEqual([JUNE.length + JULY.length, ["2026-06", "2026-07"], []]);
  expect(await count()).toStrictEqual(earlier);
});

test("a draft that asks what past orders were recorded without says so, in place of paying nothing in silence", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JULY);
  const base = testPlan();
  const levels = { ...(base.bonuses[0] as Extract<Plan["bonuses"][number], { kind: "unilevel" }>), tree: "sponsor" };
  const up = { id: "up", kind: "pass-up", snapshot: "order", base: "cv", rates: { "*": "0.10" }, count: 1, cascades: false };
  const draft = parsePlan({
    ...base,
    version: 2,
    trees: { enroller: { is: "enrolment" }, sponsor: { is: "placement" } },
    rankTree: "enroller",
    bonuses: [levels, { ...up, tree: "enroller" }],
  });
  const { test: tried, warnings } = await backTestPlan(hub, { companyId: company.companyId, draft });
  expect(warnings).toStrictEqual([
    'Nobody is placed in the tree "sponsor" that the draft pays on: it pays nothing there.',
    'The draft pays at the order\'s time on the tree "sponsor", and 3 past orders were recorded without their places in it: it pays nothing on them there. Bonuses of the close see the tree.',
    "The draft passes up what the first recruits sell, and 3 past orders were recorded without their owner's place among recruits: it passes nothing of them up.",
  ]);
  expect(tried.draft.byBonus.levels).toBeUndefined();
});

test("a draft that reads further up than the order's own plan finds everybody who stood there when the order came", async () => {
  const levels = (rates: string[]) => ({
    ...(testPlan().bonuses[0] as Extract<Plan["bonuses"][number], { kind: "unilevel" }>),
    rates: { "*": rates },
  });
  const plan = testPlan({ bonuses: [levels(["0.10"])] });
  const network = [
    ["L1", null],
    ["L2", "L1"],
    ["L3", "L2"],
    ["L4", "L3"],
    ["L5", "L4"],
  ] as const;
  const company = await setUpPeriodCompany(hub, { plan, network });
  await sendOrders(hub, company, [{ id: "o1", at: "2026-06-02", by: "L5", minor: 100_00 }]);
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ snapshot: string }[]>`select snapshot from order_revisions`,
  );
  const { upline, above } = readSnapshot(row?.snapshot ?? "").locked;
  expect([upline.map(({ distributorId }) => distributorId), above?.count]).toStrictEqual([["L5", "L4"], 3]);
  const draft = parsePlan({ ...plan, version: 2, bonuses: [levels(["0.10", "0.05", "0.02", "0.01"])] });
  const compare = () => backTestPlan(hub, { companyId: company.companyId, draft });
  const { ids, test: compared, warnings } = await compare();
  expect(ids.map((id, no) => [id, compared.draft.byDistributor[no]])).toStrictEqual([
    ...[
      ["L1", 1_00],
      ["L2", 2_00],
      ["L3", 5_00],
      ["L4", 10_00],
      ["L5", 0],
    ],
  ]);
  expect([compared.inForce.paidMinor, warnings]).toStrictEqual([10_00, []]);
  // Learnt later: L4 had been under L2 since spring.
  const rows = [{ line: 2, distributorId: "L4", sponsorId: "L2" }];
  await importDistributors(hub, { companyId: company.companyId, rows, from: new Date("2026-04-01T00:00:00Z") });
  const corrected = await compare();
  expect(corrected.ids.map((id, no) => [id, corrected.test.draft.byDistributor[no]])).toStrictEqual([
    ...[
      ["L1", 2_00],
      ["L2", 5_00],
      ["L3", 0],
      ["L4", 10_00],
      ["L5", 0],
    ],
  ]);
  expect(corrected.warnings).toStrictEqual([expect.stringMatching(/corrected above 1 orders/)]);
});

test("at a terminal: progress, a table, JSON and CSV", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, [...JUNE, ...JULY]);
  const file = join(folder, "draft.json");
  writeFileSync(file, JSON.stringify(testPlan({ version: 2, bonuses: [STAIRS] })));
  const [json, csv] = [join(folder, "out.json"), join(folder, "out.csv")];
  let out = "";
  let err = "";
  const code = await runCli(["plan", "backtest", file, "--json", json, "--csv", csv, "--company", company.slug], {
    env: { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
  });
  expect(code, err).toBe(0);
  expect(err).toMatch(/orders read: 8 of 8\n/);
  expect(out).toMatch(/8 orders in 2 periods, 2026-06 to 2026-07; amounts in USD\./);
  expect(out).toMatch(/^levels +\d+\.\d\d +0$/m);
  const parsed = JSON.parse(readFileSync(json, "utf8"));
  expect(parsed.summary.losers).toBe(parsed.losers.length);
  const movers = readFileSync(csv, "utf8");
  expect(movers).toMatch(/^distributor,in_force,draft,change,currency\n/);
  expect(movers, "what somebody loses is a number").toMatch(/^\w+,\d+\.\d\d,\d+\.\d\d,-\d+\.\d\d,USD$/m);
});
