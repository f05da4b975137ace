import { assert, expect, test } from "vitest";
import { planHash } from "./hash.ts";
import { definePlan, parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import { planOf, rankOf } from "./testing.ts";

const levels = {
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

function problemsOf(document: unknown): string[] {
  try {
    parsePlan(document);
    return [];
  } catch (error) {
    assert.ok(error instanceof PlanError);
    return error.problems.map((p) => `${p.path}: ${p.wrong}; right would be ${p.right}`);
  }
}

test("each refusal names the path, what is wrong and what would be right", () => {
  const table: [unknown, string][] = [
    [{ ...planOf({}), rounding: "up" }, 'rounding: is "up"; right would be one of "half-up", "half-even", "down"'],
    [
      { ...planOf({}), surprise: 1 },
      "surprise: is no field of a plan here; right would be to leave it out or correct its spelling",
    ],
    [
      { ...planOf({}), bonuses: [{ ...levels, rates: { "*": ["5"] } }] },
      'bonuses[0].rates.*[0]: is "5"; right would be at most "1" (100 %); write 5 % as "0.05"',
    ],
    [
      { ...planOf({}), bonuses: [{ ...levels, rates: { "*": [0.05] } }] },
      'bonuses[0].rates.*[0]: is 0.05; right would be a decimal number as text, such as "0.05"',
    ],
    [
      { ...planOf({}), bonuses: [{ ...levels, compression: undefined }] },
      'bonuses[0].compression: is missing; right would be one of "none", "standard", "dynamic"',
    ],
    [
      { ...planOf({ ranks: [rankOf("gold")] }), bonuses: [{ ...levels, rates: { glod: ["0.05"] } }] },
      'bonuses[0].rates.glod: names the rank "glod", which this plan does not have; right would be one of "gold"',
    ],
    [
      planOf({ ranks: [rankOf("gold"), rankOf("gold")] }),
      'ranks[1].id: is "gold", which is taken by ranks[0]; right would be a name of its own',
    ],
    [{ ...planOf({}), bonuses: [{ ...levels, kind: "unilvel" }] }, 'bonuses[0].kind: is "unilvel"; right would be one of'],
    [7, "plan: is 7; right would be a value of type object"],
  ];
  for (const [document, sentence] of table) {
    const found = problemsOf(document);
    assert.ok(found[0]?.startsWith(sentence), `${found.join(" | ")}\n  expected ${sentence}`);
  }
});

test("a parsed plan is frozen and its hash depends on content alone", () => {
  const plan = definePlan(planOf({}));
  expect(() => {
    (plan.ranks as unknown[]).push(1);
  }).toThrow();
  const reordered = Object.fromEntries(Object.entries(planOf({})).reverse());
  expect(planHash(parsePlan(reordered))).toBe(planHash(plan));
  expect(planHash(parsePlan(planOf({ version: 2 })))).not.toBe(planHash(plan));
  expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
});
