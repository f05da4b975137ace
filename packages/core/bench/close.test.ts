import assert from "node:assert/strict";
import { test } from "node:test";
import { closePeriod } from "../src/period/close.ts";
import { naiveClose } from "./naive.ts";
import { companyOf, fullPlan } from "./network.ts";

test("the close equals a plain recursive program, amount by amount and rank by rank", () => {
  const input = companyOf(fullPlan, 3000, 15_000);
  const people = naiveClose(input);
  const result = closePeriod(input);
  assert.deepEqual(
    [...result.ranks.paidAs],
    people.map((one) => one.rank),
  );
  assert.deepEqual(
    [...result.facts.gv].map(BigInt),
    people.map((one) => one.gv),
  );
  for (const { bonusId, amounts } of result.bonuses) {
    assert.deepEqual(
      [...amounts].map(BigInt),
      people.map((one) => one.earned[bonusId] ?? 0n),
      bonusId,
    );
  }
});
