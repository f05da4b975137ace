import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnv } from "../env.ts";
import { openHub } from "../hub.ts";
import { createKey } from "../keys/create.ts";
import { bookPending } from "../periods/book-volumes.ts";
import { openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { testSettings } from "../testing/test-parts.ts";
import { importDistributors } from "./import.ts";

/**
 * Group volumes and counts that two hubs keep in memory, each changed by the other: people are enrolled and moved, as of past and later days, volume is booked,
 * refunded and adjusted, one hub starts anew. The oracle is recursion over the stored edges, in SQL.
 */

let first: TestHub;
let second: TestHub;
let owner: postgres.Sql;
const open = async (): Promise<TestHub> => ({ ...first, ...(await openHub(readEnv(testSettings(first.db.url)), first.db.url)) });
beforeAll(async () => {
  first = await openTestHub();
  second = await open();
  owner = postgres(first.db.url, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await second.close();
  await first.close();
});

const instant = (month: number, day: number) => `2026-0${month}-${String(day).padStart(2, "0")}T00:00:00.000Z`;
const when = fc.record({ month: fc.constantFrom(5, 6, 7), day: fc.integer({ min: 1, max: 28 }) });
const who = fc.nat(30);
const hub = fc.nat(1);
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("enrol" as const),
      hub,
      sponsors: fc.array(who, { minLength: 1, maxLength: 3 }),
      when,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("move" as const), hub, who, sponsor: who, when }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("order" as const), hub, who, when, minor: fc.integer({ min: 1, max: 9_999 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refund" as const), hub, order: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("void" as const), hub, order: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("look" as const), hub, when }) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

interface World {
  readonly company: PeriodCompany;
  readonly key: string;
  readonly ids: string[];
  readonly orders: { id: string; at: string; by: string; minor: number }[];
}
const hubOf = (no: number): TestHub => (no === 0 ? first : second);

async function does(world: World, one: Act, step: number): Promise<void> {
  const { company, key, ids, orders } = world;
  const idOf = (no: number) => ids[no % ids.length] as string;
  if (one.kind === "enrol") {
    // Whoever sponsors comes behind whom they sponsor.
    const rows = one.sponsors.map((sponsor, index) => ({
      ...{ line: index + 2, distributorId: `N${step}-${index}`, enrolledAt: instant(one.when.month, one.when.day) },
      sponsorId: index < one.sponsors.length - 1 ? `N${step}-${index + 1}` : idOf(sponsor),
    }));
    const done = await importDistributors(hubOf(one.hub), { companyId: company.companyId, rows, actor: "test" });
    expect(done.errors).toStrictEqual([]);
    ids.push(...rows.map(({ distributorId }) => distributorId));
  } else if (one.kind === "move") {
    const sponsor_id = one.sponsor === 0 ? null : idOf(one.sponsor);
    const body = { sponsor_id, at: instant(one.when.month, one.when.day), reason: "drawn" };
    expect((await call(hubOf(one.hub), `/api/distributors/${idOf(one.who)}/sponsor`, { key, body })).status).toBeOneOf([
      200, 422,
    ]);
  } else if (one.kind === "order") {
    const order = { id: `o${step}`, at: instant(one.when.month, one.when.day).slice(0, 10), by: idOf(one.who), minor: one.minor };
    orders.push(order);
    await sendOrders(hubOf(one.hub), company, [order]);
    await bookPending(hubOf(one.hub), company);
  } else if (one.kind === "refund" || one.kind === "void") {
    const order = orders[one.order % Math.max(1, orders.length)];
    if (order === undefined) return;
    const more = one.kind === "void" ? { void: true } : { refunded: Math.ceil(order.minor / 3) };
    await sendOrders(hubOf(one.hub), company, [{ ...order, ...more, changed: "2026-08-01" }]);
    await bookPending(hubOf(one.hub), company);
  } else if (one.kind === "restart") {
    await second.close();
    second = await open();
  } else await expectSame(world, hubOf(one.hub), instant(one.when.month, one.when.day));
}

interface Row {
  readonly id: string;
  readonly pv: string | null;
  readonly gv: string | null;
  readonly frontline: number;
  readonly downline: number;
}

/** As of a time, by recursion over the stored edges. Volume of the period that holds it, below zero nothing. */
async function asStored({ company: { companyId } }: World, at: string): Promise<Row[]> {
  return owner<Row[]>`
    with recursive people as (
      select d.distributor_no as no, d.distributor_id as id, d.enrolled_at <= ${at} as there,
             coalesce((select e.sponsor_no from sponsor_edges e where e.company_id = d.company_id and e.distributor_no = d.distributor_no
                         and e.valid_from <= ${at} and e.edge_no > (select min(edge_no) from sponsor_edges x where x.company_id = d.company_id and x.distributor_no = d.distributor_no)
                       order by e.valid_from desc, e.edge_no desc limit 1),
                      (select e.sponsor_no from sponsor_edges e where e.company_id = d.company_id and e.distributor_no = d.distributor_no order by e.edge_no limit 1)) as sponsor,
             greatest(0, coalesce((select sum(v.pv) from volume_entries v join periods p on p.company_id = v.company_id and p.period_no = v.period_no
                 where v.company_id = d.company_id and v.distributor_no = d.distributor_no and p.starts_at <= ${at} and ${at} < p.ends_at), 0)) as pv
        from distributors d where d.company_id = ${companyId}),
    below as (
      select no as top, no from people
      union all select b.top, p.no from below b join people p on p.sponsor = b.no)
    select t.id, trim_scale(t.pv / 10000)::text as pv, trim_scale(sum(p.pv) / 10000)::text as gv,
           (select count(*)::int from people f where f.sponsor = t.no and f.there) as frontline,
           (count(*) filter (where p.there and p.no <> t.no))::int as downline
      from below b join people t on t.no = b.top join people p on p.no = b.no
     group by t.no, t.id, t.pv order by t.id collate "C"`;
}

async function expectSame(world: World, asked: TestHub, at: string): Promise<void> {
  const stored = await asStored(world, at);
  const told: Row[] = [];
  for (const { id } of stored) {
    const { status, body } = await call(asked, `/api/frontline?at=${at}&distributor_id=${id}`, { key: world.key });
    expect(status).toBe(200);
    const { pv, gv, frontline, downline } = body.distributor;
    told.push({ id, pv, gv, frontline, downline });
    const below = body.items.reduce((sum: number, one: { downline: number }) => sum + 1 + one.downline, 0);
    expect(below).toBeGreaterThanOrEqual(body.items.length);
  }
  // No period is open for May.
  const isOpen = !at.startsWith("2026-05");
  expect(told).toStrictEqual(stored.map((row) => (isOpen ? { ...row } : { ...row, pv: null, gv: null })));
}

test("property: what two hubs keep of trees and volumes is what the stored edges and bookings say, whichever of them changed it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const company = await setUpPeriodCompany(first, {
        network: [
          ["A", null],
          ["B", "A"],
          ["C", "B"],
          ["D", "A"],
        ],
      });
      const { key } = await createKey(first, {
        companyId: company.companyId,
        name: "t",
        scopes: ["read", "admin"],
        owner: "ann",
        actor: "test",
      });
      await openMonth(first, company, "2026-06");
      await openMonth(first, company, "2026-07");
      const world: World = { company, key, ids: ["A", "B", "C", "D"], orders: [] };
      for (const [step, one] of acts.entries()) await does(world, one, step);
      for (const at of [instant(6, 1), instant(6, 15), instant(7, 28)])
        for (const one of [first, second]) await expectSame(world, one, at);
    }),
    runs(4),
  );
});
