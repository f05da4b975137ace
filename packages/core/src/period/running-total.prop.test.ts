import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GoldenOrder } from "../golden/case.ts";
import { buildNetwork } from "../golden/network.ts";
import { playPeriods } from "../golden/play.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { planOf } from "../plan/testing.ts";

/** Whole dollars at whole percents: the oracle needs cents and nothing of the engine. */
const retail = (id: string, percent: number): object => ({
  ...{ id, kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": (percent / 100).toFixed(2) } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
});
const levels = (percent: number): object => ({
  ...{ id: "levels", kind: "unilevel", snapshot: "close", base: "net", levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none", rates: { "*": [(percent / 100).toFixed(2)] } },
});
const PERCENTS = { first: 7, second: 20, levels: 5 } as const;
const network = buildNetwork(
  ["A", "B"].map((id) => ({ id, sponsor: null })),
  undefined,
);

function planWith(order: readonly string[], atMost: Readonly<Record<string, number>>): Plan {
  return parsePlan(
    planOf({
      bonuses: [retail("first", 7), retail("second", 20), levels(5)] as Bonus[],
      refundAfterClose: "reverse-delta",
      caps: [
        {
          ...{ kind: "running-total", bonuses: [...order], counts: "before-it" },
          atMost: Object.fromEntries(Object.entries(atMost).map(([id, dollars]) => [id, { "*": `${dollars}.00` }])),
        },
      ],
    }),
  );
}

const orders: fc.Arbitrary<GoldenOrder[]> = fc.array(
  fc.record({ owner: fc.constantFrom("A", "B"), net: fc.integer({ min: 1, max: 400 }).map(String) }),
  { maxLength: 6 },
);
const caps = fc.dictionary(fc.constantFrom("first", "second", "levels"), fc.nat(60), { minKeys: 1 });
const anyOrder = fc.shuffledSubarray(["first", "second", "levels"], { minLength: 3 });

test("each bonus keeps its cap less what those before it kept, whatever order the orders come in", () => {
  let cut = 0;
  fc.assert(
    fc.property(orders, caps, anyOrder, (sold, atMost, order) => {
      const plan = planWith(order, atMost);
      const expected: Record<string, number> = {};
      for (const owner of ["A", "B"]) {
        const net = sold.reduce((sum, each) => (each.owner === owner ? sum + Number(each.net) : sum), 0);
        let before = 0;
        for (const id of order) {
          const earned = net * PERCENTS[id as keyof typeof PERCENTS];
          const most = atMost[id];
          const kept = most === undefined ? earned : Math.min(earned, Math.max(0, most * 100 - before));
          if (kept < earned) cut++;
          if (kept !== 0) expected[`${owner} ${id}`] = kept;
          before += kept;
        }
      }
      for (const listed of [sold, [...sold].reverse()]) {
        const found: Record<string, number> = {};
        for (const { to, bonus, amountMinor } of playPeriods(plan, "USD", network, [{ id: "p", orders: listed }]).amounts)
          found[`${to} ${bonus}`] = (found[`${to} ${bonus}`] ?? 0) + Number(amountMinor);
        expect(Object.fromEntries(Object.entries(found).filter(([, minor]) => minor !== 0))).toStrictEqual(expected);
      }
    }),
    runs(500),
  );
  expect(cut).toBeGreaterThan(200);
});
