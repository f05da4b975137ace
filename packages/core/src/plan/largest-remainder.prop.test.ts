import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { converge, targetsOf } from "../ledger.ts";
import type { Ratio } from "../money.ts";
import type { OrderState } from "../order.ts";
import { closePeriod } from "../period/close.ts";
import { closeOf, networkOf } from "../period/testing.ts";
import { shareByRemainder } from "./largest-remainder.ts";
import { lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import type { Bonus } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

/**
 * The oracle hands out one unit at a time, each to the share that is furthest below its exact amount, until the order has
 * what it was promised: another way to the same answer, over whole ten-thousandths of a cent and nothing of the engine.
 */
interface Claim {
  readonly key: string;
  /** In 1 ÷ 10,000 of a minor unit. */
  readonly exact: bigint;
}

const SCALE = 10_000n;

function handOut(claims: readonly Claim[]): Record<string, bigint> {
  const given = new Map(claims.map((claim) => [claim.key, claim.exact / SCALE]));
  const promised = (2n * claims.reduce((sum, claim) => sum + claim.exact, 0n) + SCALE) / (2n * SCALE);
  for (;;) {
    const paid = [...given.values()].reduce((sum, units) => sum + units, 0n);
    if (paid === promised) break;
    let furthest = claims[0] as Claim;
    const missing = ({ key, exact }: Claim): bigint => exact - (given.get(key) as bigint) * SCALE;
    for (const claim of claims) if (missing(claim) > missing(furthest)) furthest = claim;
    given.set(furthest.key, (given.get(furthest.key) as bigint) + 1n);
  }
  return Object.fromEntries([...given].filter(([, units]) => units !== 0n));
}

const percent = fc.integer({ min: 0, max: 15 });
const row = fc.array(percent, { minLength: 1, maxLength: 5 });
const rateText = (of: number): string => (of / 100).toFixed(2);
const level = (id: string, base: "cv" | "net", rates: readonly number[]): unknown => ({
  ...{ id, kind: "unilevel", snapshot: "order", base, levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none", rates: { "*": rates.map(rateText) } },
});
const planWith = (bonuses: readonly unknown[]) =>
  parsePlan(planOf({ rounding: "largest-remainder", bonuses: bonuses as Bonus[] }));

const UPLINE = ["eve", "dan", "cat", "bob", "amy", "zoe"];
const lines = fc.uniqueArray(
  fc.record({
    lineId: fc.constantFrom("1", "2", "10", "a"),
    net: fc.integer({ min: 0, max: 99 }),
    /** Ten-thousandths: hundredths of a cent. */
    cv: fc.integer({ min: 0, max: 9_999 }),
  }),
  { selector: (line) => line.lineId, minLength: 1, maxLength: 4 },
);

/** Every share that the two level bonuses of an order promise, in the order that breaks ties. */
function claimsOf(
  sold: readonly { lineId: string; net: number; cv: number }[],
  rates: readonly (readonly number[])[],
  reach: number,
): Claim[] {
  const byId = [...sold].sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
  return rates.flatMap((percents, bonus) =>
    byId.flatMap(({ lineId, net, cv }) =>
      percents.slice(0, reach).map((of, i) => ({
        key: `${bonus === 0 ? "on-net" : "on-cv"}:${lineId}:${i + 1}:${UPLINE[i]}`,
        // A hundredth of net cents, or of hundredths of a cent of CV: both over 10,000.
        exact: BigInt(bonus === 0 ? net * of * 100 : cv * of),
      })),
    ),
  );
}

test("an order pays exactly what the plan promises for it, unit by unit as the oracle hands it out", () => {
  let amounts = 0;
  fc.assert(
    fc.property(lines, row, row, fc.integer({ min: 1, max: 6 }), (sold, onNet, onCv, reach) => {
      const plan = planWith([level("on-net", "net", onNet), level("on-cv", "cv", onCv)]);
      const order = orderOf(plan, {
        lines: sold.map(({ lineId, net, cv }) => lineOf({ lineId, netMinor: BigInt(net), cv: BigInt(cv) })),
        upline: UPLINE.slice(0, reach).map((id) => distributorOf(id)),
      });
      const { entries } = computeCommissions(order);
      amounts += entries.length;
      const found = Object.fromEntries(entries.map((entry) => [entry.entryKey, entry.amountMinor]));
      expect(found).toStrictEqual(handOut(claimsOf(sold, [onNet, onCv], reach)));
      const backwards = computeCommissions({ ...order, lines: [...order.lines].reverse() }).entries;
      expect(Object.fromEntries(backwards.map((entry) => [entry.entryKey, entry.amountMinor]))).toStrictEqual(found);
    }),
    runs(1_000),
  );
  expect(amounts).toBeGreaterThan(2_000);
});

test("refunds in any parts end where one refund of the whole ends: at nothing", () => {
  fc.assert(
    fc.property(
      row,
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.nat(100), { minLength: 1, maxLength: 4 }),
      (rates, net, parts) => {
        const plan = planWith([level("on-net", "net", rates)]);
        const upline = UPLINE.map((id) => distributorOf(id));
        const { entries } = computeCommissions(orderOf(plan, { lines: [lineOf({ netMinor: BigInt(net) })], upline }));
        const cuts = [...new Set([...parts.map((part) => Math.floor((net * part) / 100)), net])].sort((a, b) => a - b);
        let posted = targetsOf(refunded(net, 0), entries);
        let back = 0n;
        for (const cut of cuts) {
          const next = targetsOf(refunded(net, cut), entries);
          for (const transfer of converge(next, posted)) {
            expect(transfer.kind).toBe("clawback");
            back += transfer.amountMinor;
          }
          posted = next;
        }
        expect(back).toBe(entries.reduce((sum, entry) => sum + entry.amountMinor, 0n));
        expect([...posted.values()].every((target) => target.amountMinor === 0n)).toBe(true);
      },
    ),
    runs(300),
  );
});

/** An order of one line of `net`, of which `back` was given back. */
function refunded(net: number, back: number): OrderState {
  const refund = {
    ...{ refundId: "r", at: "2026-06-02T00:00:00Z", detail: "full" as const, proratedMinor: 0n },
    amountMinor: BigInt(back),
    lines: [{ lineId: "1", netMinor: BigInt(back) }],
  };
  const line = {
    ...{ lineId: "1", kind: "product" as const, variantId: null, productId: null, sku: null, name: "", quantity: 1 },
    ...{ grossMinor: BigInt(net), discountMinor: 0n, includedTaxMinor: 0n },
  };
  return {
    ...{ platform: "shopify", orderId: "o", orderName: "", revision: { at: "2026-06-02T00:00:00Z", tie: "" } },
    ...{ placedAt: "2026-06-01T00:00:00Z", stage: { kind: "earned" }, platformStatus: "", currency: "USD" },
    ...{ totalMinor: BigInt(net), lines: [line], refunds: back === 0 ? [] : [refund], buyer: null, evidence: [] },
  };
}

test("at a close the shares of one source and bonus are what the oracle hands out, whatever rows they come from", () => {
  const chain = networkOf([-1, 0, 1, 2, 3]);
  const rows = fc.array(fc.record({ owner: fc.nat(4), volume: fc.nat(9_999), self: fc.boolean() }), { maxLength: 12 });
  fc.assert(
    fc.property(rows, row, (sold, rates) => {
      const plan = planWith([{ ...(level("on-cv", "cv", rates) as object), snapshot: "close", levelOne: "sponsor" }]);
      const expected = new Float64Array(5);
      for (let source = 0; source < 5; source++) {
        const cv = sold.reduce((sum, { owner, volume }) => (owner === source ? sum + volume : sum), 0);
        const claims = rates.slice(0, source).map((of, i) => ({ key: String(source - 1 - i), exact: BigInt(cv * of) }));
        for (const [no, units] of Object.entries(claims.length === 0 ? {} : handOut(claims)))
          expected[Number(no)] = (expected[Number(no)] as number) + Number(units);
      }
      expect([...(closePeriod(closeOf(plan, chain, sold)).bonuses[0]?.amounts ?? [])]).toStrictEqual([...expected]);
      const details = closePeriod(closeOf(plan, chain, [...sold].reverse()), { details: true });
      expect([...(details.bonuses[0]?.amounts ?? [])]).toStrictEqual([...expected]);
      expect((details.entries ?? []).reduce((sum, entry) => sum + entry.amountMinor, 0)).toBe(
        expected.reduce((sum, amount) => sum + amount, 0),
      );
    }),
    runs(400),
  );
});

test("shares that are taken back mirror those that were given, and no share is off by a whole unit", () => {
  const exact = fc.record({ num: fc.bigInt(-10_000n, 10_000n), den: fc.constantFrom(1n, 3n, 7n, 10_000n) });
  fc.assert(
    fc.property(fc.array(exact, { maxLength: 12 }), (ratios) => {
      const shares = ratios.map((ratio, no) => ({ no, exact: ratio }));
      const order = (a: { no: number }, b: { no: number }) => a.no - b.no;
      const given = shareByRemainder(shares, order);
      const back = shareByRemainder(
        shares.map((share) => ({ ...share, exact: { num: -share.exact.num, den: share.exact.den } })),
        order,
      );
      const exactSum = ratios.reduce<Ratio>((sum, { num, den }) => ({ num: sum.num * den + num * sum.den, den: sum.den * den }), {
        num: 0n,
        den: 1n,
      });
      // A sum of nothing has no sign to mirror.
      if (exactSum.num !== 0n) expect(back.map((units) => -units)).toStrictEqual(given);
      given.forEach((units, i) => {
        const { num, den } = ratios[i] as { num: bigint; den: bigint };
        const off = units * den - num;
        expect(off < den && off > -den).toBe(true);
      });
      const sum = given.reduce((all, units) => all + units, 0n);
      const twice = 2n * (sum * exactSum.den - exactSum.num);
      expect(twice <= exactSum.den && twice >= -exactSum.den).toBe(true);
    }),
    runs(1_000),
  );
});

test("a plan that shares nothing is told that the rounding does nothing", () => {
  const retail = {
    ...{ id: "sale", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.2" } } },
    ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
  };
  const found = (bonuses: readonly unknown[]) => lintPlan(planWith(bonuses)).filter((finding) => finding.rule === "rounding");
  expect(found([retail])).toMatchObject([
    {
      severity: "warning",
      rule: "rounding",
      path: "rounding",
      wrong: 'is "largest-remainder", but no bonus shares an amount among several people',
      right: '"half-up", which comes to the same',
    },
  ]);
  expect(found([retail, level("levels", "cv", [5])])).toStrictEqual([]);
});
