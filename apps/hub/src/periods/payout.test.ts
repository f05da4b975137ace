import type { Plan } from "@upline/core";
import { parsePlan } from "@upline/core";
import { expect, test } from "vitest";
import { STAIRS, testPlan } from "../testing/periods.ts";
import { payoutOf, percentText } from "./payout.ts";

/** What a run pays against what is proven of its plan: each figure worked out on paper. */

const plan = (overrides: Partial<Plan> = {}) => parsePlan(testPlan(overrides));
const totals = (cvMinor: number, paid: Record<string, readonly [minor: number, payees: number]>, netMinor?: number) => ({
  cvMinor: String(cvMinor),
  ...(netMinor === undefined ? {} : { netMinor: String(netMinor) }),
  bonuses: Object.entries(paid).map(([bonus, [minor, payees]]) => ({ bonus, paidMinor: String(minor), payees })),
});

test("a stair-step may pay its highest percentage, and what orders pay at their own time is no part of it", () => {
  // 15 % of 1,000.00 are 150.00; the levels' 10 % and 5 % are paid by orders.
  expect(payoutOf(plan(), totals(1_000_00, { stairs: [120_00, 3] }, 990_00))).toStrictEqual({
    ...{ boundedMinor: 120_00n, fixedMinor: 0n, atMostMinor: 150_00n, state: "within" },
    shares: { bounded: "12.00", fixed: "0.00", atMost: "15.00" },
    ...{ ofCv: { num: 3n, den: 20n }, ofNet: { num: 0n, den: 1n }, open: [], fixedBonuses: [] },
  });
});

test("a minor unit for each who is paid may come of rounding; more does not", () => {
  // 15 % of 1,003.83 are 150.5745.
  const state = (minor: number, payees: number) => payoutOf(plan(), totals(1_003_83, { stairs: [minor, payees] }))?.state;
  expect(payoutOf(plan(), totals(1_003_83, { stairs: [150_58, 5] }))).toMatchObject({
    ...{ atMostMinor: 150_57n, state: "rounding", shares: { bounded: "15.00", atMost: "15.00" } },
  });
  expect([state(150_57, 5), state(150_62, 5), state(150_63, 5), state(150_63, 6)]).toStrictEqual([
    "within",
    "rounding",
    "above",
    "rounding",
  ]);
  // The limit itself is within, to the last part of a unit.
  expect(payoutOf(plan(), totals(1_000_00, { stairs: [150_00, 1] }))?.state).toBe("within");
});

test("goods that came back make the CV small, also nothing and less", () => {
  expect(payoutOf(plan(), totals(0, { stairs: [1_00, 1] }))).toMatchObject({ atMostMinor: 0n, shares: null, state: "above" });
  expect(payoutOf(plan(), totals(-100_00, { stairs: [-20_00, 1] }))).toMatchObject({ atMostMinor: -15_00n, state: "within" });
});

test("fixed amounts stand beside the bound, and so does what matches them", () => {
  const advancement = {
    ...{ id: "rise", kind: "rank-advancement", snapshot: "close", amounts: { gold: { USD: "500" } }, paysSkippedRanks: true },
  } as unknown as Plan["bonuses"][number];
  const found = payoutOf(plan({ bonuses: [STAIRS, advancement] }), totals(1_000_00, { stairs: [100_00, 2], rise: [500_00, 1] }));
  expect(found).toMatchObject({
    ...{ boundedMinor: 100_00n, fixedMinor: 500_00n, state: "within", fixedBonuses: ["rise"] },
    shares: { bounded: "10.00", fixed: "50.00", atMost: "15.00" },
  });
});

test("a match on both is not told apart: neither what it pays nor its share counts", () => {
  const rise = {
    ...{ id: "rise", kind: "rank-advancement", snapshot: "close", amounts: { gold: { USD: "500" } }, paysSkippedRanks: true },
  } as unknown as Plan["bonuses"][number];
  const match = {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["stairs", "rise"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": ["0.5"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
  } as unknown as Plan["bonuses"][number];
  const paid = { stairs: [151_00, 3], rise: [500_00, 1], match: [300_00, 2] } as const;
  expect(payoutOf(plan({ bonuses: [STAIRS, rise, match] }), totals(1_000_00, paid))).toMatchObject({
    ...{ boundedMinor: 151_00n, fixedMinor: 800_00n, atMostMinor: 150_00n, state: "above", fixedBonuses: ["rise", "match"] },
  });
});

test("a share of net needs the run's net, which earlier versions did not keep", () => {
  const onNet = {
    ...{ id: "onnet", kind: "unilevel", snapshot: "close", base: "net", rates: { "*": ["0.02"] }, levelOne: "owner" },
    ...{ compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
  } as Plan["bonuses"][number];
  const both = plan({ bonuses: [STAIRS, onNet] });
  const paid = { stairs: [150_00, 1], onnet: [24_01, 1] } as const;
  // 15 % of 1,000.00 and 2 % of 1,200.50: 150.00 + 24.01.
  expect(payoutOf(both, totals(1_000_00, paid, 1_200_50))).toMatchObject({
    ...{ atMostMinor: 174_01n, state: "within", ofNet: { num: 1n, den: 50n } },
    shares: { bounded: "17.40", atMost: "17.41" },
  });
  expect(payoutOf(both, totals(1_000_00, { ...paid, onnet: [26_02, 1] }, 1_200_50))?.state).toBe("above");
  expect(payoutOf(both, totals(1_000_00, paid))).toMatchObject({ atMostMinor: null, state: "no-net" });
});

test("a bonus without a bound leaves the run without one, and says why", () => {
  const onQv = { ...STAIRS, id: "onqv", base: { of: "qv" } } as Plan["bonuses"][number];
  const found = payoutOf(plan({ bonuses: [STAIRS, onQv] }), totals(1_000_00, { stairs: [100_00, 2], onqv: [50_00, 2] }));
  expect(found).toMatchObject({ atMostMinor: null, state: "unproven", ofCv: null, shares: { bounded: "15.00", atMost: null } });
  expect(found?.open).toStrictEqual([{ because: "qv", bonusId: "onqv", why: "it is a share of QV, which is no share of CV" }]);
});

test("what cannot be read is nothing, and per cents never understate a bound", () => {
  expect([payoutOf(plan(), {}), payoutOf(plan(), null)]).toStrictEqual([null, null]);
  expect([
    percentText({ num: 3n, den: 20n }),
    percentText({ num: 1n, den: 6n }),
    percentText({ num: 0n, den: 1n }),
  ]).toStrictEqual(["15", "16.6667", "0"]);
});
