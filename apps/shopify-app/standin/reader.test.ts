import { DEFAULT_STORE_SETTINGS, type FoundOrder, type OrderState, type OrdersPage, type StoreReader } from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { shopify } from "@upline/shopify";
import { readerAt, WALK_SIZES, type WalkSizes } from "@upline/shopify/reader";
import { afterAll, assert, beforeAll, beforeEach, expect, test } from "vitest";
import { offlineToken } from "./asking.ts";
import { DEMO_SHOPS } from "./demo-shops.ts";
import type { Order } from "./order.ts";
import { type Standin, startStandin } from "./start.ts";

/**
 * The hub hears of an order by webhooks and by asking. Both have to say the same of it, in every way in which money moves, or a
 * comparison would change what a webhook told, and back.
 */

const YEN_SHOP = {
  ...{ handle: "sakura", name: "Sakura", currency: "JPY", timeZone: "Asia/Tokyo", taxesIncluded: true, taxRate: 1000 },
  products: [
    { title: "Sencha", variants: [{ sku: "TEA-01", price: "1999" }] },
    { title: "Soap", variants: [{ sku: "SOAP-02", price: "333" }] },
    { title: "Card", variants: [{ sku: "GIFT-50", price: "5000", giftCard: true }] },
  ],
};
/** The demo's second shop has no tax: here its prices do not contain it, and it comes on top. */
const TAX_ON_TOP = {
  ...{ handle: "northwind", name: "Northwind", currency: "USD", timeZone: "America/New_York", taxRate: 825 },
  products: [
    { title: "Green Tea", variants: [{ sku: "TEA-01", price: "27.00" }] },
    { title: "Night Balm", variants: [{ sku: "SOAP-02", price: "15.99" }] },
    { title: "Card", variants: [{ sku: "GIFT-50", price: "50.00", giftCard: true }] },
  ],
};
const SHOPS = [...DEMO_SHOPS.slice(0, 1), TAX_ON_TOP, YEN_SHOP];
const DOMAINS = SHOPS.map(({ handle }) => `${handle}.myshopify.com`);
/** With `read_customers` the shop tells who bought, as a webhook does; the app itself asks for less. */
const SCOPES = ["read_orders", "read_all_orders", "read_products", "read_customers"];
const settings = DEFAULT_STORE_SETTINGS;
let standin: Standin;

beforeAll(async () => {
  // Nobody listens there: what is sent is looked at where it was written down.
  const nowhere = "http://127.0.0.1:9";
  standin = await startStandin({ apiKey: "key", apiSecret: "secret", appUrl: nowhere, hubUrl: nowhere, shops: SHOPS });
});
afterAll(() => standin.stop());
beforeEach(() => {
  standin.site.reset();
  for (const domain of DOMAINS) {
    standin.site.install(domain, SCOPES);
    standin.site.webhooks.setWeather(domain, { lose: true });
  }
});

async function readerOf(domain: string, sizes: Partial<WalkSizes> = {}): Promise<StoreReader> {
  const { access_token: accessToken } = await offlineToken(standin, domain);
  return readerAt(
    {
      url: `${standin.url}/shops/${domain}`,
      callOut: openOutgoing({ allowPrivate: true }),
      tokenOf: async () => ({ accessToken, scopes: SCOPES }),
      // Time passes at once where somebody waits, for the shop too: so its limit of queries is met, and waited for.
      surroundings: {
        now: () => standin.site.clock.now(),
        sleep: async (ms) => standin.site.clock.advance(ms / 1000),
        random: () => 0,
      },
    },
    { ...WALK_SIZES, ...sizes },
  );
}

/** Addresses need leave that the app does not ask for: an order that is asked for comes without them. */
function stateOf({ topic, body }: { topic: string; body: string }): OrderState {
  const said = shopify.normalise({ topic, body, settings });
  assert.ok(said.kind === "order");
  return { ...said.state, buyerIdentities: said.state.buyerIdentities?.filter(({ kind }) => kind === "customer") };
}

/** What the newest webhook about each order says, by its id. */
function told(domain: string): Map<string, OrderState> {
  const whole = standin.site.webhooks.deliveries.filter(
    ({ shop, topic }) => shop === domain && /^orders\/(create|paid|updated|cancelled)$/.test(topic),
  );
  return new Map(whole.map((delivery) => stateOf(delivery)).map((state) => [state.orderId, state]));
}

async function walked(pages: AsyncIterable<OrdersPage>): Promise<FoundOrder[]> {
  const found: FoundOrder[] = [];
  for await (const page of pages) found.push(...page.found);
  return found;
}

const statesOf = (found: readonly FoundOrder[]): Map<string, OrderState> =>
  new Map(found.flatMap((one) => (one.kind === "order" ? [[one.orderId, stateOf(one)]] : [])));

/** Every way in which a stand-in's order may come about and change; sums are told as if in euros. */
function live(domain: string): Order[] {
  const { site } = standin;
  const { discounts, currency } = site.shopOf(domain);
  const isYen = currency === "JPY";
  const amount = (euros: string) => (isYen ? String(Math.round(Number(euros) * 100)) : euros);
  discounts.create({ title: "Ten", code: "BEN12", value: { fraction: 0.1 } });
  discounts.create({ title: "Seven", code: "SEVEN", value: { minor: 703n } });
  const ref = [{ name: "_ref_code", value: "ANNA77" }];
  const tea = (quantity: number) => ({ variant: "TEA-01", quantity });
  const soap = (quantity: number) => ({ variant: "SOAP-02", quantity });
  const sell = (draft: Parameters<typeof site.order>[1]): Order => site.order(domain, draft);
  const piece = (order: Order, at: number, quantity: number) => ({ lines: [{ line: order.lines[at]?.id ?? "", quantity }] });

  const plain = sell({ lines: [tea(2), soap(3)], attributes: ref, shipping: amount("4.90"), customerId: "7712004455661" });
  site.refund(domain, plain.id, piece(plain, 0, 1));
  site.refund(domain, plain.id, { shipping: true });
  site.refund(domain, plain.id, piece(plain, 1, 2));
  const together = sell({ lines: [tea(3)], shipping: amount("4.90") });
  site.refund(domain, together.id, { ...piece(together, 0, 1), shipping: true, money: amount("20.00") });
  const byCode = sell({ lines: [tea(1), soap(7)], discountCode: "ben12", shipping: amount("3.33") });
  site.refund(domain, byCode.id, piece(byCode, 1, 3));
  const bySum = sell({ lines: [tea(1), soap(2), { variant: "GIFT-50" }], discountCode: "seven", tip: amount("2.00") });
  site.refund(domain, bySum.id, { money: amount("5.00") });
  sell({
    lines: [tea(1), soap(1)],
    manualDiscount: { title: "ANNA77", amount: amount("1.01") },
    sourceName: "shopify_draft_order",
  });
  const edited = sell({ lines: [soap(4)], landingSite: "/?ref=BEN12" });
  site.edit(domain, edited.id, { add: [tea(2)], remove: [{ line: edited.lines[0]?.id ?? "", quantity: 1 }] });
  site.refund(domain, edited.id, piece(edited, 0, 1));
  const abroad = sell({ lines: [tea(3), soap(1)], discountCode: "ben12", presentment: { currency: "CHF", rate: "0.9437" } });
  site.refund(domain, abroad.id, { ...piece(abroad, 0, 2), pending: true });
  const settled = sell({ lines: [tea(2)], presentment: { currency: "JPY", rate: "163.51" } });
  site.refund(domain, settled.id, { money: amount("3.00"), pending: true });
  site.settleRefunds(domain, settled.id);
  const failed = sell({ lines: [tea(2)] });
  site.refund(domain, failed.id, { money: amount("3.00"), pending: true });
  site.settleRefunds(domain, failed.id, "failure");
  sell({ lines: [tea(1)], paid: false });
  const later = sell({ lines: [soap(2)], paid: false });
  site.pay(domain, later.id);
  const whole = sell({ lines: [tea(1), soap(1)], shipping: amount("4.90"), discountCode: "BEN12" });
  site.cancel(domain, whole.id);
  const unpaid = sell({ lines: [tea(1)], paid: false });
  site.cancel(domain, unpaid.id);
  sell({ lines: [tea(1)], test: true });
  sell({
    lines: [
      { title: "Typed by staff", price: amount("12.34") },
      { variant: "SOAP-02", properties: ref },
    ],
  });
  return [...site.shopOf(domain).orders.values()];
}

for (const domain of DOMAINS) {
  test(`${domain}: an order that was asked for, listed or brought in bulk says what its webhooks said`, async () => {
    const orders = live(domain);
    const wanted = told(domain);
    expect(wanted.size).toBe(orders.length);
    const reader = await readerOf(domain);
    for (const { id, number } of orders) {
      const found = await reader.order(id);
      assert.ok(found.kind === "order", `#${number}`);
      expect(stateOf(found), `#${number}`).toStrictEqual(wanted.get(id));
    }
    expect(statesOf(await walked(reader.orders({ by: "changed" })))).toStrictEqual(wanted);
    const bulk = await readerOf(domain, { bulkFrom: 1, bulkMost: 100 });
    expect(standin.site.bulk.of(standin.site.shopOf(domain)).length).toBe(0);
    expect(statesOf(await walked(bulk.orders({ by: "changed" })))).toStrictEqual(wanted);
    // A first import leaves out what was cancelled before.
    const standing = new Map([...wanted].filter(([id]) => orders.find((order) => order.id === id)?.cancelledAt === null));
    expect(statesOf(await walked(bulk.orders({ by: "created" })))).toStrictEqual(standing);
    expect(standin.site.bulk.of(standin.site.shopOf(domain)).length).toBeGreaterThanOrEqual(2);
  });
}

test("pieces and shipping that went back of prices with tax are worth what a person works out", () => {
  // 2 × 24.90 hold 7.95 of tax, one piece 3.975 or 3.98; 3 × 9.50 hold 4.55, two pieces 3.03. Shipping lowers no net.
  live("greenleaf.myshopify.com");
  const [plain] = told("greenleaf.myshopify.com").values();
  assert.ok(plain);
  const refunds = plain.refunds.map(({ amountMinor, proratedMinor, lines }) => [
    ...[amountMinor, proratedMinor],
    ...lines.map(({ netMinor }) => netMinor),
  ]);
  expect(refunds).toStrictEqual([
    [2490n, 0n, 2092n],
    [490n, 0n],
    [1900n, 0n, 1597n],
  ]);
});
