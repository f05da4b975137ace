import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { closePeriod } from "../period/close.ts";
import { explainClose } from "../period/explain.ts";
import { closeOf, networkOf } from "../period/testing.ts";
import { payoutCeiling } from "./ceiling.ts";
import { diffPlans } from "./diff.ts";
import { explainStep } from "./explain.ts";
import { planHash } from "./hash.ts";
import { lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

const levels = (snapshot: "order" | "close", first: string): Bonus => ({
  id: snapshot === "order" ? "now" : "later",
  kind: "unilevel",
  snapshot,
  base: "cv",
  rates: { "*": [first] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
});
const spring = {
  ...{ id: "spring", name: "Spring", from: "2027-03-01", until: "2027-04-01", decidedBy: "order-date" as const },
  set: { "bonuses.now.rates": { "*": ["0.30"] } },
};
const summer = {
  ...{ id: "summer", from: "2027-06-01", until: "2027-07-01", decidedBy: "period-start" as const },
  set: { "bonuses.later.rates": { "*": ["0.50"] } },
};
const document = planOf({
  timeZone: "Europe/Berlin",
  bonuses: [levels("order", "0.10"), levels("close", "0.20")],
  promotions: [spring, summer],
});
const plan = parsePlan(document);

const paidAt = (placedAt: string, of: Plan = plan): bigint[] =>
  computeCommissions(orderOf(of, { placedAt, upline: [distributorOf("ann")], lines: [lineOf({ cv: 100_0000n })] })).entries.map(
    ({ amountMinor }) => amountMinor,
  );

test("orders placed from the first day to the day after the last, in the plan's time zone, are paid by the promotion", () => {
  // Berlin is an hour ahead of UTC in March, two hours from the 28th on.
  expect(paidAt("2027-02-28T22:59:59.999Z")).toStrictEqual([10_00n]);
  expect(paidAt("2027-02-28T23:00:00Z")).toStrictEqual([30_00n]);
  expect(paidAt("2027-03-31T21:59:59.999Z")).toStrictEqual([30_00n]);
  expect(paidAt("2027-03-31T22:00:00Z")).toStrictEqual([10_00n]);
});

test("closes of periods that begin in it are paid by a promotion, whenever the orders came, and say so", () => {
  const close = (startsAt: string) =>
    closeOf(plan, networkOf([-1]), [{ owner: 0, volume: 100_0000 }], { startsAt: Date.parse(startsAt) });
  const paid = (startsAt: string): number | undefined => closePeriod(close(startsAt)).bonuses[0]?.amounts[0];
  expect(paid("2027-05-31T21:59:59Z")).toBe(20_00);
  expect(paid("2027-05-31T22:00:00Z")).toBe(50_00);
  expect(paid("2027-06-30T22:00:00Z")).toBe(20_00);
  const june = close("2027-06-01T00:00:00Z");
  expect(explainClose(june, closePeriod(june, { details: true }), 0).bonuses[0]?.lines).toStrictEqual([
    `the promotion "summer" runs: what it sets counts in place of the plan's own`,
    "level 1 on d0000: 50.00 USD",
  ]);
  expect(() => closePeriod(closeOf(plan, networkOf([-1]), []))).toThrow(/needs to be told when its period begins/);
});

test("whatever runs, results answer to the hash of the published document, and an explanation names the promotion", () => {
  const computed = computeCommissions(
    orderOf(plan, { placedAt: "2027-03-10T00:00:00Z", upline: [distributorOf("ann")], lines: [lineOf({ cv: 100_0000n })] }),
  );
  expect(computed.planHash).toBe(planHash(plan));
  expect(computed.walk.map(explainStep)[0]).toBe(`the promotion "Spring" runs: what it sets counts in place of the plan's own`);
  const closed = closePeriod(closeOf(plan, networkOf([-1]), [], { startsAt: Date.parse("2027-06-10") }));
  expect(closed.planHash).toBe(planHash(plan));
});

test("a plan with promotions pays outside of them what it pays without", () => {
  const { promotions: _, ...rest } = document;
  expect(paidAt("2027-05-05T00:00:00Z")).toStrictEqual(paidAt("2027-05-05T00:00:00Z", parsePlan(rest)));
});

test("the ceiling is that of the worst order with the worst close, and the linter looks at what comes out", () => {
  expect(payoutCeiling(plan).ofCv).toStrictEqual({ num: 4n, den: 5n });
  const dead = { ...summer, set: { "bonuses.later.rates": { "*": ["0"] } } };
  const found = lintPlan(parsePlan({ ...document, promotions: [dead] })).filter(({ severity }) => severity === "error");
  expect(found.map(({ path, wrong }) => `${path}: ${wrong}`)).toStrictEqual([
    'promotions "summer": bonuses[1].rates: pays nobody at level 1',
    'promotions "summer": bonuses[1].rates: pays nobody: every rate and amount is 0',
  ]);
  const both = { ...summer, set: { "bonuses.later.rates": { "*": ["0.80"] } } };
  const high = lintPlan(parsePlan({ ...document, promotions: [spring, both] })).filter(({ rule }) => rule === "ceiling");
  expect(high.map(({ severity, wrong }) => `${severity}: ${wrong}`)).toStrictEqual(["error: can pay out 110 % of CV"]);
});

test("promotions that do not fit together are refused though each of them fits", () => {
  const circle = [
    { ...spring, set: { "conditions.a": "b" } },
    { ...spring, id: "other", set: { "conditions.b": "a" } },
  ];
  const conditions = { a: { country: ["DE"] }, b: { country: ["DE"] } };
  const parse = (): Plan => parsePlan({ ...document, conditions, promotions: circle });
  expect(parse).toThrow(PlanError);
  expect(parse).toThrow(/promotions "spring" and "other" together/);
});

test("a newer version says in words what becomes of a promotion", () => {
  const longer = parsePlan({ ...document, promotions: [{ ...spring, until: "2027-05-01" }] });
  expect(diffPlans(plan, longer).map(({ text }) => text)).toStrictEqual([
    'promotion Spring, until: "2027-04-01" becomes "2027-05-01"',
    'promotion "summer": removed',
  ]);
});
