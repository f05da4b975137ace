import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformName } from "@upline/core";
import { signStandardWebhook } from "@upline/core";

/** The deliveries the demo replays: recorded ones of WooCommerce and Magento, and Shopify's of the true shape. */

export interface DemoDelivery {
  readonly label: string;
  readonly platform: PlatformName;
  readonly topic: string;
  readonly body: string;
  /** The headers of the recording, where it was signed by a running shop. */
  readonly recordedHeaders?: Readonly<Record<string, string>>;
  /** Signed with a secret that is not the store's: must be refused. */
  readonly badSignature?: boolean;
  /** Not waited for: the next delivery may share its commit and its batch. */
  readonly withNext?: boolean;
}

const CONNECTORS = join(import.meta.dirname, "../../../../connectors");

/** The secret that the recorded WooCommerce deliveries were signed with; the demo's stores use one for each platform. */
export const DEMO_SECRETS: Readonly<Record<PlatformName, string>> = {
  shopify: "demo-shopify-client-secret",
  woocommerce: "woo-fixture-secret",
  magento: "whsec_ZGVtby1tYWdlbnRvLXNlY3JldC0yNGJ5dGVz",
};

export function demoDeliveries(): DemoDelivery[] {
  return [...woocommerce(), ...shopify(), ...magento()];
}

/** In the order in which the shop sent them: updated before created, drafts, pings, refunds, a trash and a restore, a bad signature. */
function woocommerce(): DemoDelivery[] {
  const folder = join(CONNECTORS, "woocommerce/fixtures/deliveries");
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const { label, headers, rawBody, signatureValid } = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const topic = headers["x-wc-webhook-topic"] ?? "ping";
      return {
        label,
        platform: "woocommerce",
        topic,
        body: rawBody,
        recordedHeaders: headers,
        badSignature: signatureValid === false,
      };
    });
}

function shopify(): DemoDelivery[] {
  const read = (name: string, label: string): DemoDelivery => {
    const { topic, rawBody } = JSON.parse(readFileSync(join(CONNECTORS, "shopify/fixtures", `${name}.json`), "utf8"));
    return { label, platform: "shopify", topic, body: rawBody };
  };
  const paid = read("order-created-paid", "paid order, id beyond 2^53");
  return [
    { ...paid, withNext: true },
    { ...paid, label: "the same delivery again" },
    read("shared-basket-2-kit-refunded", "out of order: the refund first …"),
    read("shared-basket-1-bought", "… then the purchase"),
    read("refund-created", "a refund by itself"),
    read("order-taxes-included", "tax inside the prices"),
    read("order-jpy", "yen: no decimals"),
    read("order-kwd", "dinar: three decimals"),
    read("order-presentment-currency", "buyer paid in another currency"),
    read("order-gift-card-and-tip", "a gift card and a tip earn nothing"),
    read("order-partial-refund", "partial refund"),
    read("order-amount-only-refund", "refund of an amount, without lines"),
    read("order-cancelled-refunded", "cancelled and refunded in full"),
    read("order-foreign-lines", "a line that no SKU mapping covers"),
    read("order-pending-payment", "not paid yet"),
    read("order-test", "a test order"),
    { ...unknownCode(read("order-subscription-renewal", "an unknown referral code")) },
    { ...read("order-pos-no-customer", "bad signature"), badSignature: true },
    read("customers-redact", "privacy request"),
  ];
}

/** The same order with a code that nobody has, as an order of its own. */
function unknownCode(delivery: DemoDelivery): DemoDelivery {
  return { ...delivery, body: delivery.body.replaceAll("MAYA21", "NOBODY99") };
}

/** Two recorded orders, each stage with its invoices and credit memos, as the module sends them. */
function magento(): DemoDelivery[] {
  const folder = join(CONNECTORS, "magento/fixtures");
  const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const body = (order: string, invoices: string[], creditmemos: string[]) =>
    JSON.stringify({
      type: "order.updated",
      data: { order: read(order), invoices: invoices.map(read), creditmemos: creditmemos.map(read) },
    });
  const stage = (label: string, text: string): DemoDelivery => ({
    label,
    platform: "magento",
    topic: "order.updated",
    body: text,
  });
  const both = ["invoice-01a-partial", "invoice-01b-rest"];
  return [
    stage("placed", body("order-01-simple-pending", [], [])),
    stage("one of three invoiced", body("order-01-simple-partially-invoiced", ["invoice-01a-partial"], [])),
    stage("invoiced in full", body("order-01-simple-fully-invoiced", both, [])),
    stage("credit memo for one", body("order-01-simple-partially-refunded", both, ["creditmemo-01a-partial"])),
    stage(
      "credit memo for the rest",
      body("order-01-simple-after-full-refund", both, ["creditmemo-01a-partial", "creditmemo-01b-rest"]),
    ),
    stage(
      "configurable, bundles, virtual",
      body("order-02-complex-partially-refunded", ["invoice-02-complex"], ["creditmemo-02-complex"]),
    ),
  ];
}

/** The headers a shop would send now, signed with the store's secret (or a wrong one, where that is the point). */
export function signDelivery(delivery: DemoDelivery, args: { id: string; now: Date }): Record<string, string> {
  const { platform, body, topic, recordedHeaders, badSignature } = delivery;
  if (recordedHeaders) return { ...recordedHeaders, host: "", connection: "", "content-length": "", "accept-encoding": "" };
  const secret = badSignature ? "not-the-secret" : DEMO_SECRETS[platform];
  const bytes = Buffer.from(body);
  if (platform === "shopify") {
    return {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(bytes).digest("base64"),
      "x-shopify-shop-domain": "upline-demo.myshopify.com",
      "x-shopify-webhook-id": args.id,
    };
  }
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  return {
    "content-type": "application/json",
    ...signStandardWebhook({ id: args.id, at: args.now, rawBody: bytes, secret, hmac }),
  };
}
