import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failureKind, retryPassing } from "../db/retry.ts";
import { insertDeliveries } from "../inbox/insert.ts";
import { readDeliveries, scheduleRetry } from "../inbox/queries.ts";
import { publishPlan } from "../plans/publish.ts";
import { FIRST_ORDER_PLAN, firstsOf, heldOf, lives, orderOf, tellLives } from "../testing/first-orders.ts";
import { bodyOf, type SimpleOrder } from "../testing/simple-orders.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { processDeliveries } from "./process.ts";
import { readDelivery } from "./read.ts";

/** Orders of the same few buyers in several batches at once, each of which must see what the others wrote before it. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub({ UPLINE_ROLE: "ingest" });
  const effectiveFrom = new Date("2025-06-01T00:00:00Z");
  const { companyId } = hub.company;
  await publishPlan(hub, { companyId, document: FIRST_ORDER_PLAN, effectiveFrom, actor: "test" });
});
afterAll(() => hub.close());

async function keep(orders: readonly SimpleOrder[]): Promise<bigint[]> {
  const { companyId, stores } = hub.company;
  const kept = orders.map((order) => ({
    ...{ companyId, storeId: stores[order.platform].storeId, topic: "orders/updated", platformDeliveryId: null },
    ...{ encoding: "utf8" as const, body: bodyOf(order) },
  }));
  return (await insertDeliveries(hub, kept)).map(({ deliveryId }) => deliveryId);
}

/** As the worker does: a batch that lost to another one, or waited too long for it, is decided again, however often. */
async function processed(deliveryIds: readonly bigint[]): Promise<void> {
  const reads = (await readDeliveries(hub.db.gate, { deliveryIds })).map((delivery) => readDelivery(hub.box, delivery));
  for (;;) {
    try {
      await retryPassing(() => processDeliveries(hub.pipeline, hub.company.companyId, reads));
      return;
    } catch (error) {
      if (!["busy", "conflict"].includes(failureKind(error))) throw error;
    }
  }
}

let series = 0;
test("property: any orders in any batches at once end in the ledger that the definition gives", async () => {
  const batchOf = fc.infiniteStream(fc.nat({ max: 5 }));
  await fc.assert(
    fc.asyncProperty(lives, batchOf, async (drawn, draws) => {
      series += 1;
      const { orders, deliveries } = tellLives(drawn, series);
      const batches = Map.groupBy(await keep(deliveries), () => draws.next().value);
      await Promise.all([...batches.values()].map(processed));
      expect(await heldOf(hub, series)).toStrictEqual(firstsOf(orders).sort());
    }),
    runs(25),
  );
  const audit = await auditLedger(hub.pipeline, hub.company.companyId);
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
});

test("what was put off is in the ledger before anything is compared", async () => {
  series += 1;
  const { companyId } = hub.company;
  const order = orderOf({ platform: "woocommerce", id: 1, hour: 9, series });
  const [deliveryId = 0n] = await keep([order]);
  await scheduleRetry(hub.db.gate, { companyId, deliveryId, attempts: 1, delayMs: 600_000, error: "database error 55P03" });
  await hub.settled();
  expect(await heldOf(hub, series)).toStrictEqual(["woocommerce 1 levels D09: 1000"]);
});
