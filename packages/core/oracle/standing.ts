import type { Condition } from "../src/plan/conditions.ts";
import type { RankRequirement } from "../src/plan/ranks.ts";
import { conditionHolds } from "./conditions.ts";
import type { Figures, PastClose } from "./figures.ts";
import { Fraction, lesser, sumOf } from "./fraction.ts";
import { largestTotal } from "./leg-limit.ts";
import { Measures } from "./measures.ts";
import { belowIn, groupOf, type Person, type Sale, type TreeName, volumeSold, type World } from "./world.ts";

/** How everyone stands at the period's end: volumes, activity and ranks (numbers from 0, -1 is none). Each answer is found once. */
export class Standing implements Figures {
  readonly world: World;
  readonly #known = new Map<string, unknown>();
  readonly #measures: Measures;

  /** `past` are the closes before, the latest first. */
  constructor(world: World, past: readonly PastClose[] = []) {
    this.world = world;
    this.#measures = new Measures(this, past);
  }

  /** A measure over its whole time. */
  measure(id: string, person: Person): Fraction {
    return this.#isPay(id)
      ? this.#measures.value(id, person)
      : this.#once(`measure ${id}`, person, () => this.#measures.value(id, person));
  }

  /** What of it this period counts. */
  measuredAlone(id: string, person: Person): Fraction {
    return this.#isPay(id)
      ? this.#measures.alone(id, person)
      : this.#once(`alone ${id}`, person, () => this.#measures.alone(id, person));
  }

  /** Pay is asked anew each time: after the caps it is another one. */
  #isPay(id: string): boolean {
    return this.world.plan.measures?.[id]?.what === "earned";
  }

  holds(condition: Condition, person: Person): boolean {
    return conditionHolds(condition, { plan: this.world.plan, standing: this, person });
  }

  /** The highest rank of the closes before. */
  title(person: Person): number {
    return person.title;
  }

  /** What a bonus paid a person in this period, minor units; closes that tell of it set it. */
  paid: (bonusId: string, person: Person) => bigint = () => 0n;

  #once<T>(what: string, person: Person, find: () => T): T {
    const key = `${what} ${person.no}`;
    if (!this.#known.has(key)) this.#known.set(key, find());
    return this.#known.get(key) as T;
  }

  pv(person: Person): Fraction {
    return this.#once("pv", person, () => volumeSold(this.world.plan, person, "pv"));
  }

  active(person: Person): boolean {
    const { minimumPv, condition } = this.world.plan.active;
    if (!person.mayEarn || !this.pv(person).isAtLeast(Fraction.read(minimumPv))) return false;
    return condition === undefined || this.holds(condition, person);
  }

  /** Own volume in the plan's rank volume. */
  own(person: Person, counts?: (sale: Sale) => boolean): Fraction {
    const { plan } = this.world;
    return volumeSold(plan, person, plan.rankVolume ?? "pv", counts);
  }

  /** The group in a tree; ranks are judged by the one the plan names for it. */
  group(person: Person, tree: TreeName = this.world.plan.rankTree): Fraction {
    return this.#once(`group ${tree}`, person, () =>
      sumOf(groupOf(this.world.plan, person, tree).map((below) => this.own(below))),
    );
  }

  /** The group without groups that have broken away. */
  personalGroup(person: Person, tree: TreeName = this.world.plan.rankTree): Fraction {
    return this.#once(`personal group ${tree}`, person, () =>
      sumOf([
        this.own(person),
        ...belowIn(this.world.plan, person, tree)
          .filter((below) => !this.breaksAway(below))
          .map((below) => this.personalGroup(below, tree)),
      ]),
    );
  }

  #legs(person: Person): readonly Person[] {
    return belowIn(this.world.plan, person, this.world.plan.rankTree);
  }

  breaksAway(person: Person): boolean {
    const { breakawayRank } = this.world.plan;
    return breakawayRank !== undefined && this.rank(person) >= this.numberOf(breakawayRank);
  }

  numberOf(rankId: string): number {
    return this.world.plan.ranks.findIndex((each) => each.id === rankId);
  }

  /** The rank that is paid: a decision, else what is met or kept by grace, as far as no decision holds it down. */
  rank(person: Person): number {
    const { network, endsAt } = this.world.input;
    const said = (kind: "override" | "constraint"): number | undefined =>
      network.directives.filter((word) => word.no === person.no && word.kind === kind && word.until >= endsAt).at(-1)?.rankNo;
    return this.#once("rank", person, () => {
      const last = network.recentRanks[0]?.[person.no] ?? -1;
      const met = this.#met(person);
      const mayKeep = last > met && (network.graceUsed[person.no] as number) < (this.world.plan.ranks[last]?.gracePeriods ?? 0);
      return said("override") ?? Math.min(mayKeep ? last : met, said("constraint") ?? Number.POSITIVE_INFINITY);
    });
  }

  #met(person: Person): number {
    if (!person.mayEarn) return -1;
    return this.world.plan.ranks.reduce((best, { requires }, no) => (this.#meets(person, requires) ? no : best), -1);
  }

  #meets(person: Person, asked: RankRequirement): boolean {
    const atLeast = (value: Fraction, text: string | undefined): boolean =>
      text === undefined || value.isAtLeast(Fraction.read(text));
    const legs = (counts: (leg: Person) => boolean): number => this.#legs(person).filter(counts).length;
    const leads = (leg: Person, rankId: string): boolean =>
      groupOf(this.world.plan, leg, this.world.plan.rankTree).some((below) => this.rank(below) >= this.numberOf(rankId));
    const { recentRanks } = this.world.input.network;
    const held = (ago: number): number => recentRanks[ago]?.[person.no] ?? -1;
    return (
      (asked.condition === undefined || this.holds(asked.condition, person)) &&
      atLeast(this.own(person), asked.pv) &&
      atLeast(
        this.own(person, (sale) => !sale.own),
        asked.retailVolume,
      ) &&
      atLeast(this.personalGroup(person), asked.personalGroupVolume) &&
      (asked.gv === undefined || atLeast(this.#countedGroup(person, asked.gv), asked.gv.volume)) &&
      legs((leg) => this.active(leg)) >= (asked.activeLegs ?? 0) &&
      (asked.legsWithRank ?? []).every((need) => legs((leg) => leads(leg, need.rank)) >= need.legs) &&
      Array.from({ length: asked.heldBefore?.periods ?? 0 }, (_, ago) => held(ago)).every(
        (rank) => rank >= this.numberOf(asked.heldBefore?.rank ?? ""),
      )
    );
  }

  #countedGroup(person: Person, { volume, maxLeg }: NonNullable<RankRequirement["gv"]>): Fraction {
    const legs = this.#legs(person).map((leg) => this.group(leg));
    if (maxLeg === undefined) return this.group(person);
    const share = Fraction.read(maxLeg.share);
    if (maxLeg.mode === "cap-on-total") return largestTotal(this.own(person), legs, share);
    const most = Fraction.read(volume).times(share);
    return this.own(person).plus(sumOf(legs.map((leg) => lesser(leg, most))));
  }
}
