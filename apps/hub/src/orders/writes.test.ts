import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { insertFacts, insertOrders, insertRevisions, readFacts, type WrittenOrder, type WrittenRevision } from "./writes.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("yes and no are stored as they are", async () => {
  const { companyId, stores } = hub.company;
  const key = { storeId: stores.shopify.storeId, platformOrderId: "1" };
  const facts = [true, false].map((standalone) => ({ ...key, factKey: `refund:${standalone}`, standalone, fact: "{}" }));
  const order = (orderNo: bigint, yes: boolean): WrittenOrder => ({
    ...key,
    platformOrderId: String(orderNo),
    orderNo,
    platform: "shopify",
    orderName: "#1",
    revision: 1,
    revisionAt: new Date("2026-06-01T12:00:00Z"),
    revisionTie: "",
    stateHash: "",
    stage: "earned",
    platformStatus: "paid",
    placedAt: new Date("2026-06-01T12:00:00Z"),
    currency: "USD",
    totalMinor: 1n,
    netMinor: 1n,
    refundedNetMinor: 0n,
    distributorNo: null,
    unresolved: yes,
    selfPurchase: yes,
    referralCode: null,
    buyerHash: null,
    firstOrder: false,
    quarantinedLines: 0,
  });
  const stored = await asCompany(hub.db, companyId, async (tx) => {
    await insertFacts(tx, companyId, facts);
    await insertOrders(tx, companyId, [order(901n, true), order(902n, false)]);
    const orders = await tx<{ unresolved: boolean; self_purchase: boolean }[]>`
      select unresolved, self_purchase from orders where order_no > 900 order by order_no`;
    return { facts: await readFacts(tx, companyId, [key]), orders };
  });
  expect(stored.facts.map((fact) => [fact.factKey, fact.standalone]).sort()).toStrictEqual([
    ["refund:false", false],
    ["refund:true", true],
  ]);
  expect(stored.orders.map((one) => [one.unresolved, one.self_purchase])).toStrictEqual([
    [true, true],
    [false, false],
  ]);
});

test("a revision is stored as it is: of a delivery or of none, whatever its snapshot says", async () => {
  const { companyId } = hub.company;
  const revisions: WrittenRevision[] = [
    {
      orderNo: 951n,
      revision: 1,
      deliveryId: 9_007_199_254_740_993n,
      cause: "delivery",
      snapshot: '{"name":"é😀 \\"quoted\\" \\\\ {1,2}"}',
    },
    { orderNo: 952n, revision: 7, deliveryId: null, cause: "api", snapshot: `{"note":"${"x".repeat(5_000)}"}` },
  ];
  const stored = await asCompany(hub.db, companyId, async (tx) => {
    await insertRevisions(tx, companyId, revisions);
    return tx<WrittenRevision[]>`
      select order_no as "orderNo", revision, delivery_id as "deliveryId", cause, snapshot from order_revisions
       where company_id = ${companyId} and order_no > 950 order by order_no`;
  });
  expect([...stored]).toStrictEqual(revisions);
});
