import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { importDistributors } from "../network/import.ts";
import { publishPlan } from "../plans/publish.ts";
import { FIRST_ORDER_PLAN, firstsOf, heldOf, lives, mailOf, orderOf, tellLives } from "../testing/first-orders.ts";
import { type SimpleOrder, tell } from "../testing/simple-orders.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { tieOf } from "./first-orders.ts";

/** A buyer's first order, whatever comes first: a fast start pays 30.00 on it in place of 10.00. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  const effectiveFrom = new Date("2025-06-01T00:00:00Z");
  const { companyId } = hub.company;
  const { findings } = await publishPlan(hub, { companyId, document: FIRST_ORDER_PLAN, effectiveFrom, actor: "test" });
  expect(findings.filter(({ rule }) => rule === "pays-nobody")).toStrictEqual([]);
});
afterAll(() => hub.close());

/** Every test has buyers and order numbers of its own. */
let series = 0;
beforeEach(() => {
  series += 1;
});
const mail = (name: string) => mailOf(name, series);
const order = (platform: SimpleOrder["platform"], id: number, hour: number, over: Partial<SimpleOrder> = {}): SimpleOrder => ({
  ...orderOf({ platform, id, hour, series }),
  ...over,
});
async function held(): Promise<string[]> {
  await hub.settled();
  return heldOf(hub, series);
}
async function tellEach(orders: readonly SimpleOrder[]): Promise<void> {
  for (const told of orders) {
    await tell(hub, told);
    await hub.settled();
  }
}
async function audited(): Promise<unknown> {
  const audit = await auditLedger(hub.pipeline, hub.company.companyId);
  return [audit.balanced, audit.differences];
}

test("the oldest by time, across the company's stores, and the other one is decided again when an older one comes", async () => {
  const email = mail("kim");
  await tellEach([order("woocommerce", 2, 12, { email })]);
  expect(await held()).toStrictEqual(["woocommerce 2 fast D09: 3000"]);
  await tellEach([order("magento", 1, 11, { email: ` ${email.toUpperCase()}` })]);
  expect(await held()).toStrictEqual(["magento 1 fast D09: 3000", "woocommerce 2 levels D09: 1000"]);
  await tellEach([order("shopify", 3, 10, { email, customerId: series })]);
  expect(await held()).toStrictEqual([
    "magento 1 levels D09: 1000",
    "shopify 3 fast D09: 3000",
    "woocommerce 2 levels D09: 1000",
  ]);
  expect(await audited()).toStrictEqual([true, []]);
});

test("a cancelled order does not count, and counts again when it is restored", async () => {
  const email = mail("lea");
  const first = order("woocommerce", 1, 10, { email });
  await tellEach([first, order("magento", 2, 11, { email }), order("magento", 3, 12, { email })]);
  const paid = (no: number) =>
    [`magento 2 ${no === 2 ? "fast D09: 3000" : "levels D09: 1000"}`, "magento 3 levels D09: 1000"].concat(
      no === 1 ? ["woocommerce 1 fast D09: 3000"] : [],
    );
  expect(await held()).toStrictEqual(paid(1));
  await tellEach([{ ...first, told: "2026-11-05T13:00:00", cancelled: true }]);
  expect(await held()).toStrictEqual(paid(2));
  await tellEach([{ ...first, told: "2026-11-05T14:00:00" }]);
  expect(await held()).toStrictEqual(paid(1));
});

test("of one moment the lower number is first, whichever came first", async () => {
  const email = mail("mo");
  await tellEach([order("woocommerce", 12, 10, { email }), order("woocommerce", 11, 10, { email })]);
  expect(await held()).toStrictEqual(["woocommerce 11 fast D09: 3000", "woocommerce 12 levels D09: 1000"]);
  const tie = (platformOrderId: string) => tieOf("woocommerce", { storeId: "s", platformOrderId });
  expect(tie("9") < tie("10")).toBe(true);
});

test("two of one buyer at once: one is first", async () => {
  const email = mail("nia");
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((id) => tell(hub, order("woocommerce", id, id, { email }))));
  expect((await held()).filter((line) => line.includes("fast"))).toStrictEqual(["woocommerce 1 fast D09: 3000"]);
});

test("who cannot be recognised has no first order", async () => {
  await tellEach([order("shopify", 1, 10)]);
  expect(await held()).toStrictEqual(["shopify 1 levels D09: 1000"]);
});

test("property: any order of arrival ends in the ledger that the definition gives", async () => {
  await fc.assert(
    fc.asyncProperty(lives, fc.infiniteStream(fc.nat(1000)), fc.boolean(), async (drawn, draws, pauses) => {
      series += 1;
      const { orders, deliveries } = tellLives(drawn, series);
      const shuffled = deliveries.map((told) => ({ told, key: draws.next().value as number })).sort((a, b) => a.key - b.key);
      for (const { told } of shuffled) {
        await tell(hub, told);
        if (pauses) await hub.settled();
      }
      expect(await held()).toStrictEqual(firstsOf(orders).sort());
    }),
    runs(12),
  );
  expect(await audited()).toStrictEqual([true, []]);
});

test("an order of a closed period stays as it was paid", async () => {
  const { companyId } = hub.company;
  const email = mail("zoe");
  await tellEach([order("woocommerce", 2, 12, { email, customerId: 88 })]);
  await asCompany(
    hub.db,
    companyId,
    (tx) => tx`
      insert into periods (company_id, period_no, plan_id, name, starts_at, ends_at, time_zone, currency, state, opened_by)
      values (${companyId}, 1, 'first-orders', '2026-11', '2026-11-01', '2026-12-01', 'UTC', 'EUR', 'closed', 'test')`,
  );
  // A close changes standings, by which workers learn of it.
  const rows = [{ line: 1, distributorId: "D09", customerIds: [`${hub.company.stores.woocommerce.domain}=88`] }];
  expect((await importDistributors(hub, { companyId, rows })).updated).toBe(1);
  await tellEach([order("woocommerce", 1, 11, { email })]);
  expect(await held()).toStrictEqual(["woocommerce 1 fast D09: 3000", "woocommerce 2 fast D09: 3000"]);
});
