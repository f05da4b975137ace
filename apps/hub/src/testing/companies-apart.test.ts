import { afterAll, assert, beforeAll, expect, it } from "vitest";
import { recordedLives, signedRequest } from "./recorded-lives.ts";
import { addSeedNetwork, call, ONE_LINE, sendOrder, TRANSFORM } from "./seed-fixture.ts";
import { setUpTestCompany, type TestCompany } from "./test-company.ts";
import { openTestHub, type TestHub } from "./test-hub.ts";

/** Whatever belongs to another company answers, to the byte, like something that is nowhere. */

let hub: TestHub;
let other: TestCompany;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  other = await setUpTestCompany(hub, "rival");
});
afterAll(() => hub.close());

it("another company's order, distributor, store, delivery and commission are not there", async () => {
  const { body: order } = await sendOrder(hub, TRANSFORM);
  const life = recordedLives().find((recordedLive) => recordedLive.platform === "shopify");
  assert.ok(life);
  const { path, init } = signedRequest(hub.company.stores.shopify, life);
  const { delivery } = (await (await hub.app.request(path, init)).json()) as { delivery: string };
  await hub.settled();
  const reason = "because";
  const pairs: [theirs: string, nowhere: string, body?: unknown][] = [
    [`/orders/${order.order_id}`, "/orders/999999"],
    [`/orders/${order.order_id}/attribution`, "/orders/999999/attribution", { distributor_id: "D11", reason }],
    [`/commissions/${order.order_id}`, "/commissions/999999"],
    [`/commissions/${order.order_id}/${order.commissions[0].entry}`, `/commissions/999999/${order.commissions[0].entry}`],
    ["/distributors/9012", "/distributors/nobody"],
    ["/distributors/9012/upline", "/distributors/nobody/upline"],
    ["/distributors/9012/downline", "/distributors/nobody/downline"],
    [`/deliveries/${delivery}`, "/deliveries/999999"],
    [`/deliveries/${delivery}/replay`, "/deliveries/999999/replay", {}],
    [`/stores/${hub.company.stores.shopify.storeId}`, "/stores/st_nobody"],
  ];
  for (const [theirs, nowhere, body] of pairs) {
    const [own, foreign, unknown] = await Promise.all([
      body === undefined ? call(hub, `/api${theirs}`) : null,
      call(hub, `/api${theirs}`, { key: other.keys.admin, body }),
      call(hub, `/api${nowhere}`, { key: other.keys.admin, body }),
    ]);
    expect(own?.status ?? 200, theirs).toBe(200);
    expect(foreign.status, theirs).toBe(404);
    expect([foreign.status, foreign.text], theirs).toStrictEqual([unknown.status, unknown.text]);
  }
});

it("another company's rows are in no list, and filtering by them finds what filtering by nonsense finds", async () => {
  await sendOrder(hub, ONE_LINE);
  const { shopify } = hub.company.stores;
  const lists = [
    "/orders",
    "/commissions",
    "/ledger",
    "/balances",
    "/deliveries",
    "/quarantine",
    "/distributors?code=ABC123",
    `/orders?store=${shopify.storeId}`,
    "/orders?distributor=9012",
    "/ledger?distributor_id=9012",
    "/distributors?sponsor_id=9012",
  ];
  for (const path of lists)
    expect((await call(hub, `/api${path}`, { key: other.keys.admin })).body, path).toStrictEqual({ items: [], next: null });
  expect((await call(hub, "/api/balances/company", { key: other.keys.admin })).body).toStrictEqual({ items: [] });
  const refused = (store: string) => sendOrder(hub, { ...JSON.parse(TRANSFORM), store }, other.keys.orders);
  const [foreign, unknown] = await Promise.all([refused(shopify.storeId), refused("st_nobody")]);
  expect([foreign.status, foreign.text]).toStrictEqual([422, unknown.text]);
});

it("the same order id in two companies is two orders", async () => {
  const body = {
    ...JSON.parse(TRANSFORM),
    platform_order_id: "shared",
    distributor_ref: "D11",
    items: [{ platform_sku: "KIT-STARTER", qty: 1, unit_price: 10 }],
    total: null,
  };
  const [first, second] = [await sendOrder(hub, body), await sendOrder(hub, { ...body, status: "refunded" }, other.keys.orders)];
  expect([first.status, second.status]).toStrictEqual([201, 201]);
  expect(first.body.order_id).not.toBe(second.body.order_id);
});

it("a company cannot move an order to another company's distributor", async () => {
  const { body: order } = await sendOrder(
    hub,
    {
      ...JSON.parse(TRANSFORM),
      platform_order_id: "kept",
      distributor_ref: "D11",
      items: [{ platform_sku: "KIT-STARTER", qty: 1, unit_price: 10 }],
      total: null,
    },
    other.keys.orders,
  );
  const move = (distributor_id: string) =>
    call(hub, `/api/orders/${order.order_id}/attribution`, {
      key: other.keys.admin,
      body: { distributor_id, reason: "because" },
    });
  const [foreign, unknown] = [await move("9012"), await move("nobody")];
  expect([foreign.status, foreign.text]).toStrictEqual([422, unknown.text]);
});
