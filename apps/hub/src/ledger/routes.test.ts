import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const transform = JSON.parse(TRANSFORM);
  await sendOrder(hub, transform);
  await sendOrder(hub, { ...transform, status: "refunded" });
  await sendOrder(hub, {
    ...transform,
    platform_order_id: "2",
    currency: "JPY",
    items: [{ platform_sku: "A1123", qty: 1, unit_price: 1000 }],
    total: null,
  });
  await sendOrder(hub, { ...transform, platform_order_id: "3", customer_id: "jane" });
});
afterAll(() => hub.close());

const get = (path: string) => call(hub, `/api${path}`, { key: hub.company.keys.read });

describe("the ledger", () => {
  it("has exactly the document's fields first, money signed, and the snapshot to compute it again", async () => {
    const { body } = await get("/ledger?order_id=1&distributor_id=9012");
    expect(Object.keys(body.items[0]).slice(0, 5)).toStrictEqual([
      "event_id",
      "order_id",
      "distributor_id",
      "amount",
      "calc_snapshot_json",
    ]);
    expect(
      body.items.map((one: { order_id: string; distributor_id: string; amount: string; kind: string }) => [
        one.order_id,
        one.distributor_id,
        one.amount,
        one.kind,
      ]),
    ).toStrictEqual([
      ["1", "9012", "-9.69", "clawback"],
      ["1", "9012", "9.69", "commission"],
    ]);
    const snapshot = body.items[1].calc_snapshot_json;
    expect([snapshot.format, snapshot.state.orderId, snapshot.locked.upline[0][0]]).toStrictEqual([
      "upline-order/3",
      "587364120",
      "9012",
    ]);
  });

  it("pages to its end without a gap or a double", async () => {
    const seen: string[] = [];
    for (let before = ""; ; ) {
      const { body } = await get(`/ledger?limit=3${before}`);
      seen.push(...body.items.map((one: { event_id: string }) => one.event_id));
      if (body.next === null) break;
      before = `&before=${body.next}`;
    }
    expect(seen.length).toBe(16);
    expect(seen).toStrictEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)));
  });

  it("holds no personal data", async () => {
    expect((await get("/ledger?limit=500")).text).not.toMatch(/jane|customer:/);
  });
});

describe("balances", () => {
  it("are folded by distributor and currency, never mixed", async () => {
    const { body } = await get("/balances?distributor_id=9012");
    expect(body.items).toStrictEqual([
      { distributor_id: "9012", currency: "JPY", held: "100", payable: "0", paid: "0", recoverable: "0" },
      { distributor_id: "9012", currency: "USD", held: "9.69", payable: "0.00", paid: "0.00", recoverable: "0.00" },
    ]);
    const first = await get("/balances?limit=1");
    expect([first.body.items.length, first.body.items[0].distributor_id]).toStrictEqual([2, "9012"]);
    const second = await get(`/balances?limit=1&before=${first.body.next}`);
    expect([second.body.items.map((one: { distributor_id: string }) => one.distributor_id), second.body.next]).toStrictEqual([
      ["D06", "D06"],
      null,
    ]);
  });

  it("of the company cost what all others hold", async () => {
    const { body } = await get("/balances/company");
    expect(body.items).toStrictEqual([
      { currency: "JPY", commission_expense: "200", breakage: "50", payout_clearing: "0", tax_withheld: "0" },
      { currency: "USD", commission_expense: "19.39", breakage: "4.85", payout_clearing: "0.00", tax_withheld: "0.00" },
    ]);
  });
});

describe("daily figures", () => {
  // Three orders: 96.92 dollars given back, 1000 yen, 96.92 dollars.
  it("are what was sold on a day and what its entries come to, by currency", async () => {
    const { body } = await get("/ledger/days?from=2025-08-01&to=2025-08-31");
    expect(body.items).toStrictEqual([
      { day: "2025-08-28", currency: "JPY", net_sales: "1000", commissions: "150", clawbacks: "0", breakage: "50", transfers: 4 },
      {
        day: "2025-08-28",
        currency: "USD",
        net_sales: "96.92",
        commissions: "29.08",
        clawbacks: "14.54",
        breakage: "4.85",
        transfers: 12,
      },
    ]);
    expect((await get("/ledger/days?from=2025-08-29&to=2025-08-31")).body.items).toStrictEqual([]);
  });

  it("of one distributor and of one shop are theirs alone, and of nobody none", async () => {
    const days = "from=2025-08-01&to=2025-08-31";
    // Ordered and given back, in dollars; a tenth of 1000 yen.
    expect((await get(`/ledger/days/distributors/9012?${days}`)).body.items).toStrictEqual([
      { day: "2025-08-28", currency: "JPY", net_sales: "1000", commissions: "100", clawbacks: "0", breakage: "0", transfers: 1 },
      {
        day: "2025-08-28",
        currency: "USD",
        net_sales: "96.92",
        commissions: "19.38",
        clawbacks: "9.69",
        breakage: "0.00",
        transfers: 3,
      },
    ]);
    expect((await get(`/ledger/days/distributors/nobody?${days}`)).status).toBe(404);
    const [{ store_id: store }] = (await get("/stores")).body.items;
    expect((await get(`/ledger/days/stores/${store}?${days}`)).body).toStrictEqual((await get(`/ledger/days?${days}`)).body);
    expect((await get(`/ledger/days/stores/st_none?${days}`)).status).toBe(404);
  });

  it("say what was sold also of a day on which nobody earned anything, and nothing of what is not paid or is void", async () => {
    const order = {
      ...JSON.parse(TRANSFORM),
      distributor_ref: null,
      items: [{ platform_sku: "UNKNOWN", qty: 3, unit_price: 7.5 }],
    };
    const of = (id: string, status: string) =>
      sendOrder(hub, { ...order, platform_order_id: id, order_ts: "2025-09-01T10:00:00Z", total: null, status });
    for (const [id, status] of [
      ["n1", "paid"],
      ["n2", "pending"],
      ["n3", "paid"],
      ["n3", "cancelled"],
    ] as const)
      expect((await of(id, status)).status).toBe(201);
    const { items } = (await get("/ledger/days?from=2025-09-01&to=2025-09-01")).body;
    expect(items).toStrictEqual([
      {
        day: "2025-09-01",
        currency: "USD",
        net_sales: "22.50",
        commissions: "0.00",
        clawbacks: "0.00",
        breakage: "0.00",
        transfers: 0,
      },
    ]);
    const listed = (await get("/orders?placed_on=2025-09-01&stage=earned")).body.items;
    expect(listed.map((one: { net: string; refunded_net: string }) => [one.net, one.refunded_net])).toStrictEqual([
      ["22.50", "0.00"],
    ]);
    expect((await get("/ledger/days/distributors/9012?from=2025-09-01&to=2025-09-01")).body.items).toStrictEqual([]);
  });

  it("are asked for by days that exist, the first first, of a year or so", async () => {
    for (const days of ["from=2025-02-30&to=2025-03-01", "from=2025-08-02&to=2025-08-01", "from=2020-01-01&to=2025-08-01"])
      expect((await get(`/ledger/days?${days}`)).status, days).toBe(400);
  });
});
