import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** What is told before somebody maps a product or gives an order to another: against the ledger, and against sums made by hand. */

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

const admin = () => hub.company.keys.admin;
const post = (path: string, body: object) => call(hub, `/api${path}`, { key: admin(), body });

async function send(id: string, items: readonly object[]): Promise<string> {
  const { body } = await sendOrder(hub, { ...JSON.parse(TRANSFORM), platform_order_id: id, items, total: null });
  return body.order_id;
}

const line = (platform_sku: string, unit_price: number) => ({ platform_sku, qty: 1, unit_price });

/** What everybody has of all orders, in minor units. */
async function held(): Promise<Map<string, bigint>> {
  const rows = await sql<{ who: string; amount: bigint }[]>`
    select d.distributor_id as who, sum(case when t.kind = 'commission' then t.amount else -t.amount end)::text as amount
      from transfers t join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     where t.company_id = ${hub.company.companyId} group by 1`;
  return new Map(rows.map(({ who, amount }) => [who, BigInt(amount)]));
}

async function written(): Promise<unknown> {
  const [row] = await sql`
    select (select count(*)::int from transfers) as transfers, (select count(*)::int from order_revisions) as revisions,
           (select count(*)::int from sku_map) as mappings, (select count(*)::int from quarantine) as waiting,
           (select count(*)::int from audit_log) as acts, (select string_agg(o::text, ',' order by order_no) from orders o) as orders`;
  return row;
}

interface Person {
  readonly distributor_id: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}
const minor = (text: string) => BigInt(text.replace(".", ""));

/** The differences that the ledger shows between two moments are those that were told, to the last unit and for nobody else. */
function expectTold(people: readonly Person[], before: ReadonlyMap<string, bigint>, after: ReadonlyMap<string, bigint>): void {
  const told = new Map(people.map((one) => [one.distributor_id, minor(one.difference)]));
  const booked = [...after].flatMap(([who, amount]) => {
    const difference = amount - (before.get(who) ?? 0n);
    return difference === 0n ? [] : [[who, difference] as const];
  });
  expect(told).toStrictEqual(new Map(booked));
  for (const one of people) expect(minor(one.after) - minor(one.before)).toBe(minor(one.difference));
}

const glow = {
  sku_id: "GLOW",
  platform: "shopify",
  platform_sku: "GLOW-1",
  name: "Glow",
  commission_class: "products",
  pv: "100%",
};

test("what mapping products will pay is told to the last unit, nothing is written, and then just that is booked", async () => {
  await send("p1", [line("GLOW-1", 10), line("A1123", 1)]);
  await send("p2", [line("GLOW-1", 20.33), line("SHINE-1", 5)]);
  await send("p3", [line("SHINE-1", 7)]);
  const before = [await written(), await held()] as const;
  const { status, body } = await post("/sku-map/preview", { rows: [glow] });
  expect(status).toBe(200);
  // 10, 5, 3 and 2 % of 10.00 and of 20.33, each rounded half up: 2.03, 1.02, 0.61, 0.41 of the second. The owner and D06 have the ranks
  // for the first two levels; behind D05, who is passed over, nobody has the rank for the others.
  expect(body).toMatchObject({
    added: 1,
    is_cut: false,
    pay: {
      ...{ orders: 2, still_waiting: 1, unattributed: 0, closed: 0 },
      sums: [{ currency: "USD", amount: "4.55", people: 2 }],
      bonuses: [{ bonus_id: "levels", currency: "USD", amount: "4.55", people: 2 }],
      ...{ breakage: [{ currency: "USD", amount: "1.52" }], more: [] },
    },
  });
  const shown = body.pay.distributors.map((one: Person) => [one.distributor_id, one.before, one.difference]);
  // Of the first order's other line, 1.00, they have their share already.
  expect(shown).toStrictEqual([
    ["9012", "0.10", "3.03"],
    ["D06", "0.05", "1.52"],
  ]);
  expect([await written(), await held()]).toStrictEqual(before);

  expect((await post("/sku-map/rows", { rows: [glow] })).body).toStrictEqual({ added: 1, released_orders: 2 });
  expectTold(body.pay.distributors, before[1], await held());
  const again = await post("/sku-map/preview", { rows: [glow] });
  expect(again.body).toMatchObject({ added: 0, pay: { orders: 0, sums: [], distributors: [] } });
});

test("a mapping that counts from a day on leaves older orders out, and wrong rows are refused as when they are saved", async () => {
  const shine = { ...glow, sku_id: "SHINE", platform_sku: "SHINE-1", valid_from: "2026-01-01" };
  expect((await post("/sku-map/preview", { rows: [shine] })).body).toMatchObject({ added: 1, pay: { orders: 0 } });
  const wrong = { rows: [glow, { ...shine, commission_class: "nothing" }] };
  const [previewed, saved] = [await post("/sku-map/preview", wrong), await post("/sku-map/rows", wrong)];
  expect([previewed.status, previewed.body.errors]).toStrictEqual([422, saved.body.errors]);
  expect(previewed.body.errors[0].path).toBe("rows[1].commission_class");
});

test("who loses and who gets what of an order that changes hands is told before, and then just that is booked", async () => {
  const order = await send("r1", [line("A1123", 33.33)]);
  const before = [await written(), await held()] as const;
  const { status, body } = await post(`/orders/${order}/attribution/preview`, { distributor_id: "D03" });
  expect(status).toBe(200);
  expect([await written(), await held()]).toStrictEqual(before);
  expect(body).toMatchObject({ orders: 1, still_waiting: 0, unattributed: 0, closed: 0 });
  expect(body.distributors.some(({ difference }: Person) => difference.startsWith("-"))).toBe(true);
  expect(body.distributors.some(({ difference }: Person) => !difference.startsWith("-"))).toBe(true);
  const acted = await post(`/orders/${order}/attribution`, { distributor_id: "D03", reason: "the card shows another code" });
  expect(acted.status).toBe(200);
  const after = await held();
  expectTold(body.distributors, before[1], after);

  // To nobody: everybody gives back all that they have of it.
  const nobody = (await post(`/orders/${order}/attribution/preview`, { distributor_id: null })).body;
  expect(nobody).toMatchObject({ orders: 1, unattributed: 1 });
  expect(nobody.distributors.map((one: Person) => one.after)).toStrictEqual(nobody.distributors.map(() => "0.00"));
  await post(`/orders/${order}/attribution`, { distributor_id: null, reason: "nobody sold it" });
  expectTold(nobody.distributors, after, await held());
});

test("a preview is refused as the act is, and is nobody's who may not act", async () => {
  const order = await send("r2", [line("A1123", 10)]);
  const unknown = await post(`/orders/${order}/attribution/preview`, { distributor_id: "nobody" });
  expect([unknown.status, unknown.body.errors[0].path]).toStrictEqual([422, "distributor_id"]);
  expect((await post("/orders/999999/attribution/preview", { distributor_id: null })).status).toBe(404);
  const read = { key: hub.company.keys.read };
  const asReader = await call(hub, `/api/orders/${order}/attribution/preview`, { ...read, body: { distributor_id: null } });
  expect(asReader.status).toBe(403);
  expect((await call(hub, "/api/sku-map/preview", { ...read, body: { rows: [glow] } })).status).toBe(403);
});

test("an order that only gets another sale number is paid otherwise, and is none that is released", async () => {
  const passUp = {
    ...{ id: "up", kind: "pass-up", snapshot: "order", base: "net", rates: { "*": "0.40" }, kept: { "*": "0.10" } },
    ...{ count: 1, counts: "sales", per: "class", to: "company", cascades: false },
  } as const;
  const network = [
    ["TOP", null],
    ["MID", "TOP"],
    ["LOW", "MID"],
  ] as const;
  const company = await setUpPeriodCompany(hub, { plan: testPlan({ bonuses: [passUp] as never }), network });
  const sale = (id: string, at: string, sku: string) => ({ id, at, by: "LOW", minor: 100_00, sku });
  // Mate was sold first: once it counts, tea is no first sale of a company of one class any more.
  await sendOrders(hub, company, [sale("m1", "2026-06-02", "MATE"), sale("t1", "2026-06-03", "TEA")]);
  const { key } = await createKey(hub, {
    companyId: company.companyId,
    scopes: ["admin"],
    name: "test",
    owner: "ann",
    actor: "test",
  });
  const mate = { ...glow, sku_id: "MATE", platform: "woocommerce", platform_sku: "MATE", name: "Mate" };
  const told = await call(hub, "/api/sku-map/preview", { key, body: { rows: [mate] } });
  // Of tea MID has 40 instead of 10: 30 more. Of mate MID has 10, and the company 30.
  expect(told.body).toMatchObject({
    released_orders: 1,
    pay: { orders: 2, sums: [{ currency: "USD", amount: "40.00", people: 1 }] },
  });
  const csv = "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv\nMATE,woocommerce,MATE,Mate,products,100%,100%,100%\n";
  const ofFile = await call(hub, "/api/sku-map/import/preview", { key, body: { csv } });
  expect(ofFile.body).toMatchObject({ released_orders: 1, pay: { orders: 2 } });
  const done = await call(hub, "/api/sku-map/rows", { key, body: { rows: [mate] } });
  expect(done.body).toStrictEqual({ added: 1, released_orders: 1 });
});

test("in currencies of no, two and three decimals, with states of every kind, what is told is what is booked, to the last unit", async () => {
  const DECIMALS: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3 };
  const currencies = Object.keys(DECIMALS);
  // Every order another mix, by numbers that share no divisor with what is chosen from.
  for (let no = 0; no < 60; no++) {
    const currency = currencies[no % 3] as string;
    const items = Array.from({ length: 1 + (no % 2) }, (_, at) => ({
      platform_sku: ["MIX-1", "MIX-2", "A1123", "MIX-NONE"][(no * 7 + at * 3) % 4],
      qty: 1 + (no % 3),
      unit_price: (1 + ((no * 7_919 + at * 104_729) % 99_991)) / 10 ** (DECIMALS[currency] ?? 0),
    }));
    const status = ["paid", "paid", "pending", "cancelled", "paid"][(no * 11) % 5];
    const owner = no % 7 === 0 ? { distributor_ref: "NOBODY" } : {};
    const order = { ...JSON.parse(TRANSFORM), platform_order_id: `mix${no}`, currency, items, status, total: null, ...owner };
    expect((await sendOrder(hub, order)).status).toBeLessThan(300);
  }
  const byCurrency = async () => {
    const rows = await sql<{ key: string; amount: string }[]>`
      select d.distributor_id || ' ' || t.currency as key, sum(case when t.kind = 'commission' then t.amount else -t.amount end)::text as amount
        from transfers t join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
       where t.company_id = ${hub.company.companyId} group by 1`;
    return new Map(rows.map(({ key, amount }) => [key, BigInt(amount)]));
  };
  const rows = [
    { ...glow, sku_id: "MIX-1", platform_sku: "MIX-1", pv: "100%", cv: "33.3333%" },
    { ...glow, sku_id: "MIX-2", platform_sku: "MIX-2", pv: "7", cv: "12.3456" },
  ];
  const before = await byCurrency();
  const told = (await post("/sku-map/preview", { rows })).body;
  const done = (await post("/sku-map/rows", { rows })).body;
  expect(done.released_orders).toBe(told.released_orders);
  const after = await byCurrency();
  const booked = [...after]
    .map(([key, amount]) => [key, amount - (before.get(key) ?? 0n)] as const)
    .filter(([, more]) => more !== 0n);
  const said = told.pay.distributors.map((one: Person & { currency: string }) => {
    expect(one.difference.split(".")[1]?.length ?? 0).toBe(DECIMALS[one.currency]);
    return [`${one.distributor_id} ${one.currency}`, minor(one.difference)];
  });
  expect(new Map(said)).toStrictEqual(new Map(booked));
  // Two people in each of the three.
  expect(booked).toHaveLength(6);
});
