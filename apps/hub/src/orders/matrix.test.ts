import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { moveDistributor } from "../network/place-move.ts";
import { addTree, placeDistributor } from "../network/placement.ts";
import { publishPlan } from "../plans/publish.ts";
import { holdings, tell } from "../testing/simple-orders.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { networksWithin } from "./networks.ts";
import { readSnapshot } from "./snapshot.ts";

/** Level pay when an order comes, up a placement tree as of the order's time, whatever the sponsor tree says. */

const MATRIX_PLAN = {
  ...TEST_PLAN,
  id: "matrix",
  bonuses: [
    {
      ...{ id: "matrix", kind: "matrix", snapshot: "order", tree: "forced", width: 2, depth: 3, base: "cv" },
      ...{ rates: { "*": ["0.10005", "0.0333", "0.01115"] }, compression: "none" },
      ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
    },
  ],
};

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const moving = () => ({ ...hub, networks: networksWithin(hub.pipeline.directories) });

const publish = (document: object = MATRIX_PLAN, from = "2025-06-01") => {
  const effectiveFrom = new Date(`${from}T00:00:00Z`);
  return publishPlan(hub, { companyId: hub.company.companyId, document, effectiveFrom, actor: "test" });
};

test("a tree that the company does not have refuses the plan", async () => {
  await expect(publish()).rejects.toMatchObject({
    fields: [{ path: "bonuses[0].tree", message: expect.stringMatching(/there is no placement tree "forced"/) }],
  });
});

test("three levels of a placement tree are paid as of the order's time, to the last unit", async () => {
  const { companyId } = hub.company;
  const act = { companyId, actor: "test", tree: "forced" };
  await addTree(hub, { ...act, width: 2, depth: null, spillover: "breadth-first", windowDays: 30 });
  await publish();
  const at = new Date("2026-11-01T00:00:00Z");
  // D09 is sponsored by D08 and D01; here they stand under D04, D03, D02 and D01.
  const places = [
    ["D01", null],
    ["D02", "D01"],
    ["D03", "D02"],
    ["D04", "D03"],
    ["D09", "D04"],
  ] as const;
  for (const [distributorId, parentId] of places) await placeDistributor(hub, { ...act, distributorId, parentId, at });
  await tell(hub, { platform: "woocommerce", id: 1, placed: "2026-11-05T10:00:00", code: "BOB7" });
  await hub.settled();
  // 100.00 EUR: 10.005, 3.33 and 1.115, each rounded half up; nobody is paid for level 4.
  const before = ["woocommerce 1 matrix D02: 112", "woocommerce 1 matrix D03: 333", "woocommerce 1 matrix D04: 1001"];
  expect(await holdings(hub)).toStrictEqual(before);

  await moveDistributor(moving(), {
    ...act,
    distributorId: "D09",
    parentId: "D02",
    leg: 1,
    at: new Date("2026-11-06T00:00:00Z"),
  });
  await tell(hub, { platform: "woocommerce", id: 2, placed: "2026-11-05T11:00:00", code: "BOB7" });
  await tell(hub, { platform: "woocommerce", id: 3, placed: "2026-11-07T10:00:00", code: "BOB7" });
  await tell(hub, { platform: "woocommerce", id: 4, placed: "2026-10-31T10:00:00", code: "BOB7" });
  // The first again, as it was locked: nothing moves.
  await tell(hub, { platform: "woocommerce", id: 1, placed: "2026-11-05T10:00:00", told: "2026-11-08T10:00:00", code: "BOB7" });
  await hub.settled();
  expect(await holdings(hub)).toStrictEqual([
    ...before,
    ...before.map((line) => line.replace("e 1", "e 2")),
    "woocommerce 3 matrix D01: 333",
    "woocommerce 3 matrix D02: 1001",
  ]);
  const audit = await auditLedger(hub.pipeline, companyId);
  expect([audit.orders, audit.balanced, audit.differences]).toStrictEqual([4, true, []]);
});

const minorAsText = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

test("the snapshot says by which places it was computed, and one of the first format is still read", async () => {
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ snapshot: string }[]>`
      select snapshot from order_revisions r join orders o using (company_id, order_no)
       where o.platform_order_id = '1' and r.revision = 1`,
  );
  const { locked } = readSnapshot(row?.snapshot ?? "");
  expect(locked.placements.forced?.map(({ distributorId }) => distributorId)).toStrictEqual(["D09", "D04", "D03", "D02", "D01"]);
  // As the first two formats held it: people and entries by the names of their members.
  const written = JSON.parse(row?.snapshot ?? "");
  const old = JSON.parse(JSON.stringify({ ...readSnapshot(row?.snapshot ?? ""), state: written.state }, minorAsText));
  expect(readSnapshot(JSON.stringify({ ...old, format: "upline-order/2" }))).toStrictEqual(readSnapshot(row?.snapshot ?? ""));
  for (const added of ["buyerHashes", "buyerNamed", "placements"]) delete old.locked[added];
  const read = readSnapshot(JSON.stringify({ ...old, format: "upline-order/1", locked: { ...old.locked, buyerHash: "h" } }));
  expect([read.locked.buyerHashes, read.locked.buyerNamed, read.locked.placements]).toStrictEqual([["h"], null, {}]);
  expect(() => readSnapshot(JSON.stringify({ ...old, format: "upline-order/4" }))).toThrow(/newer than this program/);
});

test("levels that name a placement tree are paid up that tree, and a tree that the company does not have is refused", async () => {
  const levels = {
    ...{ id: "levels", kind: "unilevel", snapshot: "order", base: "cv" },
    levelOne: "sponsor",
    compression: "none",
  };
  const passing = { unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" };
  const planOn = (tree: string) => ({
    ...{ ...MATRIX_PLAN, version: 2, rankTree: "enroller" },
    trees: { enroller: { is: "enrolment" }, [tree]: { is: "placement" } },
    bonuses: [{ ...levels, ...passing, tree, rates: { "*": ["0.10005", "0.0333"] } }],
  });
  await expect(publish(planOn("nowhere"), "2026-11-10")).rejects.toMatchObject({
    fields: [{ path: "trees.nowhere", message: expect.stringMatching(/is a placement tree, and the company has none/) }],
  });
  await publish(planOn("forced"), "2026-11-10");
  await tell(hub, { platform: "woocommerce", id: 5, placed: "2026-11-11T10:00:00", code: "BOB7" });
  await hub.settled();
  // D09 stands under D02 since the 6th, and D02 under D01; by who enrolled whom it would be D08 and D01.
  expect((await holdings(hub)).filter((line) => line.startsWith("woocommerce 5"))).toStrictEqual([
    "woocommerce 5 levels D01: 333",
    "woocommerce 5 levels D02: 1001",
  ]);
});
