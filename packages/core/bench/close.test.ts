import { expect, test } from "vitest";
import { closePeriod } from "../src/period/close.ts";
import { naiveClose } from "./naive.ts";
import { companyOf, fullPlan } from "./network.ts";

test("the close equals a plain recursive program, amount by amount and rank by rank", () => {
  const input = companyOf(fullPlan, 3000, 15_000);
  const people = naiveClose(input);
  const result = closePeriod(input);
  expect([...result.ranks.paidAs]).toStrictEqual(people.map((person) => person.rank));
  expect([...result.facts.gv].map(BigInt)).toStrictEqual(people.map((person) => person.gv));
  for (const { bonusId, amounts } of result.bonuses) {
    expect([...amounts].map(BigInt), bonusId).toStrictEqual(people.map((person) => person.earned[bonusId] ?? 0n));
  }
});
