import type { BinaryBonus } from "../src/plan/binary.ts";
import type { PlanMoney } from "../src/plan/parts.ts";
import { Fraction, lesser, shareOut, sumOf } from "./fraction.ts";
import type { Scene } from "./walks.ts";
import type { Person } from "./world.ts";
import { cvMoney, pairVolume, rowOf } from "./worth.ts";

/** What a pairing of two sides pays, before caps: exact minor units and the volume it uses. */
interface Paired {
  readonly minor: bigint;
  readonly cut: bigint;
}

const MINOR = Fraction.whole(100);

export function minorOf(amount: PlanMoney): bigint {
  return Fraction.read(typeof amount === "string" ? amount : (amount.USD ?? "0"))
    .times(MINOR)
    .floor();
}

/** A binary bonus of one close that carries nothing in; amounts by person, after position and owner caps. */
export function payPairs(scene: Scene, bonus: BinaryBonus): Map<Person, Paired> {
  const { world, standing } = scene;
  const { plan } = world;
  const below = (person: Person): Person[] => [
    person,
    ...world.people.filter((other) => other.placedUnder[bonus.tree] === person).flatMap(below),
  ];
  const sideVolume = (person: Person, side: "left" | "right"): Fraction =>
    sumOf(
      world.people
        .filter((other) => other.placedUnder[bonus.tree] === person && other.side[bonus.tree] === side)
        .flatMap(below)
        .map((other) => pairVolume(plan, bonus, other)),
    );
  const under = (person: Person, top: Person): boolean => {
    const above = person.placedUnder[bonus.tree];
    return person === top || (above !== undefined && under(above, top));
  };
  const hasEnrolledOn = (person: Person, side: "left" | "right"): boolean =>
    person.frontline.some(
      (enrolled) =>
        standing.active(enrolled) &&
        world.people.some(
          (top) => top.placedUnder[bonus.tree] === person && top.side[bonus.tree] === side && under(enrolled, top),
        ),
    );
  const paid = new Map<Person, Paired>();
  for (const person of world.people) {
    if (!standing.active(person)) continue;
    if (bonus.activeEnrolledEachSide === true && !(hasEnrolledOn(person, "left") && hasEnrolledOn(person, "right"))) continue;
    const full = pairOnce(scene, bonus, { person, left: sideVolume(person, "left"), right: sideVolume(person, "right") });
    const cap = bonus.positionCap === undefined ? undefined : rowOf(plan, bonus.positionCap, standing.rank(person));
    const most = cap === undefined ? full : lesser(Fraction.whole(full), Fraction.whole(minorOf(cap))).floor();
    const made = wholeCycles(scene, bonus, { full, most, person });
    paid.set(person, { minor: made ?? most, cut: made === null ? full - most : 0n });
  }
  return capOwners(scene, bonus, paid);
}

/** Where a cap keeps volume, a cycle that it would cut is not made at all: it waits, and nothing is cut. Null where no cycle waits. */
function wholeCycles(
  { world, standing }: Scene,
  bonus: BinaryBonus,
  { full, most, person }: { full: bigint; most: bigint; person: Person },
): bigint | null {
  if (bonus.pay.mode !== "cycle" || bonus.cappedVolume !== "kept" || most >= full) return null;
  const each = minorOf(rowOf(world.plan, bonus.pay.pays, standing.rank(person)) ?? "0");
  return (most / each) * each;
}

function pairOnce(
  { world, standing }: Scene,
  bonus: BinaryBonus,
  { person, left, right }: { person: Person; left: Fraction; right: Fraction },
): bigint {
  const { plan } = world;
  const { pay } = bonus;
  const rank = standing.rank(person);
  const weak = lesser(left, right);
  const strong = left.isMoreThan(right) ? left : right;
  if (pay.mode === "cycle") return countCycles(left, right, pay) * minorOf(rowOf(plan, pay.pays, rank) ?? "0");
  if (pay.mode === "table") {
    const reached = pay.steps.filter((step) => weak.isAtLeast(Fraction.read(step.weak)));
    const best = reached.reduce<(typeof reached)[number] | null>(
      (most, step) => (most === null || Fraction.read(step.weak).isAtLeast(Fraction.read(most.weak)) ? step : most),
      null,
    );
    return best === null ? 0n : minorOf(best.pays);
  }
  const money = cvMoney(plan, "*")
    .times(Fraction.read(bonus.baseRate ?? "1"))
    .times(Fraction.read(rowOf(plan, pay.rates, rank) ?? "0"));
  if (pay.mode === "strong-minus-weak") return strong.minus(weak).times(money).rounded(plan.rounding);
  if (pay.mode === "percent") return weak.times(money).rounded(plan.rounding);
  return strong.isZero ? 0n : weak.times(weak).over(strong).times(money).rounded(plan.rounding);
}

/** One cycle after the other, the stronger side decided anew before each. */
function countCycles(left: Fraction, right: Fraction, pay: { strong: string; weak: string }): bigint {
  const [more, less] = left.isAtLeast(right) ? [left, right] : [right, left];
  const [takesMore, takesLess] = [Fraction.read(pay.strong), Fraction.read(pay.weak)];
  if (!more.isAtLeast(takesMore) || !less.isAtLeast(takesLess)) return 0n;
  return 1n + countCycles(more.minus(takesMore), less.minus(takesLess), pay);
}

function capOwners({ world, standing }: Scene, bonus: BinaryBonus, paid: Map<Person, Paired>): Map<Person, Paired> {
  const { ownerCap } = bonus;
  if (ownerCap === undefined) return paid;
  const owners = world.input.network.positionOwner;
  const after = new Map(paid);
  for (const owner of world.people) {
    const cap = rowOf(world.plan, ownerCap, standing.rank(owner));
    const own = [...paid].filter(([person]) => (owners?.[person.no] ?? person.no) === owner.no);
    const earned = own.reduce((sum, [, { minor }]) => sum + minor, 0n);
    if (cap === undefined || earned <= minorOf(cap)) continue;
    const shares = shareOut(minorOf(cap), new Map(own.map(([person, { minor }]) => [person.key, Fraction.whole(minor)])));
    for (const [person, { minor, cut }] of own) {
      const kept = shares.get(person.key) ?? 0n;
      after.set(person, { minor: kept, cut: cut + minor - kept });
    }
  }
  return after;
}
