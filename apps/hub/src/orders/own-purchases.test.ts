import type { PlatformName } from "@upline/core";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { followImport } from "../http/import-progress.ts";
import { importDistributors } from "../network/import.ts";
import { publishPlan } from "../plans/publish.ts";
import { call } from "../testing/seed-fixture.ts";
import { holdings, type SimpleOrder, tell } from "../testing/simple-orders.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { rebindBuyers } from "./rebind.ts";
import { remapJob } from "./remap-job.ts";

/** A distributor who buys is recognised on every channel, by whatever it tells: no retail profit is paid on an own order. */

/** 20 % for whoever sold to a customer, and nothing else: an own order of 100.00 EUR holds nothing. */
const RETAIL_PLAN = {
  ...TEST_PLAN,
  id: "retail",
  bonuses: [
    {
      ...{ id: "retail", kind: "retail", ownerMustBeActive: true, unqualifiedEarner: "none" },
      pays: { mode: "percent", base: "net", rates: { "*": "0.20" } },
    },
  ],
};

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  const { companyId, stores } = hub.company;
  await publishPlan(hub, { companyId, document: RETAIL_PLAN, effectiveFrom: new Date("2025-06-01T00:00:00Z"), actor: "test" });
  const customerIds = [`${stores.shopify.domain}=5551`, `${stores.woocommerce.storeId}=31`];
  const row = { line: 1, distributorId: "D03", email: "Anna.Berg+team@googlemail.com", phone: "0049 30 123456", customerIds };
  expect((await importDistributors(hub, { companyId, rows: [row] })).errors).toStrictEqual([]);
});
afterAll(() => hub.close());

let id = 700;
let before: string[] = [];
beforeEach(async () => {
  before = await holdings(hub);
});

const CODE = "ANNA77";
async function bought(order: Omit<SimpleOrder, "id" | "placed">): Promise<string[]> {
  await tell(hub, { ...order, id: ++id, placed: "2026-11-05T10:00:00" });
  await hub.settled();
  return (await holdings(hub)).filter((line) => !before.includes(line));
}

const channels: readonly (readonly [string, Omit<SimpleOrder, "id" | "placed">])[] = [
  ["woocommerce", { platform: "woocommerce", email: "annaberg@gmail.com" }],
  ["woocommerce, an alias", { platform: "woocommerce", email: "ANNA.berg+shop@gmail.com " }],
  ["woocommerce, by customer id", { platform: "woocommerce", email: "work@example.net", customerId: 31 }],
  ["woocommerce, by phone", { platform: "woocommerce", email: "work@example.net", phone: "+49 (30) 12-34-56" }],
  ["shopify, by customer id", { platform: "shopify", customerId: 5551 }],
  ["shopify, a guest", { platform: "shopify", email: "annaberg@gmail.com" }],
  ["magento", { platform: "magento", email: "Anna.Berg@Gmail.com" }],
];

test.each(channels)("%s: nothing is paid for an own order, with the own code or without one", async (_name, order) => {
  expect(await bought({ ...order, code: CODE })).toStrictEqual([]);
  const [mine] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ self_purchase: boolean }[]>`select self_purchase from orders where platform_order_id = ${String(id)}`,
  );
  expect(mine?.self_purchase).toBe(true);
  expect(await bought(order)).toStrictEqual([]);
  const { items } = (await call(hub, `/api/orders?platform_order_id=${id}`)).body;
  expect([items[0].distributor_id, items[0].self_purchase]).toStrictEqual(["D03", true]);
});

test.each<[string, PlatformName, Omit<SimpleOrder, "id" | "placed" | "platform">]>([
  ["another store's customer of the same id", "magento", { customerId: 5551, email: "ben@example.net" }],
  ["another address of the provider", "woocommerce", { email: "anna.bergmann@gmail.com" }],
  ["dots that count", "woocommerce", { email: "d.03@acme.example.com" }],
])("a customer is not taken for a distributor: %s", async (_name, platform, order) => {
  expect(await bought({ ...order, platform, code: CODE })).toStrictEqual([`${platform} ${id} retail D03: 2000`]);
});

test("over the API by a customer id of the store, an address, or the distributor's own id", async () => {
  const send = async (customerId: string, referrer: string | null) => {
    const body = { shopify_order_id: String(++id), sku: "KIT-STARTER", customer_id: customerId, amount: 100, currency: "EUR" };
    const answer = await call(hub, "/api/mlm/orders", { body: referrer === null ? body : { ...body, referrer_id: referrer } });
    expect(answer.status).toBe(201);
    return [answer.body.attribution.distributor_id, answer.body.commissions.map((paid: { amount: string }) => paid.amount)];
  };
  for (const customerId of ["5551", "annaberg+x@gmail.com", "D03"]) {
    expect(await send(customerId, CODE)).toStrictEqual(["D03", []]);
    expect(await send(customerId, null)).toStrictEqual(["D03", []]);
  }
  expect(await send("5552", CODE)).toStrictEqual(["D03", ["20.00"]]);
});

test("an import of people whose hub failed or died over the orders that waited says that its lines are in, and the job goes through these", async () => {
  const { companyId, stores } = hub.company;
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const job = remapJob(hub.pipeline);
  const run = () => job.run({ companyId, subject: "company" }, new AbortController().signal);
  const begun = { companyId, kind: "people" as const, fileName: "people.csv", actor: "ann", total: 1 };
  for (const [customerId, died] of [
    [9101, false],
    [9102, true],
  ] as const) {
    expect(await bought({ platform: "shopify", customerId, code: "BOB7" })).toStrictEqual([`shopify ${id} retail D09: 2000`]);
    const customerIds = [`${stores.shopify.domain}=${customerId}`];
    const failed = followImport({ db: hub.db, moved: () => {} }, begun, async (tell) => {
      await importDistributors(hub, { companyId, rows: [{ line: 1, distributorId: "D09", customerIds }] });
      tell.computing();
      throw new Error("the database went away");
    });
    await expect(failed).rejects.toThrow("went away");
    const told = (await call(hub, "/api/imports/people", { key: hub.company.keys.admin })).body.import;
    expect([told.stage, told.problem]).toStrictEqual(["failed", expect.stringMatching(/^The lines are imported\./)]);
    // As a kill leaves it: nobody says anything any more.
    if (died)
      await owner`update import_progress set stage = 'computing', problem = null, heard_at = now() - interval '20 seconds'`;
    if (died) expect(await run()).toBe("0 orders computed again.");
    if (died) await owner`update import_progress set heard_at = now() - interval '31 seconds'`;
    expect(await run()).toBe("1 order computed again.");
    expect(await holdings(hub)).toStrictEqual(before);
    expect((await owner`select from import_progress where leaves_orders`).length).toBe(0);
  }
  await owner.end();
});

test("what is learnt later decides open orders again, and the ledger by its difference", async () => {
  const { companyId } = hub.company;
  const order = { platform: "shopify", customerId: 9009 } as const;
  expect(await bought({ ...order, code: "BOB7" })).toStrictEqual([`shopify ${id} retail D09: 2000`]);
  const withCode = id;
  expect(await bought(order)).toStrictEqual([`shopify ${withCode} retail D09: 2000`]);
  const customerIds = [`${hub.company.stores.shopify.domain}=9009`];
  const learnt = await importDistributors(hub, { companyId, rows: [{ line: 1, distributorId: "D09", customerIds }] });
  expect(learnt.updated).toBe(1);
  expect(await rebindBuyers(hub.pipeline, { companyId, distributorId: "D09" })).toStrictEqual({ orders: 2 });
  expect(await holdings(hub)).toStrictEqual(before);
  const { items } = (await call(hub, `/api/orders?platform_order_id=${id}`)).body;
  expect([items[0].distributor_id, items[0].self_purchase]).toStrictEqual(["D09", true]);
  expect(await rebindBuyers(hub.pipeline, { companyId, distributorId: null })).toStrictEqual({ orders: 0 });
  const audit = await auditLedger(hub.pipeline, companyId);
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
});

test("whoever enrols over the API is recognised on the orders before", async () => {
  const order = { platform: "magento", phone: "+49 30 555555" } as const;
  await bought(order);
  const body = { distributor_id: "D20", sponsor_id: "D01", phone: "004930555555", created_at: "2026-11-01T00:00:00Z" };
  expect((await call(hub, "/api/distributors", { body })).status).toBe(201);
  const { items } = (await call(hub, `/api/orders?platform_order_id=${id}`)).body;
  expect([items[0].distributor_id, items[0].self_purchase]).toStrictEqual(["D20", true]);
});

test("an enrolment that was put off after it was written is not told as nothing changed, and coming again finishes it", async () => {
  const order = { platform: "magento", phone: "+49 30 666666" } as const;
  await bought(order);
  const body = { distributor_id: "D21", sponsor_id: "D01", phone: "004930666666", created_at: "2026-11-01T00:00:00Z" };
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const first = await owner.begin(async (tx) => {
    await tx`select from orders where platform_order_id = ${String(id)} for update`;
    return call(hub, "/api/distributors", { body });
  });
  await owner.end();
  expect([first.status, first.body.detail]).toStrictEqual([
    503,
    expect.stringMatching(/may be done all the same.*send the same again/),
  ]);
  expect(first.body.detail).not.toMatch(/Nothing was changed/);
  expect((await call(hub, "/api/distributors/D21")).status).toBe(200);
  expect((await call(hub, "/api/distributors", { body })).status).toBe(409);
  const { items } = (await call(hub, `/api/orders?platform_order_id=${id}`)).body;
  expect([items[0].distributor_id, items[0].self_purchase]).toStrictEqual(["D21", true]);
});

test("a customer id that is another distributor's, or of no store, is refused by its field", async () => {
  const { companyId, stores } = hub.company;
  const refusals = async (customerId: string) => {
    const rows = [{ line: 7, distributorId: "D04", customerIds: [customerId] }];
    return (await importDistributors(hub, { companyId, rows, dryRun: true })).errors;
  };
  const taken = 'is already that of distributor "D03": correct one of them';
  expect(await refusals(`${stores.shopify.domain}=5551`)).toMatchObject([{ line: 7, field: "customer_ids", message: taken }]);
  expect(await refusals("nowhere.example=5551")).toMatchObject([
    { field: "customer_ids", message: /is no store of this company/ },
  ]);
  expect(await refusals("5551")).toMatchObject([{ field: "customer_ids", message: /says no store, and the company has 3/ }]);
});
