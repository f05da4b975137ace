import { signStandardWebhook } from "@upline/core";
import { type ContractFixture, platformContract } from "@upline/core/contract";
import { describe, test } from "vitest";
import { basketBodies } from "../fixtures/basket.ts";
import { facts, lineTwice, ownPurchase } from "../fixtures/facts.ts";
import { moduleBody, recorded, recordedStages } from "../fixtures/recorded.ts";
import { magento } from "./index.ts";
import { hmacSha256 } from "./verify.ts";

const topic = "order.updated";
const BIG = "9007199254740993";

const EXPECTED: Readonly<Record<string, ContractFixture["expect"]>> = {
  "order-01-simple-pending": { kind: "order", orderId: "2", netMinor: "27000", refundedMinor: "0", stage: "pending" },
  "order-01-simple-partially-invoiced": { kind: "order", orderId: "2", netMinor: "9000", refundedMinor: "0", stage: "earned" },
  "order-01-simple-fully-invoiced": { kind: "order", orderId: "2", netMinor: "27000", refundedMinor: "0", stage: "earned" },
  "order-01-simple-complete": { kind: "order", orderId: "2", netMinor: "27000", refundedMinor: "0", stage: "earned" },
  "order-01-simple-partially-refunded": {
    kind: "order",
    orderId: "2",
    netMinor: "27000",
    refundedMinor: "9000",
    stage: "earned",
  },
  "order-01-simple-after-full-refund": {
    kind: "order",
    orderId: "2",
    netMinor: "27000",
    refundedMinor: "27000",
    stage: "earned",
  },
  "order-02-complex-pending": { kind: "order", orderId: "4", netMinor: "26100", refundedMinor: "0", stage: "pending" },
  "order-02-complex-partially-refunded": {
    kind: "order",
    orderId: "4",
    netMinor: "26100",
    refundedMinor: "7200",
    stage: "earned",
  },
};

const bigBody = moduleBody({
  timestamp: "2026-11-20T09:00:00.250Z",
  order: { ...recorded("order-01-simple-pending"), entity_id: "BIG" },
}).replaceAll('"BIG"', BIG);

describe("Magento, Upline module", () => {
  const cases = platformContract({
    platform: magento,
    secrets: ["whsec_Zmlyc3Qgc2VjcmV0IG9mIHRoZSBzdG9yZQ==", "whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgc3RvcmU=", "any other text"],
    sign: (rawBody, { secret, now }) => signStandardWebhook({ id: "msg_1", at: now, rawBody, secret, hmac: hmacSha256 }),
    signatureHeader: "webhook-signature",
    fixtures: [
      {
        name: "ids beyond 2^53",
        topic,
        body: bigBody,
        expect: { kind: "order", orderId: BIG, netMinor: "27000", stage: "pending" },
      },
      ...recordedStages.map(({ name, body }) => ({ name, topic, body, expect: EXPECTED[name]! })),
      {
        name: "gone for good",
        topic,
        body: '{"type":"order.deleted","timestamp":"2026-11-20T09:00:00Z","data":{"order":{"entity_id":7,"state":"deleted"}}}',
        expect: { kind: "deleted", orderId: "7" },
      },
      {
        name: "a product",
        topic,
        body: '{"type":"product.updated","timestamp":"2026-11-20T09:00:00Z","data":{"product":{"id":7,"sku":"A"}}}',
        expect: { kind: "hint" },
      },
    ],
    sharedBasket: basketBodies.map((body) => ({ topic, body })),
    facts,
    ownPurchase,
    lineTwice,
  });
  for (const { name, run } of cases) test(name, run);
});
