import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { netOfLine, refundedNet, retailOfLine } from "./net.ts";
import type { OrderLine, Refund } from "./order.ts";

function line(lineId: string, grossMinor: bigint, more: Partial<OrderLine> = {}): OrderLine {
  return {
    lineId,
    kind: "product",
    variantId: null,
    productId: null,
    sku: lineId,
    name: lineId,
    quantity: 1,
    grossMinor,
    discountMinor: 0n,
    includedTaxMinor: 0n,
    ...more,
  };
}

function refund(
  refundId: string,
  amountMinor: bigint,
  lines: Refund["lines"] = [],
  proratedMinor = lines.length === 0 ? amountMinor : 0n,
): Refund {
  return { refundId, at: `2026-01-0${refundId}T00:00:00Z`, amountMinor, lines, proratedMinor, detail: "full" };
}

test("net is gross less discount less included tax; gift cards, tips and fees have none", () => {
  expect(netOfLine(line("a", 10_000n, { discountMinor: 1_000n, includedTaxMinor: 1_437n }))).toBe(7_563n);
  for (const kind of ["gift-card", "tip", "fee"] as const) expect(netOfLine(line("a", 10_000n, { kind }))).toBe(0n);
  expect(netOfLine(line("a", 100n, { discountMinor: 200n }))).toBe(0n);
  // 119.00 with 19 % in them and a tenth off: 107.10 with 17.10 of tax, so the goods cost 100.00 before the discount.
  expect(retailOfLine(line("a", 11_900n, { discountMinor: 1_190n, includedTaxMinor: 1_710n }))).toBe(10_000n);
  expect(retailOfLine(line("a", 10_000n, { discountMinor: 2_500n }))).toBe(10_000n);
  expect(retailOfLine(line("a", 100n, { discountMinor: 100n }))).toBe(0n);
});

test("a refund with lines takes its own figures; one without is spread over what is left; the last takes all", () => {
  // The recorded WooCommerce order 29: 89.82 + 26.96 net, 141.57 in all.
  const lines = [line("30", 9_980n, { discountMinor: 998n }), line("31", 2_995n, { discountMinor: 299n })];
  const first = refund("1", 5_345n, [{ lineId: "30", netMinor: 4_491n }]);
  const goodwill = refund("2", 1_000n);
  const rest = refund("3", 7_812n);
  const back = (refunds: Refund[]) => Object.fromEntries(refundedNet({ lines, refunds, totalMinor: 14_157n }));
  expect(back([first])).toStrictEqual({ "30": 4_491n, "31": 0n });
  // 10.00 of the 88.12 that are left takes that share of the 71.87 net that are left: 8.16.
  expect(back([first, goodwill])).toStrictEqual({ "30": 4_491n + 510n, "31": 306n });
  expect(back([rest, goodwill, first])).toStrictEqual({ "30": 8_982n, "31": 2_696n });
});

test("refunds that add up to the total give everything back, whatever cent they put to tax", () => {
  const lines = [line("1", 999n)];
  const refunds = [refund("1", 594n, [{ lineId: "1", netMinor: 499n }]), refund("2", 595n, [{ lineId: "1", netMinor: 499n }])];
  expect(Object.fromEntries(refundedNet({ lines, refunds, totalMinor: 1_189n }))).toStrictEqual({ "1": 999n });
});

test("property: never more than the net, and a refund of the whole total gives all of it back", () => {
  const lineList = fc.array(fc.bigInt({ min: 0n, max: 100_000n }), { minLength: 1, maxLength: 5 });
  const cuts = fc.array(fc.bigInt({ min: 1n, max: 50_000n }), { maxLength: 5 });
  fc.assert(
    fc.property(lineList, cuts, fc.bigInt({ min: 0n, max: 5_000n }), (amounts, parts, extra) => {
      const lines = amounts.map((amount, index) => line(String(index), amount));
      const totalMinor = amounts.reduce((sum, amount) => sum + amount, 0n) + extra;
      const refunds = parts.map((amount, index) => refund(String(index + 1), amount));
      const back = refundedNet({ lines, refunds, totalMinor });
      for (const line of lines) assert.ok((back.get(line.lineId) ?? 0n) <= netOfLine(line));
      const given = parts.reduce((sum, part) => sum + part, 0n);
      const whole = refundedNet({
        lines,
        refunds: [...refunds, refund("9", totalMinor > given ? totalMinor - given : 1n)],
        totalMinor,
      });
      for (const line of lines) expect(whole.get(line.lineId)).toBe(netOfLine(line));
    }),
  );
});
