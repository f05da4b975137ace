import {
  compareRevisions,
  DEFAULT_STORE_SETTINGS,
  type FoundOrder,
  type KnownOrder,
  netOfLine,
  type OrderState,
  refundedNet,
} from "@upline/core";
import { openOutgoing } from "@upline/outgoing";
import { assert, expect, type TestContext, test } from "vitest";
import { pluginBody, refundLine, restOrder, restRefund } from "../fixtures/plugin.ts";
import { recordedDelivery, recordedRest } from "../fixtures/recorded.ts";
import { KEY, SECRET, send, startStore } from "../fixtures/store-server.ts";
import { createClient } from "./client.ts";
import { compareKnown } from "./compare-known.ts";
import { askForOrder } from "./found.ts";
import { listOrders } from "./list-orders.ts";
import { normalise } from "./normalise.ts";

type Row = Record<string, unknown> & { id: number };

const say = (body: string) => normalise({ topic: "order.updated", body, settings: DEFAULT_STORE_SETTINGS });
const stateOf = (found: FoundOrder | undefined): OrderState => {
  expect(found?.kind).toBe("order");
  const said = say((found as { body: string }).body);
  expect(said.kind).toBe("order");
  return (said as { state: OrderState }).state;
};
const money = (state: OrderState) => ({
  order: state.orderId,
  stage: state.stage,
  net: state.lines.map(netOfLine),
  back: [...refundedNet(state).values()],
});
const row = (name: string): Row => structuredClone(recordedRest(name)) as Row;

/** The recorded store: order 29 with two refunds, 30 on hold, 31 in the trash, 35 refunded by status, 79 a draft. */
async function setUp(t: TestContext) {
  const store = await startStore();
  t.onTestFinished(() => store.close());
  const draft = JSON.parse(recordedDelivery(194).rawBody) as Row;
  const orders = ["order-after-partial-refunds", "order-B-classic-attribution", "order-get-trashed", "order-G-variation"].map(
    row,
  );
  store.orders.push(...orders, draft);
  store.refunds.set("29", recordedRest("refunds-list-partial") as Row[]);
  store.refunds.set("35", recordedRest("refunds-of-status-refunded") as Row[]);
  const surroundings = { now: () => new Date(), sleep: async () => undefined, random: () => 0 };
  return {
    store,
    client: createClient({
      access: { url: store.url, consumerKey: KEY, consumerSecret: SECRET },
      callOut: openOutgoing({ allowPrivate: true }),
      surroundings,
    }),
  };
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

const since = new Date("2026-11-23T16:30:00Z");
const foundBy = async (pages: ReturnType<typeof listOrders>) => (await all(pages)).flatMap(({ found }) => found);

test("reconciliation alone comes to the same money as deliveries of the plugin, trash included, drafts not", async (t) => {
  const { client } = await setUp(t);
  const found = await foundBy(listOrders(client, { by: "changed", since }));
  const states = new Map(found.map((one) => [one.orderId, stateOf(one)]));
  expect([...states.keys()].sort()).toStrictEqual(["29", "30", "31", "35"]);
  const wanted = say(
    pluginBody(row("order-after-partial-refunds"), recordedRest("refunds-list-partial") as never, "2026-11-23T16:35:20.000Z"),
  );
  expect(money(states.get("29")!)).toStrictEqual(money((wanted as { state: OrderState }).state));
  expect(states.get("29")!.refunds.map(({ refundId, detail, lines }) => [refundId, detail, lines])).toStrictEqual([
    ["32", "full", [{ lineId: "30", netMinor: 4491n }]],
    ["33", "full", []],
  ]);
  expect(states.get("31")!.stage).toStrictEqual({ kind: "void", reason: "trashed" });
  expect(money(states.get("35")!)).toStrictEqual({
    order: "35",
    stage: { kind: "earned" },
    net: [1710n, 5391n],
    back: [1710n, 5391n],
  });
});

test("what is found beats a built-in delivery of the same second, and says the same again under a later time", async (t) => {
  const { client } = await setUp(t);
  const [first, again] = [await askForOrder(client, "29"), await askForOrder(client, "29")];
  const delivered = say(recordedDelivery(25).rawBody) as { state: OrderState };
  expect(delivered.state.revision.at).toBe(stateOf(first).revision.at);
  assert.ok(compareRevisions(stateOf(first).revision, delivered.state.revision) > 0);
  assert.ok(first.kind === "order" && again.kind === "order");
  const content = (found: { body: string }) => JSON.parse(found.body).data as unknown;
  expect(content(first)).toStrictEqual(content(again));
});

test("only what changed since then, less an overlap, is asked for; the next run begins when this one began", async (t) => {
  const { client, store } = await setUp(t);
  const before = Math.floor(Date.now() / 1000) * 1000;
  const pages = await all(listOrders(client, { by: "changed", since: new Date("2026-11-23T16:36:30Z"), overlapMs: 60_000 }));
  const after = Date.now();
  expect(pages.flatMap(({ found }) => found.map(({ orderId }) => orderId))).toStrictEqual(["30", "35", "31"]);
  const last = pages.at(-1);
  // The shop's own clock, which HTTP tells in whole seconds: between the two readings, however long the run took.
  assert.ok(last && last.startedAt.getTime() >= before && last.startedAt.getTime() <= after);
  expect(store.log[0] ?? "").toMatch(/modified_after=2026-11-23T16%3A35%3A30/);
  assert.ok(store.log.some((line) => line.includes("status=trash")));
});

test("a hint is a question: trash, gone for good, or a false alarm", async (t) => {
  const { client, store } = await setUp(t);
  expect(stateOf(await askForOrder(client, "31")).stage).toStrictEqual({ kind: "void", reason: "trashed" });
  expect(stateOf(await askForOrder(client, "30")).stage.kind).toStrictEqual("void");
  const gone = await askForOrder(client, "66");
  expect(gone.kind).toBe("deleted");
  expect(say((gone as { body: string }).body)).toStrictEqual({ kind: "deleted", orderId: "66" });
  expect(await askForOrder(client, "79")).toStrictEqual({ kind: "draft", orderId: "79" });
  store.faults.push((_, response) => send(response, 404, { code: "rest_no_route" }));
  await expect(askForOrder(client, "29"), "while WooCommerce is switched off nothing is deleted").rejects.toThrow(
    expect.objectContaining({ kind: "not-found", code: "rest_no_route" }),
  );
});

test("a refund that comes or goes between the two questions is asked about again", async (t) => {
  const { client, store } = await setUp(t);
  const order = store.orders.find(({ id }) => id === 29)!;
  const before = structuredClone(order);
  // The first answer still has refund 33, which is deleted before its refunds are listed.
  store.faults.push((_, response) => send(response, 200, before));
  order.refunds = (order.refunds as Row[]).filter(({ id }) => id !== 33);
  store.refunds.set(
    "29",
    store.refunds.get("29")!.filter(({ id }) => id !== 33),
  );
  expect(stateOf(await askForOrder(client, "29")).refunds.map(({ refundId }) => refundId)).toStrictEqual(["32"]);
  expect(store.log).toStrictEqual([
    "GET /orders/29?dp=4",
    "GET /orders/29/refunds?dp=4&page=1&per_page=100",
    "GET /orders/29?dp=4",
    "GET /orders/29/refunds?dp=4&page=1&per_page=100",
  ]);
});

test("comparing by id finds what no list tells: orders and refunds deleted for good, and what came back", async (t) => {
  const { client, store } = await setUp(t);
  const known = (orderId: string, over: Partial<KnownOrder> = {}): KnownOrder => {
    const order = store.orders.find(({ id }) => String(id) === orderId);
    const refundIds = ((order?.refunds ?? []) as Row[]).map(({ id }) => String(id));
    return {
      orderId,
      modifiedAt: new Date(`${String(order?.date_modified_gmt ?? "2026-01-01T00:00:00")}Z`),
      refundIds,
      isTrashed: false,
      ...over,
    };
  };
  const compare = async (orders: KnownOrder[]) =>
    (await all(compareKnown(client, orders))).map(({ kind, orderId }) => `${kind} ${orderId}`);
  expect(await compare([known("29"), known("30"), known("35"), known("31", { isTrashed: true })])).toStrictEqual([]);
  expect(store.log.length, "one request for all").toBe(1);
  expect(
    await compare([
      known("29", { refundIds: ["32", "33", "34"] }),
      known("30", { modifiedAt: new Date("2026-11-23T16:00:00Z") }),
      known("31"),
      known("35", { isTrashed: true }),
      known("77"),
    ]),
  ).toStrictEqual(["order 29", "order 30", "order 31", "order 35", "deleted 77"]);
  expect(await compare(Array.from({ length: 250 }, () => known("29")))).toStrictEqual([]);
});

test("the history comes oldest first with progress, and goes on where it stopped", async (t) => {
  const { client, store } = await setUp(t);
  const many = Array.from({ length: 250 }, (_, index) => ({
    ...row("order-B-classic-attribution"),
    id: 1000 + index,
    date_created_gmt: new Date(Date.parse("2026-01-01T00:00:00Z") + index * 500).toISOString().slice(0, 19),
  }));
  store.orders.push(...many);
  const steps = await all(listOrders(client, { by: "created" }));
  expect(steps.map(({ done, total }) => [done, total])).toStrictEqual([
    [100, 254],
    [198, 254],
    [254, 254],
  ]);
  const ids = steps.flatMap(({ found }) => found.map(({ orderId }) => orderId));
  expect(ids).toStrictEqual([...new Set(ids)]);
  expect(ids.length, "neither the draft nor the trash").toBe(253);

  const resumed = await all(listOrders(client, { by: "created", cursor: steps[0]!.cursor }));
  expect(resumed.at(-1)?.done).toBe(resumed.at(-1)?.total);
  const both = new Set([...steps[0]!.found, ...resumed.flatMap(({ found }) => found)].map(({ orderId }) => orderId));
  expect(both.size).toBe(253);
  const late = await all(listOrders(client, { by: "created", since: new Date("2026-11-01T00:00:00Z") }));
  expect(late.flatMap(({ found }) => found.map(({ orderId }) => orderId))).toStrictEqual(["29", "30", "35"]);
  await expect(all(listOrders(client, { by: "created", cursor: "[]" }))).rejects.toThrow(TypeError);
});

test("a shop that shows no decimals is read to the cent, by list, by id and by comparison alike", async (t) => {
  const { client, store } = await setUp(t);
  store.settings.push({ id: "woocommerce_price_num_decimals", value: "0" });
  const line = { id: 1, sku: "KIT", product_id: 7, quantity: 3, subtotal: "39.6667", total: "39.6667", total_tax: "7.5367" };
  const order = restOrder([line], { total: "47.2034", refunds: [{ id: 91, total: "-23.6017" }] }) as Row;
  store.orders.splice(0, store.orders.length, order);
  store.refunds.set("90", [restRefund(91, "23.6017", [refundLine(1, "-19.8333", "-3.7683")]) as Row]);
  const known = { orderId: "90", modifiedAt: new Date("2026-11-20T09:00:00Z"), refundIds: [], isTrashed: false };
  const found = [
    ...(await foundBy(listOrders(client, { by: "created" }))),
    await askForOrder(client, "90"),
    ...(await all(compareKnown(client, [known]))),
  ];
  // 39.6667 is 39.67, of which 19.8333 is given back; rounded to whole units the shop would have said 40 and 20.
  const right = { order: "90", stage: { kind: "earned" }, net: [3967n], back: [1983n] };
  expect(found.map((each) => money(stateOf(each)))).toStrictEqual([right, right, right]);
});
