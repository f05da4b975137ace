import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";
import { followNetwork } from "./load-network.ts";
import { addTree, moveDistributor, placeDistributor, placeWaiting } from "./placement.ts";

/** Who stands where and who waits comes from memory; the oracle is SQL over the stored rows. */

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  for (const [tree, width] of [
    ["binary", 2],
    ["wide", 5],
  ] as const)
    await addTree(hub, { ...act(tree), width, depth: null, spillover: "breadth-first", windowDays: WINDOW_DAYS });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const WINDOW_DAYS = 366;
const WINDOW_MS = WINDOW_DAYS * 86_400_000;
const TREES = ["binary", "wide", "nosuchtree"] as const;
const DAYS = ["2026-01-10", "2026-02-01", "2026-03-15", "2026-04-01", "2026-05-31", "2026-06-01"];
const dayOf = (index: number) => `${DAYS[index % DAYS.length]}T00:00:00.000Z`;
const act = (tree: string) => ({ companyId: hub.company.companyId, actor: "ann", tree });

/** Of each distributor the latest row that began by then, of two from one moment the one recorded later. */
function storedPlaces(tree: string, at: string) {
  return owner<{ distributor_id: string; parent_id: string | null; leg: number; since: Date }[]>`
    select d.distributor_id, p.distributor_id as parent_id, e.leg, e.valid_from as since
      from (select distinct on (distributor_no) * from placement_edges
             where company_id = ${hub.company.companyId} and tree = ${tree} and valid_from <= ${at}::timestamptz
             order by distributor_no, valid_from desc, edge_no desc) e
      join distributors d on d.company_id = e.company_id and d.distributor_no = e.distributor_no
      left join distributors p on p.company_id = e.company_id and p.distributor_no = e.parent_no
     order by e.distributor_no desc`;
}

function storedWaiting(tree: string) {
  return owner<{ distributor_id: string; enrolled_at: Date }[]>`
    select distributor_id, enrolled_at from distributors d
     where company_id = ${hub.company.companyId}
       and not exists (select from placement_edges e
                        where e.company_id = d.company_id and e.tree = ${tree} and e.distributor_no = d.distributor_no)
     order by enrolled_at, distributor_id collate "C"`;
}

async function get(path: string, query: Record<string, string | number>) {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return (await call(hub, `/api/placements${path}?${text.join("&")}`, { key: hub.company.keys.read })).body;
}

async function pagedPlaces(query: Record<string, string | number>) {
  const items: unknown[] = [];
  for (let page = await get("", query); ; page = await get("", { ...query, before: page.next })) {
    items.push(...page.items);
    if (page.next === null) return items;
  }
}

/** What cannot be changes nothing. */
async function happens(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    assert(error instanceof HubError, String(error));
    return false;
  }
}

async function expectStored(tree: string, asked: { distributorId: string; day: number; limit: number }): Promise<void> {
  const [at, { distributorId, limit }] = [dayOf(asked.day), asked];
  const standing = (await storedPlaces(tree, at)).map((row) => ({ ...row, since: row.since.toISOString() }));
  expect(await pagedPlaces({ tree, at, limit })).toStrictEqual(standing);
  const own = standing.filter((place) => place.distributor_id === distributorId);
  expect(await pagedPlaces({ tree, at, limit, distributor_id: distributorId })).toStrictEqual(own);
  const waiting = (await storedWaiting(tree)).map((row) => ({ ...row, enrolled_at: row.enrolled_at.toISOString() }));
  expect((await get("/waiting", { tree, limit })).items).toStrictEqual(waiting.slice(0, limit));
  expect((await get("/waiting", { tree, limit: 500 })).items).toStrictEqual(waiting);
}

const who = fc.nat(200);
const day = fc.nat(5);
const tree = fc.constantFrom("binary", "wide");
const change = fc.record({
  enrolments: fc.array(fc.record({ sponsor: who, day, sign: fc.constantFrom("b", "B", "é", "\u{1f600}", "\uff5a") }), {
    minLength: 1,
    maxLength: 6,
  }),
  // Soon everybody has a place in one tree; in the other most wait.
  places: fc.array(fc.record({ tree, who, parent: fc.option(who, { freq: 1 }), day: fc.nat(2) }), { maxLength: 8 }),
  moves: fc.array(fc.record({ who, parent: fc.option(who, { freq: 3 }), leg: fc.nat(2), day: fc.integer({ min: 2, max: 5 }) }), {
    maxLength: 10,
  }),
  fill: fc.option(day, { freq: 1 }),
  questions: fc.array(fc.record({ who, day, limit: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 2 }),
});

test("answers equal SQL over the stored rows at any time, while people are enrolled, placed and moved", async () => {
  const people: string[] = [];
  const placed: { tree: string; who: number }[] = [];
  let moved = 0;
  const idOf = (index: number) => people[index % people.length] as string;
  await fc.assert(
    fc.asyncProperty(change, async ({ enrolments, places, moves, fill, questions }) => {
      const rows = enrolments.map((each, index) => ({
        line: index + 1,
        // Later ones come first by their bytes too, and signs beyond the first plane sort otherwise than as JavaScript sorts them.
        distributorId: `${each.sign}${999 - people.length - index}`,
        sponsorId: people.length === 0 ? null : idOf(each.sponsor),
        enrolledAt: dayOf(each.day),
      }));
      const { errors } = await importDistributors(hub, { companyId: hub.company.companyId, actor: "ann", rows });
      expect(errors).toStrictEqual([]);
      people.push(...rows.map(({ distributorId }) => distributorId));
      const requestOf = (tree: string, { who, parent, day }: { who: number; parent: number | null; day: number }) => ({
        ...act(tree),
        distributorId: idOf(who),
        parentId: parent === null ? null : idOf(parent),
        at: new Date(dayOf(day)),
      });
      for (const { tree, ...place } of places) {
        const who = place.who % people.length;
        if (await happens(placeDistributor(hub, requestOf(tree, { ...place, who })))) placed.push({ tree, who });
      }
      for (const { leg, ...move } of moves) {
        const mover = placed[move.who % placed.length];
        if (mover === undefined) continue;
        const parent = move.parent === null ? null : (placed[move.parent % placed.length]?.who ?? null);
        const request = requestOf(mover.tree, { who: mover.who, parent, day: move.day });
        if (await happens(moveDistributor(hub, { ...request, leg }))) moved++;
      }
      if (fill !== null) await placeWaiting(hub, { ...act("binary"), now: new Date(Date.parse(dayOf(fill)) + WINDOW_MS) });
      for (const tree of TREES)
        for (const each of questions) await expectStored(tree, { ...each, distributorId: idOf(each.who) });
    }),
    // A smaller failure would be tried on a network that has grown meanwhile.
    { ...runs(12), endOnFailure: true },
  );
  assert(placed.length >= 10 && moved >= 5, `${placed.length} placed, ${moved} moved`);
});

test("nobody who is not there has a place", async () => {
  expect(await get("", { tree: "binary", distributor_id: "nobody" })).toStrictEqual({ items: [], next: null });
});

test("what is in memory is not read again", async () => {
  const { companyId } = hub.company;
  const { network, version } = await hub.pipeline.directories.fresh(companyId);
  const read: number[] = [];
  const onPage = ({ rows }: { rows: number }) => void read.push(rows);
  await asCompany(hub.db, companyId, (tx) => followNetwork(tx, network, { companyId, after: version, onPage }));
  expect(read.at(-1)).toBe(0);
});
