import { createHmac } from "node:crypto";
import { signStandardWebhook } from "@upline/core";
import { type ContractDelivery, type ContractFixture, type ContractSubject, platformContract } from "@upline/core/contract";
import { describe, test } from "vitest";
import { facts, lineTwice, ownPurchase } from "../fixtures/facts.ts";
import { basketSteps, pluginBody, refundLine, restOrder, restRefund } from "../fixtures/plugin.ts";
import { recordedDelivery } from "../fixtures/recorded.ts";
import { woocommerce } from "./index.ts";
import { hmacSha256 } from "./verify.ts";

/** The battery runs once per sender: WooCommerce's built-in webhooks and the Upline plugin. */

const BIG = "9007199254740993";
const bigOrder = restOrder(
  [{ id: BIG, sku: "A", product_id: 7, quantity: 1, subtotal: "10.00", total: "10.00", total_tax: "1.90" }],
  {
    id: "BIG",
    total: "11.90",
  },
);
const withBigIds = (body: string) => body.replaceAll(`"${BIG}"`, BIG).replaceAll('"BIG"', BIG);

const recorded = (seq: number, expect: ContractFixture["expect"]): ContractFixture => {
  const { file, headers, rawBody } = recordedDelivery(seq);
  return { name: file, topic: headers["x-wc-webhook-topic"] ?? "", body: rawBody, expect };
};

/** The facts as WooCommerce's REST API would give them in one body. */
function mapFacts(change: (delivery: ContractDelivery) => ContractDelivery): ContractSubject["facts"] {
  const entries = Object.entries(facts).map(([name, delivery]) => [name, delivery && change(delivery)]);
  return Object.fromEntries(entries) as ContractSubject["facts"];
}

const builtIn: ContractSubject = {
  platform: woocommerce,
  secrets: ["woo-fixture-secret", "käse & brot", "third"],
  sign: (body, { secret, topic }) => ({
    "x-wc-webhook-topic": topic,
    "x-wc-webhook-signature": createHmac("sha256", secret).update(body).digest("base64"),
  }),
  signatureHeader: "x-wc-webhook-signature",
  fixtures: [
    recorded(15, { kind: "order", orderId: "29", netMinor: "11678", refundedMinor: "0", stage: "earned" }),
    recorded(18, { kind: "order", orderId: "30", netMinor: "3200", refundedMinor: "0", stage: "pending" }),
    recorded(20, { kind: "order", orderId: "31", netMinor: "4799", refundedMinor: "0", stage: "earned" }),
    recorded(26, { kind: "order", orderId: "29", netMinor: "11678", refundedMinor: "11678", stage: "earned" }),
    recorded(28, { kind: "order", orderId: "30", netMinor: "3200", stage: "void:cancelled" }),
    recorded(33, { kind: "order", orderId: "35", netMinor: "7101", refundedMinor: "7101", stage: "earned" }),
    recorded(29, { kind: "hint" }),
    recorded(35, { kind: "hint" }),
    recorded(194, { kind: "ignored" }),
    {
      name: "ids beyond 2^53",
      topic: "order.updated",
      body: withBigIds(JSON.stringify(bigOrder)),
      expect: { kind: "order", orderId: BIG, netMinor: "1000", stage: "earned" },
    },
  ],
  sharedBasket: basketSteps.map(({ order, refunds }) => ({
    topic: "order.updated",
    body: JSON.stringify({ ...order, refunds }),
  })),
  facts: mapFacts(({ topic, body, settings }) => {
    const { order, refunds } = JSON.parse(body).data;
    return { topic, body: JSON.stringify({ ...order, refunds }), ...(settings ? { settings } : {}) };
  }),
  ownPurchase,
  lineTwice,
};

const plugin: ContractSubject = {
  platform: woocommerce,
  secrets: ["whsec_Zmlyc3Qgc2VjcmV0IG9mIHRoZSBzdG9yZQ==", "whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgc3RvcmU=", "any other text"],
  sign: (rawBody, { secret, now }) => signStandardWebhook({ id: "msg_1", at: now, rawBody, secret, hmac: hmacSha256 }),
  signatureHeader: "webhook-signature",
  fixtures: [
    {
      name: "plugin body with ids beyond 2^53",
      topic: "order.updated",
      body: withBigIds(
        pluginBody(bigOrder, [restRefund(8, "5.95", [refundLine(BIG, "-5.00", "-0.95")])], "2026-11-20T09:00:00.100Z"),
      ),
      expect: { kind: "order", orderId: BIG, netMinor: "1000", refundedMinor: "500", stage: "earned" },
    },
    {
      name: "plugin: gone for good",
      topic: "order.deleted",
      body: pluginBody({ id: 90, status: "deleted" }, [], "2026-11-20T09:00:00.100Z", "order.deleted"),
      expect: { kind: "deleted", orderId: "90" },
    },
    {
      name: "plugin: product",
      topic: "product.updated",
      body: '{"type":"product.updated","timestamp":"2026-11-20T09:00:00.100Z","data":{"product":{"id":11}}}',
      expect: { kind: "hint" },
    },
  ],
  sharedBasket: basketSteps.map(({ order, refunds, at }) => ({ topic: "order.updated", body: pluginBody(order, refunds, at) })),
  facts,
  ownPurchase,
  lineTwice,
};

for (const [sender, subject] of [
  ["built-in webhooks", builtIn],
  ["plugin", plugin],
] as const) {
  describe(`WooCommerce, ${sender}`, () => {
    for (const { name, run } of platformContract(subject)) test(name, run);
  });
}
