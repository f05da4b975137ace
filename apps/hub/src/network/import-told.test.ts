import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { closeMonth, countRows, openMonth, type PeriodCompany, setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** A file does what was looked at, as of its own day, or says by line why not. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** A1 at the top; A2 to A5 one below the other; B1 and B2 beside them. A4 is suspended; all since January. */
async function desk() {
  const company = await setUpPeriodCompany(hub);
  const { companyId } = company;
  const { key } = await createKey(hub, { companyId, name: "ann", scopes: ["read", "admin"], owner: "ann", actor: "test" });
  const post = (path: string, body: object) => call(hub, `/api${path}`, { key, body });
  const send = (path: string, lines: readonly string[], more: object = {}) =>
    post(path, { csv: `${lines.join("\n")}\n`, ...more });
  return {
    company,
    post,
    look: (lines: readonly string[], more?: object) => send("/distributors/import/preview", lines, more),
    bring: (lines: readonly string[], more?: object) => send("/distributors/import", lines, more),
    skus: send,
  };
}
type Desk = Awaited<ReturnType<typeof desk>>;
const fields = ({ body }: Awaited<ReturnType<Desk["look"]>>) => (body.errors as { path: string }[]).map(({ path }) => path);
const rowsOf = (company: PeriodCompany) =>
  Promise.all(["distributors", "sponsor_edges", "standings", "audit_log"].map((table) => countRows(hub, company, table)));

const FILE = ["distributor_id,sponsor_id,name,status", "A2,A1,Anna,", "A5,B1,,", "N1,A3,Nora,", "B2,B1,,inactive", "A3,A2,,"];

test("what was looked at is done where nothing has changed since, whoever else was enrolled", async () => {
  const { look, bring, post } = await desk();
  const { told } = (await look(FILE)).body;
  expect((await post("/distributors", { distributor_id: "Z9", sponsor_id: "A1" })).status).toBe(201);
  const { status, body } = await bring(FILE, { told });
  expect([status, body.enrolled, body.updated, body.moved]).toStrictEqual([200, 1, 3, 1]);
});

test("whoever was enrolled, moved or changed since the preview is told by line, and nothing is written", async () => {
  const cases: readonly [string, string, (desk: Desk) => Promise<unknown>][] = [
    ["csv.4.distributor_id", "enrolled", ({ post }) => post("/distributors", { distributor_id: "N1", sponsor_id: "A3" })],
    [
      "csv.3.sponsor_id",
      "moved elsewhere",
      ({ post }) => post("/distributors/A5/sponsor", { sponsor_id: "A1", reason: "asked for it" }),
    ],
    // The line said what was so already; now it would move them back.
    ["csv.6.sponsor_id", "moved", ({ post }) => post("/distributors/A3/sponsor", { sponsor_id: "A1", reason: "asked for it" })],
    // The same as the line wants: it has nothing to do any more, and was told that it has.
    ["csv.5.distributor_id", "changed alike", ({ bring }) => bring(["distributor_id,status", "B2,inactive"])],
    ["csv.2.name", "renamed", ({ bring }) => bring(["distributor_id,name", "A2,Somebody"])],
  ];
  for (const [path, what, meanwhile] of cases) {
    const one = await desk();
    const { told } = (await one.look(FILE)).body;
    await meanwhile(one);
    const before = await rowsOf(one.company);
    const refused = await one.bring(FILE, { told });
    expect([refused.status, fields(refused)], what).toStrictEqual([422, [path]]);
    expect(refused.body.errors[0].message, what).toMatch(/since the preview: look at the file again/);
    expect(await rowsOf(one.company), what).toStrictEqual(before);
    // Looked at again it is done.
    const { told: again } = (await one.look(FILE)).body;
    expect((await one.bring(FILE, { told: again })).status, what).toBe(200);
  }
});

test("another file than the one that was looked at is refused, and so is what no preview told", async () => {
  const { look, bring } = await desk();
  const { told } = (await look(["distributor_id,name", "A2,Anna"])).body;
  expect(fields(await bring(["distributor_id,name", "A2,Anna", "A3,Ben"], { told }))).toStrictEqual(["csv.3.name"]);
  expect((await bring(["distributor_id,name", "A2,Anna"], { told: "whatever" })).status).toBe(400);
  // The same line, which changes the same of the same person, to something that nobody looked at.
  expect(fields(await bring(["distributor_id,name", "A2,Berta"], { told }))).toStrictEqual(["csv.2.name"]);
  const newcomer = ["distributor_id,sponsor_id,status", "N9,A2,active"];
  const { told: enrols } = (await look(newcomer)).body;
  const otherwise = await bring(["distributor_id,sponsor_id,status", "N9,A2,suspended"], { told: enrols });
  expect(fields(otherwise)).toStrictEqual(["csv.2.distributor_id"]);
  expect(otherwise.body.errors[0].message).toContain("otherwise than was told");
  expect((await bring(newcomer, { told: enrols })).status).toBe(200);
});

test("another map of products than the one that was looked at is refused by line", async () => {
  const { skus } = await desk();
  const HEAD = "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv,valid_from";
  const line = (sku: string, cv: string, from: string) => `${sku},woocommerce,${sku},x,products,90%,90%,${cv},${from}`;
  const [tea, pot, later] = [line("TEA", "90%", ""), line("POT", "90%", "2026-05-01"), line("TEA", "80%", "2026-09-01")];
  const lines = [HEAD, tea, pot, later];
  const { told } = (await skus("/sku-map/import/preview", lines)).body;
  for (const [changed, of] of [
    [[line("TEA", "91%", ""), pot, later], 2],
    [[tea, line("POT", "91%", "2026-05-01"), later], 3],
    [[tea, line("POT", "90%", "2026-05-02"), later], 3],
    [[tea, pot, line("TEA", "80%", "2026-09-02")], 4],
  ] as const)
    expect(fields(await skus("/sku-map/import", [HEAD, ...changed], { told }))).toContain(`csv.${of}.platform_sku`);
  expect((await skus("/sku-map/import", lines, { told })).status).toBe(200);
});

test("a map of products that somebody changed since it was looked at says so by line", async () => {
  const { skus } = await desk();
  const HEAD = "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv";
  const lines = [HEAD, "TEA,woocommerce,TEA,Tea,products,90%,90%,90%", "CUP,woocommerce,CUP,Cup,products,5,5,5"];
  const { told } = (await skus("/sku-map/import/preview", lines)).body;
  const other = [HEAD, "CUP,woocommerce,CUP,Cup,products,7,7,7"];
  expect((await skus("/sku-map/import", other)).status).toBe(200);
  const refused = await skus("/sku-map/import", lines, { told });
  expect([refused.status, fields(refused)]).toStrictEqual([422, ["csv.3.platform_sku"]]);
  expect((await skus("/sku-map/import", [HEAD, "TEA,woocommerce,TEA,Tea,products,80%,80%,80%"])).status).toBe(200);
  expect(fields(await skus("/sku-map/import", lines, { told }))).toStrictEqual(["csv.2.platform_sku", "csv.3.platform_sku"]);
  const { told: again } = (await skus("/sku-map/import/preview", lines)).body;
  expect((await skus("/sku-map/import", lines, { told: again })).body).toMatchObject({ added: 0, changed: 2 });
});

test("a file goes by the sponsor of its day, and not by the one that is recorded last", async () => {
  const { look, bring, post } = await desk();
  const moved = { sponsor_id: "B1", at: "2026-07-01T00:00:00Z", reason: "asked for it" };
  expect((await post("/distributors/A5/sponsor", moved)).status).toBe(200);
  const asOf = (from: string, sponsor: string) => look(["distributor_id,sponsor_id", `A5,${sponsor}`], { from });
  expect((await asOf("2026-05-01T00:00:00Z", "A4")).body).toMatchObject({ moved: 0, unchanged: 1, refused: 0 });
  expect((await asOf("2026-08-01T00:00:00Z", "B1")).body).toMatchObject({ moved: 0, unchanged: 1, refused: 0 });
  // On that day it was another one: the file asks for a move, which a later one stands in the way of.
  expect((await asOf("2026-05-01T00:00:00Z", "B1")).body.errors).toMatchObject([{ line: 2, field: "sponsor_id" }]);
  expect((await bring(["distributor_id,sponsor_id", "A5,A4"], { from: "2026-08-01T00:00:00Z" })).body.moved).toBe(1);
});

test("a status and a rank are dated behind a closed period, as a sponsor is", async () => {
  const { company, bring } = await desk();
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
  const before = await rowsOf(company);
  const lines = ["distributor_id,status,rank", "A2,inactive,", "A3,,gold", "A4,suspended,"];
  const refused = await bring(lines, { from: "2026-06-20T00:00:00Z" });
  expect([refused.status, fields(refused)]).toStrictEqual([422, ["csv.2.status", "csv.3.rank"]]);
  const [{ message: told }] = refused.body.errors;
  expect(told).toMatch(
    /^changes within the period 2026-06, .*: date the import 2026-07-01T00:00:00.000Z or later, or leave the status/,
  );
  expect(await rowsOf(company)).toStrictEqual(before);
  expect((await bring(lines, { from: "2026-07-01T00:00:00Z" })).body.updated).toBe(2);
});

test("an id or a code that differs from another only by what nobody sees is refused, wherever it comes from", async () => {
  const { bring, post } = await desk();
  // Zero width, a mark of direction, a soft hyphen, a no-break space inside, a filler, a variation selector.
  for (const sign of ["\u200b", "\u202e", "\u00ad", "\u00a0", "\u3164", "\ufe0f", "\u2060"]) {
    const what = `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    const unseen = new RegExp(`holds a character that cannot be seen \\(${what.replace("+", "\\+")}\\): type it again`);
    const odd = `A${sign}2`;
    const answers = [
      [await bring(["distributor_id,sponsor_id", `${odd},A1`]), "csv.2.distributor_id"],
      [await bring(["distributor_id,sponsor_id", `N1,${odd}`]), "csv.2.sponsor_id"],
      [await bring(["distributor_id,codes", `A2,AN${sign}NA`]), "csv.2.codes"],
      [await post("/distributors", { distributor_id: odd, sponsor_id: "A1" }), "distributor_id"],
      [await post("/distributors", { distributor_id: "N1", sponsor_id: "A1", codes: [`AN${sign}NA`] }), "codes"],
      [await post("/referrals/links", { name: `SPRING${sign}26`, code: "A2" }), "name"],
    ] as const;
    for (const [{ status, body }, path] of answers) {
      const found = (body.errors as { path: string; message: string }[] | undefined)?.find((each) => each.path === path);
      // A list of codes is parted at spaces, of which the no-break one is none that people mean.
      if (sign === "\u00a0" && path === "csv.2.codes") continue;
      expect([status, path, found?.message], what).toStrictEqual([422, path, expect.stringMatching(unseen)]);
    }
  }
  // At the ends it is only what was copied along.
  expect((await bring(["distributor_id,sponsor_id", "\ufeffN7\u00a0,A1\u00a0"])).body.enrolled).toBe(1);
});
