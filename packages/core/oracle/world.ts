import type { CloseInput, CloseNetwork } from "../src/period/input.ts";
import type { Plan } from "../src/plan/schema.ts";
import { Fraction, sumOf } from "./fraction.ts";

/**
 * The oracle's picture of a close: people who know each other, and the goods they sold. Slow and easy to believe; it shares
 * with the engine the plan document and nothing else.
 */
export interface Person {
  readonly no: number;
  /** Breaks ties. */
  readonly key: string;
  sponsor: Person | null;
  readonly frontline: Person[];
  readonly mayEarn: boolean;
  readonly title: number;
  readonly country: string | null;
  /** Epoch milliseconds. */
  readonly enrolledAt: number;
  /** Above and below on placement trees, by the tree's name. */
  readonly placedUnder: Record<string, Person>;
  readonly placedBelow: Record<string, Person[]>;
  readonly side: Record<string, "left" | "right">;
  readonly sold: Sale[];
}

export interface Sale {
  readonly own: boolean;
  readonly market: string;
  readonly commissionClass: string;
  readonly pv: Fraction;
  readonly qv: Fraction;
  readonly cv: Fraction;
  /** Minor units. */
  readonly net: Fraction;
  readonly retail: Fraction;
  /** Minor units that are taken off the bases of some bonuses, by their ids. */
  readonly deducted: Record<string, Fraction>;
  readonly subscription: boolean;
  /** Fast starts whose windows are open on the order. */
  readonly open: readonly string[];
  /** What a story tells of it besides. */
  readonly told?: Told;
}

/** The order that a sale is: all that measures and order time ask about it. */
export interface Told {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly placedAt: number;
  readonly customer: string;
  readonly subscription: boolean;
  readonly quantity: number;
}

export interface World {
  readonly plan: Plan;
  readonly currency: string;
  readonly people: readonly Person[];
  readonly input: {
    readonly startsAt?: number;
    readonly endsAt: number;
    readonly network: Pick<CloseNetwork, "directives" | "recentRanks" | "graceUsed" | "positionOwner">;
  };
}

const VOLUME = Fraction.whole(10_000);

export function worldOf(input: CloseInput): World {
  const { network, orders, plan } = input;
  const people = Array.from(
    { length: network.count },
    (_, no): Person => ({
      no,
      key: network.ids?.[no] ?? String(no).padStart(10, "0"),
      sponsor: null,
      frontline: [],
      mayEarn: network.earning[no] === 1,
      title: network.title[no] as number,
      country: null,
      enrolledAt: 0,
      placedUnder: {},
      placedBelow: {},
      side: {},
      sold: [],
    }),
  );
  people.forEach((person, no) => {
    person.sponsor = people[network.sponsor[no] as number] ?? null;
    person.sponsor?.frontline.push(person);
    for (const [tree, { parent, leg }] of Object.entries(network.placements)) {
      const above = people[parent[no] as number];
      if (above === undefined) continue;
      person.placedUnder[tree] = above;
      above.placedBelow[tree] = [...(above.placedBelow[tree] ?? []), person];
      person.side[tree] = leg[no] === 0 ? "left" : "right";
    }
  });
  orders.owner.forEach((no, row) => {
    const volume = (column: Float64Array): Fraction => Fraction.whole(column[row] as number).over(VOLUME);
    people[no]?.sold.push({
      own: orders.self[row] === 1,
      market: orders.markets[orders.marketNo[row] as number] as string,
      commissionClass: (plan.commissionClasses[orders.classNo[row] as number] as { id: string }).id,
      pv: volume(orders.pv),
      qv: volume(orders.qv),
      cv: volume(orders.cv),
      net: Fraction.whole(orders.netMinor?.[row] ?? 0),
      retail: Fraction.whole(orders.retailMinor?.[row] ?? orders.netMinor?.[row] ?? 0),
      deducted: Object.fromEntries(
        Object.entries(orders.lessMinor ?? {}).map(([id, column]) => [id, Fraction.whole(column[row] as number)]),
      ),
      subscription: orders.subscription?.[row] === 1,
      open: orders.openSets?.[orders.openSet?.[row] ?? 0] ?? [],
    });
  });
  return { plan, currency: input.currency, people, input };
}

export function factorOf(plan: Plan, sale: Sale, volume: "pv" | "qv" | "cv"): Fraction {
  return Fraction.read(plan.commissionClasses.find(({ id }) => id === sale.commissionClass)?.factors?.[volume] ?? "1");
}

/** Volume of a person's sales, with their classes' factors, cut to whole ten-thousandths and not below nothing. */
export function volumeSold(
  plan: Plan,
  person: Person,
  volume: "pv" | "qv" | "cv",
  counts: (sale: Sale) => boolean = () => true,
): Fraction {
  const exact = sumOf(person.sold.filter(counts).map((sale) => sale[volume].times(factorOf(plan, sale, volume))));
  const cut = Fraction.whole(exact.times(VOLUME).floor()).over(VOLUME);
  return cut.isAtLeast(Fraction.ZERO) ? cut : Fraction.ZERO;
}

/** A tree by the plan's name for it; without a name it is who enrolled whom. */
export type TreeName = string | undefined;

const isEnrolment = (plan: Plan, tree: TreeName): boolean => tree === undefined || plan.trees?.[tree]?.is === "enrolment";

/** Who stands directly above. */
function aboveIn(plan: Plan, person: Person, tree: TreeName): Person | null {
  return isEnrolment(plan, tree) ? person.sponsor : (person.placedUnder[tree ?? ""] ?? null);
}

/** Who stands directly below. */
export function belowIn(plan: Plan, person: Person, tree: TreeName): readonly Person[] {
  return isEnrolment(plan, tree) ? person.frontline : (person.placedBelow[tree ?? ""] ?? []);
}

/** Everyone above, nearest first. */
export function uplineOf(plan: Plan, person: Person, tree: TreeName): Person[] {
  const above = aboveIn(plan, person, tree);
  return above === null ? [] : [above, ...uplineOf(plan, above, tree)];
}

/** Everyone below, and the person. */
export function groupOf(plan: Plan, person: Person, tree: TreeName): Person[] {
  return [person, ...belowIn(plan, person, tree).flatMap((below) => groupOf(plan, below, tree))];
}
