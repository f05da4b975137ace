import { expect, test } from "vitest";
import { parsePlan } from "./parse.ts";
import { planOf } from "./testing.ts";

test("slabs go by no measure whose part of this period nobody knows", () => {
  const plan = planOf({
    measures: { ever: { what: "pv", subscription: false, over: { lifetime: true } } },
    bonuses: [
      {
        id: "sales",
        kind: "retail",
        snapshot: "close",
        pays: {
          mode: "percent",
          base: "cv",
          rates: { by: "measure", measure: "ever", applies: "excess", rows: [{ from: "0", row: "0.20" }] },
        },
        ownerMustBeActive: false,
        unqualifiedEarner: "none",
      },
    ],
  });
  expect(() => parsePlan(plan)).toThrow(
    'bonuses[0].pays.rates.measure: is "ever", which counts subscription orders apart over several periods, so that nobody knows what of it ' +
      'came in this one; right would be a measure without "subscription", or of this period only',
  );
});
