import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ask, offlineToken, post } from "./asking.ts";
import { type Standin, startStandin } from "./start.ts";

const DOMAIN = "greenleaf.myshopify.com";
const received: { path: string; headers: Record<string, unknown>; body: string }[] = [];
let refuseNext = 0;
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ path: request.url ?? "", headers: request.headers, body });
    response.statusCode = refuseNext > 0 ? 503 : 200;
    refuseNext = Math.max(0, refuseNext - 1);
    response.end();
  });
});
let standin: Standin;

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  standin = await startStandin({ apiKey: "key", apiSecret: "secret", appUrl: url, hubUrl: url, retryMs: 1 });
});
afterAll(async () => {
  await standin.stop();
  receiver.close();
});
beforeEach(async () => {
  await standin.site.webhooks.settled();
  standin.site.reset();
  standin.site.install(DOMAIN);
  received.length = 0;
});

const tokenOf = async () => (await offlineToken(standin, DOMAIN)).access_token;
const question = async (query: string, variables?: Record<string, unknown>) =>
  await ask(standin, { domain: DOMAIN, token: await tokenOf(), variables }, query);
const refresh = async (refresh_token: string) =>
  await post(`${standin.url}/shops/${DOMAIN}/admin/oauth/access_token`, {
    ...standin.site.credentials,
    grant_type: "refresh_token",
    refresh_token,
  });

test("it does not start in production", async () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    await expect(startStandin({ apiKey: "k", apiSecret: "s", appUrl: "http://a", hubUrl: "http://h" })).rejects.toThrow(
      "production",
    );
  } finally {
    process.env.NODE_ENV = before;
  }
});

test("a refresh token is good for one use, and an access token for an hour", async () => {
  const first = await offlineToken(standin, DOMAIN);
  expect([first.expires_in, first.scope]).toStrictEqual([3600, "read_orders,read_products"]);
  const second = await refresh(first.refresh_token);
  expect(second.status).toBe(200);
  expect((await refresh(first.refresh_token)).status).toBe(400);
  standin.site.clock.advance(3601);
  const answer = await ask(standin, { domain: DOMAIN, token: first.access_token }, "{ shop { name } }");
  expect(answer.errors).toBe("[API] Invalid API key or access token (unrecognized login or wrong password)");
  expect(standin.site.tokens.counts).toStrictEqual({ exchanges: 1, refreshes: 1, refusedRefreshes: 1 });
});

test("no token of one shop opens another, and none outlives the app", async () => {
  const { access_token: token, refresh_token } = await offlineToken(standin, DOMAIN);
  const other = await ask(standin, { domain: "northwind.myshopify.com", token }, "{ shop { name } }");
  expect(typeof other.errors).toBe("string");
  standin.site.uninstall(DOMAIN);
  expect(typeof (await ask(standin, { domain: DOMAIN, token }, "{ shop { name } }")).errors).toBe("string");
  expect((await refresh(refresh_token)).status).toBe(400);
  await expect(offlineToken(standin, DOMAIN)).rejects.toThrow("401");
});

test("a field that does not exist fails as at Shopify, one that the stand-in lacks says so", async () => {
  expect((await question("{ shop { nonsense } }")).errors?.[0]?.message).toContain('Cannot query field "nonsense"');
  expect((await question("{ shop { timezoneOffset } }")).errors?.[0]?.message).toContain(
    "The stand-in has no Shop.timezoneOffset",
  );
});

const ORDERS = `query ($query: String, $after: String) {
  orders(first: 2, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id name updatedAt subtotalPriceSet { shopMoney { amount currencyCode } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

test("orders come by pages that an order may leave meanwhile, and by the time of their last change", async () => {
  const { site } = standin;
  const ids = [500, 400, 300].map((secondsAgo) => site.order(DOMAIN, { lines: [{ variant: "TEA-01" }], secondsAgo }).id);
  const first = await question(ORDERS);
  const idsOf = (answer: typeof first) => answer.data.orders.nodes.map((node: { id: string }) => node.id.split("/").at(-1));
  expect(idsOf(first)).toStrictEqual(ids.slice(0, 2));
  site.update(DOMAIN, ids[0]!);
  const rest = await question(ORDERS, { after: first.data.orders.pageInfo.endCursor });
  expect([idsOf(rest), rest.data.orders.pageInfo.hasNextPage]).toStrictEqual([[ids[2], ids[0]], false]);
  const since = new Date(Date.now() - 350_000).toISOString();
  expect(idsOf(await question(ORDERS, { query: `updated_at:>'${since}'` }))).toStrictEqual([ids[2], ids[0]]);
});

test("the body of a webhook and the answer to a question come from one order, each in its own spelling", async () => {
  // 2 × 24.90 = 49.80, less 10 % = 44.82, of which 19/119 is tax: 7.156… = 7.16.
  const { site } = standin;
  const shop = site.shopOf(DOMAIN);
  shop.discounts.create({ title: "Ten", code: "ANNA10", value: { fraction: 0.1 } });
  const order = site.order(DOMAIN, {
    lines: [{ variant: "TEA-01", quantity: 2, properties: [{ name: "_ref_code", value: "ANNA77" }] }],
    discountCode: "anna10",
    shipping: "5.00",
    presentment: { currency: "JPY", rate: "160.5" },
  });
  await site.webhooks.settled();
  expect(received.map(({ headers }) => headers["x-shopify-topic"]).sort()).toStrictEqual(["orders/create", "orders/paid"]);
  const { body, headers } = received[0]!;
  expect(headers["x-shopify-hmac-sha256"]).toBe(createHmac("sha256", "secret").update(body).digest("base64"));
  expect(body).toContain(`"id":${order.id},`);
  const told = JSON.parse(body);
  expect([told.subtotal_price, told.total_price, told.total_tax, told.financial_status]).toStrictEqual([
    "44.82",
    "49.82",
    // 7.16 of the goods and 0.80 of the shipping (5 × 19/119 = 0.798…).
    "7.96",
    "paid",
  ]);
  expect(told.total_price_set.presentment_money).toStrictEqual({ amount: "7996", currency_code: "JPY" });
  expect(told.discount_applications).toMatchObject([
    { type: "discount_code", code: "ANNA10", value: "10.0", value_type: "percentage" },
  ]);
  expect(told.line_items[0].discount_allocations[0].amount).toBe("4.98");
  const asked = await question(
    `query ($id: ID!) { order(id: $id) { totalPriceSet { shopMoney { amount } presentmentMoney { amount currencyCode } }
       lineItems(first: 5) { nodes { sku customAttributes { key value } taxLines { priceSet { shopMoney { amount } } } discountAllocations {
         allocatedAmountSet { shopMoney { amount } } discountApplication { ... on DiscountCodeApplication { code } } } } } } }`,
    { id: `gid://shopify/Order/${order.id}` },
  );
  expect(asked.data.order).toStrictEqual({
    totalPriceSet: { shopMoney: { amount: "49.82" }, presentmentMoney: { amount: "7996.0", currencyCode: "JPY" } },
    lineItems: {
      nodes: [
        {
          sku: "TEA-01",
          customAttributes: [{ key: "_ref_code", value: "ANNA77" }],
          taxLines: [{ priceSet: { shopMoney: { amount: "7.16" } } }],
          discountAllocations: [
            { allocatedAmountSet: { shopMoney: { amount: "4.98" } }, discountApplication: { code: "ANNA10" } },
          ],
        },
      ],
    },
  });
});

test("refunds of single pieces sum to the whole, and money beyond them is an adjustment", async () => {
  // 3 × 9.50 = 28.50 with 4.55 of tax: pieces of 9.50 with 1.52, 1.51 and 1.52.
  const { site } = standin;
  const order = site.order(DOMAIN, { lines: [{ variant: "SOAP-02", quantity: 3 }], shipping: "5.00" });
  const line = order.lines[0]!.id;
  for (let piece = 0; piece < 3; piece += 1) site.refund(DOMAIN, order.id, { lines: [{ line, quantity: 1 }] });
  expect(order.refunds.map(({ lines }) => [lines[0]?.subtotal, lines[0]?.tax])).toStrictEqual([
    [950n, 152n],
    [950n, 151n],
    [950n, 152n],
  ]);
  site.refund(DOMAIN, order.id, { money: "2.00" });
  await site.webhooks.settled();
  const refunds = received
    .filter(({ headers }) => headers["x-shopify-topic"] === "refunds/create")
    .map(({ body }) => JSON.parse(body));
  const last = refunds.find(({ order_adjustments }) => order_adjustments.length > 0);
  expect(last.order_adjustments[0]).toMatchObject({ amount: "-2.00", kind: "refund_discrepancy" });
  expect(last.refund_line_items).toStrictEqual([]);
  expect(() => site.refund(DOMAIN, order.id, { money: "99.00" })).toThrow("more is given back");
});

test("what is not taken is repeated with the same body and the same id", async () => {
  refuseNext = 2;
  const { site } = standin;
  const order = site.order(DOMAIN, { lines: [{ variant: "TEA-01" }], paid: false });
  await site.webhooks.settled();
  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  site.webhooks.setWeather(DOMAIN, { lose: true });
  site.pay(DOMAIN, order.id);
  await site.webhooks.settled();
  expect(received).toHaveLength(3);
});

test("a bulk operation runs by itself and answers a file of lines, children after their parents", async () => {
  const { site } = standin;
  const order = site.order(DOMAIN, { lines: [{ variant: "TEA-01" }, { variant: "SOAP-02" }] });
  const start = (query: string) =>
    question(
      "mutation ($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { message } } }",
      {
        query,
      },
    );
  const nested = await start(
    "{ orders { edges { node { id refunds { id refundLineItems { edges { node { quantity } } } } } } } }",
  );
  expect(nested.data.bulkOperationRunQuery.userErrors[0].message).toContain("within a list field");
  const started = await start("{ orders { edges { node { id lineItems { edges { node { id sku } } } } } } }");
  expect(started.data.bulkOperationRunQuery.bulkOperation.status).toBe("CREATED");
  const look = async () => (await question("{ currentBulkOperation { status url objectCount } }")).data.currentBulkOperation;
  expect((await look()).status).toBe("RUNNING");
  const done = await look();
  expect([done.status, done.objectCount]).toStrictEqual(["COMPLETED", "3"]);
  const lines = (await (await fetch(done.url)).text()).trim().split("\n");
  expect(lines.map((text) => JSON.parse(text))).toStrictEqual([
    { id: `gid://shopify/Order/${order.id}` },
    ...order.lines.map(({ id, sku }) => ({
      id: `gid://shopify/LineItem/${id}`,
      sku,
      __parentId: `gid://shopify/Order/${order.id}`,
    })),
  ]);
});

test("codes are added to a discount in the background, and what somebody has already fails by itself", async () => {
  const { site } = standin;
  const create = `mutation { discountCodeBasicCreate(basicCodeDiscount: { title: "Spring", code: "SPRING", startsAt: "2026-01-01T00:00:00Z",
    context: { all: ALL }, customerGets: { value: { percentage: 0.1 }, items: { all: true } } }) { codeDiscountNode { id } userErrors { message } } }`;
  expect((await question(create)).errors?.[0]?.extensions?.code).toBe("ACCESS_DENIED");
  site.grantScopes(DOMAIN, ["read_orders", "read_products", "write_discounts"]);
  const made = (await question(create)).data.discountCodeBasicCreate;
  expect(made.userErrors).toStrictEqual([]);
  const add = `mutation ($id: ID!) { discountRedeemCodeBulkAdd(discountId: $id, codes: [{ code: "ANNA77" }, { code: "spring" }]) {
    bulkCreation { id done } userErrors { message } } }`;
  const { bulkCreation } = (await question(add, { id: made.codeDiscountNode.id })).data.discountRedeemCodeBulkAdd;
  const look = `query ($id: ID!) { discountRedeemCodeBulkCreation(id: $id) { done importedCount failedCount } }`;
  const seen = [await question(look, { id: bulkCreation.id }), await question(look, { id: bulkCreation.id })];
  expect(seen.map(({ data }) => data.discountRedeemCodeBulkCreation)).toStrictEqual([
    { done: false, importedCount: 0, failedCount: 0 },
    { done: true, importedCount: 1, failedCount: 1 },
  ]);
});

test("a query that costs too much is refused, and an empty purse says how full it is", async () => {
  const costly = await question("{ orders(first: 100) { nodes { lineItems(first: 100) { nodes { id } } } } }");
  expect(costly.errors?.[0]?.extensions?.code).toBe("MAX_COST_EXCEEDED");
  standin.site.addFault(DOMAIN, { on: "graphql", kind: "THROTTLED", count: 1 });
  const throttled = await question("{ orders(first: 10) { nodes { id } } }");
  expect(throttled.errors?.[0]?.extensions?.code).toBe("THROTTLED");
  expect(throttled.extensions?.cost.throttleStatus.currentlyAvailable).toBeLessThan(10);
});
