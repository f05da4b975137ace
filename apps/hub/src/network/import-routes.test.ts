import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import {
  closeMonth,
  countRows,
  JUNE,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
} from "../testing/periods.ts";
import { call as callHub } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** A file of distributors over the API: what it would change is told before, and written whole or not at all. */

let hub: TestHub;
let company: PeriodCompany;
let key: string;
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  const { companyId } = company;
  key = (await createKey(hub, { companyId, name: "ann", scopes: ["admin"], owner: "ann", actor: "test" })).key;
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  await openMonth(hub, company, "2026-07");
  await sendOrders(hub, company, [
    { id: "k1", at: "2026-07-05", by: "A5", minor: 100_00 },
    { id: "k2", at: "2026-07-10", by: "A3", minor: 50_00 },
  ]);
});
afterAll(() => hub.close());

const send = (path: string, lines: readonly string[], from?: string) =>
  callHub(hub, `/api/distributors${path}`, {
    key,
    body: { csv: `${lines.join("\r\n")}\r\n`, ...(from !== undefined && { from }) },
  });
const stored = async () => [
  await countRows(hub, company, "distributors"),
  await countRows(hub, company, "sponsor_edges"),
  await countRows(hub, company, "standings"),
];
/** One is new, one moves, one lives elsewhere, one is as they were; a column is nobody's. */
const FILE = ["Distributor ID;Sponsor;Country;Shoe size", "A3;B1;;38", "N1;A3;AT;", "A4;A3;FR;41", "A5;A4;;"];

test("the preview counts who is new, changed, moved and unchanged, says what moves change, and writes nothing", async () => {
  const before = await stored();
  const { status, body } = await send("/import/preview", FILE, "2026-07-08");
  expect(status).toBe(200);
  const named = (distributor_id: string) => ({ distributor_id, name: null });
  expect(body).toStrictEqual({
    // Of the line that changes nothing there is nothing to tell.
    told: expect.stringMatching(/^c2\.\w+,n3\.\w+,c4\.\w+$/),
    ...{ lines: 4, enrolled: 1, updated: 2, unchanged: 1, moved: 1, refused: 0, errors: [], ignored_columns: ["Shoe size"] },
    moves: [
      {
        ...{ line: 2, distributor: named("A3"), from: named("A2"), to: named("B1"), people_below: 2 },
        // Only k2 is of the 8th or later; k1 and k2 are 100 and 50 PV.
        orders_kept: 1,
        periods: [{ period_id: "2", name: "2026-07", ends_at: "2026-08-01T00:00:00.000Z", pv: "150" }],
      },
    ],
  });
  expect(await stored()).toStrictEqual(before);
});

test("a move under the company, and one under somebody who is new in the file, are told as such", async () => {
  const { body } = await send("/import/preview", ["distributor_id,sponsor_id", "A3,N7", "N7,B1", "A5,"], "2026-07-08");
  const told = body.moves.map((one: { to: unknown; line: number }) => [one.line, one.to]);
  expect(told.toSorted()).toStrictEqual([
    [2, { distributor_id: "N7", name: null }],
    [4, null],
  ]);
});

test("wrong lines are told by line and field with the fix, and nothing of the file is written", async () => {
  const before = await stored();
  const lines = ["distributor_id,sponsor_id,country", "A3,B1,", "N2,nobody,", "N3,A1,Austria", "A4,A3,DE"];
  const { body } = await send("/import/preview", lines, "2026-06-30");
  const told = body.errors.map((one: { line: number; field: string; message: string }) => [one.line, one.field, one.message]);
  expect([body.refused, body.enrolled, body.updated, body.moved, body.unchanged]).toStrictEqual([2, 0, 0, 0, 0]);
  expect(told).toStrictEqual([
    [3, "sponsor_id", expect.stringMatching(/^"nobody" is neither in this file nor enrolled: add a line/)],
    [4, "country", expect.stringMatching(/^"AUSTRIA" is no ISO 3166 code/)],
  ]);
  const closed = await send("/import/preview", lines.slice(0, 2), "2026-06-30");
  expect(closed.body.errors).toStrictEqual([
    {
      line: 2,
      field: "sponsor_id",
      message: expect.stringMatching(/^changes within the period 2026-06, .* date the import 2026-07-01/),
      more: 0,
    },
  ]);
  const refused = await send("/import", lines, "2026-06-30");
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map(({ path }: { path: string }) => path)).toStrictEqual(["csv.3.sponsor_id", "csv.4.country"]);
  expect(await stored()).toStrictEqual(before);
});

test("what was previewed is written, and a second time changes nobody", async () => {
  const [people = 0, edges = 0] = await stored();
  const done = await send("/import", FILE, "2026-07-08");
  expect([done.status, done.body.enrolled, done.body.updated, done.body.moved]).toStrictEqual([200, 1, 2, 1]);
  expect((await stored()).slice(0, 2)).toStrictEqual([people + 1, edges + 2]);
  const again = await send("/import/preview", FILE, "2026-07-09");
  expect([again.body.enrolled, again.body.updated, again.body.moved, again.body.unchanged]).toStrictEqual([0, 0, 0, 4]);
});

test("nobody moves below a sponsor before that one enrolled, whether known or new in the file", async () => {
  const { body } = await send(
    "/import/preview",
    ["distributor_id,sponsor_id,enrolled_at", "A3,N5,", "N5,A1,2026-07-20", "A4,N6,", "N6,A1,"],
    "2026-07-10",
  );
  // N6 enrols with the file, on the 10th.
  expect(body.errors).toStrictEqual([
    {
      ...{ line: 2, field: "sponsor_id", more: 0 },
      message: expect.stringMatching(
        /^changes from 2026-07-10 on, before "N5" enrolled on 2026-07-20: date the import 2026-07-20 or later/,
      ),
    },
  ]);
  await send("/import", ["distributor_id,sponsor_id,enrolled_at", "N5,A1,2026-07-20"]);
  const known = await send("/import/preview", ["distributor_id,sponsor_id", "A3,N5"], "2026-07-10");
  expect(known.body.errors).toStrictEqual(body.errors);
});

test("a text that is no such file is refused with its line", async () => {
  for (const [lines, sentence] of [
    [["sponsor_id,name", "A1,Ann"], /line 1: the column distributor_id is missing/],
    [["distributor_id,id", "A,B"], /line 1: the column distributor_id comes twice/],
    [["distributor_id,name", 'N9,"Ann'], /cannot be read/],
  ] as const) {
    const { status, body } = await send("/import/preview", lines);
    expect([status, body.errors[0].path]).toStrictEqual([422, "csv"]);
    expect(body.detail).toMatch(sentence);
  }
});
