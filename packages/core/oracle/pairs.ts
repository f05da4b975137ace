import type { BinaryBonus } from "../src/plan/binary.ts";
import { Fraction, lesser, shareOut, sumOf } from "./fraction.ts";
import { type Held, NOTHING_HELD, type Position, payInTurn, type Used } from "./pair-rules.ts";
import type { Scene } from "./walks.ts";
import { groupOf, type Person, uplineOf } from "./world.ts";
import { minorOf, pairVolume } from "./worth.ts";

/** What a position is paid after its own cap, and what it carries into the next close. */
export interface Paired {
  readonly minor: bigint;
  readonly cut: bigint;
  readonly carried: Held;
  /** What came onto the sides in this close, beside what was carried into it. */
  readonly fresh: Held;
}

/** A binary bonus of one close; amounts by person, after position and owner caps. */
export function payPairs(
  scene: Scene,
  bonus: BinaryBonus,
  carriedIn: (person: Person) => Held = () => NOTHING_HELD,
): Map<Person, Paired> {
  const { standing, world } = scene;
  const paid = new Map<Person, Paired>();
  for (const person of world.people) {
    const into = carriedIn(person);
    const held = withOwn(scene, bonus, person, addSides(into, legsOf(scene, bonus, person)));
    const fresh = { left: held.left.minus(into.left), right: held.right.minus(into.right) };
    const earns = qualifies(scene, bonus, person);
    const nothing: Used = { left: Fraction.ZERO, right: Fraction.ZERO, minor: 0n, cut: 0n, cycles: 0n };
    const usesPairs = earns || bonus.unqualifiedPairs === "used-up";
    const used = usesPairs ? payInTurn(scene, bonus, { person, ...held }) : nothing;
    const rest = { left: held.left.minus(used.left), right: held.right.minus(used.right) };
    const lost = bonus.flushIfInactive && !standing.active(person);
    const kept = keptOf(lost ? "flush" : usesPairs ? bonus.remainder : "carry", rest);
    const carried = atMost(scene, bonus, { person, ...kept });
    paid.set(person, { minor: earns ? used.minor : 0n, cut: earns ? used.cut : 0n, carried, fresh });
  }
  return capOwners(scene, bonus, paid);
}

const addSides = (a: Held, b: Held): Held => ({ left: a.left.plus(b.left), right: a.right.plus(b.right) });

/** Everything placed below each leg. */
function legsOf({ world }: Scene, bonus: BinaryBonus, person: Person): Held {
  const { plan } = world;
  const side = (wanted: "left" | "right"): Fraction =>
    sumOf(
      (person.placedBelow[bonus.tree] ?? [])
        .filter((below) => below.side[bonus.tree] === wanted)
        .flatMap((below) => groupOf(plan, below, bonus.tree))
        .map((below) => pairVolume(plan, bonus, below)),
    );
  return { left: side("left"), right: side("right") };
}

/** Own purchases and own customers' orders on the side that the plan gives them, less what is only to be exceeded. */
function withOwn({ world }: Scene, bonus: BinaryBonus, person: Person, held: Held): Held {
  const weaker = held.right.isAtLeast(held.left) ? "left" : "right";
  const from = Fraction.read(bonus.aboveOnly?.from ?? "0");
  const sideOf = (place: BinaryBonus["ownVolume"]): "left" | "right" | null =>
    place === undefined || place === "above" ? null : place === "weaker-side" ? weaker : place;
  const volume = (own: boolean): Fraction => pairVolume(world.plan, bonus, person, (sale) => sale.own === own);
  const [ownSide, customerSide] = [sideOf(bonus.ownVolume), sideOf(bonus.customerVolume)];
  const ownVolume = ownSide === null ? Fraction.ZERO : volume(true);
  const customers = customerSide === null ? Fraction.ZERO : volume(false);
  // What own purchases leave of the threshold is taken off customers' orders.
  const offOwn = lesser(ownVolume, from);
  const offCustomers = lesser(customers, from.minus(offOwn));
  const placed = (side: "left" | "right"): Fraction =>
    sumOf([
      ownSide === side ? ownVolume.minus(offOwn) : Fraction.ZERO,
      customerSide === side ? customers.minus(offCustomers) : Fraction.ZERO,
    ]);
  return addSides(held, { left: placed("left"), right: placed("right") });
}

function qualifies({ world, standing, terms }: Scene, bonus: BinaryBonus, person: Person): boolean {
  if (!standing.active(person) || !terms.qualifies(person)) return false;
  if (bonus.activeEnrolledEachSide !== true) return true;
  const { plan } = world;
  return (["left", "right"] as const).every((side) =>
    person.frontline.some((enrolled) => {
      const line = [enrolled, ...uplineOf(plan, enrolled, bonus.tree)];
      const top = line.find((each) => each.placedUnder[bonus.tree] === person);
      return standing.active(enrolled) && top?.side[bonus.tree] === side;
    }),
  );
}

function keptOf(mode: BinaryBonus["remainder"], { left, right }: Held): Held {
  if (mode === "flush") return NOTHING_HELD;
  const weak = mode === "net-off" ? lesser(left, right) : Fraction.ZERO;
  return { left: left.minus(weak), right: right.minus(weak) };
}

function atMost({ terms }: Scene, { carryCap }: BinaryBonus, { person, left, right }: Position): Held {
  const most = typeof carryCap === "object" ? terms.row(carryCap, { person, source: person }) : carryCap;
  if (most === undefined) return { left, right };
  return { left: lesser(left, Fraction.read(most)), right: lesser(right, Fraction.read(most)) };
}

function capOwners({ world, terms }: Scene, bonus: BinaryBonus, paid: Map<Person, Paired>): Map<Person, Paired> {
  const { ownerCap } = bonus;
  if (ownerCap === undefined) return paid;
  const owners = world.input.network.positionOwner;
  const after = new Map(paid);
  for (const owner of world.people) {
    const cap = terms.row(ownerCap, { person: owner, source: owner });
    const own = [...paid].filter(([person]) => (owners?.[person.no] ?? person.no) === owner.no);
    const earned = own.reduce((sum, [, { minor }]) => sum + minor, 0n);
    if (cap === undefined || earned <= minorOf(cap)) continue;
    const shares = shareOut(minorOf(cap), new Map(own.map(([person, { minor }]) => [person.key, Fraction.whole(minor)])));
    for (const [person, { minor, cut, ...sides }] of own) {
      const kept = shares.get(person.key) ?? 0n;
      after.set(person, { ...sides, minor: kept, cut: cut + minor - kept });
    }
  }
  return after;
}
