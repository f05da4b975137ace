import { expect, test } from "vitest";
import { planOf } from "../plan/testing.ts";
import { runGoldenCase } from "./run.ts";

test("whose customer is new is told by when orders were placed, not by how a case lists them", () => {
  const orders = [
    { owner: "A", self: true, customer: "c", pv: "1", placedAt: "2027-01-02T00:00:00Z" },
    { owner: "B", customer: "c", pv: "1", placedAt: "2027-01-03T00:00:00Z" },
  ];
  const outcome = (listed: typeof orders) =>
    runGoldenCase({
      format: "upline-golden/1",
      id: "new-customer",
      source: { name: "worked by hand", url: "" },
      provenance: "derived",
      currency: "USD",
      plan: {
        ...planOf({
          measures: { fresh: { what: "new-customers" } },
          bonuses: [
            {
              id: "won",
              kind: "reward",
              snapshot: "close",
              for: { kind: "per-step", measure: "fresh", step: "1" },
              amounts: { "*": "10.00" },
            },
          ],
        }),
      },
      distributors: [
        { id: "A", sponsor: null },
        { id: "B", sponsor: null },
      ],
      periods: [{ id: "january", orders: listed }],
      // The customer's first order was A's own: nobody won them in January.
      expected: { total: "0.00" },
    })[0]?.outcome;
  expect([outcome(orders), outcome([...orders].reverse())]).toStrictEqual(["passed", "passed"]);
});
