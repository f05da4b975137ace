import { assert } from "vitest";
import { parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import { planOf, rankOf } from "./testing.ts";

/** Parts of small plan documents for tests of what a plan may say, as people write them. */

export const ranks = [rankOf("star"), rankOf("gold")];
export const levels = {
  id: "levels",
  kind: "unilevel",
  snapshot: "order",
  base: "cv",
  rates: { "*": ["0.05"] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
};
export const closed = { ...levels, snapshot: "close" };
export const sales = { id: "sales", kind: "retail", snapshot: "close", ownerMustBeActive: false, unqualifiedEarner: "none" };
export const pool = {
  id: "pool",
  kind: "pool",
  snapshot: "close",
  size: { by: "share", share: "0.02" },
  units: { by: "rank", units: { gold: 1 } },
  withoutQualifiers: "company",
};
export const car = {
  id: "car",
  kind: "reward",
  snapshot: "close",
  for: { kind: "each-period", when: "active" },
  amounts: { gold: "500.00" },
};
export const match = {
  id: "match",
  kind: "matching",
  snapshot: "close",
  of: ["levels"],
  amounts: "before-caps",
  cascade: false,
  rates: { "*": ["0.10"] },
  by: { kind: "level", compression: "none" },
  who: "everyone",
};
export const customers = { what: "customers-with-order" };
export const month = { every: "month" };
export const week = { every: "week", startsOn: "monday" };

export const plan = (more: object): object => ({ ...planOf({ ranks }), ...more });

/** The sentences that a document gets when it is refused; none where it is a plan. */
export function problemsOf(document: unknown): string[] {
  try {
    parsePlan(document);
    return [];
  } catch (error) {
    assert.ok(error instanceof PlanError);
    return error.problems.map((problem) => `${problem.path}: ${problem.wrong}; right would be ${problem.right}`);
  }
}
