import fc from "fast-check";
import { expect, test } from "vitest";
import { converge, type Target, targetsOf } from "./ledger.ts";
import type { OrderState, Refund, Stage } from "./order.ts";
import type { CommissionEntry } from "./order-facts.ts";

const entry = (entryKey: string, earner: string | null, amountMinor: bigint): CommissionEntry => ({
  entryKey,
  bonusId: "unilevel",
  lineId: "1",
  level: 1,
  earner,
  amountMinor,
  rate: { num: 1n, den: 10n },
  base: { num: amountMinor * 10n, den: 1n },
});

function state(refunds: Refund[], stage: Stage = { kind: "earned" }): OrderState {
  return {
    platform: "shopify",
    orderId: "1",
    orderName: "#1",
    revision: { at: "2026-01-01T00:00:00Z", tie: "" },
    placedAt: "2026-01-01T00:00:00Z",
    stage,
    platformStatus: "paid",
    currency: "EUR",
    totalMinor: 10_000n,
    buyer: null,
    evidence: [],
    refunds,
    lines: [
      {
        lineId: "1",
        kind: "product",
        variantId: "1",
        productId: null,
        sku: null,
        name: "",
        quantity: 1,
        grossMinor: 10_000n,
        discountMinor: 0n,
        includedTaxMinor: 0n,
      },
    ],
  };
}

const back = (id: number, netMinor: bigint): Refund => ({
  refundId: String(id),
  at: "2026-01-02T00:00:00Z",
  amountMinor: netMinor,
  lines: [{ lineId: "1", netMinor }],
  proratedMinor: 0n,
  detail: "full",
});

test("an order that is not earned targets nothing; a third refunded leaves two thirds of the stored amount", () => {
  const entries = [entry("u:1:1:A", "A", 1_000n), entry("u:1:2:-", null, 5n)];
  expect(targetsOf(state([], { kind: "pending" }), entries).get("u:1:1:A")?.amountMinor).toBe(0n);
  expect(targetsOf(state([back(1, 3_333n)]), entries).get("u:1:1:A")?.amountMinor).toBe(667n);
  expect(targetsOf(state([back(1, 3_333n)]), entries).get("u:1:2:-")?.amountMinor).toBe(3n);
});

test("the difference is posted between expense and the earner's held account, breakage to the company", () => {
  const targets = new Map<string, Target>([
    ["a", { earner: "A", amountMinor: 700n }],
    ["b", { earner: null, amountMinor: 30n }],
  ]);
  const posted = new Map<string, Target>([
    ["a", { earner: "A", amountMinor: 1_000n }],
    ["c", { earner: "C", amountMinor: 5n }],
  ]);
  const expense = { owner: null, name: "commission-expense" };
  expect(converge(targets, posted)).toStrictEqual([
    { seq: 0, entryKey: "a", kind: "clawback", debit: { owner: "A", name: "held" }, credit: expense, amountMinor: 300n },
    { seq: 1, entryKey: "b", kind: "breakage", debit: expense, credit: { owner: null, name: "breakage" }, amountMinor: 30n },
    { seq: 2, entryKey: "c", kind: "clawback", debit: { owner: "C", name: "held" }, credit: expense, amountMinor: 5n },
  ]);
  expect(converge(targets, targets)).toStrictEqual([]);
});

test("property: refunds in any split end where one refund of the same sum ends; a full one nets to zero", () => {
  const parts = fc.array(fc.bigInt({ min: 1n, max: 4_000n }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.bigInt({ min: 1n, max: 99_999n }), (list, amount) => {
      const entries = [entry("e", "A", amount)];
      const sum = list.reduce((total, refund) => total + refund, 0n);
      const split = targetsOf(state(list.map((refund, index) => back(index + 1, refund))), entries);
      expect(split).toStrictEqual(targetsOf(state([back(1, sum)]), entries));
      expect(
        targetsOf(state([...list.map((refund, index) => back(index + 1, refund)), back(9, 10_000n)]), entries).get("e")
          ?.amountMinor,
      ).toBe(0n);
    }),
  );
});
