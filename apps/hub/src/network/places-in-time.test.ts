import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Places dated before or after others: at no moment do two stand on one leg, below somebody who has no place yet, or outside of their sponsor's line. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** T sponsors all but D and X: D is P's. */
const NETWORK = [
  ["T", null],
  ["P", "T"],
  ["R", "T"],
  ["L", "T"],
  ["D", "P"],
  ["N", "T"],
  ["M", "T"],
] as const;
const at = (day: string) => `2026-06-${day}T00:00:00.000Z`;

async function desk(within: "anywhere" | "sponsor-line" = "anywhere") {
  const { companyId } = await setUpPeriodCompany(hub, { network: NETWORK });
  const { key } = await createKey(hub, { companyId, name: "desk", scopes: ["read", "admin"], owner: "ann", actor: "test" });
  const post = (path: string, body: object) => call(hub, `/api/placements${path}`, { key, body: { tree: "binary", ...body } });
  const shape = { width: 2, spillover: "breadth-first", window_days: 60, within };
  expect((await post("/trees", shape)).status).toBe(201);
  const place = async (distributor_id: string, parent_id: string | null, leg: number | undefined, day: string) =>
    post("", { distributor_id, parent_id, leg, at: at(day) });
  const placeOf = async (id: string, day: string) => {
    const path = `/api/placements?tree=binary&distributor_id=${id}&at=${at(day)}`;
    const [found] = (await call(hub, path, { key })).body.items;
    return found === undefined ? null : `${found.parent_id ?? "top"}/${found.leg}`;
  };
  return { post, place, placeOf };
}

test("a leg that somebody leaves on a later day is given to nobody before: not by hand, and not by spillover", async () => {
  const { post, place, placeOf } = await desk();
  expect((await place("T", null, undefined, "01")).status).toBe(201);
  expect((await place("P", "T", 0, "01")).status).toBe(201);
  expect((await place("R", "T", 1, "01")).status).toBe(201);
  expect((await post("/move", { distributor_id: "P", parent_id: "R", leg: 0, at: at("20") })).status).toBe(200);
  const early = await place("N", "T", 0, "10");
  expect([early.status, early.body.errors?.[0].path]).toStrictEqual([422, "leg"]);
  // P stands there until the 20th, so that whoever comes before then stands below P.
  expect((await place("M", "T", undefined, "10")).body).toStrictEqual({ distributor_id: "M", parent_id: "P", leg: 0 });
  // R's left leg is P's from the 20th on: spillover under R takes the other one.
  expect((await place("D", "R", undefined, "10")).body).toMatchObject({ parent_id: "R", leg: 1 });
  expect((await place("N", "T", 0, "20")).status).toBe(201);
  expect([await placeOf("P", "19"), await placeOf("N", "19"), await placeOf("N", "20")]).toStrictEqual(["T/0", null, "T/0"]);
});

test("nobody stands below somebody who has no place yet at that time", async () => {
  const { place } = await desk();
  expect((await place("T", null, undefined, "01")).status).toBe(201);
  expect((await place("P", "T", 0, "20")).status).toBe(201);
  const early = await place("N", "P", 0, "10");
  expect([early.status, early.body.errors?.[0].path]).toStrictEqual([422, "parent_id"]);
  expect((await place("N", "P", 0, "20")).status).toBe(201);
});

test("in a tree of sponsors' lines a move takes nobody along out of their own line, also not by what is decided for later", async () => {
  const { post, place, placeOf } = await desk("sponsor-line");
  for (const [id, parent, leg] of [
    ["T", null, undefined],
    ["P", "T", 0],
    ["R", "T", 1],
    ["L", "P", 0],
    ["D", "L", 0],
  ] as const)
    expect((await place(id, parent, leg, "01")).status).toBe(201);
  // L is T's and may stand below R; D, who stands below L, is P's.
  const asked = { distributor_id: "L", parent_id: "R", leg: 0, at: at("10") };
  const { refusal } = (await post("/move/preview", asked)).body;
  expect(refusal).toMatchObject({ field: "parent_id", reason: "outside-line" });
  expect(refusal.sentence).toMatch(/"D".*"P"/);
  const made = await post("/move", asked);
  expect([made.status, made.body.errors?.[0].path, await placeOf("L", "11")]).toStrictEqual([422, "parent_id", "P/0"]);
  // Once D stands elsewhere below P, L may go; from that day on D may not come back below L.
  expect((await post("/move", { distributor_id: "D", parent_id: "P", leg: 1, at: at("12") })).status).toBe(200);
  expect((await post("/move/preview", asked)).body.refusal).toMatchObject({ reason: "outside-line" });
  expect((await post("/move", { ...asked, at: at("15") })).status).toBe(200);
  const back = { distributor_id: "D", parent_id: "L", leg: 1, at: at("13") };
  expect((await post("/move", back)).body.errors?.[0].path).toBe("parent_id");
});
