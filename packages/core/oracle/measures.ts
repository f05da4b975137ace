import type { Measure } from "../src/plan/measures.ts";
import type { Figures, PastClose } from "./figures.ts";
import { Fraction, lesser, sumOf } from "./fraction.ts";
import { largestTotal } from "./leg-limit.ts";
import { belowIn, factorOf, type Person, type Sale, volumeSold, type World } from "./world.ts";

/** The measures that may be of a kind. */
type OfKind<What extends Measure["what"]> = Measure extends infer One
  ? One extends { readonly what: infer Whats }
    ? What extends Whats
      ? One
      : never
    : never
  : never;
/** Numbers of sales that look at the whole time at once. */
type AtOnce = OfKind<"customers-with-order" | "orders" | "items" | "pv">;

const DAY_MS = 86_400_000;
const UNIT = Fraction.whole(10_000);

/** Every measure of one person, from its sentence on the language page. */
export class Measures {
  readonly #standing: Figures;
  readonly #past: readonly PastClose[];

  constructor(standing: Figures, past: readonly PastClose[]) {
    this.#standing = standing;
    this.#past = past;
  }

  get #world(): World {
    return this.#standing.world;
  }

  #measure(id: string): Measure {
    return this.#world.plan.measures?.[id] as Measure;
  }

  /** Over its whole time. */
  value(id: string, person: Person): Fraction {
    const measure = this.#measure(id);
    if (isAtOnce(measure)) return this.#atOnce(measure, person);
    const over = "over" in measure ? measure.over : undefined;
    if (over === undefined || (measure.what === "count" && measure.of === "enrolled"))
      return this.#standing.measuredAlone(id, person);
    const closes = [this.#standing, ...this.#past.map(({ standing }) => standing)];
    const counted = closes.filter((close, back) => {
      if ("lifetime" in over) return true;
      if ("daysAfterEnrolment" in over) return close.world.input.endsAt <= person.enrolledAt + over.daysAfterEnrolment * DAY_MS;
      const before = over.before ?? 0;
      return back >= before && back < before + over.periods;
    });
    return sumOf(counted.map((close) => close.measuredAlone(id, close.world.people[person.no] as Person)));
  }

  /** Of this close by itself. */
  alone(id: string, person: Person): Fraction {
    const measure = this.#measure(id);
    switch (measure.what) {
      case "pv":
      case "qv":
      case "cv":
        return volumeSold(this.#world.plan, person, measure.what, (sale) => counts(measure, sale));
      case "gv":
        return this.#groupVolume(measure, person);
      case "pgv":
        return this.#personalGroup(measure, person);
      case "leg-gv":
        return this.#legVolume(measure, person);
      case "count":
        return Fraction.whole(this.#count(measure, person));
      case "periods":
        return Fraction.whole(this.#standing.holds(measure.meeting, person) ? 1 : 0);
      case "days-enrolled": {
        const days = Math.floor((this.#world.input.endsAt - person.enrolledAt) / DAY_MS);
        return Fraction.whole(Math.max(0, days));
      }
      case "earned":
        return sumOf(measure.bonuses.map((bonus) => Fraction.whole(this.#standing.paid(bonus, person)))).over(
          Fraction.whole(100),
        );
      default:
        throw new Error(`${measure.what} looks at its whole time at once`);
    }
  }

  #own({ volume }: { volume?: "pv" | "qv" | "cv" | undefined }, person: Person): Fraction {
    const { plan } = this.#world;
    return volumeSold(plan, person, volume ?? plan.rankVolume ?? "pv");
  }

  /** Everyone of some levels below, level 0 being the person; of several trees the one that is named. */
  #levels(person: Person, { from, to }: { from: number; to?: number | undefined }, tree: string | undefined): Person[] {
    if (to !== undefined && to < 0) return [];
    const deeper = { from: from - 1, to: to === undefined ? undefined : to - 1 };
    const below = belowIn(this.#world.plan, person, tree).flatMap((under) => this.#levels(under, deeper, tree));
    return from <= 0 ? [person, ...below] : below;
  }

  #groupVolume(measure: OfKind<"gv">, person: Person): Fraction {
    const { from, to } = measure.levels ?? { from: 0 };
    const own = from === 0 ? this.#own(measure, person) : Fraction.ZERO;
    const under = { from: from - 1, to: to === undefined ? undefined : to - 1 };
    const legs = belowIn(this.#world.plan, person, measure.tree).map((leg) =>
      sumOf(this.#levels(leg, under, measure.tree).map((other) => this.#own(measure, other))),
    );
    const limit = measure.atMostFromOneLeg;
    if (limit === undefined) return own.plus(sumOf(legs));
    if ("volume" in limit) return own.plus(sumOf(legs.map((leg) => lesser(leg, Fraction.read(limit.volume)))));
    return Fraction.whole(largestTotal(own, legs, Fraction.read(limit.share)).times(UNIT).floor()).over(UNIT);
  }

  #personalGroup(measure: OfKind<"pgv">, person: Person): Fraction {
    const below = belowIn(this.#world.plan, person, measure.tree).filter((leg) => !this.#standing.breaksAway(leg));
    return this.#own(measure, person).plus(sumOf(below.map((leg) => this.#personalGroup(measure, leg))));
  }

  #legVolume(measure: OfKind<"leg-gv">, person: Person): Fraction {
    const legs = belowIn(this.#world.plan, person, measure.tree);
    const volume = (leg: Person): Fraction =>
      sumOf(this.#levels(leg, { from: 0 }, measure.tree).map((other) => this.#own(measure, other)));
    if (measure.side !== undefined) return sumOf(legs.filter((leg) => leg.side[measure.tree ?? ""] === measure.side).map(volume));
    const bySize = legs.map(volume).sort((a, b) => (b.isMoreThan(a) ? 1 : a.isMoreThan(b) ? -1 : 0));
    return bySize[(measure.nth ?? 1) - 1] ?? Fraction.ZERO;
  }

  #count(measure: OfKind<"count">, person: Person): number {
    const meets = (other: Person): boolean => measure.meeting === undefined || this.#standing.holds(measure.meeting, other);
    const onSide = (leg: Person): boolean => measure.side === undefined || leg.side[measure.tree ?? ""] === measure.side;
    const frontline = belowIn(this.#world.plan, person, measure.of === "enrolled" ? undefined : measure.tree);
    if (measure.of === "frontline") return frontline.filter((leg) => onSide(leg) && meets(leg)).length;
    if (measure.of === "levels") return this.#levels(person, measure.levels ?? { from: 1 }, measure.tree).filter(meets).length;
    if (measure.of === "enrolled")
      return frontline.filter((other) => this.#enrolledInTime(measure, person, other) && meets(other)).length;
    const to = measure.levels?.to === undefined ? undefined : measure.levels.to - 1;
    return frontline.filter((leg) => onSide(leg) && this.#levels(leg, { from: 0, to }, measure.tree).some(meets)).length;
  }

  #enrolledInTime({ over }: OfKind<"count">, person: Person, other: Person): boolean {
    if (over === undefined || "lifetime" in over) return true;
    if ("daysAfterEnrolment" in over) return other.enrolledAt < person.enrolledAt + over.daysAfterEnrolment * DAY_MS;
    const closes = [this.#standing, ...this.#past.map(({ standing }) => standing)].map(({ world }) => world.input);
    const before = over.before ?? 0;
    const from = closes[before + over.periods - 1]?.startsAt ?? Number.NEGATIVE_INFINITY;
    return other.enrolledAt >= from && other.enrolledAt < (closes[before]?.endsAt ?? Number.NEGATIVE_INFINITY);
  }

  #atOnce(measure: AtOnce, person: Person): Fraction {
    const { plan } = this.#world;
    const worlds = [this.#world, ...this.#past.map(({ standing }) => standing.world)];
    const inTime = (sale: Sale, back: number): boolean => {
      const { over } = measure;
      if (over === undefined) return back === 0;
      if ("lifetime" in over) return true;
      if ("daysAfterEnrolment" in over) return (sale.told?.placedAt ?? 0) < person.enrolledAt + over.daysAfterEnrolment * DAY_MS;
      const before = over.before ?? 0;
      return back >= before && back < before + over.periods;
    };
    const sold = worlds.flatMap((world, back) =>
      (world.people[person.no] as Person).sold.filter((sale) => inTime(sale, back) && counts(measure, sale)),
    );
    const volume = (sale: Sale, what: "pv" | "qv" | "cv"): Fraction => sale[what].times(factorOf(plan, sale, what));
    if (measure.what === "pv" || measure.what === "qv" || measure.what === "cv")
      return sumOf(sold.map((sale) => volume(sale, measure.what as "pv")));
    if (measure.what === "items") return Fraction.whole(sold.reduce((sum, { told }) => sum + (told?.quantity ?? 0), 0));
    const least = Fraction.read(("eachAtLeast" in measure ? measure.eachAtLeast : undefined) ?? "0");
    if (measure.what === "orders") return Fraction.whole(sold.filter((sale) => volume(sale, "pv").isAtLeast(least)).length);
    const customers = [...new Set(sold.map(({ told }) => told?.customer ?? ""))];
    // The first order of a customer's life, whoever sold it.
    const firsts = new Map(
      [...worlds]
        .reverse()
        .flatMap(({ people }) => people.flatMap((other) => other.sold))
        .sort((a, b) => (b.told?.placedAt ?? 0) - (a.told?.placedAt ?? 0))
        .map((sale) => [sale.told?.customer ?? "", sale]),
    );
    const counted = customers.filter((customer) => {
      const own = sold.filter(({ told }) => told?.customer === customer);
      if (!sumOf(own.map((sale) => volume(sale, "pv"))).isAtLeast(least)) return false;
      return measure.what !== "new-customers" || own.includes(firsts.get(customer) as Sale);
    });
    return Fraction.whole(counted.length);
  }
}

function isAtOnce(measure: Measure): measure is AtOnce {
  if (["customers-with-order", "new-customers", "orders", "items"].includes(measure.what)) return true;
  if (measure.what !== "pv" && measure.what !== "qv" && measure.what !== "cv") return false;
  return measure.subscription !== undefined || (measure.over !== undefined && "daysAfterEnrolment" in measure.over);
}

/** Whether a measure counts a sale at all. */
function counts(measure: Measure, sale: Sale): boolean {
  const asked: { from?: string; classes?: readonly string[]; markets?: readonly string[]; subscription?: boolean } =
    measure as object;
  const from = measure.what === "customers-with-order" || measure.what === "new-customers" ? "customers" : asked.from;
  return (
    (from === undefined || (from === "self") === sale.own) &&
    (asked.classes?.includes(sale.commissionClass) ?? true) &&
    (asked.markets?.includes(sale.market) ?? true) &&
    (asked.subscription === undefined || asked.subscription === sale.told?.subscription)
  );
}
