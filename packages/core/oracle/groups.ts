import type { BreakawayBonus } from "../src/plan/breakaway.ts";
import { Fraction, sumOf } from "./fraction.ts";
import { payGuaranteed } from "./guarantee.ts";
import type { Scene } from "./walks.ts";
import { belowIn, type Person, uplineOf } from "./world.ts";
import { takes, worthOf } from "./worth.ts";

/** Overrides above broken-away leaders, on the leader's group as far as it has not broken away itself. */
export function payBreakaway(scene: Scene, bonus: BreakawayBonus): void {
  const { world, standing, due } = scene;
  const { plan } = world;
  const { override } = bonus;
  const paidOn = { ...bonus, base: "cv" as const };
  const worthBelow = (person: Person): Fraction =>
    sumOf([
      ...person.sold.filter((sale) => takes(plan, paidOn, sale)).map((sale) => worthOf(plan, paidOn, sale)),
      ...belowIn(plan, person, bonus.tree)
        .filter((below) => !standing.breaksAway(below))
        .map(worthBelow),
    ]);
  if (override.mode === "guaranteed-minimum") {
    payGuaranteed(scene, { ...bonus, override }, worthBelow);
    return;
  }
  for (const leader of world.people) {
    if (!standing.breaksAway(leader)) continue;
    const worth = worthBelow(leader);
    const line = uplineOf(plan, leader, bonus.tree);
    if (override.mode === "differential-with-floor") {
      const rate = (person: Person): Fraction =>
        Fraction.read(scene.terms.row(override.rates, { person, source: leader }) ?? "0");
      const first = line.find((person) => standing.active(person) && scene.terms.qualifies(person) && !rate(person).isZero);
      if (first === undefined) continue;
      const over = rate(first).minus(rate(leader));
      const floor = Fraction.read(override.floor);
      due.owe(first, leader, { level: 1, upTo: worth.times(over.isMoreThan(floor) ? over : floor) });
      continue;
    }
    const taken = new Set<number>();
    line.forEach((earner, place) => {
      const generation = 1 + line.slice(0, place).filter((other) => standing.breaksAway(other)).length;
      const row = scene.terms.row<readonly string[]>(override.rates, { person: earner, source: leader });
      const rate = Fraction.read(row?.[generation - 1] ?? "0");
      if (!standing.active(earner) || !scene.terms.qualifies(earner) || rate.isZero || taken.has(generation)) return;
      taken.add(generation);
      due.owe(earner, leader, { level: generation, upTo: worth.times(rate) });
    });
  }
}
