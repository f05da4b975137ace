import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { networksWithin } from "../orders/networks.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";
import { followNetwork } from "./load-network.ts";
import { moveDistributor } from "./place-move.ts";
import { addTree, placeDistributor, placeWaiting } from "./placement.ts";

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

const moving = () => ({ ...hub, networks: networksWithin(hub.pipeline.directories) });
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
  return owner<{ distributor_id: string; enrolled_at: Date; sponsor_id: string | null; sponsor_is_placed: boolean }[]>`
    select d.distributor_id, d.enrolled_at, s.distributor_id as sponsor_id,
           s.distributor_no is null or exists (select from placement_edges e where e.company_id = d.company_id and e.tree = ${tree}
                                                  and e.distributor_no = s.distributor_no) as sponsor_is_placed
      from distributors d
      join sponsor_edges own on own.company_id = d.company_id and own.distributor_no = d.distributor_no
      left join distributors s on s.company_id = d.company_id and s.distributor_no = own.sponsor_no
     where d.company_id = ${hub.company.companyId}
       and not exists (select from placement_edges e
                        where e.company_id = d.company_id and e.tree = ${tree} and e.distributor_no = d.distributor_no)
     order by d.enrolled_at, d.distributor_id collate "C"`;
}

async function get(path: string, query: Record<string, string | number>) {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return (await call(hub, `/api/placements${path}?${text.join("&")}`, { key: hub.company.keys.read })).body;
}

async function paged(path: string, query: Record<string, string | number>) {
  const items: Record<string, unknown>[] = [];
  for (let page = await get(path, query); ; page = await get(path, { ...query, before: page.next })) {
    items.push(...page.items);
    if (page.next === null) return items;
  }
}

const pagedPlaces = (query: Record<string, string | number>) => paged("", query);

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
  await expectView(tree, { at, limit, standing, distributorId });
  if (tree === "nosuchtree") return;
  const waiting = (await storedWaiting(tree)).map(({ enrolled_at, ...row }) => ({
    ...{ ...row, enrolled_at: enrolled_at.toISOString(), due_at: new Date(enrolled_at.getTime() + WINDOW_MS).toISOString() },
    // Whoever reads with a key of this scope reads nobody's name.
    ...{ name: null, sponsor_name: null },
  }));
  const { items: counted } = await get("/trees", {});
  expect(counted.find((one: { tree: string }) => one.tree === tree)).toMatchObject({ waiting: waiting.length });
  expect(await paged("/waiting", { tree, limit })).toStrictEqual(waiting);
}

type Standing = Awaited<ReturnType<typeof storedPlaces>>[number];

/** Rows below somebody, the way up and the people of each leg, counted from all places of that time. */
async function expectView(
  tree: string,
  {
    at,
    limit,
    standing,
    distributorId,
  }: { at: string; limit: number; standing: readonly (Omit<Standing, "since"> & { since: string })[]; distributorId: string },
): Promise<void> {
  if (tree === "nosuchtree") return;
  const childrenOf = (id: string | null) => standing.filter((one) => one.parent_id === id);
  const countBelow = (id: string): number => childrenOf(id).reduce((sum, one) => sum + 1 + countBelow(one.distributor_id), 0);
  for (const parent of [null, distributorId]) {
    const rows = await paged("/below", { tree, at, limit, ...(parent !== null && { parent_id: parent }) });
    const told = rows.map((one) => [one.distributor_id, one.leg, one.since, one.taken_legs, one.people_below]);
    const expected = childrenOf(parent).map((one) => {
      const id = one.distributor_id;
      return [id, one.leg, one.since, childrenOf(id).length, countBelow(id)];
    });
    // At the top all have leg 0, and come by their dates.
    expect(new Set(told.map(String))).toStrictEqual(new Set(expected.map(String)));
    expect(told.map(([, leg]) => Number(leg))).toStrictEqual(told.map(([, leg]) => Number(leg)).toSorted((a, b) => a - b));
  }
  const { place, upline, legs } = await get("/path", { tree, at, distributor_id: distributorId });
  const placeOf = (id: string | null) => standing.find((one) => one.distributor_id === id);
  const own = placeOf(distributorId);
  expect(place?.distributor_id ?? null).toBe(own?.distributor_id ?? null);
  const way: string[] = [];
  for (let up = own?.parent_id ?? null; up !== null; up = placeOf(up)?.parent_id ?? null) way.push(up);
  expect(upline.map((one: { distributor_id: string }) => one.distributor_id)).toStrictEqual(way);
  const people = childrenOf(distributorId).map((one) => [one.leg, 1 + countBelow(one.distributor_id)]);
  const told = (legs as { leg: number; people: number }[]).filter((one) => one.people > 0).map((one) => [one.leg, one.people]);
  expect(told).toStrictEqual(own === undefined ? [] : people.toSorted(([a = 0], [b = 0]) => a - b));
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
        if (await happens(moveDistributor(moving(), { ...request, leg }))) moved++;
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
