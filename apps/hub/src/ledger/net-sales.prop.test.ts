import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "@upline/testing";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany, type Tx } from "../db/connect.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { foldLedger } from "./fold.ts";
import { foldNetSales, foldNetSalesBlock, hasUnfoldedNetSales, netSalesDifferences, netSalesOfDays } from "./net-sales.ts";

/** Net sales kept by difference equal summing the orders, whatever becomes of these and whoever folds meanwhile. The oracle adds up rows of `orders` here. */

let hub: TestHub;
let owner: postgres.Sql<{ bigint: bigint }>;
let stores: readonly string[];
const connect = (max: number) => postgres(hub.db.url, { max, onnotice: () => {}, types: { bigint: postgres.BigInt } });
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  owner = connect(8);
  stores = [hub.company.stores.shopify.storeId, hub.company.stores.woocommerce.storeId];
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const ALL = { from: "2026-01-01", to: "2026-12-31" };
const STATUSES = ["pending", "paid", "completed", "refunded", "cancelled"] as const;
/** The last moment of a day of UTC, the first of the next one, and the same day told from far in the west. */
const MOMENTS = ["2026-03-28T23:59:59.999Z", "2026-03-29T00:00:00.000Z", "2026-03-29T20:00:00.000-05:00"];
const CURRENCIES = ["USD", "EUR", "JPY"];
const DISTRIBUTORS = ["9012", "D06", "D04", null] as const;
const ORDERS = 8;

/** What an order is by its number; what becomes of it is drawn. */
const orderOf = (no: number, status: string) => ({
  ...JSON.parse(TRANSFORM),
  platform: no % 2 === 0 ? "shopify" : "woocommerce",
  store: stores[no % 2],
  platform_order_id: `net-${no}`,
  order_ts: MOMENTS[no % 3],
  currency: CURRENCIES[no % CURRENCIES.length],
  distributor_ref: no % 4 === 3 ? null : "ABC123",
  items: [{ platform_sku: "KIT-STARTER-001", qty: 1 + (no % 3), unit_price: 10 + no }],
  total: null,
  status,
});

class Undone extends Error {}

/** One statement over many orders, whichever way somebody changes them: a part refunded, another stage, another owner, another currency. */
async function changeMany(change: { which: number[]; part: number; stage: string; distributor: string | null; undone: boolean }) {
  const { companyId } = hub.company;
  await owner
    .begin(async (tx) => {
      await tx`
        update orders set refunded_net_minor = net_minor * ${change.part} / 7, stage = ${change.stage},
               distributor_no = (select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${change.distributor})
         where company_id = ${companyId} and platform_order_id = any(${change.which.map((no) => `net-${no}`)}::text[])`;
      if (change.undone) throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
}

async function reattribute(no: number, distributorId: string | null) {
  const { items } = (await call(hub, `/api/orders?platform_order_id=net-${no}`)).body;
  if (items.length === 0) return;
  const body = { distributor_id: distributorId, reason: "somebody said so" };
  expect((await call(hub, `/api/orders/${items[0].order_id}/attribution`, { body })).status).toBe(200);
}

/** A folder that dies in its transaction. */
async function crash() {
  const dying = connect(1);
  const died = dying.begin(async (tx) => {
    await foldNetSalesBlock(tx, { companyId: hub.company.companyId, block: 3 });
    const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await owner`select pg_terminate_backend(${backend?.pid ?? 0})`;
    await tx`select pg_sleep(10)`;
  });
  await expect(died).rejects.toThrow(/terminating|CONNECTION/);
  await dying.end({ timeout: 0 });
}

type Day = { day: string; currency: string; amount: bigint };
const texts = (days: readonly Day[]) => days.map(({ day, currency, amount }) => `${day} ${currency} ${amount}`);

/** By each order's own time, stage and amounts, with no line of SQL that adds up. */
async function summed(tx: Tx, isOf: (order: { storeId: string; distributorId: string | null }) => boolean): Promise<string[]> {
  const rows = await tx<
    {
      storeId: string;
      distributorId: string | null;
      placedAt: Date;
      stage: string;
      currency: string;
      net: bigint;
      back: bigint;
    }[]
  >`select o.store_id as "storeId", d.distributor_id as "distributorId", placed_at as "placedAt", stage, currency,
           net_minor as net, refunded_net_minor as back
      from orders o left join distributors d on d.company_id = o.company_id and d.distributor_no = o.distributor_no
     where o.company_id = ${hub.company.companyId}`;
  const sums = new Map<string, bigint>();
  for (const row of rows.filter((one) => one.stage === "earned" && isOf(one))) {
    const key = `${row.placedAt.toISOString().slice(0, 10)} ${row.currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + row.net - row.back);
  }
  const [day, currency] = [(key: string) => key.slice(0, 10), (key: string) => key.slice(11)];
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => (day(a) === day(b) ? (currency(a) < currency(b) ? -1 : 1) : day(a) < day(b) ? 1 : -1))
    .map(([key, amount]) => `${key} ${amount}`);
}

async function expectSame(): Promise<void> {
  const { companyId } = hub.company;
  await owner.begin("isolation level repeatable read", async (tx) => {
    expect(texts(await netSalesOfDays(tx, { companyId, ...ALL }))).toStrictEqual(await summed(tx, () => true));
    for (const storeId of stores)
      expect(texts(await netSalesOfDays(tx, { companyId, ...ALL, of: { storeId } }))).toStrictEqual(
        await summed(tx, (order) => order.storeId === storeId),
      );
    for (const id of DISTRIBUTORS.filter((one) => one !== null)) {
      const [row] = await tx<{ no: number }[]>`
        select distributor_no as no from distributors where company_id = ${companyId} and distributor_id = ${id}`;
      expect(texts(await netSalesOfDays(tx, { companyId, ...ALL, of: { distributorNo: row?.no ?? 0 } }))).toStrictEqual(
        await summed(tx, (order) => order.distributorId === id),
      );
    }
    expect([...(await netSalesDifferences(tx, companyId))]).toStrictEqual([]);
  });
}

const no = fc.nat(ORDERS - 1);
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("send" as const), no, status: fc.constantFrom(...STATUSES) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reattribute" as const), no, to: fc.constantFrom(...DISTRIBUTORS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      which: fc.uniqueArray(no, { minLength: 1 }),
      part: fc.nat(7),
      stage: fc.constantFrom("pending", "earned", "void"),
      distributor: fc.constantFrom(...DISTRIBUTORS),
      undone: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fold" as const), block: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("look" as const) }) },
);

async function does(one: typeof act extends fc.Arbitrary<infer Act> ? Act : never): Promise<void> {
  const { companyId } = hub.company;
  if (one.kind === "send") expect((await sendOrder(hub, orderOf(one.no, one.status))).status).toBeOneOf([200, 201, 409]);
  else if (one.kind === "reattribute") await reattribute(one.no, one.to);
  else if (one.kind === "change") await changeMany(one);
  else if (one.kind === "fold") await foldNetSales(hub.db, { companyId, block: one.block });
  else if (one.kind === "crash") await crash();
  else await expectSame();
}

test("property: folded net sales and what waits are the sum of all orders, with refunds, cancels, other owners, kills and folds at the same time", async () => {
  const { companyId } = hub.company;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 8, maxLength: 24 }), async (acts) => {
      // Three at a time: what people and shops do to the same orders at once.
      for (let index = 0; index < acts.length; index += 3) await Promise.all(acts.slice(index, index + 3).map(does));
      await expectSame();
      await foldLedger(hub.db, { companyId });
      expect(await asCompany(hub.db, companyId, (tx) => hasUnfoldedNetSales(tx, companyId))).toBe(false);
      await expectSame();
    }),
    runs(15),
  );
});

test("an order that is gone is sold no more", async () => {
  const { companyId } = hub.company;
  const [before] = await asCompany(hub.db, companyId, (tx) =>
    netSalesOfDays(tx, { companyId, from: "2026-05-05", to: "2026-05-05" }),
  );
  expect(before).toBe(undefined);
  const body = { ...orderOf(0, "paid"), platform_order_id: "gone", order_ts: "2026-05-05T12:00:00Z" };
  expect((await sendOrder(hub, body)).status).toBe(201);
  const [sold] = await asCompany(hub.db, companyId, (tx) =>
    netSalesOfDays(tx, { companyId, from: "2026-05-05", to: "2026-05-05" }),
  );
  expect(sold).toStrictEqual({ day: "2026-05-05", currency: "USD", amount: 1000n });
  await owner`delete from orders where company_id = ${companyId} and platform_order_id = 'gone'`;
  await foldNetSales(hub.db, { companyId });
  expect(
    await asCompany(hub.db, companyId, (tx) => netSalesOfDays(tx, { companyId, from: "2026-05-05", to: "2026-05-05" })),
  ).toHaveLength(0);
});

test("what was sold before there were figures is filled in as it is summed", async () => {
  const { companyId } = hub.company;
  expect((await sendOrder(hub, { ...orderOf(1, "paid"), platform_order_id: "before" })).status).toBe(201);
  await owner`delete from net_sales_changes`;
  await owner`delete from folded_store_net_sales`;
  await owner`delete from folded_distributor_net_sales`;
  expect((await asCompany(hub.db, companyId, (tx) => netSalesDifferences(tx, companyId))).length).toBeGreaterThan(0);
  const migration = readFileSync(join(import.meta.dirname, "../db/migrations/0077_net-sales-by-day.sql"), "utf8");
  await owner.unsafe(migration.slice(migration.indexOf("-- What was sold before.")));
  await expectSame();
});

test("a day of a shop or a distributor that is not the sum is named", async () => {
  const { companyId } = hub.company;
  const body = { ...orderOf(0, "paid"), platform_order_id: "named", order_ts: "2026-06-06T12:00:00Z" };
  expect((await sendOrder(hub, body)).status).toBe(201);
  await foldNetSales(hub.db, { companyId });
  await owner`update folded_store_net_sales set amount = amount + 3 where company_id = ${companyId} and day = '2026-06-06'`;
  await owner`update folded_distributor_net_sales set amount = amount - 5 where company_id = ${companyId} and day = '2026-06-06'`;
  const [who] = await owner<{ no: number }[]>`
    select distributor_no as no from distributors where company_id = ${companyId} and distributor_id = '9012'`;
  const found = await asCompany(hub.db, companyId, (tx) => netSalesDifferences(tx, companyId));
  expect(found.map(({ what, currency, foldedMinor, summedMinor }) => [what, currency, foldedMinor, summedMinor])).toStrictEqual([
    [`net sales of distributor ${who?.no}, 2026-06-06`, "USD", 995n, 1000n],
    [`net sales of store ${stores[0]}, 2026-06-06`, "USD", 1003n, 1000n],
  ]);
});
