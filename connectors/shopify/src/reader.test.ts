import { type FoundOrder, type OrdersPage, StoreError } from "@upline/core";
import { storeReaderContract } from "@upline/core/reader-contract";
import { openOutgoing } from "@upline/outgoing";
import { afterEach, assert, beforeEach, expect, test } from "vitest";
import { type AdminShop, startAdminShop, TOKEN } from "../fixtures/admin-server.ts";
import { openReaderShop } from "../fixtures/reader-shop.ts";
import { shopify } from "./index.ts";
import { WALK_SIZES, type WalkSizes } from "./list-orders.ts";
import { openStoreReader, readerAt } from "./reader.ts";

for (const { name, run } of storeReaderContract({ platform: shopify, open: openReaderShop })) test(name, run);

let shop: AdminShop;
/** What was waited for, in milliseconds; nobody waits. */
let pauses: number[];
beforeEach(async () => {
  shop = await startAdminShop();
  pauses = [];
});
afterEach(() => shop.close());

const ALL = ["read_orders", "read_all_orders", "read_products", "write_discounts"];

function reader({
  scopes = ALL,
  sizes,
  tokens = [TOKEN],
}: {
  scopes?: string[];
  sizes?: Partial<WalkSizes>;
  tokens?: string[];
} = {}) {
  let passed = 0;
  return readerAt(
    {
      url: shop.url,
      callOut: openOutgoing({ allowPrivate: true }),
      tokenOf: async (refused) => {
        if (refused !== undefined) tokens.shift();
        return { accessToken: tokens[0] ?? "none", scopes };
      },
      surroundings: {
        now: () => new Date(Date.now() + passed),
        sleep: async (ms) => {
          pauses.push(ms);
          passed += ms;
        },
        random: () => 0,
      },
    },
    { ...WALK_SIZES, ...sizes },
  );
}

const set = (amount: string) => ({ shop_money: { amount, currency_code: "EUR" } });

/** An order of so many lines, paid, changed at a minute of one day. */
function putOrder(id: number, { lines = 1, minute = id % 1440, refunds = [] as unknown[] } = {}): void {
  const at = new Date(Date.parse("2026-03-01T00:00:00Z") + minute * 60_000).toISOString();
  shop.orders.set(String(id), {
    id: String(id),
    name: `#${id}`,
    created_at: at,
    processed_at: at,
    updated_at: at,
    financial_status: "paid",
    currency: "EUR",
    taxes_included: false,
    total_price_set: set("10.00"),
    line_items: Array.from({ length: lines }, (_, index) => ({
      ...{ id: `${id}${String(index).padStart(4, "0")}`, name: `Line ${index}`, quantity: 1, current_quantity: 1 },
      price_set: set("1.00"),
    })),
    refunds,
  });
}

async function all(pages: AsyncIterable<OrdersPage>): Promise<FoundOrder[]> {
  const found: FoundOrder[] = [];
  for await (const page of pages) found.push(...page.found);
  return found;
}
const idsOf = (found: readonly FoundOrder[]) => found.map(({ orderId }) => orderId).sort();
const linesOf = (found: FoundOrder | undefined): number =>
  found?.kind === "order" ? (JSON.parse(found.body) as { line_items: unknown[] }).line_items.length : -1;

test("lists within an order are read to their ends, with a list of orders and by itself alike", async () => {
  const parts = Array.from({ length: 130 }, (_, index) => ({
    line_item_id: `7${String(index).padStart(4, "0")}`,
    ...{ quantity: 1, subtotal_set: set("1.00"), total_tax_set: set("0.00") },
  }));
  const refund = (id: number, some: unknown[]) => ({
    id: String(id),
    processed_at: "2026-03-02T00:00:00Z",
    refund_line_items: some,
  });
  const refunds = [refund(900, parts), ...Array.from({ length: 24 }, (_, index) => refund(901 + index, []))];
  putOrder(7, { lines: 260, refunds });
  for (const found of [await reader().order("7"), ...(await all(reader().orders({ by: "changed" })))]) {
    assert.ok(found.kind === "order");
    const body = JSON.parse(found.body) as { line_items: unknown[]; refunds: { refund_line_items: unknown[] }[] };
    expect([body.line_items.length, body.refunds.length, body.refunds[0]?.refund_line_items.length]).toStrictEqual([
      260, 25, 130,
    ]);
  }
});

test("a page that costs too much is asked for in halves, until one fits", async () => {
  for (let id = 1; id <= 25; id++) putOrder(id);
  shop.mostOrders = 3;
  expect((await all(reader().orders({ by: "changed" }))).length).toBe(25);
  shop.mostOrders = 0;
  await expect(all(reader().orders({ by: "changed" }))).rejects.toThrow(/more than it answers at once/);
});

test("a shop that is throttled is waited for, as long as it says, and no longer than minutes", async () => {
  putOrder(1);
  const cost = (currentlyAvailable: number) => ({
    requestedQueryCost: 500,
    throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate: 50 },
  });
  shop.faults.push({
    body: { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions: { cost: cost(100) } },
  });
  expect((await reader().order("1")).kind).toBe("order");
  // 400 points are missing, of which 50 come back every second.
  expect(Math.max(...pauses)).toBeGreaterThanOrEqual(7_900);
  shop.faults.push({ status: 429, headers: { "retry-after": "2.5" } }, { status: 503, headers: { "retry-after": "7" } });
  pauses = [];
  expect((await reader().order("1")).kind).toBe("order");
  expect(pauses).toStrictEqual([2500, 7000]);
  shop.faults.push({ status: 429, headers: { "retry-after": "3600" } });
  await expect(reader().order("1")).rejects.toMatchObject({ kind: "unavailable", status: 429 });
});

test("waiting for the bucket is no failure: between its failures a shop may be throttled, but not for ever", async () => {
  putOrder(1);
  const throttled = {
    body: { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions: { cost: null } },
  };
  const failed = { status: 500 };
  shop.faults.push(throttled, throttled, failed, throttled, failed, throttled, throttled, failed, throttled);
  expect((await reader().order("1")).kind).toBe("order");
  shop.faults.push({ ...throttled, stays: true });
  pauses = [];
  await expect(reader().order("1")).rejects.toMatchObject({ kind: "unavailable", code: "THROTTLED" });
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(120_000);
});

test("a token that the shop does not take is renewed once, and then told as that", async () => {
  putOrder(1);
  expect((await reader({ tokens: ["expired", TOKEN] }).order("1")).kind).toBe("order");
  await expect(reader({ tokens: ["expired", "expired too"] }).order("1")).rejects.toMatchObject({ kind: "unauthorised" });
});

test("what a shop says is told apart: closed, frozen, gone, a lacking permission, a fault of its own, no JSON", async () => {
  putOrder(1);
  const denied = {
    errors: [{ message: "Access denied for orders field.", extensions: { code: "ACCESS_DENIED" } }],
    data: { order: null },
  };
  for (const [fault, kind] of [
    [{ status: 403 }, "unauthorised"],
    [{ status: 402 }, "refused"],
    [{ status: 423 }, "refused"],
    [{ status: 404 }, "not-found"],
    [{ status: 301 }, "refused"],
    [{ body: denied }, "unauthorised"],
    [{ body: { errors: [{ message: "Field 'x' doesn't exist", extensions: { code: "undefinedField" } }] } }, "refused"],
    [{ body: "<html>maintenance</html>", stays: true }, "unavailable"],
  ] as const) {
    shop.faults.length = 0;
    shop.faults.push(fault);
    const error = await reader()
      .order("1")
      .catch((cause: unknown) => cause);
    assert.ok(error instanceof StoreError, JSON.stringify(fault));
    expect([error.kind, error.message.includes(TOKEN)], JSON.stringify(fault)).toStrictEqual([kind, false]);
  }
});

test("many orders come in bulk, in spans, each once, oldest first; those with refunds whole", async () => {
  for (let id = 1; id <= 700; id++) putOrder(id, { lines: 1 + (id % 30) });
  const refunds = [
    {
      id: "95",
      processed_at: "2026-03-02T00:00:00Z",
      refund_line_items: [{ line_item_id: "3330000", quantity: 1, subtotal_set: set("1.00"), total_tax_set: set("0.00") }],
    },
  ];
  putOrder(333, { lines: 4, refunds });
  for (const by of ["created", "changed"] as const) {
    shop.asked.length = 0;
    const found = await all(reader({ sizes: { bulkFrom: 100, bulkMost: 250 } }).orders({ by }));
    expect(idsOf(found)).toStrictEqual([...shop.orders.keys()].sort());
    expect(found.map(({ orderId }) => Number(orderId))).toStrictEqual(
      [...found].map(({ orderId }) => Number(orderId)).sort((a, b) => a - b),
    );
    expect(shop.asked.filter((name) => name === "RunBulk").length).toBeGreaterThanOrEqual(3);
    expect(linesOf(found.find(({ orderId }) => orderId === "29"))).toBe(30);
    const refunded = found.find(({ orderId }) => orderId === "333");
    assert.ok(refunded?.kind === "order");
    expect(JSON.parse(refunded.body).refunds).toHaveLength(1);
  }
});

test("an order that came in bulk is the same to the letter as one that was asked for", async () => {
  for (let id = 1; id <= 20; id++) putOrder(id, { lines: 1 + (id % 5) });
  const paged = await all(reader().orders({ by: "created" }));
  const bulk = await all(reader({ sizes: { bulkFrom: 1, bulkMost: 10 } }).orders({ by: "created" }));
  expect(bulk.filter(({ orderId }, index) => bulk.findIndex((one) => one.orderId === orderId) === index)).toStrictEqual(paged);
});

test("an import in bulk goes on behind the page that was stored, and misses nothing", async () => {
  for (let id = 1; id <= 400; id++) putOrder(id);
  const sizes = { bulkFrom: 50, bulkMost: 150 };
  const pages: OrdersPage[] = [];
  for await (const page of reader({ sizes }).orders({ by: "created" })) pages.push(page);
  expect(pages.length).toBeGreaterThan(3);
  for (const [index, page] of pages.entries()) {
    const rest = await all(reader({ sizes }).orders({ by: "created", cursor: page.cursor }));
    const told = new Set([...pages.slice(0, index + 1).flatMap(({ found }) => idsOf(found)), ...idsOf(rest)]);
    expect(told.size, `behind page ${index}`).toBe(400);
    expect(rest.length).toBeLessThanOrEqual(400 - (index + 1) * 50);
  }
});

test("a file that is cut off ends the walk, and brings no order with half of its lines", async () => {
  for (let id = 1; id <= 60; id++) putOrder(id, { lines: 3 });
  const sizes = { bulkFrom: 10, bulkMost: 100 };
  for (const lines of [7, 0, 239]) {
    shop.cutBulk = lines;
    await expect(all(reader({ sizes }).orders({ by: "created" })), `${lines}`).rejects.toMatchObject({ kind: "unavailable" });
  }
  expect((await all(reader({ sizes }).orders({ by: "created" }))).length).toBeGreaterThanOrEqual(60);
});

test("orders that Shopify does not show for their age are not taken as deleted", async () => {
  putOrder(5000, { minute: 1 });
  putOrder(6000, { minute: 2 });
  const scopes = ["read_orders"];
  // The oldest that is shown is 5000: what is missing before it may be there.
  expect(await reader({ scopes }).order("4999")).toStrictEqual({ kind: "hidden", orderId: "4999" });
  expect((await reader({ scopes }).order("5500")).kind).toBe("deleted");
  expect((await reader().order("4999")).kind).toBe("deleted");
  const known = ["4999", "5500", "6000"].map((orderId) => ({
    ...{ orderId, modifiedAt: new Date(shop.orders.get(orderId)?.updated_at ?? 0) },
    ...{ refundIds: [], isTrashed: false },
  }));
  const told: FoundOrder[] = [];
  for await (const found of reader({ scopes }).compare(known)) told.push(found);
  expect(told.map(({ kind, orderId }) => `${orderId} ${kind}`)).toStrictEqual(["4999 hidden", "5500 deleted"]);
  shop.orders.clear();
  expect((await reader({ scopes }).order("5500")).kind).toBe("hidden");
});

test("the facts warn of what the app may not do", async () => {
  expect((await reader({ scopes: ["read_orders"] }).facts()).warnings).toHaveLength(2);
  await expect(reader({ scopes: ["read_products"] }).facts()).rejects.toMatchObject({ kind: "unauthorised" });
});

test("distributors' codes go to one discount, and each is told by itself", async () => {
  const { discounts } = reader();
  assert.ok(discounts);
  const { discountId } = await discounts.create({ title: "Distributors", percent: 10, firstCode: "GREG1" });
  expect((await discounts.create({ title: "Distributors", percent: 10, firstCode: "greg1" })).discountId).toBe(discountId);
  const added = await discounts.addCodes({ discountId, codes: ["MAYA21", "GREG1", "ANNA77"] });
  expect(added).toStrictEqual([
    { code: "MAYA21", problem: null },
    { code: "GREG1", problem: "Code must be unique." },
    { code: "ANNA77", problem: null },
  ]);
  expect([await discounts.discountOf("anna77"), await discounts.discountOf("nobody")]).toStrictEqual([discountId, null]);
  const without = reader({ scopes: ["read_orders"] }).discounts;
  await expect(without?.addCodes({ discountId, codes: ["X"] })).rejects.toThrow(/allow write_discounts/);
});

test("credentials of another shape are refused by what they lack", () => {
  const access = {
    url: "https://shop.example",
    credentials: { accessToken: "x" },
    callOut: openOutgoing({ allowPrivate: false }),
  };
  expect(() => openStoreReader(access)).toThrow(
    new TypeError("a Shopify shop is asked with a tokenOf, which gives tokens of the app"),
  );
});
