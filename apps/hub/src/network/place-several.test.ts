import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";
import { addTree, placeDistributor } from "./placement.ts";

/** Several out of the holding tank at once: where they land is told before, and is where they stand afterwards; or nobody is placed. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  const { companyId } = hub.company;
  const rows = [
    ["T", null],
    ["A", "T"],
    ["B", "T"],
    ["C", "A"],
    ["D", "C"],
    ["E", "T"],
    ["F", "E"],
    ["G", "T"],
  ] as const;
  await importDistributors(hub, {
    companyId,
    actor: "ann",
    rows: rows.map(([distributorId, sponsorId], line) => ({ line, distributorId, sponsorId, name: `Name ${distributorId}` })),
  });
  await addTree(hub, { ...act(), width: 2, depth: null, spillover: "breadth-first", windowDays: 30 });
  await placeDistributor(hub, { ...act(), distributorId: "T", parentId: null });
});
afterAll(() => hub.close());

const act = () => ({ companyId: hub.company.companyId, actor: "ann", tree: "binary" });
const post = (path: string, places: readonly object[], tree = "binary") =>
  call(hub, `/api/placements${path}`, { body: { tree, places }, key: hub.company.keys.admin });
const waiting = async () =>
  (await call(hub, "/api/placements/waiting?tree=binary", { key: hub.company.keys.admin })).body.items
    .map((one: { distributor_id: string }) => one.distributor_id)
    // The company's own twelve stay where they are.
    .filter((id: string) => id.length === 1);
interface Told {
  distributor_id: string;
  place: { parent: { distributor_id: string } | null; leg: number; level: number; upline: { distributor_id: string }[] } | null;
  refusal: { field: string } | null;
}
const landings = (places: readonly Told[]) =>
  places.map(({ distributor_id: id, place }) => [id, place?.parent?.distributor_id ?? null, place?.leg, place?.level]);

test("sponsors land before those they sponsor, whatever the order; the preview changes nothing, and the act does just that", async () => {
  // D stands below C below A; A takes the left of T by level, B the right; C the left of A, D the left of C.
  const asked = [{ distributor_id: "D" }, { distributor_id: "C" }, { distributor_id: "A" }, { distributor_id: "B" }];
  const expected = [
    ["D", "C", 0, 4],
    ["C", "A", 0, 3],
    ["A", "T", 0, 2],
    ["B", "T", 1, 2],
  ];
  const told = await post("/preview", asked);
  expect(told.status).toBe(200);
  expect(landings(told.body.places)).toStrictEqual(expected);
  expect(told.body.places[0].place.upline.map((one: { distributor_id: string }) => one.distributor_id)).toStrictEqual([
    "C",
    "A",
    "T",
  ]);
  expect(told.body.places[0].distributor).toStrictEqual({ distributor_id: "D", name: "Name D" });
  expect(await waiting()).toStrictEqual(["A", "B", "C", "D", "E", "F", "G"]);
  const done = await post("/several", asked);
  expect(done.status).toBe(201);
  expect(landings(done.body.places)).toStrictEqual(expected);
  expect(await waiting()).toStrictEqual(["E", "F", "G"]);
  const { body } = await call(hub, "/api/placements?tree=binary", { key: hub.company.keys.read });
  const stored = body.items.map((one: { distributor_id: string; parent_id: string | null; leg: number }) => [
    one.distributor_id,
    one.parent_id,
    one.leg,
  ]);
  expect(stored.toSorted()).toStrictEqual([
    ["A", "T", 0],
    ["B", "T", 1],
    ["C", "A", 0],
    ["D", "C", 0],
    ["T", null, 0],
  ]);
});

test("what cannot be is told by person and field, and nobody is placed", async () => {
  const asked = [
    { distributor_id: "E", parent_id: "A", leg: 1 },
    { distributor_id: "F", parent_id: "A", leg: 1 },
    { distributor_id: "nobody" },
    { distributor_id: "C" },
    { distributor_id: "G", parent_id: "B", leg: 2 },
    { distributor_id: "G", parent_id: "who" },
  ];
  const told = await post("/preview", asked);
  expect(told.body.places.map((one: Told) => one.refusal?.field ?? null)).toStrictEqual([
    null,
    "leg",
    "distributor_id",
    "distributor_id",
    "leg",
    "parent_id",
  ]);
  const refused = await post("/several", asked);
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map(({ path }: { path: string }) => path)).toStrictEqual([
    "places.1.leg",
    "places.2.distributor_id",
    "places.3.distributor_id",
    "places.4.leg",
    "places.5.parent_id",
  ]);
  expect(await waiting()).toStrictEqual(["E", "F", "G"]);
  // F's sponsor waits as well and is not among those chosen.
  const alone = await post("/preview", [{ distributor_id: "F" }]);
  expect(alone.body.places[0].refusal.field).toBe("parent_id");
  expect((await post("/preview", [{ distributor_id: "F" }], "none")).status).toBe(404);
});

test("of two who look at the same place, the second is told, and lands nowhere else", async () => {
  const spot = { parent_id: "A", leg: 1 };
  expect((await post("/several", [{ distributor_id: "E", ...spot }])).status).toBe(201);
  const late = await post("/several", [{ distributor_id: "G", ...spot }]);
  expect(late.status).toBe(422);
  expect(late.body.errors[0].path).toBe("places.0.leg");
  expect(await waiting()).toStrictEqual(["F", "G"]);
});
