import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformName } from "@upline/core";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Bodies of shops that once waited for ever, were lost or counted wrongly, from the door to the ledger. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const CONNECTORS = join(import.meta.dirname, "../../../../connectors");
const recordedCase = (platform: PlatformName, name: string) =>
  readFileSync(join(CONNECTORS, platform, "fixtures/cases", `${name}.json`), "utf8");

async function send(platform: PlatformName, body: string, topic = "orders/updated"): Promise<string> {
  const { path, init } = signedRequest(hub.company.stores[platform], { platform, topic, body });
  const response = await hub.app.request(path, init);
  expect(response.status).toBe(200);
  return ((await response.json()) as { delivery: string }).delivery;
}

async function outcomeOf(deliveryId: string): Promise<{ outcome: string; detail: string | null }> {
  const { items } = (await call(hub, "/api/deliveries?limit=200", { key: hub.company.keys.read })).body;
  return items.find((listed: { delivery_id: string }) => listed.delivery_id === deliveryId);
}

async function orderOf(platformOrderId: string) {
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ stage: string; net: string; back: string; held: string }[]>`
      select o.stage, o.net_minor::text as net, o.refunded_net_minor::text as back,
             coalesce((select sum(case when kind in ('commission', 'breakage') then amount else -amount end)
                         from transfers t where t.company_id = o.company_id and t.source_no = o.order_no and t.source_kind = 1), 0)::text as held
        from orders o where o.platform_order_id = ${platformOrderId}`,
  );
  assert.ok(row, `no order ${platformOrderId}`);
  return row;
}

test("a line id that stands twice is a dead letter that names the field; the orders beside it are booked", async () => {
  const good = recordedLives().find(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
  assert.ok(good);
  const [twice, booked] = await Promise.all([
    send("shopify", recordedCase("shopify", "shopify-duplicate-line-id-unmapped")),
    send("shopify", good.body),
  ]);
  await hub.settled();
  const { outcome, detail } = await outcomeOf(twice);
  expect([outcome, detail]).toStrictEqual(["dead", "$.line_items[1].id: 2222 stands twice: every line has an id of its own"]);
  expect((await outcomeOf(booked)).outcome).toBe("applied");
});

test("a body that says an order changed and holds none is a dead letter", async () => {
  const ids = [
    await send("magento", recordedCase("magento", "module-order-updated-without-order")),
    await send("woocommerce", recordedCase("woocommerce", "plugin-order-updated-without-order")),
  ];
  await hub.settled();
  for (const id of ids) expect((await outcomeOf(id)).outcome).toBe("dead");
});

test("an order with a number of 300 digits can be read", async () => {
  await send("magento", recordedCase("magento", "magento-increment-id-300"));
  await hub.settled();
  const key = hub.company.keys.read;
  const { items } = (await call(hub, `/api/orders?store=${hub.company.stores.magento.storeId}`, { key })).body;
  const { order_id } = items.find((listed: { platform_order_id: string }) => listed.platform_order_id === "7001");
  const answer = await call(hub, `/api/orders/${order_id}`, { key });
  expect([answer.status, answer.body.platform_order_id]).toStrictEqual([200, "7001"]);
});

test("an order dated later than the day after tomorrow is a dead letter", async () => {
  const body = JSON.parse(recordedCase("shopify", "shopify-refund-twice-in-list"));
  const id = await send(
    "shopify",
    JSON.stringify({ ...body, id: 681, updated_at: new Date(Date.now() + 4 * 86_400_000).toISOString() }),
  );
  await hub.settled();
  expect((await outcomeOf(id)).detail).toMatch(/revision\.at: .*day after tomorrow/);
});

test("a line that was refunded and then edited away takes nothing from the others, in any order of arrival", async () => {
  const bodies = [1, 2, 3].map((step) => recordedCase("woocommerce", `woo-refunded-line-then-edited-away-${step}`));
  const turned = bodies.map((body) => body.replaceAll("99001", "99002")).reverse();
  for (const body of [...bodies, ...turned]) {
    await send("woocommerce", body, "order.updated");
    await hub.settled();
  }
  const [straight, back] = [await orderOf("99001"), await orderOf("99002")];
  expect([straight.net, straight.back]).toStrictEqual(["2000", "0"]);
  expect([back.net, back.back, back.held]).toStrictEqual(["2000", "0", straight.held]);
});

test("a refund that was told by itself and failed later does not count", async () => {
  const order = JSON.parse(recordedCase("shopify", "shopify-refund-twice-in-list"));
  const [refund] = order.refunds;
  const failed = {
    ...refund,
    transactions: refund.transactions.map((transaction: object) => ({ ...transaction, status: "failure" })),
  };
  const at = (minute: number, refunds: object[]) =>
    JSON.stringify({ ...order, id: 682, refunds, updated_at: `2026-11-21T10:0${minute}:00+11:00` });
  await send("shopify", at(1, []));
  await hub.settled();
  await send("shopify", JSON.stringify({ ...refund, order_id: 682 }), "refunds/create");
  await hub.settled();
  expect((await orderOf("682")).back).toBe("1000");
  await send("shopify", at(2, [failed]));
  await hub.settled();
  expect((await orderOf("682")).back).toBe("0");
});

test("a chargeback takes everything back", async () => {
  const body = recordedCase("woocommerce", "woo-refunded-line-then-edited-away-1").replaceAll("99001", "99003");
  await send("woocommerce", body, "order.updated");
  await hub.settled();
  const later = body.replace('"completed"', '"chargeback"').replaceAll("16:00:01", "16:00:09").replace("16:10:00", "16:11:00");
  await send("woocommerce", later, "order.updated");
  await hub.settled();
  const { stage, held } = await orderOf("99003");
  expect([stage, held]).toStrictEqual(["void", "0"]);
});

test("a buyer's address is in no snapshot", async () => {
  const rows = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ snapshot: string }[]>`select snapshot::text from order_revisions`,
  );
  assert.ok(rows.length > 5);
  for (const { snapshot } of rows) expect(snapshot).not.toMatch(/@|buyerIdentities/);
});
