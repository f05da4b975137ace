import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";

/** Uplines, downlines and counts by level come from memory; the oracle is recursion over the stored edges, in SQL. */

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const DAYS = ["2025-01-10", "2025-03-01", "2025-06-15", "2025-09-01", "2025-12-31", "2026-02-01"];
const dayOf = (index: number) => DAYS[index % DAYS.length] as string;

/** The edge that counts of everybody at a time: the latest that began by then, of two the one recorded later; else the first. */
const counting = (at: string) => owner`
  select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges where company_id = ${hub.company.companyId}
   order by distributor_no, valid_from <= ${at}::timestamptz desc,
            case when valid_from <= ${at}::timestamptz then valid_from end desc,
            case when valid_from <= ${at}::timestamptz then edge_no end desc, valid_from, edge_no`;

async function storedUpline(distributorId: string, at: string): Promise<string[]> {
  const rows = await owner<{ id: string }[]>`
    with recursive edge as (${counting(at)}),
    above as (
      select distributor_no as no, 0 as level from distributors where company_id = ${hub.company.companyId} and distributor_id = ${distributorId}
      union all select e.sponsor_no, a.level + 1 from above a join edge e on e.distributor_no = a.no)
    select d.distributor_id as id from above a join distributors d on d.company_id = ${hub.company.companyId} and d.distributor_no = a.no
     where a.level > 0 order by a.level`;
  return rows.map(({ id }) => id);
}

async function storedDownline(distributorId: string, at: string): Promise<[number, string][]> {
  const rows = await owner<{ id: string; level: number }[]>`
    with recursive edge as (${counting(at)}),
    below as (
      select distributor_no as no, 0 as level from distributors where company_id = ${hub.company.companyId} and distributor_id = ${distributorId}
      union all select e.distributor_no, b.level + 1 from below b join edge e on e.sponsor_no = b.no)
    select d.distributor_id as id, b.level
      from below b join distributors d on d.company_id = ${hub.company.companyId} and d.distributor_no = b.no
     where b.level > 0 and d.enrolled_at <= ${at}::timestamptz order by b.level, b.no`;
  return rows.map(({ id, level }) => [level, id]);
}

const get = async (path: string) => (await call(hub, `/api/distributors/${path}`, { key: hub.company.keys.read })).body;

async function pagedDownline(distributorId: string, query: string): Promise<[number, string][]> {
  const found: [number, string][] = [];
  for (let before = ""; ; ) {
    const page = await get(`${distributorId}/downline?${query}${before}`);
    for (const item of page.items) found.push([item.level, item.distributor_id]);
    if (page.next === null) return found;
    before = `&before=${encodeURIComponent(page.next)}`;
  }
}

const change = fc.record({
  enrolments: fc.array(fc.record({ sponsor: fc.nat(200), day: fc.nat(5) }), { minLength: 1, maxLength: 8 }),
  moves: fc.array(fc.record({ who: fc.nat(200), sponsor: fc.nat(200), day: fc.nat(5) }), { maxLength: 24 }),
  questions: fc.array(
    fc.record({ who: fc.nat(200), day: fc.nat(5), depth: fc.constantFrom(1, 2, 50), limit: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 3,
      maxLength: 4,
    },
  ),
});

test("answers equal recursion over the stored edges at any time, while people are enrolled and moved", async () => {
  let people = 0;
  const enrolledOn: string[] = [];
  let moved = 0;
  const idOf = (index: number) => `T${1 + (index % people)}`;
  const bring = (day: string, row: { distributorId: string; sponsorId: string | null; enrolledAt?: string }) =>
    importDistributors(hub, {
      companyId: hub.company.companyId,
      actor: "test",
      from: new Date(`${day}T00:00:00Z`),
      rows: [{ line: 1, ...row }],
    });
  await fc.assert(
    fc.asyncProperty(change, async ({ enrolments, moves, questions }) => {
      for (const { sponsor, day } of enrolments) {
        const sponsorId = people === 0 || sponsor % 9 === 0 ? null : idOf(sponsor);
        const { errors } = await bring("2026-03-01", { distributorId: `T${people + 1}`, sponsorId, enrolledAt: dayOf(day) });
        expect(errors).toStrictEqual([]);
        enrolledOn.push(dayOf(day));
        people += 1;
      }
      for (const { who, sponsor, day } of moves) {
        // Nobody moves before being enrolled. Circles, sponsors who enrolled later and moves before a recorded one are refused, and change nothing.
        if (dayOf(day) < (enrolledOn[who % people] ?? "")) continue;
        const { updated } = await bring(dayOf(day), { distributorId: idOf(who), sponsorId: idOf(sponsor) });
        moved += updated;
      }
      for (const { who, day, depth, limit } of questions) {
        const at = `${dayOf(day)}T12:00:00Z`;
        const [id, asOf] = [idOf(who), `at=${encodeURIComponent(at)}`];
        const upline = await get(`${id}/upline?${asOf}`);
        expect(upline.items.map((item: { distributor_id: string }) => item.distributor_id)).toStrictEqual(
          await storedUpline(id, at),
        );
        const stored = await storedDownline(id, at);
        const asked = await pagedDownline(id, `${asOf}&depth=${depth}&limit=${limit}`);
        expect(asked).toStrictEqual(stored.filter(([level]) => level <= depth));
        const counts = await get(`${id}/levels?${asOf}`);
        const deepest = stored.at(-1)?.[0] ?? 0;
        expect(counts).toStrictEqual({
          at: new Date(at).toISOString(),
          distributors: stored.length,
          levels: Array.from({ length: deepest }, (_, index) => ({
            level: index + 1,
            distributors: stored.filter(([level]) => level === index + 1).length,
          })),
        });
      }
    }),
    // A smaller failure would be tried on a network that has grown meanwhile.
    { ...runs(8), endOnFailure: true },
  );
  assert.ok(moved >= 5, "moves were made");
});

test("whoever is not there is said so", async () => {
  for (const path of ["nobody/upline", "nobody/downline", "nobody/levels"])
    expect((await call(hub, `/api/distributors/${path}`)).status).toBe(404);
});
