import type { CloseInput } from "../src/period/input.ts";
import type { MatchingBonus } from "../src/plan/matching.ts";
import type { PoolBonus } from "../src/plan/pool.ts";
import type { RankAdvancementBonus } from "../src/plan/rank-advancement.ts";
import type { Bonus } from "../src/plan/schema.ts";
import { Due, type Payee } from "./due.ts";
import { Fraction, shareOut } from "./fraction.ts";
import { payBreakaway } from "./groups.ts";
import { payPairs } from "./pairs.ts";
import { Standing } from "./standing.ts";
import { payDifferential, payGenerations, payInfinity, payLeaders, payLine, payUnilevel, type Scene } from "./walks.ts";
import { type Person, uplineOf, type World, worldOf } from "./world.ts";
import { companyWorth, minorOf, rowOf } from "./worth.ts";

/** Minor units of one bonus by payee, and what its own caps cut off whom. */
interface Paid {
  readonly minor: Map<Payee, bigint>;
  readonly cut: Map<Person, bigint>;
}

/** A close of volume sold, nothing returned and nothing carried in: by bonus and payee, before the plan's caps. */
export function oracleClose(input: CloseInput): Map<string, Map<Payee, bigint>> {
  const world = worldOf(input);
  const standing = new Standing(world);
  const paid = new Map<string, Paid>();
  const bonusOf = (id: string): Bonus => world.plan.bonuses.find((bonus) => bonus.id === id) as Bonus;
  const pay = (id: string): Paid => {
    const known = paid.get(id) ?? payBonus(bonusOf(id), { world, standing, pay });
    paid.set(id, known);
    return known;
  };
  return new Map(world.plan.bonuses.map(({ id }) => [id, pay(id).minor]));
}

interface Paying {
  readonly world: World;
  readonly standing: Standing;
  /** What another bonus pays. */
  readonly pay: (id: string) => Paid;
}

function payBonus(bonus: Bonus, paying: Paying): Paid {
  const { world, standing } = paying;
  const due = new Due(world.plan.rounding);
  const scene: Scene = { world, standing, due };
  if (bonus.kind === "binary") {
    const pairs = payPairs(scene, bonus);
    return {
      minor: new Map([...pairs].map(([person, { minor }]) => [person, minor])),
      cut: new Map([...pairs].map(([person, { cut }]) => [person, cut])),
    };
  }
  if (bonus.kind === "pool") return uncut(payPool(scene, bonus));
  if (bonus.kind === "rank-advancement") return uncut(payAdvancement(scene, bonus));
  if (bonus.kind === "matching") payMatching(scene, bonus, paying);
  else if (bonus.kind === "unilevel") payUnilevel(scene, bonus);
  else if (bonus.kind === "differential") payDifferential(scene, bonus);
  else if (bonus.kind === "generation") payGenerations(scene, bonus);
  else if (bonus.kind === "infinity") payInfinity(scene, bonus);
  else if (bonus.kind === "breakaway") payBreakaway(scene, bonus);
  else throw new Error(`the oracle does not know ${bonus.kind}`);
  return uncut(summed(due));
}

const uncut = (minor: Map<Payee, bigint>): Paid => ({ minor, cut: new Map() });

function summed(due: Due): Map<Payee, bigint> {
  const sums = new Map<Payee, bigint>();
  for (const { payee, minor } of due.amounts()) sums.set(payee, (sums.get(payee) ?? 0n) + minor);
  return sums;
}

function payPool({ world, standing }: Scene, bonus: PoolBonus): Map<Payee, bigint> {
  const { plan } = world;
  const size =
    bonus.size.by === "amount"
      ? minorOf(bonus.size.amount)
      : companyWorth(world, bonus).times(Fraction.read(bonus.size.share)).rounded(plan.rounding);
  if (size <= 0n) return new Map();
  const units = (person: Person): Fraction => {
    if ("by" in bonus.units && bonus.units.by === "volume")
      return bonus.units.volume === "pv" ? standing.pv(person) : standing.group(person);
    if (!("units" in bonus.units)) return Fraction.ZERO;
    return Fraction.whole(rowOf(plan, bonus.units.units, standing.rank(person)) ?? 0);
  };
  const members = world.people.filter((person) => standing.active(person) && units(person).isMoreThan(Fraction.ZERO));
  if (members.length === 0) return bonus.withoutQualifiers === "company" ? new Map([["company", size]]) : new Map();
  const shares = shareOut(size, new Map(members.map((person) => [person.key, units(person)])));
  return new Map(members.map((person) => [person, shares.get(person.key) ?? 0n]));
}

function payAdvancement({ world, standing }: Scene, bonus: RankAdvancementBonus): Map<Payee, bigint> {
  const { plan } = world;
  return new Map(
    world.people.map((person) => {
      const reached = plan.ranks
        .map((_, no) => no)
        .filter(
          (no) => no > person.title && (bonus.paysSkippedRanks ? no <= standing.rank(person) : no === standing.rank(person)),
        );
      return [person, reached.reduce((sum, no) => sum + minorOf(rowOf(plan, bonus.amounts, no) ?? "0"), 0n)];
    }),
  );
}

/** What everyone below earned, and with `cascade` what they earned by this very match, is shared upwards. */
function payMatching(scene: Scene, bonus: MatchingBonus, paying: Paying): void {
  const { world, standing } = scene;
  const matched = (person: Person): bigint =>
    bonus.of.reduce((sum, id) => {
      const of = paying.pay(id);
      return sum + (of.minor.get(person) ?? 0n) + (bonus.amounts === "before-caps" ? (of.cut.get(person) ?? 0n) : 0n);
    }, 0n);
  const depth = (person: Person): number => uplineOf(world.plan, person, bonus.tree).length;
  const byMatch = new Map<Person, bigint>();
  const deepestFirst = [...world.people].sort((a, b) => depth(b) - depth(a));
  for (const source of deepestFirst) {
    const earned = matched(source) + (bonus.cascade ? (byMatch.get(source) ?? 0n) : 0n);
    if (earned === 0n) continue;
    const due = new Due(world.plan.rounding);
    const own: Scene = { world, standing, due };
    const worth = Fraction.whole(earned);
    if (bonus.by.kind === "generation")
      payLeaders(own, { boundary: bonus.by.boundary, rates: bonus.rates, tree: bonus.tree }, { source, worth, plan: world.plan });
    else
      payLine(
        own,
        { rates: bonus.rates, compression: bonus.by.compression, unqualifiedEarner: "none", lastRank: Number.POSITIVE_INFINITY },
        { line: uplineOf(world.plan, source, bonus.tree), source, worth },
      );
    const mayMatch = (payee: Payee): boolean =>
      payee !== "company" && (bonus.who === "everyone" || standing.rank(payee) <= standing.rank(source));
    for (const { payee, minor } of due.amounts(mayMatch)) {
      if (payee === "company") continue;
      byMatch.set(payee, (byMatch.get(payee) ?? 0n) + minor);
      scene.due.owe(payee, source, { level: 1, upTo: Fraction.whole(minor) });
    }
  }
}
