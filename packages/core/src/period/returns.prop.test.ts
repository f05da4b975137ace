import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GoldenOrder, GoldenPeriod } from "../golden/case.ts";
import { buildNetwork } from "../golden/network.ts";
import { playPeriods } from "../golden/play.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Plan } from "../plan/schema.ts";
import { planOf } from "../plan/testing.ts";

/**
 * The oracle: level pay on signed volume over several periods, from one formula a rule and nothing of the engine.
 * C is all that was sold so far, in money. A period is paid on max(0, C) less what max(0, C) was before (charge), on what is
 * left after the debt (carry), on the period alone if it is above zero (forgive).
 */

const RATES = ["0.10", "0.07", "0.03"];
const FACTORS: Readonly<Record<string, bigint>> = { a: 2n, b: 1n };
const MARKETS: Readonly<Record<string, bigint>> = { "*": 2n, DE: 3n };
const UPLINE: Readonly<Record<string, readonly string[]>> = { T: [], A: ["T"], B: ["A", "T"], C: ["A", "T"], D: ["C", "A", "T"] };
const network = buildNetwork(
  Object.entries(UPLINE).map(([id, [sponsor]]) => ({ id, sponsor: sponsor ?? null })),
  undefined,
);

const anyOrder: fc.Arbitrary<GoldenOrder> = fc.record({
  owner: fc.constantFrom("B", "C", "D"),
  self: fc.boolean(),
  class: fc.constantFrom("a", "b"),
  market: fc.constantFrom("DE", "US"),
  cv: fc.integer({ min: -4_000, max: 4_000 }).map((value) => (value / 100).toFixed(2)),
});
const anyPeriods: fc.Arbitrary<GoldenPeriod[]> = fc
  .array(fc.array(anyOrder, { maxLength: 5 }), { minLength: 1, maxLength: 4 })
  .map((periods) => periods.map((orders, i) => ({ id: `p${i}`, orders })));

/** Quarters of a cent: factors are halves, rates of markets halves of two. */
function worthOf(order: GoldenOrder): bigint {
  const cents = BigInt(Math.round(Number(order.cv) * 100));
  return cents * (FACTORS[order.class ?? ""] as bigint) * (MARKETS[order.market ?? ""] ?? (MARKETS["*"] as bigint));
}

function halfUp(num: bigint, den: bigint): bigint {
  const [n, sign] = num < 0n ? [-num, -1n] : [num, 1n];
  return sign * ((2n * n + den) / (2n * den));
}

const above = (value: bigint): bigint => (value > 0n ? value : 0n);

/** What each period is paid on, of one source, by the plan's rule. */
function basesOf(rule: NonNullable<Plan["negativeVolume"]>, sold: readonly bigint[]): bigint[] {
  let all = 0n;
  let debt = 0n;
  return sold.map((worth) => {
    if (rule === "forgive") return above(worth);
    if (rule === "charge") {
      const before = above(all);
      all += worth;
      return above(all) - before;
    }
    const left = worth - debt;
    debt = above(-left);
    return above(left);
  });
}

test.each(["charge", "carry", "forgive"] as const)(
  "%s pays what the formula says, to the last unit, whatever classes and markets it comes from",
  (rule) => {
    const plan = parsePlan(
      planOf({
        cvRates: { "*": "1", DE: "1.5" },
        negativeVolume: rule,
        commissionClasses: [
          { id: "a", name: "A" },
          { id: "b", name: "B", factors: { cv: "0.5" } },
        ],
        bonuses: [
          {
            ...{ id: "levels", kind: "unilevel", snapshot: "close", base: "cv", rates: { "*": RATES }, levelOne: "sponsor" },
            ...{ compression: "none", unqualifiedSource: "drop", unqualifiedEarner: "next-qualified" },
          },
        ],
      }),
    );
    fc.assert(
      fc.property(anyPeriods, (periods) => {
        const { amounts } = playPeriods(plan, "USD", network, periods);
        const found: Record<string, bigint> = {};
        for (const { period, from, to, amountMinor } of amounts) add(found, `${period} ${from} ${to}`, amountMinor);
        const expected: Record<string, bigint> = {};
        for (const [source, upline] of Object.entries(UPLINE)) {
          const sold = periods.map(({ orders }) =>
            orders.reduce((sum, order) => (order.owner === source ? sum + worthOf(order) : sum), 0n),
          );
          basesOf(rule, sold).forEach((base, i) => {
            upline.forEach((earner, level) => {
              const percent = BigInt(Math.round(Number(RATES[level] ?? "0") * 100));
              add(expected, `p${i} ${source} ${earner}`, halfUp(base * percent, 400n));
            });
          });
        }
        expect(found).toStrictEqual(expected);
      }),
      runs(400),
    );
  },
);

function add(sums: Record<string, bigint>, key: string, amount: bigint): void {
  const sum = (sums[key] ?? 0n) + amount;
  if (sum === 0n) delete sums[key];
  else sums[key] = sum;
}
