import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { anyNetwork, anyRows, RANKS, within } from "../plan/arbitrary.ts";
import type { BinaryBonus } from "../plan/binary.ts";
import { parsePlan } from "../plan/parse.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { type CloseInput, NOTHING_CARRIED } from "./input.ts";
import { closeOf } from "./testing.ts";

const RUNS = runs(150);

const anyPay = fc.oneof(
  fc.record({ mode: fc.constantFrom("percent" as const, "ratio" as const), rates: fc.constant({ "*": "0.1" }) }),
  fc.record({
    mode: fc.constant("cycle" as const),
    strong: fc.constantFrom("20", "30"),
    weak: fc.constantFrom("10", "20"),
    pays: fc.constant({ "*": "3.00" }),
  }),
  fc.record({
    mode: fc.constant("table" as const),
    steps: fc.constant([
      { weak: "10", pays: "1.00" },
      { weak: "50", pays: "6.00" },
    ]),
  }),
);
const ownPlace = fc.constantFrom(undefined, "above" as const, "weaker-side" as const, "left" as const, "right" as const);

const anyBinary: fc.Arbitrary<BinaryBonus> = fc.record({
  id: fc.constant("pairs"),
  kind: fc.constant("binary" as const),
  snapshot: fc.constant("close" as const),
  tree: fc.constant("binary"),
  pay: anyPay,
  thenPays: fc.option(fc.array(anyPay, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  ownVolume: ownPlace,
  customerVolume: ownPlace,
  unqualifiedPairs: fc.constantFrom(undefined, "kept" as const, "used-up" as const),
  remainder: fc.constantFrom("carry" as const, "net-off" as const, "flush" as const),
  carryCap: fc.constantFrom(undefined, "15"),
  expiresAfterPeriods: fc.constantFrom(undefined, 1, 2),
  flushIfInactive: fc.boolean(),
  positionCap: fc.constantFrom(undefined, { "*": "2.00" }),
  cappedVolume: fc.constantFrom("consumed" as const, "kept" as const),
}) as fc.Arbitrary<BinaryBonus>;

/** Three periods of the same network, each close on the carry of the one before. */
const chainOf = (binary: fc.Arbitrary<BinaryBonus>) =>
  fc.tuple(binary, anyNetwork, fc.array(anyRows, { minLength: 3, maxLength: 3 })).map(([bonus, network, periods]) => {
    const plan = parsePlan(
      planOf({
        ranks: RANKS.map((id) => rankOf(id)),
        bonuses: [JSON.parse(JSON.stringify(bonus))],
        active: { statuses: ["active"], minimumPv: "5", beforeFirstClose: "active" },
      }),
    );
    const inputs: CloseInput[] = [];
    const results: CloseResult[] = [];
    periods.forEach((rows, i) => {
      const input = closeOf(plan, network, within(rows, network), {
        periodId: `p${i}`,
        carried: results.at(-1)?.carried ?? NOTHING_CARRIED,
      });
      inputs.push(input);
      results.push(closePeriod(input));
    });
    return { bonus, inputs, results };
  });

const anyChain = chainOf(anyBinary);
const keepsAll = (bonus: BinaryBonus): boolean =>
  bonus.remainder === "carry" &&
  !bonus.flushIfInactive &&
  bonus.carryCap === undefined &&
  bonus.expiresAfterPeriods === undefined;
const total = (ages: readonly Float64Array[], no: number): number => ages.reduce((sum, age) => sum + (age[no] as number), 0);

test("volume is used at most once: what was there is used, carried, or lost, at every position and close", () => {
  fc.assert(
    fc.property(anyChain, ({ bonus, inputs, results }) => {
      results.forEach((result, i) => {
        const out = result.binary.pairs;
        const before = inputs[i]?.carried.binary.pairs ?? { left: [], right: [] };
        if (out === undefined) return;
        for (let no = 0; no < out.left.length; no++) {
          for (const [fresh, used, carriedBefore, carriedAfter] of [
            [out.left, out.usedLeft, before.left, out.carry.left],
            [out.right, out.usedRight, before.right, out.carry.right],
          ] as const) {
            const there = (fresh[no] as number) + total(carriedBefore, no);
            const rest = there - (used[no] as number);
            assert.ok((used[no] as number) >= 0 && rest >= 0, "used more than there was");
            assert.ok(total(carriedAfter, no) <= rest, "carried what was used");
            // Nothing takes volume off a side that carries without an end: what is not used is there at the next close.
            if (keepsAll(bonus)) expect(total(carriedAfter, no)).toBe(rest);
            if (bonus.remainder === "flush" && result.facts.active[no] === 1) expect(total(carriedAfter, no)).toBe(0);
            if (bonus.carryCap !== undefined) assert.ok(total(carriedAfter, no) <= 150_000);
          }
        }
      });
    }),
    RUNS,
  );
});
