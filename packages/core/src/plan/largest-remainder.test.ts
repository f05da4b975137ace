import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { diffPlans } from "./diff.ts";
import { explainStep } from "./explain.ts";
import { parsePlan } from "./parse.ts";
import type { Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

const planWith = (rounding: Plan["rounding"]): Plan =>
  parsePlan(
    planOf({
      rounding,
      bonuses: [
        {
          ...{ id: "levels", kind: "unilevel", snapshot: "order", base: "net", levelOne: "owner", compression: "none" },
          ...{ unqualifiedSource: "pay-in-place" as const, unqualifiedEarner: "none", rates: { "*": ["0.05", "0.03", "0.01"] } },
        },
      ],
    }),
  );

test("an explanation says what each share was exactly, and the walk stays in its order", () => {
  const upline = [distributorOf("A"), distributorOf("B"), distributorOf("C")];
  const { entries, walk } = computeCommissions(
    orderOf(planWith("largest-remainder"), { lines: [lineOf({ netMinor: 850n })], upline }),
  );
  expect(entries.map((entry) => `${entry.earner} ${entry.amountMinor}`)).toStrictEqual(["A 43", "B 26", "C 8"]);
  const together = "an order's shares are rounded together, the largest remainders up";
  expect(walk.map(explainStep)).toStrictEqual([
    `level 1: no rank earns 5% of 8.50 = 0.43 USD (exactly 0.425: ${together})`,
    `level 2: no rank earns 3% of 8.50 = 0.26 USD (exactly 0.255: ${together})`,
    `level 3: no rank earns 1% of 8.50 = 0.08 USD (exactly 0.085: ${together})`,
  ]);
});

test("a share that comes to no unit leaves a step that says so, and no entry", () => {
  const upline = [distributorOf("A"), distributorOf("B"), distributorOf("C")];
  const { entries, walk } = computeCommissions(
    orderOf(planWith("largest-remainder"), { lines: [lineOf({ netMinor: 10n })], upline }),
  );
  expect(entries.map((entry) => `${entry.earner} ${entry.amountMinor}`)).toStrictEqual(["A 1"]);
  expect(explainStep(walk[1] as never)).toMatch(/^level 2: 3% of 0.10 rounds to nothing \(exactly 0.003: /);
});

test("a version that begins to round together says so", () => {
  expect(diffPlans(planWith("half-up"), planWith("largest-remainder")).map((change) => change.text)).toStrictEqual([
    'rounding: "half-up" becomes "largest-remainder"',
  ]);
});
