import { expect, test } from "vitest";
import { computeCommissions } from "./commission.ts";
import { formatAmount } from "./money.ts";
import type { Computation } from "./order-facts.ts";
import { explainCommission, explainDistributor, explainStep } from "./plan/explain.ts";
import { parsePlan } from "./plan/parse.ts";
import type { Plan } from "./plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "./plan/testing.ts";
import type { UnilevelBonus } from "./plan/unilevel.ts";

function unilevel(overrides: Partial<UnilevelBonus>): UnilevelBonus {
  return {
    id: "levels",
    kind: "unilevel",
    snapshot: "order",
    base: "cv",
    rates: { "*": ["0.10", "0.05", "0.03"] },
    levelOne: "owner",
    compression: "none",
    unqualifiedSource: "pay-in-place",
    unqualifiedEarner: "none",
    ...overrides,
  };
}

const paid = (computed: Computation): string[] =>
  computed.entries.map((e) => `${e.earner ?? "company"} L${e.level} ${formatAmount(e.amountMinor, "USD")}`);

test("golden: MLMForge's unilevel guide, CV 200 at 40 % broad pays 4.00 on each of four levels", () => {
  const plan = parsePlan(
    planOf({
      ranks: [rankOf("starter"), rankOf("silver"), rankOf("gold"), rankOf("diamond")],
      bonuses: [
        unilevel({
          baseRate: "0.40",
          rates: {
            starter: ["0.05"],
            silver: ["0.05", "0.05"],
            gold: ["0.05", "0.05", "0.05"],
            diamond: ["0.05", "0.05", "0.05", "0.05", "0.05"],
          },
        }),
      ],
    }),
  );
  const upline = [
    distributorOf("B", { rank: "starter" }),
    distributorOf("A", { rank: "silver" }),
    distributorOf("Sponsor", { rank: "gold" }),
    distributorOf("Top", { rank: "diamond" }),
  ];
  const computed = computeCommissions(orderOf(plan, { lines: [lineOf({ cv: 200_0000n })], upline }));
  expect(paid(computed)).toStrictEqual(["B L1 4.00", "A L2 4.00", "Sponsor L3 4.00", "Top L4 4.00"]);
});

const pv: Record<string, bigint> = { Sam: 500n, Kat: 90n, Robin: 120n, Joseph: 160n, Nia: 110n, Omar: 105n };
const line = ["Omar", "Nia", "Joseph", "Robin", "Kat", "Sam"];

/** What Sam earns on each distributor's own purchase, Global MLM's example. */
function samEarns(plan: Plan): Record<string, string> {
  const earned: Record<string, string> = {};
  for (let i = 0; i < line.length - 1; i++) {
    const upline = line.slice(i).map((id) => distributorOf(id, { periodPv: (pv[id] as bigint) * 10_000n }));
    const computed = computeCommissions(
      orderOf(plan, { buyer: "self", lines: [lineOf({ cv: (pv[line[i] as string] as bigint) * 10_000n })], upline }),
    );
    const own = computed.entries.find((entry) => entry.earner === "Sam");
    if (own) earned[line[i] as string] = formatAmount(own.amountMinor, "USD");
  }
  return earned;
}

test("golden: Global MLM with compression refills levels from below and drops the unqualified source", () => {
  const active = { statuses: ["active"], minimumPv: "100", beforeFirstClose: "inactive" as const };
  const compressed = parsePlan(planOf({ active, bonuses: [unilevel({ compression: "standard", unqualifiedSource: "drop" })] }));
  expect(samEarns(compressed)).toStrictEqual({ Nia: "3.30", Joseph: "8.00", Robin: "12.00" });
  const plain = parsePlan(planOf({ active, bonuses: [unilevel({ compression: "none", unqualifiedSource: "drop" })] }));
  expect(samEarns(plain)).toStrictEqual({ Joseph: "4.80", Robin: "6.00" });
});

test("golden: GoAffPro's two levels, 10 % and 5 % of the order", () => {
  const plan = parsePlan(planOf({ bonuses: [unilevel({ base: "net", rates: { "*": ["0.10", "0.05"] } })] }));
  const computed = computeCommissions(
    orderOf(plan, { lines: [lineOf({ netMinor: 10_000n })], upline: [distributorOf("B"), distributorOf("A")] }),
  );
  expect(paid(computed)).toStrictEqual(["B L1 10.00", "A L2 5.00"]);
});

test("golden: Dub rounds a percentage of whole cents half up", () => {
  for (const [cents, rate, expected] of [
    [1000n, "0.20", 200n],
    [7n, "0.20", 1n],
    [2n, "0.20", 0n],
    [3n, "0.20", 1n],
    [15n, "0.10", 2n],
    [1n, "0.50", 1n],
  ] as const) {
    const plan = planOf({
      bonuses: [
        {
          id: "sale",
          kind: "retail",
          pays: { mode: "percent", base: "net", rates: { "*": rate } },
          ownerMustBeActive: false,
          unqualifiedEarner: "none",
        },
      ],
    });
    const computed = computeCommissions(
      orderOf(parsePlan(plan), { lines: [lineOf({ netMinor: cents })], upline: [distributorOf("A")] }),
    );
    expect(computed.entries[0]?.amountMinor ?? 0n, `${rate} of ${cents}`).toBe(expected);
  }
});

test("retail margin goes to the owner of a customer's order, and an own purchase has none", () => {
  const plan = parsePlan(
    planOf({
      bonuses: [
        { id: "retail", kind: "retail", pays: { mode: "margin" }, ownerMustBeActive: true, unqualifiedEarner: "company" },
      ],
    }),
  );
  const order = orderOf(plan, { lines: [lineOf({ retailMarginMinor: 1500n })], upline: [distributorOf("A")] });
  expect(paid(computeCommissions(order))).toStrictEqual(["A L0 15.00"]);
  expect(paid(computeCommissions({ ...order, buyer: "self" }))).toStrictEqual([]);
  expect(paid(computeCommissions({ ...order, upline: [distributorOf("A", { status: "left" })] }))).toStrictEqual([
    "company L0 15.00",
  ]);
});

const ladder = planOf({
  active: { statuses: ["active"], minimumPv: "100", beforeFirstClose: "active" },
  ranks: [rankOf("bronze", "Bronze"), rankOf("silver", "Silver")],
});
const weak = distributorOf("weak", { rank: "silver", periodPv: 80_0000n });
const low = distributorOf("low", { rank: "bronze", periodPv: 100_0000n });
const good = distributorOf("good", { rank: "silver", periodPv: 100_0000n });
const silverOnly = { bronze: ["0.10"], silver: ["0.10", "0.05"] };

test("an unqualified upline's share goes by the plan's policy: company, next qualified, or nobody", () => {
  const walk = (bonus: Partial<UnilevelBonus>) => {
    const plan = parsePlan({ ...ladder, bonuses: [unilevel({ rates: silverOnly, ...bonus })] });
    return computeCommissions(orderOf(plan, { lines: [lineOf({ cv: 100_0000n })], upline: [weak, low, good] }));
  };
  expect(paid(walk({}))).toStrictEqual([]);
  expect(paid(walk({ unqualifiedEarner: "company" }))).toStrictEqual(["company L1 10.00", "company L2 5.00"]);
  expect(paid(walk({ unqualifiedEarner: "next-qualified" }))).toStrictEqual(["low L1 10.00", "good L2 5.00"]);
  expect(paid(walk({ compression: "standard" }))).toStrictEqual(["low L1 10.00", "good L2 5.00"]);
  expect(paid(walk({ compression: "dynamic" }))).toStrictEqual(["low L1 10.00", "good L2 5.00"]);
});

test("volume of an unqualified source is dropped, paid in place, or rolled up", () => {
  const walk = (unqualifiedSource: UnilevelBonus["unqualifiedSource"]) => {
    const plan = parsePlan({ ...ladder, bonuses: [unilevel({ rates: { "*": ["0.10", "0.05"] }, unqualifiedSource })] });
    return computeCommissions(orderOf(plan, { buyer: "self", lines: [lineOf({ cv: 100_0000n })], upline: [weak, low, good] }));
  };
  expect(paid(walk("drop"))).toStrictEqual([]);
  expect(paid(walk("pay-in-place"))).toStrictEqual(["low L1 10.00", "good L2 5.00"]);
  expect(paid(walk("roll-up"))).toStrictEqual(["good L1 10.00"]);
});

test("every step has its sentence with the numbers", () => {
  const plan = parsePlan({ ...ladder, bonuses: [unilevel({ rates: silverOnly, compression: "dynamic" })] });
  const computed = computeCommissions(orderOf(plan, { lines: [lineOf({ cv: 100_0000n })], upline: [low, weak, low, good] }));
  expect(explainCommission(computed, computed.entries[1] as never).map((step) => step.text)).toStrictEqual([
    "level 1: Bronze earns 10% of 100.00 = 10.00 USD",
    "level 2: Silver needs 100 PV, had 80: 20 PV short; skipped, the level goes to the next",
    "level 2: Bronze is not paid here, Silver is the lowest rank that is; skipped, the level goes to the next",
    "level 2: Silver earns 5% of 100.00 = 5.00 USD",
  ]);
  expect(explainDistributor(computed, "weak").length).toBe(1);
  const none = computeCommissions(orderOf(plan, { lines: [lineOf({ commissionClass: "unknown" })], upline: [low] }));
  expect(explainStep(none.walk[0] as never)).toBe('the commission class "unknown" takes no part in this bonus');
});

test("class rates, class factors, markets and own-purchase policy decide what is paid", () => {
  const plan = parsePlan(
    planOf({
      cvRates: { "*": "1", IN: "60" },
      commissionClasses: [
        { id: "standard", name: "Standard" },
        { id: "half", name: "Half", factors: { cv: "0.5" } },
        { id: "kit", name: "Kit", bonuses: [] },
      ],
      bonuses: [unilevel({ rates: { "*": ["0.10"] }, classRates: { half: { "*": ["0.20"] } } })],
    }),
  );
  const upline = [distributorOf("A"), distributorOf("B")];
  const lines = [
    lineOf({ cv: 100_0000n }),
    lineOf({ lineId: "2", commissionClass: "half", cv: 100_0000n }),
    lineOf({ lineId: "3", commissionClass: "kit", cv: 100_0000n }),
  ];
  expect(paid(computeCommissions(orderOf(plan, { upline, lines })))).toStrictEqual(["A L1 10.00", "A L1 10.00"]);
  expect(paid(computeCommissions(orderOf(plan, { upline, lines, market: "IN", buyer: "self" })))).toStrictEqual([
    "B L1 600.00",
    "B L1 600.00",
  ]);
});

test.each(["half-up", "largest-remainder"] as const)(
  "without an explanation the entries are the same and no step is told: %s",
  (rounding) => {
    const active = { statuses: ["active"], minimumPv: "100", beforeFirstClose: "inactive" as const };
    const bonuses = [unilevel({ compression: "standard", unqualifiedSource: "pay-in-place" })];
    const plan = parsePlan(planOf({ active, rounding, bonuses }));
    const upline = line.map((id) => distributorOf(id, { periodPv: (pv[id] as bigint) * 10_000n }));
    const order = orderOf(plan, { lines: [lineOf({ cv: 200_0000n })], upline });
    const told = computeCommissions(order);
    expect(told.entries).not.toHaveLength(0);
    expect(told.walk).not.toHaveLength(0);
    expect(computeCommissions({ ...order, explain: false })).toStrictEqual({ ...told, walk: [] });
  },
);
