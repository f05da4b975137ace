import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { anyNetwork, anyRows, RANKS, within } from "../plan/arbitrary.ts";
import type { BinaryBonus } from "../plan/binary.ts";
import { parsePlan } from "../plan/parse.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { type CloseInput, NOTHING_CARRIED } from "./input.ts";
import { bitesOf, type Lot, lotsUnder, pairsFedBy, tracePairs } from "./lots.ts";
import { postAdjustments, postedOf, type RefundedRow, refundAfterClose } from "./refund.ts";
import { closeOf } from "./testing.ts";

const RUNS = runs(150);

const anyBinary: fc.Arbitrary<BinaryBonus> = fc.record({
  id: fc.constant("pairs"),
  kind: fc.constant("binary" as const),
  snapshot: fc.constant("close" as const),
  tree: fc.constant("binary"),
  pay: fc.oneof(
    fc.record({ mode: fc.constant("percent" as const), rates: fc.constant({ "*": "0.1" }) }),
    fc.record({ mode: fc.constant("ratio" as const), rates: fc.constant({ "*": "0.1" }) }),
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
  ),
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
      const keyed = within(rows, network).map((row, j) => ({ ...row, key: `p${i}-${String(j).padStart(3, "0")}` }));
      const input = closeOf(plan, network, keyed, { periodId: `p${i}`, carried: results.at(-1)?.carried ?? NOTHING_CARRIED });
      inputs.push(input);
      results.push(closePeriod(input));
    });
    return { bonus, inputs, results };
  });

const anyChain = chainOf(anyBinary);
/** Nothing is lost but by pairing: every lot can be followed. */
const plainChain = chainOf(
  anyBinary.map(
    ({ carryCap: _cap, expiresAfterPeriods: _age, ...bonus }): BinaryBonus => ({
      ...bonus,
      remainder: "carry",
      flushIfInactive: false,
    }),
  ),
);

const total = (ages: readonly Float64Array[], no: number): number => ages.reduce((sum, age) => sum + (age[no] as number), 0);

test("volume is used at most once: what was there is used, carried, or lost, at every position and close", () => {
  fc.assert(
    fc.property(anyChain, ({ bonus, inputs, results }) => {
      results.forEach((result, i) => {
        const out = result.binary.pairs;
        const before = inputs[i]?.carried.binary.pairs ?? { left: [], right: [] };
        if (out === undefined) return;
        for (let no = 0; no < out.left.length; no++) {
          for (const [fresh, used, was, is] of [
            [out.left, out.usedLeft, before.left, out.carry.left],
            [out.right, out.usedRight, before.right, out.carry.right],
          ] as const) {
            const there = (fresh[no] as number) + total(was, no);
            const rest = there - (used[no] as number);
            assert.ok((used[no] as number) >= 0 && rest >= 0, "used more than there was");
            assert.ok(total(is, no) <= rest, "carried what was used");
            if (bonus.remainder === "flush" && result.facts.active[no] === 1) expect(total(is, no)).toBe(0);
            if (bonus.carryCap !== undefined) assert.ok(total(is, no) <= 150_000);
          }
        }
      });
    }),
    RUNS,
  );
});

test("the lots behind the sums: each order's volume feeds pairs up to its quantity and no further", () => {
  fc.assert(
    fc.property(plainChain, ({ bonus, inputs, results }) => {
      for (let no = 0; no < (inputs[0]?.network.count ?? 0); no++) {
        let left: Lot[] = [];
        let right: Lot[] = [];
        inputs.forEach((input, i) => {
          const fresh = lotsUnder(input, bonus, no);
          const out = results[i]?.binary.pairs;
          if (out === undefined) return;
          left = [...left, ...fresh.left];
          right = [...right, ...fresh.right];
          const sum = (lots: readonly Lot[]): number => lots.reduce((all, lot) => all + lot.quantity, 0);
          const used = {
            left: out.usedLeft[no] as number,
            right: out.usedRight[no] as number,
            matched: out.matched[no] as number,
          };
          const trace = tracePairs(left, right, bitesOf(bonus, used, { left: sum(left), right: sum(right) }));
          for (const lot of left) {
            const fed = pairsFedBy(trace, lot.orderKey)
              .filter((use) => use.side === "left")
              .reduce((all, use) => all + use.quantity, 0);
            assert.ok(fed <= lot.quantity);
          }
          expect(sum(trace.leftRest)).toBe(total(out.carry.left, no));
          expect(sum(trace.rightRest)).toBe(total(out.carry.right, no));
          left = [...trace.leftRest];
          right = [...trace.rightRest];
        });
      }
    }),
    RUNS,
  );
});

test("refunds after the close, in any split and order, end where a full recompute ends", () => {
  const share = fc.record({
    closeNo: fc.nat(2),
    row: fc.nat(30),
    parts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(
      anyChain,
      fc.array(share, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("as-paid" as const, "judged-anew" as const),
      ({ inputs, results }, wanted, ranks) => {
        const real = wanted.flatMap((one) => {
          const rows = inputs[one.closeNo]?.orders.owner.length ?? 0;
          return rows === 0 ? [] : [{ ...one, row: one.row % rows }];
        });
        const steps = real.flatMap((one) => one.parts.map((part) => ({ closeNo: one.closeNo, row: one.row, part })));
        let posted = postedOf(results);
        const soFar = new Map<string, RefundedRow>();
        for (const step of steps) {
          const key = `${step.closeNo} ${step.row}`;
          const before = soFar.get(key)?.refunded.num ?? 0n;
          const num = before + BigInt(step.part) > 100n ? 100n : before + BigInt(step.part);
          soFar.set(key, { closeNo: step.closeNo, row: step.row, refunded: { num, den: 100n } });
          const outcome = refundAfterClose({
            policy: "reverse-delta",
            chain: inputs,
            refunds: [...soFar.values()],
            posted,
            ranks,
          });
          posted = postAdjustments(posted, outcome.adjustments);
        }
        const atOnce = refundAfterClose({
          policy: "reverse-delta",
          chain: inputs,
          refunds: [...soFar.values()],
          posted: postedOf(results),
          ranks,
        });
        expect(posted).toStrictEqual(postAdjustments(postedOf(results), atOnce.adjustments));
        expect(
          refundAfterClose({ policy: "reverse-delta", chain: inputs, refunds: [...soFar.values()], posted, ranks }).adjustments,
        ).toStrictEqual([]);
      },
    ),
    runs(40),
  );
});

test("a full refund of everything takes everything back", () => {
  fc.assert(
    fc.property(anyChain, ({ inputs, results }) => {
      const refunds = inputs.flatMap((input, closeNo) =>
        Array.from(input.orders.owner, (_, row) => ({ closeNo, row, refunded: { num: 1n, den: 1n } })),
      );
      const outcome = refundAfterClose({
        policy: "reverse-delta",
        chain: inputs,
        refunds,
        posted: postedOf(results),
        ranks: "as-paid",
      });
      const left = postAdjustments(postedOf(results), outcome.adjustments);
      for (const amounts of Object.values(left)) assert.ok(amounts.every((amount) => amount === 0));
      const written = refundAfterClose({
        policy: "write-off",
        chain: inputs,
        refunds,
        posted: postedOf(results),
        ranks: "as-paid",
      });
      expect(written.adjustments.length).toBe(0);
      expect(written.foregoneMinor).toBe(
        Object.values(postedOf(results)).reduce((sum, amounts) => sum + amounts.reduce((all, one) => all + one, 0), 0),
      );
    }),
    runs(40),
  );
});

test("volume only next period: negative rows whose parts sum to the row", () => {
  fc.assert(
    fc.property(
      anyChain,
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      ({ inputs, results }, parts) => {
        const cv = inputs[0]?.orders.cv[0];
        fc.pre(cv !== undefined);
        const posted = postedOf(results);
        let sent: RefundedRow[] = [];
        let taken = 0;
        let num = 0n;
        for (const part of [...parts, 100]) {
          num = num + BigInt(part) > 100n ? 100n : num + BigInt(part);
          const refunds = [{ closeNo: 0, row: 0, refunded: { num, den: 100n } }];
          const outcome = refundAfterClose({
            policy: "volume-only-next-period",
            chain: inputs,
            refunds,
            posted,
            ranks: "as-paid",
            alreadySent: sent,
          });
          taken += outcome.nextRows[0]?.cv ?? 0;
          sent = refunds;
        }
        expect(taken + 0).toBe(0 - (cv ?? 0));
      },
    ),
    RUNS,
  );
});
