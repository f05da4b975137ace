import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { diffPlans } from "./diff.ts";
import { blendedPayout, exchangeOf, payoutAt, RateTable } from "./exchange.ts";
import { explainStep } from "./explain.ts";
import { lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import type { Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

const currency = {
  ...{ plan: "USD", orders: { mode: "pegged", rates: { EUR: "1.27151" } }, rounds: "each-step" },
  payout: { mode: "pegged", rates: { EUR: "1/1.33333" } },
};
const retail = (percent: number): object => ({
  ...{ id: "fee", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": (percent / 100).toFixed(2) } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
});
const planWith = (more: object, bonus: object = retail(15)): Plan =>
  parsePlan(planOf({ currency: { ...currency, ...more }, bonuses: [bonus] } as unknown as Partial<Plan>));

const DECIMALS: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };
const halfUp = (num: bigint, den: bigint): bigint => (2n * num + den) / (2n * den);

test("an amount is the share of the converted net, rounded at each step or once, in currencies of any minor unit", () => {
  let differ = 0;
  const code = fc.constantFrom(...Object.keys(DECIMALS));
  const kinds = fc.record({ from: code, to: code, rounds: fc.constantFrom("each-step", "once") });
  fc.assert(
    fc.property(
      kinds,
      fc.integer({ min: 1, max: 99_999 }),
      fc.integer({ min: 1, max: 3_000_000 }),
      fc.integer({ min: 1, max: 100 }),
      (kind, net, millionths, percent) => {
        fc.pre(kind.from !== kind.to);
        const plan = planWith(
          { plan: kind.to, orders: { mode: "dated" }, rounds: kind.rounds, payout: undefined },
          retail(percent),
        );
        const rate = (millionths / 1_000_000).toFixed(6);
        const order = orderOf(plan, {
          ...{ currency: kind.from, exchangeRate: rate, upline: [distributorOf("A")] },
          lines: [lineOf({ netMinor: BigInt(net) })],
        });
        const num = BigInt(net) * BigInt(millionths) * 10n ** BigInt(DECIMALS[kind.to] ?? 0);
        const den = 1_000_000n * 10n ** BigInt(DECIMALS[kind.from] ?? 0);
        const steps = halfUp(halfUp(num, den) * BigInt(percent), 100n);
        const once = halfUp(num * BigInt(percent), den * 100n);
        if (steps !== once) differ++;
        const [entry] = computeCommissions(order).entries;
        expect(entry?.amountMinor ?? 0n).toBe(kind.rounds === "once" ? once : steps);
      },
    ),
    runs(2_000),
  );
  expect(differ).toBeGreaterThan(20);
});

test("a payout at blended rates is the home volume at the home rate and the rest at the weighted mean of the others", () => {
  const rate = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.tuple(fc.nat(5_000), fc.nat(5_000), fc.nat(5_000)),
      fc.tuple(rate, rate, rate),
      (amount, [h, x, y], [rh, rx, ry]) => {
        const text = (of: number): string => (of / 100).toFixed(2);
        const homes = { h: { currency: "EUR", rates: { h: text(rh), x: text(rx), y: text(ry) } } };
        const plan = planWith({ payout: { mode: "blended", othersAbove: "0.5", homes } });
        const volumes = { h: BigInt(h) * 10_000n, x: BigInt(x) * 10_000n, y: BigInt(y) * 10_000n };
        const blends = x + y > h;
        const atHome = blends ? Math.min(amount, h * 100) : amount;
        // Cents times hundredths of rates; the mean has the others' volume below it.
        const others = BigInt(x + y === 0 ? 1 : x + y);
        const num = BigInt(atHome * rh) * others + BigInt(amount - atHome) * BigInt(x * rx + y * ry);
        const paid = blendedPayout(plan, { amountMinor: BigInt(amount), home: "h", volumes });
        expect(paid).toStrictEqual({ minor: halfUp(num, 100n * others), currency: "EUR" });
      },
    ),
    runs(1_000),
  );
});

test("rates are found by date, the last one entered of a day counts, and none is inverted", () => {
  const table = new RateTable([
    { from: "EUR", to: "USD", validFrom: 20, rate: "1.2" },
    { from: "EUR", to: "USD", validFrom: 10, rate: "1.1" },
    { from: "EUR", to: "USD", validFrom: 10, rate: "1.15" },
  ]);
  const found = (at: number) => table.find({ from: "EUR", to: "USD", at })?.rate ?? null;
  expect([9, 10, 19, 20].map(found)).toStrictEqual([null, "1.15", "1.15", "1.2"]);
  expect(table.find({ from: "USD", to: "EUR", at: 99 })).toBeNull();
  const plan = planWith({ orders: { mode: "dated" }, payout: { mode: "dated" } });
  expect(exchangeOf(plan, { currency: "EUR", at: 9 }, table)).toStrictEqual({ kind: "missing", from: "EUR", to: "USD" });
  expect(payoutAt(plan, { amountMinor: 458n, currency: "EUR", at: 99 }, table)).toBeNull();
  expect(payoutAt(planWith({}), { amountMinor: 458n, currency: "EUR", at: 0 }, table)).toBe(344n);
});

test("an explanation shows the conversion, and an order without a rate is never computed", () => {
  const order = orderOf(planWith({}), { currency: "EUR", lines: [lineOf({ netMinor: 2_400n })], upline: [distributorOf("A")] });
  expect(computeCommissions({ ...order, exchangeRate: "1.27151" }).walk.map(explainStep)).toStrictEqual([
    "24.00 EUR are 30.52 USD at 1.27151",
    "no rank earns 15% of 30.52 = 4.58 USD",
  ]);
  expect(() => computeCommissions(order)).toThrow("order o1 is in EUR, its plan in USD, and there is no rate");
  expect(computeCommissions({ ...order, currency: "USD" }).walk.map(explainStep)).toStrictEqual([
    "no rank earns 15% of 24.00 = 3.60 USD",
  ]);
});

test("a currency that cannot be is refused, and amounts that a plan states in other money only are found", () => {
  const sentence = (more: object): string => {
    try {
      planWith(more);
      return "accepted";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  expect(sentence({})).toBe("accepted");
  expect(sentence({ plan: "ZZZ" })).toMatch(/currency\.plan: is "ZZZ", which is no currency; right would be an ISO 4217 code/);
  expect(sentence({ orders: { mode: "pegged", rates: { USD: "1" } } })).toMatch(
    /currency\.orders\.rates\.USD: is the plan's own currency, which needs no rate; right would be the other currencies only/,
  );
  expect(sentence({ orders: { mode: "pegged", rates: { EUR: "0" } } })).toMatch(
    /currency\.orders\.rates\.EUR: is "0"; right would be a rate above 0 as text, such as "1\.27151"/,
  );
  expect(sentence({ rounds: "never" })).toMatch(/currency\.rounds: is "never"; right would be one of "each-step", "once"/);
  expect(sentence({ orders: { mode: "live" } })).toMatch(
    /currency\.orders\.mode: is "live"; right would be one of "pegged", "dated"/,
  );
  const homes = { home: { currency: "USD", rates: { X: "0.8" } } };
  expect(sentence({ payout: { mode: "blended", othersAbove: "0.5", homes } })).toMatch(
    /currency\.payout\.homes\.home\.rates: has no rate of its own market "home"; right would be a rate for "home"/,
  );
  const fixed = {
    id: "title",
    kind: "rank-advancement",
    snapshot: "close",
    amounts: { "*": { EUR: "5.00" } },
    paysSkippedRanks: true,
  };
  const found = (plan: Plan) =>
    lintPlan(plan).flatMap(({ rule, path, wrong }) => (rule === "currency" ? [`${path} ${wrong}`] : []));
  expect(found(planWith({}, fixed))).toStrictEqual([
    "bonuses[0].amounts.* has amounts in EUR and none in USD, the plan's currency",
  ]);
  expect(found(planWith({ orders: { mode: "pegged", rates: {} } }))).toStrictEqual([
    "currency.orders.rates has no rate, so that orders in any other currency wait",
  ]);
});

test("a version with another rate says so", () => {
  const after = planWith({ orders: { mode: "pegged", rates: { EUR: "1.3" } } });
  expect(diffPlans(planWith({}), after).map((change) => change.text)).toStrictEqual([
    'currency, orders, rate of EUR: "1.27151" becomes "1.3"',
  ]);
});
