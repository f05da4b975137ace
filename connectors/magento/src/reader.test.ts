import { inspect } from "node:util";
import { DEFAULT_STORE_SETTINGS, type FoundOrder, type OrdersPage, StoreError, type StoreReader } from "@upline/core";
import { type ReaderSubject, storeReaderContract } from "@upline/core/reader-contract";
import { openOutgoing } from "@upline/outgoing";
import { assert, expect, type TestContext, test } from "vitest";
import { openReaderShop } from "../fixtures/reader-shop.ts";
import { recorded, recordedStages } from "../fixtures/recorded.ts";
import { type Fault, KEYS, send, startMagento } from "../fixtures/store-server.ts";
import { createClient, type RestKeys } from "./client.ts";
import { magento } from "./index.ts";
import { listOrders } from "./list-orders.ts";
import { openStoreReader, storeReader } from "./reader.ts";

const subject: ReaderSubject = { platform: magento, open: openReaderShop };

for (const { name, run } of storeReaderContract(subject)) test(name, run);

/** Readers with one fault each, and the case that has to notice it. */
const FAULTS: Readonly<Record<string, { notice: string; fault: (reader: StoreReader) => Partial<StoreReader> }>> = {
  "takes an error for a deletion": {
    notice: "a shop that does not answer has not deleted anything",
    fault: (reader) => ({ order: (orderId) => reader.order(orderId).catch((): FoundOrder => gone(orderId)) }),
  },
  "loses the end of every page": {
    notice: "every order once by change and by creation, oldest first, though seconds fill pages",
    fault: (reader) => ({ orders: (walk) => shortened(reader.orders(walk)) }),
  },
  "brings in what was cancelled": {
    notice: "what was thrown away is told by change, and is nothing for an import",
    fault: (reader) => ({ orders: (walk) => reader.orders({ ...walk, by: "changed" }) }),
  },
  "begins anew at every cursor": {
    notice: "a cursor goes on where a page ended and misses nothing",
    fault: (reader) => ({ orders: ({ cursor: _cursor, ...walk }) => reader.orders(walk) }),
  },
  "answers whatever it is asked to compare": {
    notice: "comparing answers what differs and nothing else",
    fault: (reader) => ({
      async *compare(known) {
        for await (const { orderId } of known) yield await reader.order(orderId);
      },
    }),
  },
};

for (const [name, { notice, fault }] of Object.entries(FAULTS)) {
  test(`the battery notices a reader that ${name}`, async () => {
    const open = async () => {
      const shop = await openReaderShop();
      return { ...shop, reader: { ...shop.reader, ...fault(shop.reader) } };
    };
    const noticing = storeReaderContract({ ...subject, open }).find((one) => one.name === `reader: ${notice}`);
    assert.ok(noticing, "there is no such case");
    await expect(noticing.run()).rejects.toThrow();
  });
}

const gone = (orderId: string): FoundOrder => {
  const data = { order: { entity_id: orderId, state: "deleted" } };
  return { kind: "deleted", orderId, topic: "order.deleted", body: JSON.stringify({ timestamp: "2026-03-01T00:00:00Z", data }) };
};

async function* shortened(pages: AsyncIterable<OrdersPage>): AsyncGenerator<OrdersPage> {
  for await (const page of pages) yield { ...page, found: page.found.slice(0, 99) };
}

async function setUp(t: TestContext, keys: RestKeys = KEYS) {
  const shop = await startMagento();
  t.onTestFinished(() => shop.close());
  const slept: number[] = [];
  let nowMs = Date.now();
  const surroundings = {
    now: () => new Date(nowMs),
    sleep: async (ms: number) => {
      slept.push(ms);
      nowMs += ms;
    },
    random: () => 0.5,
  };
  const client = createClient({ url: shop.url, keys, callOut: openOutgoing({ allowPrivate: true }), surroundings });
  return { shop, client, slept, reader: storeReader(client) };
}

async function failure(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => expect.fail("was answered"),
    (reason) => reason,
  );
  assert.ok(error instanceof StoreError, inspect(error));
  return error;
}

async function all(pages: AsyncIterable<OrdersPage>): Promise<FoundOrder[]> {
  const found: FoundOrder[] = [];
  for await (const page of pages) found.push(...page.found);
  return found;
}

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Fault =>
  (_, response) =>
    send(response, status, body, headers);

test("each recorded stage read by itself comes to what the module's body of it comes to", async (t) => {
  const { shop, reader } = await setUp(t);
  for (const { name, body } of recordedStages) {
    const { order, invoices, creditmemos } = JSON.parse(body);
    shop.tables.orders.splice(0, Infinity, order);
    // Lists give each document with its order's number.
    shop.tables.invoices.splice(0, Infinity, ...invoices);
    shop.tables.creditmemos.splice(0, Infinity, ...creditmemos);
    const found = await reader.order(String(order.entity_id));
    assert.ok(found.kind === "order", name);
    const stateOf = (text: string) => {
      const said = magento.normalise({ topic: "order.updated", body: text, settings: DEFAULT_STORE_SETTINGS });
      assert.ok(said.kind === "order", name);
      const { revision: _, ...state } = said.state;
      return state;
    };
    expect(stateOf(found.body), name).toStrictEqual(stateOf(body));
  }
});

test("an order is told whose invoice changed and which did not change itself, and only once", async (t) => {
  const { shop, client } = await setUp(t);
  const order = (entity_id: number, updated_at: string) => ({
    ...recorded("order-01-simple-pending"),
    entity_id,
    created_at: updated_at,
    updated_at,
  });
  shop.tables.orders.push(order(1, "2026-01-01 00:00:00"), order(2, "2026-01-01 00:00:00"), order(3, "2026-03-02 00:00:00"));
  const invoice = (entity_id: number, order_id: number, updated_at: string) => ({
    ...recorded("invoice-01a-partial"),
    entity_id,
    order_id,
    updated_at,
  });
  shop.tables.invoices.push(
    invoice(7, 1, "2026-03-01 12:00:00"),
    invoice(8, 2, "2026-01-01 00:00:00"),
    invoice(9, 3, "2026-03-02 00:00:00"),
  );
  const found = await all(listOrders(client, { by: "changed", since: new Date("2026-03-01T00:00:00Z") }));
  expect(found.map(({ orderId }) => orderId)).toStrictEqual(["3", "1"]);
});

test("an order that has a later document than itself is read once more", async (t) => {
  const { shop, reader } = await setUp(t);
  const invoiced = recorded("order-01-simple-partially-invoiced");
  const before = { ...recorded("order-01-simple-pending"), entity_id: 2, updated_at: "2026-11-23 16:35:00" };
  const after = { ...invoiced, entity_id: 2, updated_at: "2026-11-23 16:35:09" };
  shop.tables.orders.push(after);
  shop.tables.invoices.push({ ...recorded("invoice-01a-partial"), order_id: after.entity_id, updated_at: "2026-11-23 16:35:09" });
  // The order as it was a moment before its invoice was asked for.
  shop.faults.push(answer(200, before));
  const found = await reader.order(String(after.entity_id));
  assert.ok(found.kind === "order");
  expect(JSON.parse(found.body).data.order.updated_at).toBe("2026-11-23 16:35:09");
});

test("what is missing is named: permissions, secrets, the module, the shop itself", async (t) => {
  const { shop, reader } = await setUp(t);
  shop.missing.add("Magento_Sales::sales_invoice");
  shop.tables.orders.push({ ...recorded("order-01-simple-pending") });
  const error = await failure(reader.order(String(recorded("order-01-simple-pending").entity_id)));
  expect([error.kind, error.message]).toStrictEqual([
    "unauthorised",
    "The integration may not read Magento_Sales::sales_invoice: in the shop's admin open System, Integrations, Upline, API, and give it that resource; or the keys are of an integration that is not active.",
  ]);
  // New keys are tried on every list, so that such a one is refused when it is given.
  for (const resource of ["Magento_Sales::actions_view", "Magento_Sales::sales_invoice", "Magento_Sales::sales_creditmemo"]) {
    shop.missing.clear();
    shop.missing.add(resource);
    expect((await failure(reader.facts())).message).toContain(`The integration may not read ${resource}:`);
  }
  shop.missing.clear();
  shop.missing.add("Magento_Catalog::products");
  expect((await reader.facts()).warnings).toStrictEqual([
    "SKUs cannot be suggested. The integration may not read Magento_Catalog::products: in the shop's admin open System, Integrations, Upline, API, and give it that resource; or the keys are of an integration that is not active.",
  ]);
  shop.missing.clear();
  shop.modules.splice(0);
  expect((await reader.facts()).warnings).toStrictEqual([
    "The shop does not have the module Upline_Connector, or it is switched off: orders come without the code of whoever referred them, and are only read when they are compared.",
  ]);
  shop.missing.add("Magento_Backend::all");
  expect((await reader.facts()).warnings).toStrictEqual([]);
  const wrong = await setUp(t, { ...KEYS, accessTokenSecret: "another" });
  const refused = await failure(wrong.reader.facts());
  expect([refused.kind, refused.message, wrong.shop.log.length]).toStrictEqual([
    "unauthorised",
    "The store does not accept the signature: a consumer secret or an access token secret is wrong.",
    1,
  ]);
  shop.faults.push(answer(404, "<html>nothing here</html>"));
  expect((await failure(reader.facts())).message).toBe("The store knows no such thing: is this a Magento shop's address?");
  shop.faults.push(answer(404, { message: "Request does not match any route." }));
  expect((await failure(reader.order("5"))).kind, "an order is not gone because a route is").toBe("not-found");
});

test("nothing that fails holds a key", async (t) => {
  const { shop, reader } = await setUp(t);
  shop.faults.push(
    answer(500, { message: "boom", trace: "secret" }),
    ...Array.from({ length: 9 }, () => (request: { socket: { destroy(): void } }) => void request.socket.destroy()),
  );
  const error = await failure(reader.facts());
  expect(error.kind).toBe("unavailable");
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/consumer secret|token secret|ccccc|ttttt|oauth_|trace/);
});

test("a shop that asks for patience gets it, and a question that it refuses is not asked again", async (t) => {
  const { shop, reader, slept } = await setUp(t);
  shop.faults.push(answer(429, {}, { "retry-after": "7" }));
  await reader.facts();
  expect(slept.some((ms) => ms >= 7000)).toBe(true);
  shop.log.splice(0);
  shop.faults.push(answer(500, { message: "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'nope' in 'WHERE'" }));
  const error = await failure(reader.facts());
  expect([error.kind, shop.log.length]).toStrictEqual(["refused", 1]);
});

test("what is sold: variants under their product, bundles with a price of their own, nothing that is only a group", async (t) => {
  const { shop, reader } = await setUp(t);
  const product = (id: number, type_id: string, over: object = {}) => ({
    id,
    sku: `S${id}`,
    name: `P${id}`,
    type_id,
    price: 5,
    status: 1,
    custom_attributes: [],
    ...over,
  });
  const priced = (value: string) => ({ custom_attributes: [{ attribute_code: "price_type", value }] });
  shop.tables.products.push(
    product(1, "simple"),
    product(2, "simple", { status: 2 }),
    product(3, "configurable", { extension_attributes: { configurable_product_links: [1] } }),
    product(4, "bundle", priced("0")),
    product(5, "bundle", priced("1")),
    product(6, "grouped", { extension_attributes: [] }),
    product(7, "virtual"),
  );
  const rows = [];
  for await (const page of reader.catalogue()) rows.push(...page);
  expect(rows.map(({ variantId, productId, status }) => `${variantId} of ${productId} ${status}`)).toStrictEqual([
    "1 of 3 enabled",
    "2 of 2 disabled",
    "5 of 5 enabled",
    "7 of 7 enabled",
  ]);
});

test("keys of another shape are refused by what they lack", () => {
  expect(() =>
    openStoreReader({
      url: "https://shop.example",
      credentials: { accessToken: "x" },
      callOut: openOutgoing({ allowPrivate: false }),
    }),
  ).toThrow(/the four keys of an integration/);
});
