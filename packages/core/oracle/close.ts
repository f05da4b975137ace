import type { CloseInput } from "../src/period/input.ts";
import type { MatchingBonus } from "../src/plan/matching.ts";
import type { RankAdvancementBonus } from "../src/plan/rank-advancement.ts";
import type { Bonus } from "../src/plan/schema.ts";
import { Due, type Payee } from "./due.ts";
import { Fraction } from "./fraction.ts";
import { payBreakaway } from "./groups.ts";
import type { Life } from "./life.ts";
import { payPairs } from "./pairs.ts";
import { payPool } from "./pool.ts";
import { payRetail } from "./retail.ts";
import { payReward } from "./rewards.ts";
import { Standing } from "./standing.ts";
import { Terms } from "./terms.ts";
import { payDifferential, payGenerations, payInfinity, payLeaders, payLine, payUnilevel, type Scene } from "./walks.ts";
import { type Person, uplineOf, type World, worldOf } from "./world.ts";
import { minorOf, rowOf } from "./worth.ts";

/** Minor units of one bonus by payee, and what its own caps cut off whom. */
interface Paid {
  readonly minor: Map<Payee, bigint>;
  readonly cut: Map<Person, bigint>;
}

/** A close of volume sold, nothing returned and nothing carried in: by bonus and payee, before the plan's caps. */
export function oracleClose(input: CloseInput): Map<string, Map<Payee, bigint>> {
  const world = worldOf(input);
  return new Closing(new Standing(world)).owed();
}

/** What of a pool goes into the next one; null for other bonuses. */
export function rolledOver(input: CloseInput, id: string): bigint | null {
  const world = worldOf(input);
  const bonus = world.plan.bonuses.find((each) => each.id === id);
  if (bonus?.kind !== "pool") return null;
  const standing = new Standing(world);
  const due = new Due(world.plan.rounding);
  return payPool({ world, standing, due, terms: new Terms(standing, bonus) }, bonus).rolledOver;
}

/** A close and those before it, which it may look back at. */
export class Closing implements Life {
  readonly standing: Standing;
  /** The latest first. */
  readonly past: readonly Closing[];
  readonly #atOrders: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
  readonly #paid = new Map<string, Paid>();

  /** `atOrders` is what order-time bonuses paid in the period, by bonus and the distributor's number. */
  constructor(
    standing: Standing,
    past: readonly Closing[] = [],
    atOrders: ReadonlyMap<string, ReadonlyMap<number, bigint>> = new Map(),
  ) {
    this.standing = standing;
    this.past = past;
    this.#atOrders = atOrders;
    standing.paid = (id, person) => this.pay(id).minor.get(person) ?? 0n;
  }

  get world(): World {
    return this.standing.world;
  }

  bonus(id: string): Bonus {
    return this.world.plan.bonuses.find((bonus) => bonus.id === id) as Bonus;
  }

  /** What a bonus pays, before the plan's caps. */
  pay(id: string): Paid {
    const known = this.#paid.get(id) ?? this.#find(this.bonus(id));
    this.#paid.set(id, known);
    return known;
  }

  #find(bonus: Bonus): Paid {
    if (bonus.snapshot === "close") return payBonus(bonus, this);
    const people = this.world.people.map((person): [Payee, bigint] => [
      person,
      this.#atOrders.get(bonus.id)?.get(person.no) ?? 0n,
    ]);
    return uncut(new Map(people));
  }

  /** By close bonus and payee. */
  owed(): Map<string, Map<Payee, bigint>> {
    const atClose = this.world.plan.bonuses.filter(({ snapshot }) => snapshot === "close");
    return new Map(atClose.map(({ id }) => [id, this.pay(id).minor]));
  }
}

function payBonus(bonus: Bonus, closing: Closing): Paid {
  const { world, standing } = closing;
  const due = new Due(world.plan.rounding);
  const scene: Scene = { world, standing, due, terms: new Terms(standing, bonus) };
  if (bonus.kind === "binary") {
    const pairs = payPairs(scene, bonus);
    return {
      minor: new Map([...pairs].map(([person, { minor }]) => [person, minor])),
      cut: new Map([...pairs].map(([person, { cut }]) => [person, cut])),
    };
  }
  if (bonus.kind === "pool") return uncut(payPool(scene, bonus).shares);
  if (bonus.kind === "rank-advancement") return uncut(payAdvancement(scene, bonus));
  if (bonus.kind === "retail") return uncut(payRetail(scene, bonus));
  if (bonus.kind === "reward") return uncut(payReward(scene, bonus, closing));
  if (bonus.kind === "matching") payMatching(scene, bonus, closing);
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

function payAdvancement({ world, standing, terms }: Scene, bonus: RankAdvancementBonus): Map<Payee, bigint> {
  const { plan } = world;
  return new Map(
    world.people
      .filter((person) => terms.qualifies(person))
      .map((person) => {
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
function payMatching(scene: Scene, bonus: MatchingBonus, paying: Closing): void {
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
    if (earned === 0n || (bonus.matchedIf !== undefined && !standing.holds(bonus.matchedIf, source))) continue;
    const due = new Due(world.plan.rounding);
    const own: Scene = { ...scene, due };
    const worth = Fraction.whole(earned);
    if (bonus.by.kind === "generation")
      payLeaders(own, { boundary: bonus.by.boundary, rates: bonus.rates, tree: bonus.tree }, { source, worth });
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
