import { parsePlan } from "@upline/core";
import { expect, test } from "vitest";
import { planOf } from "../../../../packages/core/src/plan/testing.ts";
import { unfedFacts } from "./unfed.ts";

const levels = {
  ...{ id: "levels", kind: "unilevel", snapshot: "close", base: "cv", rates: { "*": ["0.05"] }, levelOne: "owner" },
  ...{ compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
};
const profit = {
  ...{ id: "profit", kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.25" } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
};
const asked = (more: object): string[] =>
  unfedFacts(parsePlan(planOf({ bonuses: [{ ...levels, ...more }, profit] as never }))).map(
    ({ path, wrong, rule }) => `${rule} ${path}: ${wrong}`,
  );

test("what volumes of orders do not tell yet keeps a plan from being published, and what they tell does not", () => {
  expect(asked({ appliesTo: { orders: "others" } })).toStrictEqual([
    "not-gathered bonuses[0].appliesTo.orders: asks for whether an order came of a subscription, which the hub does not gather yet",
  ]);
  expect(asked({ base: { of: "retail", less: ["profit"] } })).toStrictEqual([
    "not-gathered bonuses[0].base.less: asks for what orders paid, which the hub does not gather yet",
    "not-gathered bonuses[0].base: asks for retail prices at a close, which the hub does not gather yet",
  ]);
  expect(asked({ base: { of: "pv" } })).toStrictEqual([]);
  expect(asked({ snapshot: "order", base: { of: "retail", less: ["profit"] } })).toStrictEqual([]);
});
