import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { createKey } from "../keys/create.ts";
import { volumesOfPeople } from "../periods/move-effects.ts";
import { closeMonth, JUNE, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { call as callHub } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";

/**
 * Moves to another sponsor, over HTTP. A1 is at the top, A2 to A5 one below the other, B1 and B2 beside them; June is closed and
 * July open. Order-time pay is 10 and 5 per cent, of the sponsor and theirs.
 */

let hub: TestHub;
let company: PeriodCompany;
let key: string;
let stranger: string;
beforeAll(async () => {
  hub = await openTestHub();
  const elsewhere = await setUpPeriodCompany(hub);
  company = await setUpPeriodCompany(hub);
  const keyOf = async (companyId: number, name: string, scope: string) =>
    (await createKey(hub, { companyId, name, scopes: [scope], owner: name, actor: "test" })).key;
  key = await keyOf(company.companyId, "ann", "admin");
  stranger = await keyOf(elsewhere.companyId, "sue", "admin");
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  await openMonth(hub, company, "2026-07");
  await sendOrders(hub, company, [
    { id: "k1", at: "2026-07-05", by: "A5", minor: 100_00 },
    { id: "k2", at: "2026-07-10", by: "A3", minor: 50_00 },
  ]);
});
afterAll(() => hub.close());

const call = (path: string, options: Parameters<typeof callHub>[2] = {}) => callHub(hub, `/api${path}`, { key, ...options });
const preview = (id: string, sponsor_id: string | null, at: string) =>
  call(`/distributors/${id}/sponsor/preview`, { body: { sponsor_id, at } });
const move = (id: string, sponsor_id: string | null, at: string, reason = "enrolled with the wrong code") =>
  call(`/distributors/${id}/sponsor`, { body: { sponsor_id, at, reason } });
const uplineOf = async (id: string, at: string) =>
  (await call(`/distributors/${id}/upline?at=${at}`)).body.items.map((each: { distributor_id: string }) => each.distributor_id);
/** What each distributor holds of an order, in minor units. */
const paidOf = async (order: string) =>
  Object.fromEntries(
    await asCompany(hub.db, company.companyId, async (tx) =>
      (
        await tx<{ id: string; minor: number }[]>`
          select distributor_id as id, sum(amount_minor)::float8 as minor from ledger
           where source_kind = 1 and source_no = (select order_no from orders where order_name = ${order}) and distributor_id is not null
           group by 1 order by 1`
      ).map(({ id, minor }) => [id, minor]),
    ),
  );

test.each([
  ["A3", "nobody", "2026-07-08", "sponsor_id", "unknown-sponsor", /no distributor of this company has the id "nobody"/, null],
  ["A3", "A3", "2026-07-08", "sponsor_id", "themselves", /nobody sponsors themselves/, null],
  ["A3", "A2", "2026-07-08", "sponsor_id", "same-sponsor", /sponsor on that day already/, null],
  ["A3", "B1", "2025-12-31", "at", "before-enrolment", /"A3" enrolled on 2026-01-01/, "2026-01-01T00:00:00.000Z"],
  ["A3", "B1", "2026-06-30", "at", "closed-period", /2026-06 is closed.*2026-07-01T00:00:00.000Z/, "2026-07-01T00:00:00.000Z"],
  ["A2", "A5", "2026-07-08", "sponsor_id", "circle", /"A5" stands below "A2"/, null],
] as const)("%s under %s from %s is refused by the field %s: %s", async (id, to, at, field, reason, sentence, earliest) => {
  const looked = await preview(id, to, at);
  expect([looked.status, looked.body.refusal.field, looked.body.refusal.reason]).toStrictEqual([200, field, reason]);
  expect([looked.body.refusal.earliest, sentence.test(looked.body.refusal.sentence)]).toStrictEqual([earliest, true]);
  const before = await uplineOf(id, "2027-01-01");
  const tried = await move(id, to, at);
  expect([tried.status, tried.body.errors[0].path, sentence.test(tried.body.detail)]).toStrictEqual([422, field, true]);
  expect(await uplineOf(id, "2027-01-01")).toStrictEqual(before);
});

test("a circle says the way from whoever moves down to the new sponsor", async () => {
  const { refusal } = (await preview("A2", "A5", "2026-07-08")).body;
  expect(refusal.path.map((each: { distributor_id: string }) => each.distributor_id)).toStrictEqual(["A2", "A3", "A4", "A5"]);
});

test("nobody moves people of another company, nor without a reason, nor with a key that only reads", async () => {
  const theirs = await callHub(hub, "/api/distributors/A3/sponsor/preview", {
    key: stranger,
    body: { sponsor_id: "B1", at: "2026-07-08" },
  });
  // They have an A3 of their own, who is not this one.
  expect(theirs.body.periods).toStrictEqual([]);
  expect((await preview("nobody", "B1", "2026-07-08")).status).toBe(404);
  const empty = await move("A3", "B1", "2026-07-08", " ");
  expect([empty.status, empty.body.errors[0]]).toStrictEqual([
    400,
    { path: "reason", message: "say why, in 3 to 500 characters" },
  ]);
  const reader = (
    await createKey(hub, { companyId: company.companyId, name: "eve", scopes: ["read"], owner: "eve", actor: "test" })
  ).key;
  expect((await call("/distributors/A3/sponsor", { key: reader, body: { sponsor_id: "B1", reason: "because" } })).status).toBe(
    403,
  );
});

test("a file dates no change of sponsor into a closed period, and is taken where its sponsors are as they were", async () => {
  const { companyId } = company;
  const bring = (sponsorId: string, from: string) =>
    importDistributors(hub, {
      ...{ companyId, actor: "ann", from: new Date(from), dryRun: true },
      rows: [
        { line: 2, distributorId: "A2", sponsorId: "A1", country: "AT" },
        { line: 3, distributorId: "A4", sponsorId },
      ],
    });
  const refused = await bring("B1", "2026-06-30");
  expect(refused.errors).toStrictEqual([
    {
      ...{ line: 3, field: "sponsor_id" },
      message:
        "changes within the period 2026-06, which is closed or about to be: date the import 2026-07-01T00:00:00.000Z or later, or leave the sponsor of this line as it is",
    },
  ]);
  expect(await bring("B1", "2026-07-01")).toMatchObject({ errors: [], updated: 2 });
  expect(await bring("A3", "2026-06-30")).toMatchObject({ errors: [], updated: 1 });
});

test("a move counts from its day on: for new orders and the open period's close, and for nothing that was booked", async () => {
  const looked = (await preview("A3", "B1", "2026-07-08")).body;
  const named = (distributor_id: string) => ({ distributor_id, name: null });
  expect(looked).toStrictEqual({
    distributor: named("A3"),
    at: "2026-07-08T00:00:00.000Z",
    from: named("A2"),
    to: named("B1"),
    people_below: 2,
    // Only k2 is of the 8th or later.
    orders_kept: 1,
    // k1 and k2: 100 and 50.
    periods: [{ period_id: "2", name: "2026-07", ends_at: "2026-08-01T00:00:00.000Z", pv: "150" }],
    refusal: null,
  });
  const volumes = (ids: readonly string[], at: string) =>
    asCompany(hub.db, company.companyId, async (tx) => {
      const rows = await tx<{ no: number }[]>`
        select distributor_no as no from distributors where company_id = ${company.companyId} and distributor_id = any(${ids as string[]}::text[])`;
      const distributorNos = rows.map(({ no }) => no);
      return (await volumesOfPeople(tx, { companyId: company.companyId, distributorNos, at: new Date(at) })).map(({ id, pv }) => [
        id,
        pv,
      ]);
    });
  // Only their own: k2, then k1 as well; nothing of a period that is over by then.
  expect(await volumes(["A3"], "2026-07-31")).toStrictEqual([["2", "50"]]);
  expect(await volumes(["A3", "A5"], "2026-07-31")).toStrictEqual([["2", "150"]]);
  expect(await volumes(["A3"], "2026-08-01")).toStrictEqual([]);
  const booked = [await paidOf("k1"), await paidOf("k2")];
  // k2: 10 % of 50 to A2, 5 % to A1.
  expect(booked[1]).toStrictEqual({ A1: 250, A2: 500 });
  expect((await move("A3", "B1", "2026-07-08")).body).toStrictEqual({ ...looked });
  expect([await uplineOf("A5", "2026-07-07T23:59:59Z"), await uplineOf("A5", "2026-07-08")]).toStrictEqual([
    ["A4", "A3", "A2", "A1"],
    ["A4", "A3", "B1", "A1"],
  ]);
  await sendOrders(hub, company, [{ id: "k3", at: "2026-07-12", by: "A3", minor: 200_00 }]);
  expect(await paidOf("k3")).toStrictEqual({ A1: 10_00, B1: 20_00 });
  expect([await paidOf("k1"), await paidOf("k2")]).toStrictEqual(booked);
  const { items } = (await call("/audit?act=network.move")).body;
  expect(items).toHaveLength(1);
  expect([items[0].actor, items[0].subject, items[0].details]).toStrictEqual([
    "key:ann",
    "A3",
    { from: "A2", to: "B1", at: "2026-07-08T00:00:00.000Z", reason: "enrolled with the wrong code" },
  ]);
  const july = { periodNo: 2 } as Parameters<typeof closeMonth>[2];
  await closeMonth(hub, company, july);
  const results = (await call("/periods/2/results?limit=20")).body.items;
  const gv = Object.fromEntries(results.map((each: { distributor_id: string; gv: string }) => [each.distributor_id, each.gv]));
  // A3: 50 + 200 and A5's 100 below; all of it counts for B1 now, the 100 from before the 8th too.
  expect([gv.A3, gv.B1, gv.A2 ?? "0", gv.A1]).toStrictEqual(["350", "350", "0", "350"]);
});

test("where somebody stood is told, with who moved them and why, and a later move comes after it", async () => {
  const sooner = await preview("A3", "A1", "2026-08-01");
  expect(sooner.body.refusal).toBeNull();
  expect((await move("A3", null, "2026-08-02", "leaves the line")).status).toBe(200);
  const again = await preview("A3", "A2", "2026-08-01T12:00:00Z");
  expect([again.body.refusal.reason, again.body.refusal.earliest]).toStrictEqual([
    "before-latest-move",
    "2026-08-02T00:00:00.001Z",
  ]);
  const { items } = (await call("/distributors/A3/sponsors")).body;
  const told = (sponsor: string | null, since: string, until: string | null, reason: string | null) => ({
    ...{ sponsor: sponsor && { distributor_id: sponsor, name: null }, since, until },
    ...{ moved_by: reason && "key:ann", reason },
  });
  expect(items).toStrictEqual([
    told(null, "2026-08-02T00:00:00.000Z", null, "leaves the line"),
    told("B1", "2026-07-08T00:00:00.000Z", "2026-08-02T00:00:00.000Z", "enrolled with the wrong code"),
    told("A2", "2026-01-01T00:00:00.000Z", "2026-07-08T00:00:00.000Z", null),
  ]);
});

test("of two moves of one person at once the second is judged behind the first", async () => {
  const both = await Promise.all([move("B2", "A2", "2026-08-05"), move("B2", "A1", "2026-08-05")]);
  expect(both.map(({ status }) => status).sort()).toStrictEqual([200, 422]);
});

test("of two moves at once that would close a circle together, one is refused", async () => {
  for (let day = 10; day < 18; day++) {
    const at = `2026-08-${day}`;
    const both = await Promise.all([move("B1", "B2", at), move("B2", "B1", at)]);
    expect(both.map(({ status }) => status).sort()).toStrictEqual([200, 422]);
    expect(both.find(({ status }) => status === 422)?.body.errors[0].path).toBe("sponsor_id");
    // Whoever was moved goes back to the company, for the next two.
    const moved = both[0]?.status === 200 ? "B1" : "B2";
    expect((await move(moved, null, `${at}T12:00:00Z`)).status).toBe(200);
  }
});
