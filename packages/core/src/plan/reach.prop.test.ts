import fc from "fast-check";
import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import type { CommissionInput } from "../order-facts.ts";
import { parsePlan } from "./parse.ts";
import { readableUpline } from "./reach.ts";
import type { Bonus, Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "./testing.ts";

const RANKS = ["bronze", "silver", "gold"];
const rate = fc.constantFrom("0", "0.05", "0.1");
const rates = (most: number) => fc.array(rate, { minLength: 1, maxLength: most });
/** Every rank its own row, so that there are levels at which some ranks have nothing. */
const levelTable = fc.oneof(
  fc.record({ "*": rates(4) }),
  fc.record({ none: rates(2), bronze: rates(2), silver: rates(4), gold: rates(6) }),
);
const oneRate = fc.record({ none: rate, bronze: rate, silver: rate, gold: rate });

const levels = fc.record({
  compression: fc.constantFrom("none" as const, "standard" as const, "dynamic" as const),
  unqualifiedEarner: fc.constantFrom("next-qualified" as const, "company" as const, "none" as const),
  rates: levelTable,
});
const unilevel = fc.record({
  ...{ id: fc.constant("unilevel"), kind: fc.constant("unilevel" as const), snapshot: fc.constant("order" as const) },
  ...{ base: fc.constant("cv" as const), levelOne: fc.constantFrom("owner" as const, "sponsor" as const) },
  unqualifiedSource: fc.constantFrom("drop" as const, "pay-in-place" as const, "roll-up" as const),
  classRates: fc.record({ other: levelTable }, { requiredKeys: [] }),
  stopsAtBreakaway: fc.boolean(),
});
const fastStart = fc.record({
  ...{ id: fc.constant("fast-start"), kind: fc.constant("fast-start" as const), snapshot: fc.constant("order" as const) },
  ...{ base: fc.constant("cv" as const), window: fc.constant({ kind: "first-order" as const }) },
  replaces: fc.subarray(["unilevel"]),
});
const generation = fc.record({
  ...{ id: fc.constant("generation"), kind: fc.constant("generation" as const), snapshot: fc.constant("order" as const) },
  ...{ base: fc.constant("cv" as const), rates: levelTable },
  boundary: fc.record({
    ...{ kind: fc.constant("fixed-rank" as const), rank: fc.constantFrom("silver", "gold") },
    ...{ inactiveLeaderBounds: fc.boolean(), emptyGenerationCounts: fc.boolean() },
  }),
});
const passUp = fc.record({
  ...{ id: fc.constant("pass-up"), kind: fc.constant("pass-up" as const), snapshot: fc.constant("order" as const) },
  ...{ base: fc.constant("cv" as const), rates: oneRate, count: fc.integer({ min: 1, max: 3 }), cascades: fc.boolean() },
});
const infinity = fc.record({
  ...{ id: fc.constant("infinity"), kind: fc.constant("infinity" as const), snapshot: fc.constant("order" as const) },
  ...{ base: fc.constant("cv" as const), rates: oneRate, belowLevel: fc.nat(3) },
  pay: fc.constant({ mode: "differential" as const }),
});

const some = fc
  .tuple(
    fc.tuple(unilevel, levels).map(([bonus, more]) => ({ ...bonus, ...more })),
    fc.tuple(fastStart, levels).map(([bonus, more]) => ({ ...bonus, ...more })),
    generation,
    passUp,
    infinity,
  )
  .chain((all) => fc.subarray([...all, all[0]], { minLength: 1, maxLength: 2 }));

const plan = fc
  .tuple(some, fc.constantFrom("pays-upline" as const, "pays-owner" as const), fc.constantFrom("0", "20"))
  .map(([bonuses, ownPurchase, minimumPv]): Plan => {
    const listed = [...new Set(bonuses)];
    const ids: readonly string[] = listed.map(({ id }) => id);
    return planOf({
      ranks: RANKS.map((id) => rankOf(id)),
      ...{ ownPurchase, breakawayRank: "gold" },
      commissionClasses: ["standard", "other"].map((id) => ({ id, name: id })),
      active: { statuses: ["active"], minimumPv, beforeFirstClose: "active" },
      bonuses: listed.map((bonus) =>
        "replaces" in bonus ? { ...bonus, replaces: bonus.replaces.filter((id) => ids.includes(id)) } : bonus,
      ) as Bonus[],
    });
  });

const upline = fc
  .array(
    fc.record({
      rank: fc.option(fc.constantFrom(...RANKS)),
      status: fc.constantFrom("active", "active", "paused"),
      periodPv: fc.option(fc.bigInt(0n, 40_0000n)),
      enrolmentNumber: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 30, size: "max" },
  )
  .map((people) => people.map((person, no) => distributorOf(`D${no}`, person)));

/** Whatever an order may come to say under its plan. */
function orders(given: Plan, people: CommissionInput["upline"]): CommissionInput[] {
  const line = (commissionClass: string) =>
    lineOf({ lineId: commissionClass, commissionClass, cv: 100_0000n, netMinor: 10_000n });
  const lines = [line("standard"), line("other")];
  return (["customer", "self"] as const).flatMap((buyer) =>
    [true, false].map((firstOrder) => orderOf(given, { buyer, firstOrder, lines, upline: people })),
  );
}

test("property: on as much of an upline as a plan can read everything is computed and told as on all of it", () => {
  let cut = 0;
  fc.assert(
    fc.property(plan, upline, (given, people) => {
      const count = readableUpline(given, people);
      expect(count).toBeGreaterThan(0);
      if (count < people.length) cut++;
      const whole = orders(given, people).map((order) => computeCommissions(order));
      expect(orders(given, people.slice(0, count)).map((order) => computeCommissions(order))).toStrictEqual(whole);
    }),
    { numRuns: 1_000 },
  );
  // It would hold as well if nothing were ever left out.
  expect(cut).toBeGreaterThan(100);
});

const levelPlan = (more: Partial<Extract<Bonus, { kind: "unilevel" }>>, rest: Partial<Plan> = {}): Plan =>
  parsePlan(
    planOf({
      bonuses: [
        {
          ...{ id: "levels", kind: "unilevel", snapshot: "order", base: "cv", rates: { "*": ["0.1", "0.05"] } },
          ...{ levelOne: "owner", compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
          ...more,
        } as Bonus,
      ],
      ...rest,
    }),
  );
const people = (...statuses: string[]) => statuses.map((status, no) => distributorOf(`D${no}`, { status }));

test("two levels read three people, because the buyer may turn out to be the owner; whoever is passed over is one more", () => {
  const six = people("active", "paused", "active", "paused", "active", "active");
  expect(readableUpline(levelPlan({}), six)).toBe(3);
  // For a customer D0 and D2; for the owner's own purchase D2 and D4.
  expect(readableUpline(levelPlan({ compression: "standard" }), six)).toBe(5);
  expect(readableUpline(levelPlan({ compression: "dynamic" }), people("active", "paused", "paused"))).toBe(3);
});

test("a share that goes on to whoever qualifies next, and levels that a condition or a promotion changes, read all of it", () => {
  const six = people("active", "paused", "active", "active", "active", "active");
  expect(readableUpline(levelPlan({ unqualifiedEarner: "next-qualified" }), six)).toBe(6);
  expect(readableUpline(levelPlan({ unqualifiedEarner: "next-qualified" }), people("active", "active", "active", "active"))).toBe(
    3,
  );
  const promotion = {
    ...{ id: "summer", decidedBy: "order-date", from: "2026-06-01", to: "2026-07-01" },
    set: { "bonuses.levels.rates": { "*": ["0.1", "0.05", "0.05"] } },
  };
  expect(readableUpline({ ...levelPlan({}), promotions: [promotion] as unknown as NonNullable<Plan["promotions"]> }, six)).toBe(
    6,
  );
});
