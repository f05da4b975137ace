import { expect, test } from "vitest";
import { fixture } from "../fixtures/load.ts";
import { orderPayload } from "./payloads.ts";
import { refundsOf } from "./refunds.ts";

/** The refunds of a fixture's order after `change` had its way with the body. */
const refunds = (name: string, change: (order: Body) => void = () => {}) => {
  const order = JSON.parse(fixture(name).body);
  change(order);
  return refundsOf(orderPayload.parse(order));
};
// biome-ignore lint/suspicious/noExplicitAny: a test bends a parsed body wherever it likes
type Body = any;

test("a refund's amount holds goods, their tax, and shipping with its tax", () => {
  const [first, second] = refunds("shared-basket-3-rest-refunded");
  expect(first?.amountMinor).toBe(5345n);
  expect(second?.amountMinor).toBe(9134n);
  expect(second?.lines).toStrictEqual([
    { lineId: "16830001", netMinor: 4491n },
    { lineId: "16830002", netMinor: 2695n },
  ]);
});

test("the order in which the body lists refunds does not matter", () => {
  const name = "order-edited-then-paid-back";
  const turned = refunds(name, (order) => order.refunds.reverse());
  expect(turned).toStrictEqual(refunds(name));
});

test("two returns of one line in one refund are one", () => {
  const [refund] = refunds("shared-basket-2-kit-refunded", (order) =>
    order.refunds[0].refund_line_items.push(order.refunds[0].refund_line_items[0]),
  );
  expect(refund?.lines).toStrictEqual([{ lineId: "16830001", netMinor: 8982n }]);
});

test("a cent that moved beyond the goods, without an adjustment that says so, is a rounding", () => {
  const [refund] = refunds("order-partial-refund", (order) => {
    order.refunds[0].transactions[0].amount = "20.01";
  });
  expect(refund?.proratedMinor).toBe(0n);
});

test("money beyond the goods that an adjustment confirms is prorated", () => {
  const [refund] = refunds("order-partial-refund", (order) => {
    order.refunds[0].transactions[0].amount = "25.00";
    order.refunds[0].order_adjustments = [{ kind: null, reason: "Refund discrepancy", amount: "-5.00", tax_amount: "0.00" }];
  });
  expect([refund?.amountMinor, refund?.proratedMinor]).toStrictEqual([2500n, 500n]);
});

test("what moved in another currency is not compared: later goodwill still counts in full", () => {
  const [goods, goodwill] = refunds("order-presentment-currency", (order) => {
    order.refunds[0].transactions[0] = { status: "success", amount: "20.00", currency: "GBP" };
    const adjustments = [{ kind: "refund_discrepancy", amount: "-5.00", tax_amount: "0.00" }];
    const later = {
      id: 9,
      processed_at: "2026-11-06T00:00:00Z",
      order_adjustments: adjustments,
      transactions: [{ status: "success", amount: "4.00", currency: "GBP" }],
    };
    order.refunds.push(later);
  });
  expect(goods?.amountMinor).toBe(3600n);
  expect(goodwill?.proratedMinor).toBe(500n);
});

test("without the list of transactions the adjustments are believed", () => {
  const [refund] = refunds("order-amount-only-refund", (order) => {
    delete order.refunds[0].transactions;
  });
  expect(refund?.proratedMinor).toBe(900n);
});

test("an adjustment of shipping is known by its reason where its kind is gone", () => {
  const [refund] = refunds("order-shipping-refund", (order) => {
    order.refunds[0].order_adjustments[0].kind = null;
    order.refunds[0].refund_shipping_lines = [];
  });
  expect([refund?.amountMinor, refund?.proratedMinor]).toStrictEqual([1000n, 0n]);
});

test("shipping told only as a line is shipping", () => {
  const [refund] = refunds("order-shipping-refund", (order) => {
    order.refunds[0].order_adjustments = [];
  });
  expect([refund?.amountMinor, refund?.proratedMinor]).toStrictEqual([1000n, 0n]);
});
