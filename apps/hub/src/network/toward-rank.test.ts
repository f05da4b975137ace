import type { Plan } from "@upline/core";
import { expect, test } from "vitest";
import { testPlan } from "../testing/periods.ts";
import { towardRank } from "./toward-rank.ts";

/** Which volume the next rank asks for, and where the tree's own is not what it goes by. */

const planWith = (requires: object): Plan => ({ ...testPlan(), ranks: [{ id: "one", name: "One", requires }] });

test("a rank that asks for a group's volume is shown by it, and else by the own volume", () => {
  const one = { id: "one", name: "One" };
  expect(towardRank(planWith({ pv: "10", gv: { volume: "200.5" } }), null)).toStrictEqual({
    ...one,
    by: "gv",
    needed: 2_005_000n,
  });
  expect(towardRank(planWith({ pv: "10" }), null)).toStrictEqual({ ...one, by: "pv", needed: 100_000n });
  expect(towardRank(planWith({ activeLegs: 2 }), null)).toBe(null);
  expect(towardRank(planWith({ pv: "10" }), "one")).toBe(null);
});

test("a group that is counted in another way than the tree shows it is not held against it", () => {
  const gv = { volume: "200", maxLeg: { mode: "cap-on-total", share: "0.5" } };
  expect(towardRank(planWith({ pv: "10", gv }), null)).toBe(null);
  const trees = { sponsors: { is: "enrolment" }, binary: { is: "placement" } };
  const asked = { gv: { volume: "200" } };
  expect(towardRank({ ...planWith(asked), trees, rankTree: "binary" } as unknown as Plan, null)).toBe(null);
  expect(towardRank({ ...planWith(asked), trees, rankTree: "sponsors" } as unknown as Plan, null)?.by).toBe("gv");
});
