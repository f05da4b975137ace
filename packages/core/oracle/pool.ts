import type { PoolBonus, PoolUnits } from "../src/plan/pool.ts";
import { smaller } from "./caps.ts";
import type { Payee } from "./due.ts";
import { Fraction, shareOut, sumOf } from "./fraction.ts";
import type { Scene } from "./walks.ts";
import type { Person } from "./world.ts";
import { companyWorth, minorOf, rowOf } from "./worth.ts";

/** What a pool pays whom, and what of it goes into the next one. */
export interface SharedPool {
  readonly shares: Map<Payee, bigint>;
  readonly rolledOver: bigint;
}

export function payPool({ world, standing, terms }: Scene, bonus: PoolBonus): SharedPool {
  const { plan } = world;
  const size =
    bonus.size.by === "amount"
      ? minorOf(bonus.size.amount)
      : companyWorth(world, { ...bonus, base: { of: bonus.size.of ?? "cv" } })
          .times(Fraction.read(bonus.size.share))
          .rounded(plan.rounding);
  if (size <= 0n) return { shares: new Map(), rolledOver: 0n };
  const unitsFrom = (source: PoolUnits, person: Person): Fraction => {
    if (source.by === "volume") return source.volume === "pv" ? standing.pv(person) : standing.group(person);
    if (source.by === "rank") return Fraction.whole(rowOf(plan, source.units, standing.rank(person)) ?? 0);
    return Fraction.whole(measured(source.measure, person)).times(Fraction.whole(source.each ?? 1));
  };
  // The two measures that the worlds have: own volume, and how many of the frontline are active.
  const measured = (measure: string, person: Person): bigint =>
    measure === "own" ? standing.pv(person).floor() : BigInt(person.frontline.filter((below) => standing.active(below)).length);
  const sources = Array.isArray(bonus.units) ? bonus.units : [bonus.units];
  const units = (person: Person): Fraction => sumOf(sources.map((source) => unitsFrom(source, person)));
  const members = world.people.filter(
    (person) => standing.active(person) && terms.qualifies(person) && units(person).isMoreThan(Fraction.ZERO),
  );
  const most = (person: Person): bigint => {
    const { shareCap } = bonus;
    if (shareCap === undefined) return size;
    if ("share" in shareCap) return Fraction.whole(size).times(Fraction.read(shareCap.share)).floor();
    const amount = rowOf(plan, shareCap.amount, standing.rank(person));
    return amount === undefined ? size : minorOf(amount);
  };
  const shares = new Map<Payee, bigint>(
    bonus.cutGoesTo === "others" ? filled(size, { members, units, most }) : cutDown(size, { members, units, most }),
  );
  const left = size - [...shares.values()].reduce((sum, share) => sum + share, 0n);
  const cutTo = members.length === 0 || bonus.cutGoesTo === "others" ? bonus.withoutQualifiers : (bonus.cutGoesTo ?? "company");
  if (cutTo === "company" && left > 0n) shares.set("company", left);
  return { shares, rolledOver: cutTo === "roll-over" ? left : 0n };
}

interface Sharing {
  readonly members: readonly Person[];
  readonly units: (person: Person) => Fraction;
  readonly most: (person: Person) => bigint;
}

const byUnits = (size: bigint, members: readonly Person[], units: (person: Person) => Fraction): [Person, bigint][] => {
  if (members.length === 0) return [];
  const shares = shareOut(size, new Map(members.map((person) => [person.key, units(person)])));
  return members.map((person) => [person, shares.get(person.key) ?? 0n]);
};

function cutDown(size: bigint, { members, units, most }: Sharing): [Person, bigint][] {
  return byUnits(size, members, units).map(([person, share]) => [person, smaller(share, most(person))]);
}

/** Filled like vessels: from whoever is full at the lowest level of money for a unit, until nobody else is. */
function filled(size: bigint, { members, units, most }: Sharing): [Person, bigint][] {
  const fullAt = (person: Person): Fraction => Fraction.whole(most(person)).over(units(person));
  const order = [...members].sort((a, b) => (fullAt(a).isMoreThan(fullAt(b)) ? 1 : -1));
  const full: [Person, bigint][] = [];
  let left = size;
  for (const [place, person] of order.entries()) {
    const level = Fraction.whole(left).over(sumOf(order.slice(place).map(units)));
    if (!level.isMoreThan(fullAt(person))) return [...full, ...byUnits(left, order.slice(place), units)];
    full.push([person, most(person)]);
    left -= most(person);
  }
  return full;
}
