import { runs, tellCount } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/**
 * Places and moves dated in any order: at no moment do two stand on one leg, or somebody in a circle, below whoever has no place yet, or outside of their
 * sponsor's line. What was stored is read back and looked at moment by moment.
 */

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

/** Everybody's sponsor, by number. */
const SPONSORS: readonly (readonly [string, string | null])[] = [
  ["T", null],
  ["A", "T"],
  ["B", "T"],
  ["C", "A"],
  ["D", "A"],
  ["E", "C"],
  ["F", "B"],
  ["G", "T"],
];
const IDS = SPONSORS.map(([id]) => id);
const at = (day: number) => `2026-06-${String(Math.floor(day)).padStart(2, "0")}T00:00:00.000Z`;
/** Rarely full, so that most of what is refused is refused for another reason. */
const WIDTH = 3;
type Within = "anywhere" | "sponsor-line";

async function desk(within: Within, spillover: string) {
  const { companyId } = await setUpPeriodCompany(hub, { network: SPONSORS });
  const { key } = await createKey(hub, { companyId, name: "desk", scopes: ["read", "admin"], owner: "ann", actor: "test" });
  const post = (path: string, body: object) => call(hub, `/api/placements${path}`, { key, body: { tree: "binary", ...body } });
  const shape = { width: WIDTH, spillover, window_days: 300, within };
  expect((await post("/trees", shape)).status).toBe(201);
  return { companyId, post };
}

interface Edge {
  readonly id: string;
  readonly parent: string | null;
  readonly leg: number;
  readonly from: number;
}

/** What is wrong with the stored places, at any moment; with no function of the product's. */
function faults(edges: readonly Edge[], within: Within): string[] {
  const found: string[] = [];
  for (const moment of new Set(edges.map(({ from }) => from))) {
    const standing = new Map<string, Edge>();
    for (const edge of edges)
      if (edge.from <= moment && (standing.get(edge.id)?.from ?? -1) <= edge.from) standing.set(edge.id, edge);
    const taken = new Map<string, string>();
    for (const { id, parent, leg } of standing.values()) {
      if (parent === null) continue;
      const other = taken.get(`${parent}/${leg}`);
      if (other !== undefined) found.push(`${id} and ${other} on ${parent}/${leg} at ${new Date(moment).toISOString()}`);
      taken.set(`${parent}/${leg}`, id);
      const upline: string[] = [];
      for (let up: string | null = parent; up !== null; up = standing.get(up)?.parent ?? null) {
        if (upline.includes(up)) {
          found.push(`a circle above ${id}`);
          break;
        }
        upline.push(up);
        if (!standing.has(up)) found.push(`${id} below ${up}, who has no place at ${new Date(moment).toISOString()}`);
      }
      const sponsor = SPONSORS.find(([one]) => one === id)?.[1] ?? null;
      if (within === "sponsor-line" && sponsor !== null && !upline.includes(sponsor))
        found.push(`${id} outside of the line of ${sponsor} at ${new Date(moment).toISOString()}`);
    }
  }
  return found;
}

const person = fc.constantFrom(...IDS);
const leg = fc.nat(WIDTH - 1);
/** As of days in any order; most of the later ones come later, as a move is never dated before the one before it. */
const act = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("place" as const),
      id: person,
      parent: person,
      leg: fc.option(leg),
      day: fc.nat(9),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("move" as const), id: person, parent: person, leg, day: fc.nat(9) }) },
);

interface PreviewedPlace {
  readonly distributor_id: string;
  readonly place: { readonly parent: { readonly distributor_id: string } | null; readonly leg: number } | null;
}

type Desk = Awaited<ReturnType<typeof desk>>;

async function does(
  { post }: Desk,
  one: typeof act extends fc.Arbitrary<infer Act> ? Act : never,
  step: number,
): Promise<boolean> {
  const when = at(Math.min(28, 2 + step / 2 + one.day));
  if (one.kind === "place") {
    const body = { distributor_id: one.id, parent_id: one.parent, ...(one.leg === null ? {} : { leg: one.leg }), at: when };
    const { status } = await post("", body);
    expect(status).toBeOneOf([201, 422]);
    return false;
  }
  const body = { distributor_id: one.id, parent_id: one.parent, leg: one.leg, at: when };
  const told = await post("/move/preview", body);
  const made = await post("/move", body);
  expect([told.body.refusal?.sentence ?? null, made.status]).toStrictEqual(
    made.status === 200 ? [null, 200] : [made.body.errors[0].message, 422],
  );
  return made.status === 200;
}

/** From now on, which is behind all of June: those who wait where a preview puts them, then whoever is left. */
async function placeTheRest({ post }: Desk): Promise<void> {
  const places = IDS.map((distributor_id) => ({ distributor_id }));
  const told: PreviewedPlace[] = (await post("/preview", { places })).body.places;
  const can = told.flatMap(({ distributor_id, place }) =>
    place === null ? [] : [{ distributor_id, leg: place.leg, parent_id: place.parent?.distributor_id ?? null }],
  );
  if (can.length > 0) expect((await post("/several", { places: can })).status).toBe(201);
  expect((await post("/fill", {})).status).toBe(200);
}

test("property: whatever is placed and moved as of whichever day, at no moment do two stand on one leg or somebody where nobody may", async () => {
  const world = fc.record({
    within: fc.constantFrom<Within>("anywhere", "sponsor-line"),
    spillover: fc.constantFrom("breadth-first", "depth-first", "fewest-children", "leftmost", "rightmost"),
    acts: fc.array(act, { minLength: 15, maxLength: 30 }),
  });
  let moves = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ within, spillover, acts }) => {
      const one = await desk(within, spillover);
      expect((await one.post("", { distributor_id: "T", parent_id: null, at: at(1) })).status).toBe(201);
      for (const [id, parent] of SPONSORS.slice(1, 6))
        expect((await one.post("", { distributor_id: id, parent_id: parent, at: at(1) })).status).toBe(201);
      for (const [step, each] of acts.entries()) if (await does(one, each, step)) moves++;
      await placeTheRest(one);
      const edges = await owner<(Edge & { from: Date })[]>`
        select d.distributor_id as id, p.distributor_id as parent, e.leg, e.valid_from as "from"
          from placement_edges e join distributors d using (company_id, distributor_no)
          left join distributors p on p.company_id = e.company_id and p.distributor_no = e.parent_no
         where e.company_id = ${one.companyId} order by e.edge_no`;
      expect(
        faults(
          edges.map((edge) => ({ ...edge, from: edge.from.getTime() })),
          within,
        ),
      ).toStrictEqual([]);
    }),
    runs(4),
  );
  // A world in which nobody moves shows nothing.
  expect(moves).toBeGreaterThan(0);
  tellCount("moves made", moves);
});
