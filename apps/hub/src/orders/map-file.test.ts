import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { publishPlan } from "../plans/publish.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

/** The SKU map from a file over the API: told before, written whole or not at all, and read again from its own export. */

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  await addSeedNetwork(hub);
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const HEADER = "sku_id,platform,platform_sku,name,category,commission_class,variant_id,pv,qv,cv,retail_margin,valid_from";
const post = (path: string, csv: string, key = hub.company.keys.admin) =>
  call(hub, `/api/sku-map/import${path}`, { key, body: { csv } });
const lines = (...some: readonly string[]) => `${[HEADER, ...some].join("\r\n")}\r\n`;
const exported = async () => (await call(hub, "/api/sku-map?format=csv", { key: hub.company.keys.read })).text;

async function send(id: string, sku: string, unit_price: number): Promise<string> {
  const items = [{ platform_sku: sku, qty: 1, unit_price }];
  const { body } = await sendOrder(hub, { ...JSON.parse(TRANSFORM), platform_order_id: id, items, total: null });
  return body.order_id;
}

const stored = () =>
  sql`
  select sku_id, platform, platform_sku, name, category, commission_class, variant_id, pv, qv, cv, retail_margin, valid_from
    from sku_map where company_id = ${hub.company.companyId} order by mapping_no`.then((rows) => rows.map((row) => ({ ...row })));
const acts = () => sql`
  select actor, details from audit_log where company_id = ${hub.company.companyId} and act = 'sku-map.import' order by audit_no`;
async function booked(): Promise<[string, string][]> {
  const rows = await sql<{ who: string; amount: string }[]>`
    select d.distributor_id as who, sum(case when t.kind = 'commission' then t.amount else -t.amount end)::text as amount
      from transfers t join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     where t.company_id = ${hub.company.companyId} group by 1 order by 1`;
  return rows.map(({ who, amount }) => [who, amount]);
}

const NOTHING_OF_IT = { refused: 0, errors: [], ignored_columns: [] };

test("what a file would map and pay is told and not written; then it is mapped as the file says, to the last letter, and paid as told", async () => {
  await send("f1", "GLOW-1", 20.33);
  await send("f2", "OTHER-1", 9);
  const before = [await stored(), await acts(), await booked()] as const;
  const file = lines(
    'GLOW,shopify,GLOW-1,"Glow, ""warm""",care,products,,100%,100%,100%,12.50,',
    "A1123-B,shopify,A1123,A1123,,products,,50%,40%,30%,,2030-01-01",
    "A1123,shopify,A1123,A1123,,products,,100%,100%,100%,,",
  );
  const { status, body } = await post("/preview", file);
  expect(status).toBe(200);
  expect(body).toMatchObject({ lines: 3, added: 1, changed: 1, unchanged: 1, ...NOTHING_OF_IT, is_cut: false });
  const was = { sku_id: "A1123", name: "A1123", category: "", commission_class: "products" };
  expect(body.changes).toStrictEqual([
    {
      ...{ line: 3, platform: "shopify", platform_sku: "A1123", variant_id: null, valid_from: "2030-01-01T00:00:00.000Z" },
      was: { ...was, pv: "100%", qv: "100%", cv: "100%", retail_margin: null },
      becomes: { ...was, sku_id: "A1123-B", pv: "50%", qv: "40%", cv: "30%", retail_margin: null },
    },
    {
      ...{ line: 2, platform: "shopify", platform_sku: "GLOW-1", variant_id: null, valid_from: "1970-01-01T00:00:00.000Z" },
      was: null,
      becomes: {
        ...{ sku_id: "GLOW", name: 'Glow, "warm"', category: "care", commission_class: "products" },
        ...{ pv: "100%", qv: "100%", cv: "100%", retail_margin: "12.50" },
      },
    },
  ]);
  // 10 and 5 % of 20.33, half up.
  expect(body.pay).toMatchObject({ orders: 1, sums: [{ currency: "USD", amount: "3.05", people: 2 }] });
  expect([await stored(), await acts(), await booked()]).toStrictEqual(before);

  const { body: made, status: madeStatus } = await post("", file);
  expect([madeStatus, made]).toStrictEqual([
    200,
    { lines: 3, added: 1, changed: 1, unchanged: 1, ...NOTHING_OF_IT, released_orders: 1 },
  ]);
  const common = { platform: "shopify", variant_id: null, commission_class: "products" };
  expect(new Set((await stored()).slice(before[0].length))).toStrictEqual(
    new Set([
      {
        ...{ ...common, sku_id: "GLOW", platform_sku: "GLOW-1", name: 'Glow, "warm"', category: "care" },
        ...{ pv: "100%", qv: "100%", cv: "100%", retail_margin: "12.50", valid_from: new Date(0) },
      },
      {
        ...{ ...common, sku_id: "A1123-B", platform_sku: "A1123", name: "A1123", category: "" },
        ...{ pv: "50%", qv: "40%", cv: "30%", retail_margin: null, valid_from: new Date("2030-01-01") },
      },
    ]),
  );
  expect((await acts()).slice(before[1].length)).toMatchObject([{ details: { added: 2 } }]);
  expect(await booked()).toStrictEqual([
    ["9012", "203"],
    ["D06", "102"],
  ]);
});

test("a file that the map gave is read again unchanged: odd names, variants, days, what was replaced, and a class that is no more", async () => {
  const file = lines(
    `"'=ODD",shopify,'=1+1,"two, ""names""",'@care,products,,1.5,2,0,,`,
    "-7,woocommerce,,'-7 %,,digital,4401,80%,80%,0%,0.10,2026-01-31T09:00:00+01:00",
    "-7,woocommerce,,'-7 %,,products,4401,80%,80%,0%,0.10,2027-01-31",
    "007,magento,007,-12.50,,products,51120099001000000001,25,25,25,,",
  );
  expect((await post("", file)).body).toMatchObject({ added: 4, refused: 0 });
  // What was said of a day is said anew: the export has both.
  const anew = lines("-7,woocommerce,,'-7 %,,digital,4401,90%,80%,0%,0.10,2026-01-31T08:00:00Z");
  expect((await post("", anew)).body).toMatchObject({ changed: 1, added: 0 });
  const names = (await stored()).map((row) => [row.sku_id, row.platform_sku, row.name, row.category]);
  expect(names).toContainEqual(["=ODD", "=1+1", 'two, "names"', "@care"]);
  const commissionClasses = TEST_PLAN.commissionClasses.filter(({ id }) => id !== "digital");
  await publishPlan(hub, {
    companyId: hub.company.companyId,
    document: { ...TEST_PLAN, version: 2, commissionClasses },
    effectiveFrom: new Date(),
    actor: "test",
  });
  const before = await stored();
  const text = await exported();
  const told = { lines: before.length, added: 0, changed: 0, unchanged: before.length, ...NOTHING_OF_IT };
  expect((await post("/preview", text)).body).toMatchObject({ ...told, changes: [], pay: { orders: 0 } });
  expect((await post("", text)).body).toStrictEqual({ ...told, released_orders: 0 });
  expect(await stored()).toStrictEqual(before);
  expect(await exported()).toBe(text);
});

test("a day that the export has twice may not be half edited: the line is refused, and nothing is written", async () => {
  const before = await stored();
  const text = await exported();
  const half = text.replace(",digital,4401,80%", ",products,4401,85%");
  expect(half).not.toBe(text);
  const { body } = await post("/preview", half);
  expect([body.refused, body.added, body.changed, body.unchanged]).toStrictEqual([2, 0, 0, 0]);
  // The line beside it is no history any more, and is judged by the plan of now.
  expect(
    body.errors.map(({ field, message }: { field: string; message: string }) => `${field} ${message}`).toSorted(),
  ).toStrictEqual([
    expect.stringMatching(/^commission_class "digital" is no commission class/),
    expect.stringMatching(/^variant_id "4401" of woocommerce is mapped in line \d+ already/),
  ]);
  // The replaced line alone is no history: it would count again, and so it is judged as any other.
  const old = text.split("\r\n").filter((line, index) => index === 0 || line.includes(",digital,4401,80%"));
  expect(old.length).toBe(2);
  expect((await post("/preview", `${old.join("\r\n")}\r\n`)).body).toMatchObject({ refused: 1, unchanged: 0 });
  expect(await stored()).toStrictEqual(before);
});

test("wrong lines are told by line and column with the fix, and then nothing of the file is written", async () => {
  const before = [await stored(), await acts(), await booked()];
  const file = lines(
    "FINE,shopify,FINE-1,Fine,,products,,1,1,1,,",
    "X,ebay,X-1,X,,products,,1,1,1,,",
    "Y,shopify,Y-1,Y,,gadgets,,1,1,1,,soon",
    'Z,shopify,Z-1,Z,,products,,"12,5",1,1,,',
  );
  const { body } = await post("/preview", file);
  expect([body.lines, body.refused, body.added, body.changed, body.unchanged, body.changes]).toStrictEqual([4, 4, 0, 0, 0, []]);
  const told = body.errors.map((one: { line: number; field: string; message: string }) => [one.line, one.field, one.message]);
  expect(told).toStrictEqual([
    [3, "platform", '"ebay" is none of shopify, woocommerce, magento'],
    [4, "commission_class", '"gadgets" is no commission class: the plan in force has products'],
    [4, "valid_from", expect.stringMatching(/^"soon" is no date: write 2026-01-31/)],
    [5, "pv", expect.stringMatching(/^"12,5" is no volume: write 25/)],
  ]);
  const refused = await post("", file);
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map(({ path }: { path: string }) => path)).toStrictEqual([
    "csv.3.platform",
    "csv.4.commission_class",
    "csv.4.valid_from",
    "csv.5.pv",
  ]);
  expect([await stored(), await acts(), await booked()]).toStrictEqual(before);
});

test("a line by its variant alone is told to pay the orders that wait for the variant, and no others", async () => {
  const [life] = recordedLives().filter(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
  assert.ok(life);
  const order = JSON.parse(life.body);
  for (const variant of [900_001, 900_002]) {
    const line = { ...order.line_items[0], sku: null, variant_id: variant };
    const body = JSON.stringify({ ...order, id: variant, line_items: [line] });
    const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body });
    expect((await hub.app.request(path, init)).status).toBe(200);
  }
  const waiting = () => sql`select from quarantine where variant_id in ('900001', '900002')`.then(({ length }) => length);
  await until("both orders wait", async () => (await waiting()) === 2);
  const file = lines("V,shopify,,V,,products,900001,100%,100%,100%,,");
  expect((await post("/preview", file)).body).toMatchObject({ added: 1, pay: { orders: 1 } });
  expect((await post("", file)).body).toMatchObject({ added: 1, released_orders: 1 });
  expect(await waiting()).toBe(1);
});

test("a file with hundreds of thousands of columns is read as any other; columns without a name are none that is left out", async () => {
  const wide = `${HEADER}${",".repeat(400_000)}\n`;
  const { status, body } = await post("/preview", wide);
  expect([status, body.lines, body.ignored_columns]).toStrictEqual([200, 0, []]);
  const named = `${HEADER},${Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(",")}\n`;
  const told = await post("/preview", named);
  expect([told.status, told.body.ignored_columns.length, told.body.ignored_columns[0]]).toStrictEqual([200, 100, "c0"]);
  // As spreadsheets write it whose last columns were emptied.
  const trailing = `${HEADER},note,,\nFINE,shopify,FINE-2,Fine,,products,,1,1,1,,,mind,,\n`;
  expect((await post("/preview", trailing)).body).toMatchObject({ added: 1, refused: 0, ignored_columns: ["note"] });
});

test("of two changes of one product at once the one that is written last counts", async () => {
  const { companyId } = hub.company;
  const line = (sku: string, pv: number) => lines(`${sku},shopify,RACE-1,Race,,products,,${pv},${pv},${pv},,`);
  expect((await post("", line("RACE", 1))).body).toMatchObject({ added: 1 });
  let waiting: ReturnType<typeof post> | undefined;
  await sql.begin(async (tx) => {
    await tx`select from companies where company_id = ${companyId} for no key update`;
    waiting = post("", line("RACE", 3));
    await until("the second one waits for the first", async () => {
      const [row] =
        await tx`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return row?.n > 0;
    });
    // The first one: begun later, and written before.
    await tx`
      insert into sku_map (company_id, sku_id, platform, platform_sku, name, category, commission_class, pv, qv, cv, valid_from)
      values (${companyId}, 'RACE', 'shopify', 'RACE-1', 'Race', '', 'products', '2', '2', '2', clock_timestamp())`;
    await tx`update companies set directory_version = directory_version + 1 where company_id = ${companyId}`;
  });
  expect((await waiting)?.body).toMatchObject({ changed: 1 });
  const now = await post("/preview", line("RACE", 9));
  expect(now.body.changes[0]).toMatchObject({ was: { pv: "3" }, becomes: { pv: "9" } });
});

test("a text that is no such file, or one that is too long, is refused with its reason", async () => {
  const many = `${HEADER}\n${"A,shopify,B,C,,products,,1,1,1,,\n".repeat(50_001)}`;
  for (const [text, sentence] of [
    ["sku_id,name\nA,B\n", /line 1: the column platform, commission_class, pv, qv, cv is missing/],
    [many, /has 50001 lines, more than 50000/],
  ] as const) {
    const { status, body } = await post("/preview", text);
    expect([status, body.errors[0].path]).toStrictEqual([422, "csv"]);
    expect(body.detail).toMatch(sentence);
  }
  const large = await post("/preview", lines("A".repeat(2_000_000)));
  expect([large.status, large.body.type]).toStrictEqual([413, expect.stringContaining("too-large")]);
  expect((await post("/preview", lines(), hub.company.keys.read)).status).toBe(403);
});
