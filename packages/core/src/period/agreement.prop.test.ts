import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { anyNetwork, differential, generation, infinity, RANKS, unilevel } from "../plan/arbitrary.ts";
import { payoutCeiling } from "../plan/ceiling.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { closeOf } from "./testing.ts";

/** Of one order, order time and close are two ways to the same amounts: bigint entries, and typed arrays. */
const families = fc.oneof(unilevel, differential, generation, infinity) as fc.Arbitrary<Bonus>;

const trees = { enroller: { is: "enrolment" }, binary: { is: "placement" } } as const;

const planWith = (bonus: Bonus, snapshot: "order" | "close", rounding: Plan["rounding"]): Plan =>
  parsePlan(
    planOf({
      ...("tree" in bonus && bonus.tree !== undefined ? { trees, rankTree: bonus.tree } : {}),
      ...{ rounding, breakawayRank: "gold", ranks: RANKS.map((id) => rankOf(id)) },
      bonuses: [{ ...bonus, snapshot } as Bonus],
    }),
  );

function uplineOf(above: Int32Array, from: number): number[] {
  const line = [from];
  for (let up = above[from] as number; up >= 0; up = above[up] as number) line.push(up);
  return line;
}

test("order time and close agree on a single order, and stay below the ceiling", () => {
  fc.assert(
    fc.property(
      families,
      anyNetwork,
      fc.nat(100),
      fc.integer({ min: 1, max: 900_000 }),
      fc.boolean(),
      fc.constantFrom("half-up" as const, "largest-remainder" as const),
      fc.constantFrom(undefined, "enroller", "binary"),
      (family, network, at, volume, self, rounding, tree) => {
        const bonus = tree === undefined ? family : ({ ...family, tree } as Bonus);
        fc.pre(bonus.kind !== "differential" || bonus.percentage.by === "rank");
        const owner = at % network.count;
        const closed = closePeriod(closeOf(planWith(bonus, "close", rounding), network, [{ owner, volume, self }])).bonuses[0];
        const people = (above: Int32Array) =>
          uplineOf(above, owner).map((no) =>
            distributorOf(network.ids?.[no] ?? "", {
              status: network.earning[no] === 1 ? "active" : "left",
              rank: RANKS[network.directives.find((directive) => directive.no === no)?.rankNo ?? -1] ?? null,
            }),
          );
        const upline = people(network.sponsor);
        const placements = { binary: people(network.placements.binary?.parent ?? network.sponsor) };
        const plan = planWith(bonus, "order", rounding);
        const computed = computeCommissions(
          orderOf(plan, { buyer: self ? "self" : "customer", upline, placements, lines: [lineOf({ cv: BigInt(volume) })] }),
        );
        const byEarner = new Float64Array(network.count);
        let breakage = 0;
        for (const { earner, amountMinor } of computed.entries) {
          if (earner === null) breakage += Number(amountMinor);
          else {
            const no = network.ids?.indexOf(earner) ?? -1;
            byEarner[no] = (byEarner[no] as number) + Number(amountMinor);
          }
        }
        expect([...byEarner]).toStrictEqual([...(closed?.amounts ?? [])]);
        expect(breakage).toBe(closed?.breakageMinor);
        expect(new Set(computed.entries.map((entry) => entry.entryKey)).size).toBe(computed.entries.length);
        const { ofCv } = payoutCeiling(plan);
        const paid = byEarner.reduce((sum, amount) => sum + amount, breakage);
        if (ofCv !== null)
          assert.ok(paid <= (volume / 100) * (Number(ofCv.num) / Number(ofCv.den)) + computed.entries.length / 2 + 1e-6);
      },
    ),
    runs(200),
  );
});
