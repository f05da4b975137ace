import { runs, tellCount } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GoldenOrder } from "../golden/case.ts";
import { buildNetwork } from "../golden/network.ts";
import { playPeriods } from "../golden/play.ts";
import { compareRatio, currencyExponent, parseAmount, parseDecimal, type Ratio } from "../money.ts";
import { payoutCeiling } from "./ceiling.ts";
import { parsePlan } from "./parse.ts";
import type { Bonus, Plan } from "./schema.ts";
import { planOf } from "./testing.ts";

/** Plans of everything that once paid more than their ceiling, on sales of every class, market, buyer and window. */

const share = fc.constantFrom("0", "0.05", "0.10", "0.25", "0.40");
const rates = fc.array(share, { minLength: 1, maxLength: 3 }).map((row) => ({ "*": row }));
const base = fc.constantFrom("cv" as const, "net" as const);
/** Also with deductions, and in part while a fast start runs. */
const anyBase = fc.oneof(
  base,
  fc.record({
    of: base,
    less: fc.constantFrom(undefined, ["fast"], ["faster", "fast"]),
    partOf: fc.constantFrom(undefined, { window: "fast", share: "0.30" }, { window: "faster", share: "0" }),
  }),
);
const appliesTo = fc.option(
  fc.record({
    classes: fc.constantFrom(["a"], ["b"], ["a", "b"]),
    markets: fc.constantFrom(undefined, ["DE"], ["US"]),
    buyers: fc.constantFrom(undefined, ["customer"], ["self"]),
    orders: fc.constantFrom(undefined, "subscription", "others"),
  }),
  { nil: undefined },
);
const passing = {
  compression: fc.constantFrom("none", "standard", "dynamic"),
  unqualifiedEarner: fc.constantFrom("next-qualified", "company", "none"),
};
const levels = (id: string) =>
  fc.record({
    ...passing,
    ...{ base: anyBase, rates, appliesTo },
    id: fc.constant(id),
    kind: fc.constant("unilevel"),
    snapshot: fc.constantFrom("order", "close"),
    levelOne: fc.constantFrom("owner", "sponsor"),
    unqualifiedSource: fc.constantFrom("drop", "pay-in-place", "roll-up"),
  });
const matrix = fc.record({
  ...passing,
  ...{ base: anyBase, rates, appliesTo },
  id: fc.constant("matrix"),
  kind: fc.constant("matrix"),
  snapshot: fc.constantFrom("order", "close"),
  tree: fc.constant("m"),
  width: fc.constant(2),
  depth: fc.constant(3),
  unqualifiedSource: fc.constant("pay-in-place"),
  completion: fc.constantFrom(undefined, "5.00"),
});
const pool = fc.record({
  ...{ appliesTo },
  id: fc.constant("pool"),
  kind: fc.constant("pool"),
  snapshot: fc.constant("close"),
  size: fc.record({ by: fc.constant("share"), share, of: fc.constantFrom(undefined, "cv", "net") }),
  units: fc.constant([
    { by: "rank", units: { "*": 1 } },
    { by: "volume", volume: "pv" },
  ]),
  withoutQualifiers: fc.constant("company"),
  ...{ shareCap: fc.constant({ share: "0.30" }), cutGoesTo: fc.constantFrom("others", "company") },
});
const fastStart = (id: string) =>
  fc.record({
    ...passing,
    ...{ base, rates, appliesTo },
    id: fc.constant(id),
    kind: fc.constant("fast-start"),
    snapshot: fc.constant("order"),
    window: fc.constantFrom(
      { kind: "first-order" },
      { kind: "days-after-enrolment", days: 30 },
      { kind: "days-after-enrolment", days: 200 },
    ),
    replaces: fc.subarray(["one", "two", "matrix", "pool"]),
  });
const match = fc.record({
  id: fc.constant("match"),
  kind: fc.constant("matching"),
  snapshot: fc.constant("close"),
  of: fc.subarray(["one", "two", "matrix", "pool", "fast"], { minLength: 1 }),
  amounts: fc.constant("before-caps"),
  cascade: fc.boolean(),
  rates,
  by: fc.record({ kind: fc.constant("level"), compression: passing.compression }),
  who: fc.constant("everyone"),
});
const cap = fc.record({
  kind: fc.constant("company"),
  bonuses: fc.option(fc.subarray(["one", "two", "matrix", "pool", "match"], { minLength: 1 }), { nil: undefined }),
  atMost: fc.record({ by: fc.constant("share"), share: fc.constantFrom("0", "0.1", "0.3") }),
  enforcement: fc.constantFrom("pro-rata", "priority", "hard-stop"),
});

const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    bonuses: fc.tuple(levels("one"), levels("two"), matrix, pool, fastStart("fast"), fastStart("faster"), match),
    caps: fc.array(cap, { maxLength: 2 }),
    rounding: fc.constantFrom("half-up" as const, "half-even" as const, "down" as const, "largest-remainder" as const),
    ownPurchase: fc.constantFrom("pays-upline" as const, "pays-owner" as const, "pays-nobody" as const),
    factor: fc.constantFrom("1", "0.5"),
    cvRate: fc.constantFrom("1", "1.37"),
  })
  .map(({ bonuses, caps, rounding, ownPurchase, factor, cvRate }) =>
    planOrNull(
      JSON.parse(
        JSON.stringify(
          planOf({
            ...{ rounding, ownPurchase },
            cvRates: { "*": "1", DE: cvRate },
            commissionClasses: [
              { id: "a", name: "A" },
              { id: "b", name: "B", factors: { cv: factor } },
            ],
            bonuses: bonuses as unknown as Bonus[],
            ...(caps.length === 0 ? {} : { caps: caps as unknown as NonNullable<Plan["caps"]> }),
          }),
        ),
      ),
    ),
  )
  .filter((plan) => plan !== null);

/** A fast start that replaces what should count in part is refused, and so are deductions under some roundings. */
function planOrNull(document: unknown): Plan | null {
  try {
    return parsePlan(document);
  } catch {
    return null;
  }
}

const cents = (most: number) => fc.integer({ min: 0, max: most }).map((value) => (value / 100).toFixed(2));
const anyOrders: fc.Arbitrary<GoldenOrder[]> = fc.array(
  fc.record({
    owner: fc.constantFrom("T", "A", "B", "C", "D"),
    self: fc.boolean(),
    subscription: fc.boolean(),
    first: fc.boolean(),
    class: fc.constantFrom("a", "b"),
    market: fc.constantFrom("DE", "US", "FR"),
    placedAt: fc.constantFrom("2026-01-15T00:00:00Z", "2026-04-01T00:00:00Z", "2026-12-01T00:00:00Z"),
    pv: fc.constant("1"),
    cv: cents(20_000),
    net: cents(20_000),
  }),
  { maxLength: 8 },
);

const place = (parent: string | null, leg: number) => ({ m: { parent, leg } });
const network = buildNetwork(
  [
    { id: "T", sponsor: null, places: place(null, 0) },
    { id: "A", sponsor: "T", places: place("T", 0) },
    { id: "B", sponsor: "A", places: place("A", 0) },
    { id: "C", sponsor: "B", places: place("A", 1), status: "left" },
    { id: "D", sponsor: "C", places: place("B", 0) },
  ],
  undefined,
);

/** Plans for which a bound is claimed. */
const provenPlan = anyPlan
  .map((plan) => ({ plan, ...payoutCeiling(plan) }))
  .filter((found): found is typeof found & { ofCv: Ratio; ofNet: Ratio } => found.ofCv !== null && found.ofNet !== null);

test("no plan pays more than the ceiling it claims, whatever is sold", () => {
  let proven = 0;
  fc.assert(
    fc.property(provenPlan, anyOrders, ({ plan, ofCv, ofNet }, orders) => {
      proven++;
      const { amounts } = playPeriods(plan, "USD", network, [{ id: "p", orders }]);
      const counted = amounts.filter((amount) => amount.to !== null || plan.caps === undefined);
      const paid = counted.reduce((sum, playedAmount) => sum + playedAmount.amountMinor, 0n);
      const halves = plan.rounding === "down" ? 0n : BigInt(amounts.length);
      const worth = worthOf(plan, orders);
      // All over one denominator: 2 × paid ≤ 2 × (share of CV + share of net) + halves.
      const den = ofCv.den * ofNet.den * worth.den;
      const limit = 2n * worth.cv * ofCv.num * ofNet.den + 2n * worth.net * worth.den * ofNet.num * ofCv.den + halves * den;
      expect(2n * paid * den <= limit, `paid ${paid} at ${ofCv.num}/${ofCv.den} of CV, ${ofNet.num}/${ofNet.den} of net`).toBe(
        true,
      );
    }),
    // Ten times as often, as a soak tries it, these are 20,000 plans.
    runs(2000),
  );
  tellCount("plans with a proven ceiling that paid no more", proven);
  expect(proven).toBeGreaterThan(0);
});

test("nor does what is paid at the close come to more than the ceiling of these bonuses alone", () => {
  let [proven, smaller] = [0, 0];
  fc.assert(
    fc.property(anyPlan, anyOrders, (plan, orders) => {
      // A matrix that may also pay fixed amounts cannot be told from these.
      const atClose = new Set(
        plan.bonuses.flatMap((bonus) => (bonus.snapshot === "close" && bonus.id !== "matrix" ? [bonus.id] : [])),
      );
      const { ofCv, ofNet, bonuses } = payoutCeiling(plan, (id) => atClose.has(id));
      expect(bonuses.filter(({ bonusId }) => !atClose.has(bonusId))).toStrictEqual([]);
      if (ofCv === null || ofNet === null || bonuses.some(({ of }) => of === "fixed")) return;
      proven++;
      const whole = payoutCeiling(plan).ofCv;
      if (whole !== null && compareRatio(ofCv, whole) < 0) smaller++;
      const { amounts } = playPeriods(plan, "USD", network, [{ id: "p", orders }]);
      const counted = amounts.filter(({ bonus, to }) => atClose.has(bonus) && (to !== null || plan.caps === undefined));
      const paid = counted.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      const halves = plan.rounding === "down" ? 0n : BigInt(amounts.length);
      const worth = worthOf(plan, orders);
      const den = ofCv.den * ofNet.den * worth.den;
      const limit = 2n * worth.cv * ofCv.num * ofNet.den + 2n * worth.net * worth.den * ofNet.num * ofCv.den + halves * den;
      expect(2n * paid * den <= limit, `paid ${paid} at ${ofCv.num}/${ofCv.den} of CV, ${ofNet.num}/${ofNet.den} of net`).toBe(
        true,
      );
    }),
    runs(1000),
  );
  tellCount("plans with a smaller ceiling of their close", smaller);
  expect([proven > 0, smaller > 0]).toStrictEqual([true, true]);
});

/** CV in minor units over `den`, and net in minor units. */
function worthOf(plan: Plan, orders: readonly GoldenOrder[]): { cv: bigint; net: bigint; den: bigint } {
  const den = 10n ** 8n;
  const scale = 10n ** BigInt(currencyExponent("USD"));
  let [cv, net] = [0n, 0n];
  for (const order of orders) {
    const parts = [
      parseDecimal(order.cv ?? "0"),
      parseDecimal(plan.cvRates[order.market ?? ""] ?? plan.cvRates["*"] ?? "0"),
      parseDecimal(plan.commissionClasses.find((commissionClass) => commissionClass.id === order.class)?.factors?.cv ?? "1"),
    ];
    const whole = parts.reduce((all, part) => ({ num: all.num * part.num, den: all.den * part.den }), { num: scale, den: 1n });
    cv += (whole.num * den) / whole.den;
    net += parseAmount(order.net ?? "0", "USD");
  }
  return { cv, net, den };
}

const golden = (bonuses: unknown[], caps?: unknown): Plan =>
  parsePlan(
    planOf({
      commissionClasses: [
        { id: "a", name: "A" },
        { id: "b", name: "B" },
      ],
      bonuses: bonuses as Bonus[],
      ...(caps === undefined ? {} : { caps: caps as NonNullable<Plan["caps"]> }),
    }),
  );
const level = (id: string, more: object) => ({
  ...{ id, kind: "unilevel", snapshot: "close", base: "cv", levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none", rates: { "*": ["0.10"] } },
  ...more,
});

test("a match on pay on CV and on net has a share of each", () => {
  const half = {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["levels", "onnet"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": ["0.5"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
  };
  const { ofCv, ofNet } = payoutCeiling(golden([level("levels", {}), level("onnet", { base: "net" }), half]));
  expect([ofCv, ofNet]).toStrictEqual([
    { num: 3n, den: 20n },
    { num: 3n, den: 20n },
  ]);
});

test("a company cap bounds what it covers in all: the worst mix of sales uses it up and pays the rest besides", () => {
  const plan = golden(
    [
      level("levels", { rates: { "*": ["0.40", "0.40"] }, appliesTo: { classes: ["a"] } }),
      level("other", { rates: { "*": ["0.35"] }, appliesTo: { classes: ["b"] } }),
    ],
    [{ kind: "company", bonuses: ["levels"], atMost: { by: "share", share: "0.40" }, enforcement: "pro-rata" }],
  );
  // Half of the CV in class a pays 40 % of all, half in class b 17.5 %.
  expect(payoutCeiling(plan).ofCv).toStrictEqual({ num: 23n, den: 40n });
});

test("a cap of the close does not bound what a matrix pays at order time, though its completion is paid at the close", () => {
  const order = {
    ...{ id: "matrix", kind: "matrix", snapshot: "order", base: "cv", tree: "m", width: 2, depth: 1, compression: "none" },
    ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none", rates: { "*": ["0.5"] }, completion: "10" },
  };
  const capped = golden([order], [{ kind: "company", atMost: { by: "share", share: "0.1" }, enforcement: "pro-rata" }]);
  expect(payoutCeiling(capped).ofCv).toStrictEqual({ num: 1n, den: 2n });
  expect(payoutCeiling(capped).bonuses.map((bonus) => bonus.of)).toStrictEqual(["cv", "fixed"]);
});

test("of some bonuses alone the ceiling is theirs, and a match still counts what it matches", () => {
  const half = {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["levels"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": ["0.5"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
  };
  const plan = golden([level("levels", { snapshot: "order" }), level("onnet", { base: "net" }), half]);
  // Half of 10 % at order time; 10 % of net.
  expect(payoutCeiling(plan, (id) => id !== "levels")).toMatchObject({
    ofCv: { num: 1n, den: 20n },
    ofNet: { num: 1n, den: 10n },
  });
  expect(payoutCeiling(plan, (id) => id === "levels")).toMatchObject({
    ofCv: { num: 1n, den: 10n },
    ofNet: { num: 0n, den: 1n },
  });
});

test("why a bonus has no bound is said before any language too", () => {
  const plan = golden([
    level("pairs", { base: { of: "qv" } }),
    {
      ...{ id: "match", kind: "matching", snapshot: "close", of: ["pairs"], amounts: "before-caps", cascade: false },
      ...{ rates: { "*": ["0.5"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
    },
  ]);
  expect(payoutCeiling(plan).bonuses.map(({ share, open }) => [share, open])).toStrictEqual([
    [null, { because: "qv" }],
    [null, { because: "matched", bonus: "pairs" }],
  ]);
});

test("fast starts with different windows are not always open together", () => {
  const fast = (id: string, days: number, replaces: string[]) => ({
    ...{ id, kind: "fast-start", snapshot: "order", window: { kind: "days-after-enrolment", days }, base: "cv", replaces },
    ...{ rates: { "*": ["0.20"] }, compression: "none", unqualifiedEarner: "none" },
  });
  const plan = golden([fast("short", 30, ["levels"]), fast("long", 90, []), level("levels", { rates: { "*": ["0.30"] } })]);
  // After 30 days the levels are paid again, and the long fast start still is.
  expect(payoutCeiling(plan).ofCv).toStrictEqual({ num: 1n, den: 2n });
});
