import type { PlatformName } from "@upline/core";
import { SHARED_BASKET } from "@upline/core/contract";
import { basketBodies } from "@upline/magento/fixtures/basket";
import { fixture } from "@upline/shopify/fixtures/load";
import { basketSteps, pluginBody } from "@upline/woocommerce/fixtures/plugin";
import { assert, expect, test } from "vitest";
import { signedRequest } from "../testing/recorded-lives.ts";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** The basket that all platforms share, bought and given back, through the hub: whoever sells it earns the same, wherever it was bought. */

const DELIVERIES: Readonly<Record<PlatformName, readonly { readonly topic: string; readonly body: string }[]>> = {
  shopify: ["shared-basket-1-bought", "shared-basket-2-kit-refunded", "shared-basket-3-rest-refunded"].map(fixture),
  woocommerce: basketSteps.map(({ order, refunds, at }) => ({
    topic: "order.updated",
    body: pluginBody(order, refunds, at),
  })),
  magento: basketBodies.map((body) => ({ topic: "order.updated", body })),
};
const PLATFORMS = Object.keys(DELIVERIES) as PlatformName[];

/**
 * By hand. ANNA77 and MAYA21 are both D03's, under D02 and D01, both gold: 10, 5 and 3 percent of 89.82 and of 26.95. A refund takes back its
 * share of what was posted: of one kit 44.91 of 89.82, which is half, and half a cent is a whole one.
 *
 *     KIT-STARTER   8.982 → 8.98    4.491 → 4.49    2.6946 → 2.69     one kit: 4.49   2.245 → 2.25   1.345 → 1.35
 *     GREENS-030    2.695 → 2.70    1.3475 → 1.35   0.8085 → 0.81
 */
const KIT_BACK = ["-4.49 KIT-STARTER 1 D03", "-2.25 KIT-STARTER 2 D02", "-1.35 KIT-STARTER 3 D01"];
const POSTED: readonly (readonly string[])[] = [
  [
    ...["8.98 KIT-STARTER 1 D03", "4.49 KIT-STARTER 2 D02", "2.69 KIT-STARTER 3 D01"],
    ...["2.70 GREENS-030 1 D03", "1.35 GREENS-030 2 D02", "0.81 GREENS-030 3 D01"],
  ],
  KIT_BACK,
  [
    ...["-4.49 KIT-STARTER 1 D03", "-2.24 KIT-STARTER 2 D02", "-1.34 KIT-STARTER 3 D01"],
    ...["-2.70 GREENS-030 1 D03", "-1.35 GREENS-030 2 D02", "-0.81 GREENS-030 3 D01"],
  ],
];

interface Account {
  readonly owner: string | null;
  readonly account: string;
}

interface Transfer extends Readonly<Record<"kind" | "entry" | "amount" | "currency", string>> {
  readonly debit: Account;
  readonly credit: Account;
}

interface Detail {
  readonly net: string;
  readonly refunded_net: string;
  readonly currency: string;
  readonly lines: readonly { readonly line_id: string; readonly platform_sku: string }[];
  readonly transfers: readonly Transfer[];
}

async function orderIn(hub: TestHub, platform: PlatformName): Promise<Detail> {
  const key = hub.company.keys.read;
  const { body } = await call(hub, `/api/orders?store=${hub.company.stores[platform].storeId}`, { key });
  const [order, ...others] = (body as { items: { order_id: string }[] }).items;
  assert.ok(order && others.length === 0, `${platform} has ${others.length + 1} orders`);
  return (await call(hub, `/api/orders/${order.order_id}`, { key })).body as unknown as Detail;
}

/** The ledger's rows in their order, without what names the shop's own numbers: a line is told by its SKU. */
function rowsOf({ lines, transfers }: Detail): string[] {
  const skuOf = new Map(lines.map(({ line_id, platform_sku }) => [line_id, platform_sku]));
  const named = ({ owner, account }: Account) => `${owner ?? "company"}/${account}`;
  return transfers.map(({ kind, entry, amount, currency, debit, credit }) => {
    const [bonus, line = "", level, who] = entry.split(":");
    return [kind, bonus, skuOf.get(line) ?? line, level, who, amount, currency, named(debit), named(credit)].join(" ");
  });
}

test("the same basket in all three shops gives identical transfers, also after the same refunds", async (t) => {
  const hub = await openTestHub();
  t.onTestFinished(() => hub.close());
  const expected: string[] = [];
  for (const [step, { name, refunded }] of SHARED_BASKET.steps.entries()) {
    for (const platform of PLATFORMS) {
      const delivery = DELIVERIES[platform][step];
      assert.ok(delivery);
      const { path, init } = signedRequest(hub.company.stores[platform], { platform, ...delivery });
      expect((await hub.app.request(path, init)).status).toBe(200);
    }
    await hub.settled();
    expected.push(...(POSTED[step] ?? []));
    const orders = await Promise.all(PLATFORMS.map((platform) => orderIn(hub, platform)));
    const [first = [], ...others] = orders.map(rowsOf);
    for (const other of others) expect(other, name).toStrictEqual(first);
    const signed = first.map((row) => {
      const [kind, , sku, level, who, amount] = row.split(" ");
      return `${kind === "commission" ? "" : "-"}${amount} ${sku} ${level} ${who}`;
    });
    expect(signed.sort(), name).toStrictEqual([...expected].sort());
    const back = Object.values(refunded).reduce((sum, minor) => sum + Number(minor), 0);
    for (const order of orders)
      expect([order.net, order.refunded_net, order.currency], name).toStrictEqual(["116.77", (back / 100).toFixed(2), "EUR"]);
  }
});
