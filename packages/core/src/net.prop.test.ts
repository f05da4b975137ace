import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { lowerLines, netOfLine, refundedNet } from "./net.ts";
import type { OrderLine, Refund } from "./order.ts";

const RUNS = runs(300);

function line(lineId: string, netMinor: bigint): OrderLine {
  const words = { kind: "product" as const, variantId: null, productId: null, sku: lineId, name: lineId, quantity: 1 };
  return { lineId, ...words, grossMinor: netMinor, discountMinor: 0n, includedTaxMinor: 0n };
}

/** An order's lines, what it is worth beyond them, and documents that name lines, lost goods and loose money. */
const drawn = fc.array(fc.bigInt({ min: 0n, max: 100_000n }), { minLength: 1, maxLength: 5 }).chain((nets) =>
  fc.record({
    nets: fc.constant(nets),
    extra: fc.bigInt({ min: 0n, max: 5_000n }),
    credit: fc.bigInt({ min: 0n, max: 50_000n }),
    parts: fc.array(
      fc.record({
        kind: fc.constantFrom("line", "lost", "loose", "gone"),
        lineNo: fc.nat(nets.length - 1),
        amount: fc.bigInt({ min: 1n, max: 30_000n }),
      }),
      { maxLength: 8 },
    ),
  }),
);

interface Part {
  readonly kind: string;
  readonly lineNo: number;
  readonly amount: bigint;
}

/** One document of several parts. */
function documentOf(refundId: string, at: string, parts: readonly Part[]): Refund {
  const among = (kind: string) => parts.filter((part) => part.kind === kind);
  const sum = (some: readonly Part[]) => some.reduce((all, { amount }) => all + amount, 0n);
  const lost = among("lost");
  return {
    refundId,
    at,
    amountMinor: sum(parts),
    lines: [
      ...among("line").map(({ lineNo, amount }) => ({ lineId: String(lineNo), netMinor: amount })),
      ...among("gone").map(({ amount }) => ({ lineId: "gone", netMinor: amount })),
    ],
    proratedMinor: sum(among("loose")) + sum(lost),
    unlinked: lost.map(({ lineNo, amount }) => ({
      lineIds: lineNo === 0 ? [] : [String(lineNo)],
      netMinor: amount,
      grossMinor: amount,
    })),
    namedMinor: sum(among("line")),
    detail: "full",
  };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const day = (no: number) => `2026-01-${String(no + 1).padStart(2, "0")}T00:00:00Z`;

test("property: however refunds are cut, doubled, dated and listed, the same net is back, and never more than there was", () => {
  fc.assert(
    fc.property(drawn, fc.array(fc.nat(7), { maxLength: 8 }), fc.nat(), ({ nets, extra, credit, parts }, groups, turn) => {
      const lines = nets.map((net, index) => line(String(index), net));
      const worth = nets.reduce((all, net) => all + net, 0n) + extra;
      const order = { lines, totalMinor: worth > credit ? worth - credit : 0n, worthMinor: worth };
      const apart = parts.map((part, index) => documentOf(String(index), day(index), [part]));
      const bundles = new Map<number, Part[]>();
      parts.forEach((part, index) => {
        const group = groups[index] ?? 0;
        bundles.set(group, [...(bundles.get(group) ?? []), part]);
      });
      const together = [...bundles].map(([group, some]) => documentOf(`g${group}`, day((group + turn) % 28), some));
      const expected = refundedNet({ ...order, refunds: apart });
      for (const refunds of [together, [...apart].reverse(), [...apart, ...apart], [...together, ...[...together].reverse()]])
        expect(refundedNet({ ...order, refunds })).toStrictEqual(expected);
      for (const sold of lines) {
        const given = expected.get(sold.lineId) ?? 0n;
        assert.ok(given >= 0n && given <= netOfLine(sold));
      }
    }),
    RUNS,
  );
});

test("property: what names a line is taken from that line to the last unit, whatever else is given back and whatever the total is", () => {
  fc.assert(
    fc.property(drawn, fc.bigInt({ min: 0n, max: 200_000n }), ({ nets, parts }, totalMinor) => {
      const lines = nets.map((net, index) => line(String(index), net));
      const named = parts.filter(({ kind }) => kind === "line" || kind === "gone");
      const refunds = named.map((part, index) => documentOf(String(index), day(index), [part]));
      const back = refundedNet({ lines, refunds, totalMinor });
      nets.forEach((net, index) => {
        const wanted = named.filter((part) => part.kind === "line" && part.lineNo === index);
        const sum = wanted.reduce((all, { amount }) => all + amount, 0n);
        const exact = smaller(sum, net);
        const given = back.get(String(index)) ?? 0n;
        // Only where more was given back than the order came to may a unit per document be a rounding.
        assert.ok(given === exact || (given === net && net - exact <= BigInt(wanted.length)), `${given} for ${exact}`);
      });
    }),
    RUNS,
  );
});

test("property: an amount takes no more net than itself, and the whole worth takes everything", () => {
  fc.assert(
    fc.property(drawn, fc.bigInt({ min: 1n, max: 300_000n }), ({ nets, extra }, amount) => {
      const lines = nets.map((net, index) => line(String(index), net));
      const worth = nets.reduce((all, net) => all + net, 0n) + extra;
      const refunds = [documentOf("1", day(0), [{ kind: "loose", lineNo: 0, amount }])];
      const back = [...refundedNet({ lines, refunds, totalMinor: 0n, worthMinor: worth }).values()].reduce(
        (all, part) => all + part,
        0n,
      );
      assert.ok(back <= amount);
      if (amount >= worth) expect(back).toBe(worth - extra);
    }),
    RUNS,
  );
});

test("property: what lowers an order is off its lines to the last unit, and never more than they are worth", () => {
  fc.assert(
    fc.property(drawn, fc.bigInt({ min: 0n, max: 600_000n }), ({ nets }, amount) => {
      const lines = nets.map((net, index) => line(String(index), net));
      const whole = nets.reduce((all, net) => all + net, 0n);
      const left = lowerLines(lines, amount).reduce((all, sold) => all + netOfLine(sold), 0n);
      expect(left).toBe(amount < whole ? whole - amount : 0n);
    }),
    RUNS,
  );
});
