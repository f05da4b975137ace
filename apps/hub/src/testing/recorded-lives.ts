import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type PlatformName, signStandardWebhook } from "@upline/core";
import type { TestStore } from "./test-company.ts";

/** Every delivery of the connectors' fixtures that a shop would send, in the order in which the shops did. */
export interface RecordedLife {
  readonly platform: PlatformName;
  readonly topic: string;
  readonly body: string;
}

const CONNECTORS = join(import.meta.dirname, "../../../../connectors");

export function recordedLives(): RecordedLife[] {
  return [...woocommerce(), ...shopify(), ...magento()];
}

function woocommerce(): RecordedLife[] {
  const folder = join(CONNECTORS, "woocommerce/fixtures/deliveries");
  const rest = (name: string) => JSON.parse(readFileSync(join(CONNECTORS, "woocommerce/fixtures/rest", `${name}.json`), "utf8"));
  const recorded = readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")))
    .filter((delivery) => delivery.signatureValid === true)
    .map((one): RecordedLife => ({ platform: "woocommerce", topic: one.headers["x-wc-webhook-topic"], body: one.rawBody }));
  // The same order as the plugin tells it: with the lines of its refunds.
  const plugin = (order: string, refunds: string, timestamp: string): RecordedLife => ({
    platform: "woocommerce",
    topic: "order.updated",
    body: JSON.stringify({ type: "order.updated", timestamp, data: { order: rest(order), refunds: rest(refunds) } }),
  });
  return [
    ...recorded,
    plugin("order-after-partial-refunds", "refunds-list-partial", "2026-11-23T16:35:18.100Z"),
    plugin("order-after-full-refund", "refunds-list-full", "2026-11-23T16:35:31.200Z"),
  ];
}

function shopify(): RecordedLife[] {
  const folder = join(CONNECTORS, "shopify/fixtures");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && file !== "order-deleted.json")
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")))
    .map((delivery) => ({ platform: "shopify", topic: delivery.topic, body: delivery.rawBody }));
}

function magento(): RecordedLife[] {
  const read = (name: string) => JSON.parse(readFileSync(join(CONNECTORS, "magento/fixtures", `${name}.json`), "utf8"));
  const stage = (order: string, invoices: string[], creditmemos: string[]): RecordedLife => ({
    platform: "magento",
    topic: "order.updated",
    body: JSON.stringify({ order: read(order), invoices: invoices.map(read), creditmemos: creditmemos.map(read) }),
  });
  const both = ["invoice-01a-partial", "invoice-01b-rest"];
  return [
    stage("order-01-simple-pending", [], []),
    stage("order-01-simple-partially-invoiced", ["invoice-01a-partial"], []),
    stage("order-01-simple-fully-invoiced", both, []),
    stage("order-01-simple-complete", both, []),
    stage("order-01-simple-partially-refunded", both, ["creditmemo-01a-partial"]),
    stage("order-01-simple-after-full-refund", both, ["creditmemo-01a-partial", "creditmemo-01b-rest"]),
    stage("order-02-complex-pending", [], []),
    stage("order-02-complex-partially-refunded", ["invoice-02-complex"], ["creditmemo-02-complex"]),
  ];
}

let sent = 0;

/** A request as the shop would send it now, signed with the store's secret. */
export function signedRequest(store: TestStore, life: RecordedLife, secret = store.secret): { path: string; init: RequestInit } {
  const bytes = Buffer.from(life.body);
  const id = `test-${++sent}`;
  const base64 = (key: string) => createHmac("sha256", key).update(bytes).digest("base64");
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  const headers: Record<PlatformName, () => Record<string, string>> = {
    shopify: () => ({
      "x-shopify-topic": life.topic,
      "x-shopify-hmac-sha256": base64(secret),
      "x-shopify-webhook-id": id,
      "x-shopify-shop-domain": store.domain,
    }),
    woocommerce: () => ({
      "x-wc-webhook-topic": life.topic,
      "x-wc-webhook-signature": base64(secret),
      "x-wc-webhook-delivery-id": id,
      "x-wc-webhook-id": "1",
    }),
    magento: () => signStandardWebhook({ id, at: new Date(), rawBody: bytes, secret, hmac }),
  };
  return {
    path: store.ingestPath,
    init: { method: "POST", headers: { "content-type": "application/json", ...headers[life.platform]() }, body: life.body },
  };
}
