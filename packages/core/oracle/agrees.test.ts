import { runs, tellCount } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { closePeriod } from "../src/period/close.ts";
import { afterCaps } from "./caps.ts";
import { oracleClose, rolledOver } from "./close.ts";
import { richClose } from "./worlds.ts";

test("the engine pays what the oracle owes, by bonus and distributor, before and after caps, to the last unit", () => {
  let amounts = 0;
  fc.assert(
    fc.property(richClose, (input) => {
      const result = closePeriod(input);
      const owed = oracleClose(input);
      const left = afterCaps(input, owed);
      const byNumber = (minor: (no: number) => bigint | undefined): number[] =>
        Array.from({ length: input.network.count }, (_, no) => Number(minor(no) ?? 0n));
      for (const bonus of result.bonuses) {
        const due = new Map(
          [...(owed.get(bonus.bonusId) ?? [])].map(([payee, minor]) => [payee === "company" ? -1 : payee.no, minor]),
        );
        expect([...bonus.beforeCaps], `${bonus.bonusId} before caps`).toStrictEqual(byNumber((no) => due.get(no)));
        expect([...bonus.amounts], `${bonus.bonusId} after caps`).toStrictEqual(
          byNumber((no) => left.get(bonus.bonusId)?.get(no)),
        );
        expect(bonus.breakageMinor, `breakage of ${bonus.bonusId}`).toBe(Number(due.get(-1) ?? 0n));
        const pool = rolledOver(input, bonus.bonusId);
        if (pool !== null) expect(result.carried.pools[bonus.bonusId], `${bonus.bonusId} rolls over`).toBe(Number(pool));
        amounts += bonus.beforeCaps.filter((minor) => minor !== 0).length;
      }
    }),
    runs(350),
  );
  tellCount("amounts that the oracle owes in closes", amounts);
  expect(amounts).toBeGreaterThan(2000);
});
