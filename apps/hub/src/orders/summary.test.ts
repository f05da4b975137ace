import { afterAll, beforeAll, expect, it } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

const DAY_MS = 86_400_000;
const PLACED_AT = new Date(Date.now() - DAY_MS).toISOString();
const order = (id: string, change: Record<string, unknown>) =>
  sendOrder(hub, {
    ...JSON.parse(TRANSFORM),
    ...{
      platform_order_id: id,
      order_ts: PLACED_AT,
      total: null,
      store: hub.company.stores.shopify.storeId,
    },
    ...change,
  });
const read = (query = "", store = hub.company.stores.shopify.storeId) => call(hub, `/api/stores/${store}/summary${query}`);

it("counts what became of the newest orders, and sums what they earned", async () => {
  const empty = await read();
  expect(empty.body).toMatchObject({ orders: 0, attributed: 0, commissions: {}, reversed: {} });
  const { body: owned } = await order("s-1", {});
  expect(owned.commissions.length).toBeGreaterThan(0);
  const { body: back } = await order("s-2", {});
  expect((await order("s-2", { status: "refunded" })).status).toBe(201);
  await order("s-3", { distributor_ref: "NOBODY-KNOWS-THIS" });
  await order("s-4", { distributor_ref: null });
  await order("s-5", { status: "pending" });
  await order("s-6", { items: [{ platform_sku: "UNMAPPED", qty: 1, unit_price: 5 }] });
  // Placed before the days that are asked for.
  await order("s-7", { order_ts: new Date(Date.now() - 40 * DAY_MS).toISOString() });
  const cents = (amounts: readonly { amount: string; distributor_id: string | null }[]) =>
    amounts
      .filter(({ distributor_id: earner }) => earner !== null)
      .reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  const earned = (cents(owned.commissions) / 100).toFixed(2);
  expect(cents(back.commissions)).toBe(cents(owned.commissions));
  expect((await read()).body).toStrictEqual({
    ...{ store_id: hub.company.stores.shopify.storeId, since: expect.any(String) },
    ...{ orders: 6, attributed: 4, own_purchases: 0, pending: 1, quarantined: 1 },
    unattributed: { unknown_code: 1, without_code: 1 },
    commissions: { USD: earned },
    reversed: { USD: earned },
  });
  expect((await read("?days=90")).body).toMatchObject({ orders: 7, attributed: 5 });
});

it("another store's orders are not among them, and a store of nobody has no figures", async () => {
  expect((await read("", hub.company.stores.woocommerce.storeId)).body).toMatchObject({ orders: 0, commissions: {} });
  expect((await read("", "st_nobody")).status).toBe(404);
  expect((await read("?days=0")).status).toBe(400);
});
