import type { Plan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { networksWithin } from "../orders/networks.ts";
import {
  closeLedger,
  closeMonth,
  countRows,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { earliestWaiting } from "./holding-tank.ts";
import { importDistributors } from "./import.ts";
import { moveDistributor } from "./place-move.ts";
import { addTree, placeDistributor, placeWaiting } from "./placement.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const moving = () => ({ ...hub, networks: networksWithin(hub.pipeline.directories) });

const PAIRS: Plan["bonuses"][number] = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.10" } },
  remainder: "carry",
  flushIfInactive: false,
  cappedVolume: "consumed",
};

/** Everyone under T, who has two legs: L and R. N waits. */
const NETWORK = [
  ["T", null],
  ["L", "T"],
  ["R", "T"],
  ["L1", "L"],
  ["R1", "R"],
  ["N", "T"],
] as const;

async function withTree(bonuses: Plan["bonuses"] = [PAIRS]) {
  const plan = testPlan({
    bonuses,
    ranks: [],
    active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
    caps: [CAP],
  });
  const company = await setUpPeriodCompany(hub, { plan, network: NETWORK });
  const act = { companyId: company.companyId, actor: "ann", tree: "binary" };
  await addTree(hub, { ...act, width: 2, depth: null, spillover: "breadth-first", windowDays: 30 });
  return { company, act, at: new Date("2026-01-10T00:00:00Z") };
}

/** Without it a binary has no proven ceiling, which is a warning only; with it the plan is one that a company would publish. */
const CAP: NonNullable<Plan["caps"]>[number] = {
  kind: "company",
  atMost: { by: "share", share: "0.60" },
  enforcement: "pro-rata",
};

async function places(company: PeriodCompany, at: string) {
  const { network } = await hub.pipeline.directories.fresh(company.companyId);
  const found = network.placesOf("binary")?.search({ at: Date.parse(at), limit: 100 }) ?? [];
  return Object.fromEntries(
    found.map(({ distributorNo, parentNo, leg }) => [
      network.needIdOf(distributorNo),
      `${network.idOf(parentNo) ?? "top"}/${leg}`,
    ]),
  );
}

test("places are decided once, by hand or by spillover; the rest waits in the holding tank until its window is over", async () => {
  const { company, act, at } = await withTree();
  await placeDistributor(hub, { ...act, distributorId: "T", at });
  expect(await placeDistributor(hub, { ...act, distributorId: "L", leg: 1, at })).toStrictEqual({
    distributorId: "L",
    parentId: "T",
    leg: 1,
  });
  expect(await placeDistributor(hub, { ...act, distributorId: "R", at })).toStrictEqual({
    distributorId: "R",
    parentId: "T",
    leg: 0,
  });
  const { network } = await hub.pipeline.directories.fresh(company.companyId);
  expect(earliestWaiting(network, { tree: "binary", limit: 10 }).map((no) => network.needIdOf(no))).toStrictEqual([
    "L1",
    "N",
    "R1",
  ]);
  expect(await placeWaiting(hub, { ...act, now: new Date("2026-01-30T00:00:00Z") })).toStrictEqual({ placed: 0, waiting: 0 });
  expect(await placeWaiting(hub, { ...act, now: new Date("2026-01-31T00:00:00Z") })).toStrictEqual({ placed: 3, waiting: 0 });
  // N's sponsor T is full: the first free place below, level by level from the left.
  expect(await places(company, "2026-02-01")).toStrictEqual({ T: "top/0", R: "T/0", L: "T/1", L1: "L/0", N: "R/0", R1: "R/1" });
  expect(await places(company, "2026-01-20")).toStrictEqual({ T: "top/0", R: "T/0", L: "T/1" });
});

test("whoever moves to another sponsor on a later day is placed under the one they have until then, by hand and by the job", async () => {
  const { company, act, at } = await withTree();
  for (const distributorId of ["T", "L", "R"]) await placeDistributor(hub, { ...act, distributorId, at });
  const move = (distributorId: string, sponsorId: string, from: string) =>
    importDistributors(hub, {
      companyId: company.companyId,
      rows: [{ line: 2, distributorId, sponsorId }],
      from: new Date(from),
      actor: "ann",
    });
  expect((await move("L1", "R", "2026-09-01T00:00:00Z")).errors).toStrictEqual([]);
  expect((await move("R1", "L", "2026-09-01T00:00:00Z")).errors).toStrictEqual([]);
  expect((await placeDistributor(hub, { ...act, distributorId: "L1", at })).parentId).toBe("L");
  // N has a sponsor with two legs, and lands below the first of them: the left one.
  expect(await placeWaiting(hub, { ...act, now: new Date("2026-03-01T00:00:00Z") })).toStrictEqual({ placed: 2, waiting: 0 });
  expect((await places(company, "2026-03-02T00:00:00Z")).R1).toBe("R/0");
});

test("of several who are placed at once on one leg one has it, and the others are told so and wait", async () => {
  const { company, act, at } = await withTree();
  await placeDistributor(hub, { ...act, distributorId: "T", at });
  const outcomes = await Promise.allSettled(
    ["L", "R", "N", "L1"].map((distributorId) =>
      placeDistributor(hub, { ...act, distributorId, parentId: "T", leg: 1, at }).then(() => distributorId),
    ),
  );
  const placed = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(placed).toHaveLength(1);
  for (const one of outcomes)
    if (one.status === "rejected") expect(one.reason).toMatchObject({ name: "HubError", fields: [{ path: "leg" }] });
  expect(await places(company, "2026-01-11T00:00:00Z")).toStrictEqual({ T: "top/0", [placed[0] ?? ""]: "T/1" });
  // The same person twice at once stands once.
  const [rest] = ["L", "R", "N"].filter((id) => !placed.includes(id)) as [string];
  const twice = await Promise.allSettled(
    [1, 2].map(() => placeDistributor(hub, { ...act, distributorId: rest, parentId: "T", at })),
  );
  expect(twice.map(({ status }) => status).sort()).toStrictEqual(["fulfilled", "rejected"]);
  const [edges] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ n: number }[]>`select count(*)::int as n from placement_edges`,
  );
  expect(edges?.n).toBe(3);
});

test("what cannot be is refused with the field and a way out", async () => {
  const { company, act, at } = await withTree();
  await placeDistributor(hub, { ...act, distributorId: "T", at });
  await placeDistributor(hub, { ...act, distributorId: "L", leg: 0, at });
  await placeDistributor(hub, { ...act, distributorId: "L1", at });
  const later = new Date("2026-01-20T00:00:00Z");
  const rows = await countRows(hub, company, "placement_edges");
  await expect(() =>
    moveDistributor(moving(), { ...act, distributorId: "L", parentId: "L1", leg: 0, at: later }),
  ).rejects.toThrow(/stands below/);
  await expect(() => moveDistributor(moving(), { ...act, distributorId: "L", parentId: "L", leg: 1, at: later })).rejects.toThrow(
    /stands below/,
  );
  await expect(() => placeDistributor(hub, { ...act, distributorId: "L", at })).rejects.toThrow(/has a place .* already/);
  await expect(() => placeDistributor(hub, { ...act, distributorId: "R", leg: 0, at })).rejects.toThrow(/leg .* is taken/);
  await expect(() => placeDistributor(hub, { ...act, distributorId: "R", leg: 2, at })).rejects.toThrow(/no such leg/);
  await expect(() => placeDistributor(hub, { ...act, distributorId: "R1", at })).rejects.toThrow(/"R" has no place/);
  await expect(() => placeDistributor(hub, { ...act, distributorId: "nobody", at })).rejects.toThrow(/no distributor "nobody"/);
  await expect(() => placeDistributor(hub, { ...act, tree: "matrix", distributorId: "R", at })).rejects.toThrow(
    /no placement tree "matrix": there is binary/,
  );
  const tooLate = new Date("2026-03-01T00:00:00Z");
  await expect(() =>
    moveDistributor(moving(), { ...act, distributorId: "L1", parentId: "T", leg: 1, at: tooLate }),
  ).rejects.toThrow(/window of 30 days/);
  expect(await countRows(hub, company, "placement_edges")).toBe(rows);
  await moveDistributor(moving(), { ...act, distributorId: "L1", parentId: "T", leg: 1, at: later });
  expect(await places(company, "2026-01-19")).toStrictEqual({ T: "top/0", L: "T/0", L1: "L/0" });
  expect(await places(company, "2026-02-19")).toStrictEqual({ T: "top/0", L: "T/0", L1: "T/1" });
});

test("a binary pays on the tree as of the period's end and carries the rest to the next close", async () => {
  const { company, act, at } = await withTree();
  await placeDistributor(hub, { ...act, distributorId: "T", at });
  for (const [distributorId, leg] of [
    ["L", 0],
    ["R", 1],
  ] as const)
    await placeDistributor(hub, { ...act, distributorId, leg, at });
  await sendOrders(hub, company, [
    { id: "1", at: "2026-06-02", by: "L", minor: 300_00 },
    { id: "2", at: "2026-06-03", by: "R", minor: 100_00 },
    { id: "3", at: "2026-07-03", by: "R", minor: 150_00 },
  ]);
  const june = await openMonth(hub, company, "2026-06");
  const july = await openMonth(hub, company, "2026-07");
  await closeMonth(hub, company, june);
  expect(await closeLedger(hub, company)).toStrictEqual({ "pairs T": 10_00 });
  await closeMonth(hub, company, july);
  // 200 carried on the left meet 150: 15.00 more, 50 carried on.
  expect(await closeLedger(hub, company)).toStrictEqual({ "pairs T": 25_00 });
  const carry = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select run_no, kind, amount::int as amount from run_carry order by run_no`,
  );
  expect(carry.map((row) => [row.kind, row.amount])).toStrictEqual([
    ["left", 2_000_000],
    ["left", 500_000],
  ]);
});

test("matching of order-time pay counts what was paid at order time once, and late orders in the next period", async () => {
  const levels = testPlan().bonuses[0] as Plan["bonuses"][number];
  const match: Plan["bonuses"][number] = {
    id: "match",
    kind: "matching",
    snapshot: "close",
    of: ["levels"],
    amounts: "after-caps",
    cascade: false,
    rates: { "*": ["0.50"] },
    by: { kind: "level", compression: "none" },
    who: "everyone",
  };
  const { company } = await withTree([levels, match]);
  // L earns 10.00 on L1's order at order time, T 5.00; T matches half of L's.
  await sendOrders(hub, company, [{ id: "1", at: "2026-06-02", by: "L1", minor: 100_00 }]);
  const june = await openMonth(hub, company, "2026-06");
  const july = await openMonth(hub, company, "2026-07");
  await closeMonth(hub, company, june);
  expect(await closeLedger(hub, company)).toStrictEqual({ "match T": 5_00 });
  await sendOrders(hub, company, [{ id: "2", at: "2026-06-29", by: "L1", minor: 40_00 }]);
  await closeMonth(hub, company, july);
  expect(await closeLedger(hub, company)).toStrictEqual({ "match T": 7_00 });
});
