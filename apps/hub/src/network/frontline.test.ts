import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { bookPending } from "../periods/book-volumes.ts";
import { openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";

/** Rows of the tree with their volumes. PV is an order's net; every figure is worked out by hand. */

let hub: TestHub;
let company: PeriodCompany;
let key: string;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  // A1 ─┬─ A2 ── A3 ── A4 (suspended) ── A5
  //     └─ B1 ── B2
  company = await setUpPeriodCompany(hub);
  ({ key } = await createKey(hub, {
    companyId: company.companyId,
    name: "tree",
    scopes: ["read", "admin"],
    owner: "ann",
    actor: "test",
  }));
  await openMonth(hub, company, "2026-06");
  await openMonth(hub, company, "2026-07");
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const JUNE_20 = "2026-06-20T12:00:00Z";
interface Row {
  readonly distributor_id: string;
  readonly pv: string;
  readonly gv: string;
  readonly frontline: number;
  readonly downline: number;
}
async function frontlineOf(id: string | null, more = "", at = JUNE_20) {
  const of = id === null ? "" : `&distributor_id=${id}`;
  const { status, body } = await call(hub, `/api/frontline?at=${at}${of}${more}`, { key });
  expect([status, body]).toStrictEqual([200, body]);
  return body;
}
const told = ({ distributor_id: id, pv, gv, frontline, downline }: Row) => `${id} ${pv} ${gv} ${frontline} ${downline}`;
async function order(by: string, minor: number, at = "2026-06-10", more = {}) {
  await sendOrders(hub, company, [{ id: `${by}-${minor}-${at}`, at, by, minor, ...more }]);
  await bookPending(hub, company);
}

test("nobody has volume before anything is booked, and the company's own frontline comes without a parent", async () => {
  const top = await frontlineOf(null);
  expect(top.items.map(told)).toStrictEqual(["A1 0 0 2 6"]);
  expect([top.distributor, top.whole, top.period.name]).toStrictEqual([
    null,
    { gv: "0", downline: 7, frontline: 1, active: 0 },
    "2026-06",
  ]);
});

test("own and group volume of each row, the largest group first, and what is behind the page in one sum", async () => {
  await order("A3", 34000);
  await order("A5", 5000);
  await order("B1", 20000);
  await order("B2", 30000);
  await order("A1", 1000);
  await order("A1", 9900, "2026-07-02");
  const whole = await frontlineOf("A1");
  // 200 + 300 below B1; 340 + 50 below A2, which bought nothing itself; together 10 + 500 + 390.
  expect(whole.items.map(told)).toStrictEqual(["B1 200 500 1 1", "A2 0 390 1 3"]);
  expect(told(whole.distributor)).toBe("A1 10 900 2 6");
  expect([whole.next, whole.rest]).toStrictEqual([null, { distributors: 0, gv: "0", downline: 0 }]);
  const first = await frontlineOf("A1", "&limit=1");
  expect(first.items.map(told)).toStrictEqual(["B1 200 500 1 1"]);
  expect(first.rest).toStrictEqual({ distributors: 1, gv: "390", downline: 3 });
  const second = await frontlineOf("A1", `&limit=1&before=${first.next}`);
  expect([second.items.map(told), second.next]).toStrictEqual([["A2 0 390 1 3"], null]);
  expect(told((await frontlineOf("A1", "", "2026-07-20")).distributor)).toBe("A1 99 99 2 6");
});

test("a refund takes from the group, and nobody's own volume falls below zero", async () => {
  await order("B2", 30000, "2026-06-10", { refunded: 30000, changed: "2026-06-11" });
  expect((await frontlineOf("A1")).items.map(told)).toStrictEqual(["A2 0 390 1 3", "B1 200 200 1 1"]);
  await owner`
    insert into volume_entries (company_id, period_no, kind, distributor_no, commission_class, market, self_purchase, currency, pv, qv, cv,
                                net_minor, effective_at, actor, reason)
    select company_id, 1, 'adjustment', distributor_no, 'products', '*', false, 'USD', -5000000, 0, 0, 0, ${JUNE_20}, 'test', 'test'
      from distributors where company_id = ${company.companyId} and distributor_id = 'B1'`;
  expect((await frontlineOf("A1")).items.map(told)).toStrictEqual(["A2 0 390 1 3", "B1 0 0 1 1"]);
});

test("who is enrolled, and who is moved from a day on, changes the groups from then on", async () => {
  const rows = [{ line: 2, distributorId: "C1", sponsorId: "B2", enrolledAt: "2026-06-05T00:00:00Z" }];
  await importDistributors(hub, { companyId: company.companyId, rows, actor: "test" });
  await order("C1", 12500, "2026-06-12");
  expect((await frontlineOf("A1")).items.map(told)).toStrictEqual(["A2 0 390 1 3", "B1 0 125 1 2"]);
  const body = { sponsor_id: "B1", at: "2026-06-15T00:00:00Z", reason: "asked for it" };
  expect((await call(hub, "/api/distributors/A3/sponsor", { key, body })).status).toBe(200);
  expect((await frontlineOf("A1")).items.map(told)).toStrictEqual(["B1 0 515 2 5", "A2 0 0 0 0"]);
  expect((await frontlineOf("A1", "", "2026-06-14")).items.map(told)).toStrictEqual(["A2 0 390 1 3", "B1 0 125 1 2"]);
});

test("how many are active in the period is told of the whole company: who is there, may be, and has the volume", async () => {
  // Of A3 with 340, C1 with 125, A5 with 50 and A1 with 10, a hundred make two; B1 and B2 have nothing left.
  expect((await frontlineOf(null)).whole.active).toBe(2);
  expect((await frontlineOf("A1")).whole.active).toBe(null);
  expect((await frontlineOf(null, "", "2026-05-01")).whole.active).toBe(null);
  await order("B2", 10000, "2026-06-14");
  expect((await frontlineOf(null)).whole.active).toBe(3);
  // Suspended since the sixteenth: the volume alone does not make it.
  const rows = [{ line: 2, distributorId: "B2", sponsorId: "B1", status: "suspended" as const }];
  const from = new Date("2026-06-16T00:00:00Z");
  expect((await importDistributors(hub, { companyId: company.companyId, rows, from, actor: "test" })).errors).toStrictEqual([]);
  expect((await frontlineOf(null)).whole.active).toBe(2);
  // On the third C1, whose volume is in the period all the same, was not enrolled yet.
  expect((await frontlineOf(null, "", "2026-06-03T00:00:00Z")).whole.active).toBe(2);
});

test("the next rank is told with the volume that it asks", async () => {
  const toward = async (id: string) => (await frontlineOf(id)).toward;
  expect(await toward("B1")).toStrictEqual({ rank: { id: "bronze", name: "Bronze" }, by: "pv", needed: "100" });
  const ranked = (rank: string) =>
    importDistributors(hub, {
      companyId: company.companyId,
      rows: [{ line: 2, distributorId: "B1", sponsorId: "A1", rank }],
      from: new Date("2026-06-16T00:00:00Z"),
      actor: "test",
    });
  expect((await ranked("bronze")).errors).toStrictEqual([]);
  expect(await toward("B1")).toStrictEqual({ rank: { id: "silver", name: "Silver" }, by: "gv", needed: "500" });
  expect((await ranked("gold")).errors).toStrictEqual([]);
  expect(await toward("B1")).toBe(null);
  expect((await frontlineOf(null)).toward).toBe(null);
});

test("activity is told with what is missing, and without a period there are no volumes", async () => {
  const rowOf = async (id: string, at?: string) => (await frontlineOf(id, "", at)).distributor;
  expect(await rowOf("A3")).toMatchObject({ active: true, short_of_active: "0" });
  expect(await rowOf("A1")).toMatchObject({ active: false, short_of_active: "90" });
  expect(await rowOf("A4")).toMatchObject({ active: false, short_of_active: "0", status: "suspended" });
  expect(await rowOf("A1", "2026-05-01")).toMatchObject({ active: null, pv: null, gv: null, downline: 6 });
  const none = await call(hub, "/api/frontline?distributor_id=nobody", { key });
  expect([none.status, none.body.code]).toStrictEqual([404, "not-found"]);
});
