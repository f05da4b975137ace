import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { bookPending } from "../periods/book-volumes.ts";
import { closeMonth, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

/** Moves in a placement tree over the API: told before, refused by field and fix, and of two at once into one place exactly one is made. */

let hub: TestHub;
let owner: postgres.Sql;
let watcher: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  [owner, watcher] = [1, 1].map((max) => postgres(hub.db.url, { max, onnotice: () => {} })) as [postgres.Sql, postgres.Sql];
});
afterAll(async () => {
  await Promise.all([owner.end(), watcher.end()]);
  await hub.close();
});

/** T sponsors everybody but L1 and X: L1 is L's, and X the company's. */
const NETWORK = [
  ["T", null],
  ["L", "T"],
  ["R", "T"],
  ["L1", "L"],
  ["M", "T"],
  ["N", "T"],
  ["X", null],
] as const;
const at = (day: string) => `2026-06-${day}T00:00:00.000Z`;

interface Desk {
  readonly company: PeriodCompany;
  readonly key: string;
  post(path: string, body: object): ReturnType<typeof call>;
  /** As it was decided, at a day: `T/0` is T's left leg. */
  placeOf(id: string, day: string): Promise<string | null>;
}

/** T at the top with L left and R right, L1 left of L: all from the 1st on. */
async function desk(within: "anywhere" | "sponsor-line" = "anywhere"): Promise<Desk> {
  const company = await setUpPeriodCompany(hub, { network: NETWORK });
  const { companyId } = company;
  const { key } = await createKey(hub, { companyId, name: "desk", scopes: ["read", "admin"], owner: "ann", actor: "test" });
  const post = (path: string, body: object) => call(hub, `/api/placements${path}`, { key, body: { tree: "binary", ...body } });
  const shape = { width: 2, spillover: "breadth-first", window_days: 60, within };
  expect((await post("/trees", shape)).status).toBe(201);
  for (const [distributor_id, parent_id, leg] of [
    ["T", null],
    ["L", "T", 0],
    ["R", "T", 1],
    ["L1", "L", 0],
  ] as const)
    expect((await post("", { distributor_id, parent_id, leg, at: at("01") })).status).toBe(201);
  const placeOf = async (id: string, day: string) => {
    const path = `/api/placements?tree=binary&distributor_id=${id}&at=${at(day)}`;
    const [place] = (await call(hub, path, { key })).body.items;
    return place === undefined ? null : `${place.parent_id ?? "top"}/${place.leg}`;
  };
  return { company, key, post, placeOf };
}

test("a move is told before with who moves along and which close counts it, and the days before it stay as they were", async () => {
  const { company, post, placeOf } = await desk();
  await openMonth(hub, company, "2026-06");
  await sendOrders(hub, company, [
    { id: "1", at: "2026-06-03", by: "L", minor: 12_000 },
    { id: "2", at: "2026-06-04", by: "L1", minor: 3_050 },
    { id: "3", at: "2026-06-04", by: "R", minor: 99_900 },
  ]);
  await bookPending(hub, company);
  const asked = { distributor_id: "L", parent_id: "R", leg: 1, at: at("10") };
  const { status, body } = await post("/move/preview", asked);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{ people_below: 1, refusal: null, at: at("10") },
    from: { parent: { distributor_id: "T" }, leg: 0 },
    to: { parent: { distributor_id: "R" }, leg: 1 },
    // 120.00 of L and 30.50 of L1.
    periods: [{ name: "2026-06", pv: "150.5" }],
  });
  expect(await placeOf("L", "10")).toBe("T/0");
  const made = await post("/move", { ...asked, reason: "was meant for the right" });
  expect([made.status, made.body]).toStrictEqual([200, { distributor_id: "L", parent_id: "R", leg: 1 }]);
  expect([await placeOf("L", "09"), await placeOf("L", "10"), await placeOf("L1", "10")]).toStrictEqual(["T/0", "R/1", "L/0"]);
  const [audited] =
    await owner`select subject, details from audit_log where company_id = ${company.companyId} and act = 'placement.move'`;
  expect(audited).toMatchObject({
    subject: "L",
    details: { from: { parent: "T", leg: 0 }, parent: "R", leg: 1, reason: "was meant for the right" },
  });
});

test("whatever stands in the way is told by its field and with what would do, in the preview as in the act, and nothing is written", async () => {
  const { company, post } = await desk();
  await post("", { distributor_id: "M", parent_id: "R", leg: 0, at: at("20") });
  const count = async () => (await owner`select 1 from placement_edges where company_id = ${company.companyId}`).length;
  const before = await count();
  const of = { distributor_id: "L1", parent_id: "R", leg: 1, at: at("10") };
  const cases: readonly [object, { field: string; reason: string; [more: string]: unknown }][] = [
    [
      { ...of, leg: 0 },
      { field: "leg", reason: "leg-taken", taken_by: { distributor_id: "M", name: null }, earliest: null },
    ],
    [
      { ...of, parent_id: "L", leg: 0 },
      { field: "leg", reason: "same-place" },
    ],
    [
      { ...of, leg: 2 },
      { field: "leg", reason: "no-such-leg" },
    ],
    [
      { ...of, parent_id: "nobody" },
      { field: "parent_id", reason: "unknown-parent" },
    ],
    [
      { ...of, parent_id: "N" },
      { field: "parent_id", reason: "unknown-parent" },
    ],
    [
      { ...of, parent_id: null },
      { field: "parent_id", reason: "top" },
    ],
    [
      { ...of, distributor_id: "N" },
      { field: "distributor_id", reason: "not-placed" },
    ],
    [
      { ...of, at: at("01") },
      { field: "at", reason: "before-latest-move", earliest: "2026-06-01T00:00:00.001Z" },
    ],
    [
      { ...of, at: "2026-08-01T00:00:00Z" },
      { field: "at", reason: "window-over", earliest: null },
    ],
    [
      { ...of, parent_id: "M", leg: 0 },
      { field: "at", reason: "parent-placed-later", earliest: at("20") },
    ],
    [
      { ...of, distributor_id: "T", parent_id: "L1", leg: 0 },
      { field: "parent_id", reason: "circle", path: ["T", "L", "L1"].map((id) => ({ distributor_id: id, name: null })) },
    ],
    [
      { ...of, distributor_id: "L", parent_id: "L", leg: 1 },
      { field: "parent_id", reason: "circle" },
    ],
  ];
  for (const [asked, refusal] of cases) {
    const told = await post("/move/preview", asked);
    expect([told.status, told.body.refusal]).toMatchObject([200, refusal]);
    expect(told.body.refusal.sentence, refusal.reason).toMatch(/: .*(choose|move|place)|kept from then on|numbered from/);
    const act = await post("/move", asked);
    expect([act.status, act.body.errors[0].path], refusal.reason).toStrictEqual([422, refusal.field]);
    expect(act.body.errors[0].message).toBe(told.body.refusal.sentence);
  }
  expect(await count()).toBe(before);
});

test("a leg that is left on a later day is free from then on, and not before: nobody shares it for a while", async () => {
  const { post, placeOf } = await desk();
  expect((await post("/move", { distributor_id: "L", parent_id: "R", leg: 0, at: at("20") })).status).toBe(200);
  const asked = { distributor_id: "L1", parent_id: "T", leg: 0 };
  const early = await post("/move/preview", { ...asked, at: at("15") });
  expect(early.body.refusal).toMatchObject({ reason: "leg-taken", taken_by: { distributor_id: "L" }, earliest: at("20") });
  expect((await post("/move", { ...asked, at: at("15") })).status).toBe(422);
  expect((await post("/move", { ...asked, at: at("20") })).status).toBe(200);
  expect([await placeOf("L", "19"), await placeOf("L1", "19")]).toStrictEqual(["T/0", "L/0"]);
  expect([await placeOf("L", "20"), await placeOf("L1", "20")]).toStrictEqual(["R/0", "T/0"]);
});

test("nobody comes to stand below themselves by a move that is dated later", async () => {
  const { post } = await desk();
  expect((await post("/move", { distributor_id: "R", parent_id: "L1", leg: 0, at: at("20") })).status).toBe(200);
  // On the 10th R stands beside L; from the 20th on it stands below.
  const told = await post("/move/preview", { distributor_id: "L", parent_id: "R", leg: 0, at: at("10") });
  expect(told.body.refusal).toMatchObject({ field: "parent_id", reason: "circle" });
});

test("a closed period keeps who stood where: moves and places are dated behind it", async () => {
  const { company, post } = await desk();
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  const until = "2026-07-01T00:00:00.000Z";
  const told = await post("/move/preview", { distributor_id: "L1", parent_id: "R", leg: 0, at: at("29") });
  expect(told.body.refusal).toMatchObject({ field: "at", reason: "closed-period", period: "2026-06", earliest: until });
  const placed = await post("", { distributor_id: "N", parent_id: "R", leg: 0, at: at("29") });
  expect([placed.status, placed.body.errors[0].path]).toStrictEqual([422, "at"]);
  expect((await post("/move", { distributor_id: "L1", parent_id: "R", leg: 0, at: until })).status).toBe(200);
});

test("where everybody stands below their own sponsor, nobody is placed or moved outside of that line", async () => {
  const { post } = await desk("sponsor-line");
  const outside = { field: "parent_id", reason: "outside-line" };
  // L1 is L's; N is T's, below whom all of them stand; X has no sponsor.
  expect(
    (await post("/move/preview", { distributor_id: "L1", parent_id: "R", leg: 0, at: at("10") })).body.refusal,
  ).toMatchObject(outside);
  expect((await post("/move/preview", { distributor_id: "L1", parent_id: "L", leg: 1, at: at("10") })).body.refusal).toBe(null);
  expect((await post("", { distributor_id: "N", parent_id: null, at: at("10") })).body.errors[0].path).toBe("parent_id");
  expect((await post("", { distributor_id: "N", parent_id: "R", leg: 0, at: at("10") })).status).toBe(201);
  const several = {
    places: [
      { distributor_id: "M", parent_id: null },
      { distributor_id: "X", parent_id: "R", leg: 1 },
    ],
  };
  const { body } = await post("/preview", several);
  expect(body.places.map((one: { refusal: object | null }) => one.refusal)).toMatchObject([{ field: "parent_id" }, null]);
});

test("of two acts at once into one place exactly one is made, and the other is told whose it is", async () => {
  const acts: readonly (readonly [path: string, body: object])[] = [
    ["/move", { distributor_id: "L1", parent_id: "R", leg: 0, at: at("10") }],
    ["/move", { distributor_id: "L", parent_id: "R", leg: 0, at: at("10") }],
    ["", { distributor_id: "N", parent_id: "R", leg: 0, at: at("10") }],
    ["/several", { places: [{ distributor_id: "M", parent_id: "R", leg: 0 }] }],
  ];
  for (const [first, second] of [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
    [3, 0],
  ] as const) {
    const { company, post } = await desk();
    // Both have come as far as they get while somebody else changes the company; then they go on at the same moment.
    const waiting = await owner.begin(async (tx) => {
      await tx`select 1 from companies where company_id = ${company.companyId} for update`;
      const under = [first, second].map((act) => post(...(acts[act] as [string, object])));
      await until("both wait", async () => {
        const [row] = await watcher<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return row?.waiting === 2;
      });
      return { under };
    });
    const made = await Promise.all(waiting.under);
    const told = made.map(({ status }) => (status < 300 ? "made" : status)).sort();
    expect(told, `${first} and ${second}`).toStrictEqual([422, "made"]);
    const [{ errors = [] } = {}] = made.filter(({ status }) => status === 422).map(({ body }) => body);
    expect(errors[0].path).toMatch(/(^|\.)leg$/);
    const standing = await owner`
      select d.distributor_id from placement_edges e
        join distributors d using (company_id, distributor_no)
        join distributors p on p.company_id = e.company_id and p.distributor_no = e.parent_no
       where e.company_id = ${company.companyId} and p.distributor_id = 'R' and e.leg = 0`;
    expect(standing).toHaveLength(1);
  }
});
