import { expect, test } from "vitest";
import { minorOf } from "../standin/money.ts";
import { makeOrder, type OrderDraft } from "../standin/sell.ts";
import { Clock, Shop } from "../standin/shop.ts";
import { giveBack } from "../standin/take-back.ts";
import { worthOf } from "./expected.ts";

/** The suite's own arithmetic against amounts that were worked out by hand: what judges others is judged first. */

function shop(): Shop {
  const products = [
    { title: "Tea", variants: [{ sku: "TEA", price: "24.90" }] },
    { title: "Soap", variants: [{ sku: "SOAP", price: "9.50" }] },
    { title: "Card", variants: [{ sku: "CARD", price: "50.00", giftCard: true }] },
  ];
  return new Shop({ handle: "x", name: "X", currency: "EUR", taxesIncluded: true, taxRate: 1900, products }, 0, new Clock());
}
const sold = (draft: OrderDraft) => {
  const at = shop();
  return { at, order: makeOrder(at, draft) };
};

test("net is what was paid for goods without the tax in it, and each level has its share of each line", () => {
  // 49.80 with 7.95 of tax (49.80 × 19/119 = 7.9512…) is 41.85; 9.50 with 1.52 is 7.98: 49.83 together.
  const { order } = sold({
    lines: [{ variant: "TEA", quantity: 2 }, { variant: "SOAP" }, { variant: "CARD" }],
    tip: "2.00",
    shipping: "4.90",
  });
  expect(worthOf(order, "ANNA77")).toStrictEqual({
    stage: "earned",
    owner: "ANNA",
    net: 4983n,
    refunded: 0n,
    // 4.185 → 4.19 and 0.798 → 0.80; 2.0925 → 2.09 and 0.399 → 0.40; 1.04625 → 1.05 and 0.1995 → 0.20.
    earned: new Map([
      ["1 ANNA", 499n],
      ["2 MID", 249n],
      ["3 TOP", 125n],
    ]),
  });
});

test("a piece that comes back takes its share of what was earned, to the cent", () => {
  const { at, order } = sold({ lines: [{ variant: "TEA", quantity: 2 }, { variant: "SOAP" }] });
  // One of two teas: 24.90 with 3.98 of tax (half of 7.95, half up) is 20.92 of 41.85.
  giveBack(at, order, { lines: [{ line: order.lines[0]?.id ?? "", quantity: 1 }] });
  const worth = worthOf(order, "ANNA77");
  expect([worth.refunded, [...worth.earned]]).toStrictEqual([
    2092n,
    // 4.19 − 4.19 × 20.92/41.85 (2.0945 → 2.09) + 0.80; 2.09 − 1.0447 (1.04) + 0.40; 1.05 − 0.5248 (0.52) + 0.20.
    [
      ["1 ANNA", 290n],
      ["2 MID", 145n],
      ["3 TOP", 73n],
    ],
  ]);
});

test("money that names nothing is spread over what is left, and money on its way counts nothing", () => {
  const { at, order } = sold({ lines: [{ variant: "SOAP", quantity: 10 }], shipping: "5.00" });
  // 95.00 with 15.17 of tax is 79.83; 10.00 of the 100.00 paid is a tenth: 7.983 → 7.98.
  giveBack(at, order, { money: "10.00" });
  expect(worthOf(order, "BEN12").refunded).toBe(798n);
  giveBack(at, order, { money: "10.00", pending: true });
  expect(worthOf(order, "BEN12").refunded).toBe(798n);
});

test("shipping that comes back takes nothing, and unpaid, cancelled and test orders earn nobody anything", () => {
  const { at, order } = sold({ lines: [{ variant: "SOAP" }], shipping: "5.00" });
  giveBack(at, order, { shipping: true });
  expect([worthOf(order, "CARLA9").refunded, [...worthOf(order, "CARLA9").earned.keys()]]).toStrictEqual([
    0n,
    ["1 CARLA", "2 BEN", "3 TOP"],
  ]);
  expect(worthOf(sold({ lines: [{ variant: "SOAP" }], paid: false }).order, "CARLA9").stage).toBe("pending");
  expect(worthOf(sold({ lines: [{ variant: "SOAP" }], test: true }).order, "CARLA9")).toMatchObject({
    stage: "void",
    earned: new Map(),
  });
  expect(minorOf("1.5", "KWD")).toBe(1500n);
});
