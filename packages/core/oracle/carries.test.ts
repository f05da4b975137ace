import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { closePeriod } from "../src/period/close.ts";
import { NOTHING_CARRIED } from "../src/period/input.ts";
import type { BinaryBonus } from "../src/plan/binary.ts";
import { Due } from "./due.ts";
import { Fraction } from "./fraction.ts";
import { type Held, NOTHING_HELD } from "./pair-rules.ts";
import { payPairs } from "./pairs.ts";
import { Standing } from "./standing.ts";
import { Terms } from "./terms.ts";
import { worldOf } from "./world.ts";
import { pairedCloses } from "./worlds.ts";

const units = (volume: Fraction): number => Number(volume.times(Fraction.whole(10_000)).floor());

test("what positions are paid and carry from close to close is what the oracle says, to the last unit", () => {
  let [amounts, carries] = [0, 0];
  fc.assert(
    fc.property(pairedCloses, (inputs) => {
      let carried = NOTHING_CARRIED;
      let held: ReadonlyMap<number, Held> = new Map();
      for (const input of inputs) {
        const result = closePeriod({ ...input, carried });
        const world = worldOf(input);
        const standing = new Standing(world);
        const terms = new Terms(standing, input.plan.bonuses[0] as BinaryBonus);
        const scene = { world, standing, terms, due: new Due(input.plan.rounding) };
        const paired = payPairs(scene, input.plan.bonuses[0] as BinaryBonus, ({ no }) => held.get(no) ?? NOTHING_HELD);
        const carry = result.binary.pairs?.carry;
        assert.ok(carry !== undefined);
        for (const [{ no }, { minor, carried: kept }] of paired) {
          expect(result.bonuses[0]?.amounts[no], `pay of ${no}`).toBe(Number(minor));
          expect([carry.left[0]?.[no], carry.right[0]?.[no]], `carry of ${no}`).toStrictEqual([
            units(kept.left),
            units(kept.right),
          ]);
          if (minor > 0n) amounts++;
          if (units(kept.left) + units(kept.right) > 0) carries++;
        }
        held = new Map([...paired].map(([{ no }, { carried: kept }]) => [no, kept]));
        carried = result.carried;
      }
    }),
    runs(150),
  );
  expect(amounts).toBeGreaterThan(300);
  expect(carries).toBeGreaterThan(1000);
});
