import { runs, tellCount } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { closePeriod } from "../src/period/close.ts";
import { NOTHING_CARRIED } from "../src/period/input.ts";
import type { BinaryBonus } from "../src/plan/binary.ts";
import { Due } from "./due.ts";
import { Fraction } from "./fraction.ts";
import { payPairs } from "./pairs.ts";
import { keptParcels, type Parcel, volumeOf } from "./parcels.ts";
import { Standing } from "./standing.ts";
import { Terms } from "./terms.ts";
import { worldOf } from "./world.ts";
import { pairedCloses } from "./worlds.ts";

const units = (volume: Fraction): number => Number(volume.times(Fraction.whole(10_000)).floor());

test("what positions are paid and carry from close to close is what the oracle says, to the last unit", () => {
  let [amounts, carries, expired] = [0, 0, 0];
  fc.assert(
    fc.property(pairedCloses, (inputs) => {
      let carried = NOTHING_CARRIED;
      let held = new Map<number, { left: Parcel[]; right: Parcel[] }>();
      for (const [close, input] of inputs.entries()) {
        const result = closePeriod({ ...input, carried });
        const world = worldOf(input);
        const standing = new Standing(world);
        const terms = new Terms(standing, input.plan.bonuses[0] as BinaryBonus);
        const scene = { world, standing, terms, due: new Due(input.plan.rounding) };
        const life = (input.plan.bonuses[0] as BinaryBonus).expiresAfterPeriods ?? Number.POSITIVE_INFINITY;
        const before = (no: number) => held.get(no) ?? { left: [], right: [] };
        const into = (no: number) => ({ left: volumeOf(before(no).left), right: volumeOf(before(no).right) });
        const paired = payPairs(scene, input.plan.bonuses[0] as BinaryBonus, ({ no }) => into(no));
        const carry = result.binary.pairs?.carry;
        assert.ok(carry !== undefined);
        const after: typeof held = new Map();
        for (const [{ no }, { minor, carried: kept, fresh }] of paired) {
          expect(result.bonuses[0]?.amounts[no], `pay of ${no}`).toBe(Number(minor));
          const left = keptParcels(before(no).left, { close, fresh: fresh.left, kept: kept.left, life });
          const right = keptParcels(before(no).right, { close, fresh: fresh.right, kept: kept.right, life });
          after.set(no, { left, right });
          const engine = (side: readonly Float64Array[]) => side.map((column) => column[no] as number);
          const ages = (parcels: readonly Parcel[]) =>
            life === Number.POSITIVE_INFINITY
              ? [units(volumeOf(parcels))]
              : Array.from({ length: life }, (_, age) =>
                  units(volumeOf(parcels.filter((parcel) => close - parcel.close === age))),
                );
          expect([engine(carry.left), engine(carry.right)], `carry of ${no}`).toStrictEqual([ages(left), ages(right)]);
          if (minor > 0n) amounts++;
          if (left.length + right.length > 0) carries++;
          if (units(volumeOf(left)) < units(kept.left) || units(volumeOf(right)) < units(kept.right)) expired++;
        }
        held = after;
        carried = result.carried;
      }
    }),
    runs(150),
  );
  tellCount("what positions are paid and carry by the oracle", { amounts, carries, expired });
  expect(amounts).toBeGreaterThan(300);
  expect(carries).toBeGreaterThan(1000);
  expect(expired).toBeGreaterThan(20);
});
