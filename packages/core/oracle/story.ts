import type { GoldenDistributor, GoldenOrder, GoldenPeriod } from "../src/golden/case.ts";
import type { Bonus, Plan } from "../src/plan/schema.ts";
import { leftOf } from "./caps.ts";
import { Closing } from "./close.ts";
import { dayStart } from "./conditions.ts";
import { Due, type Payee } from "./due.ts";
import { Fraction, lesser } from "./fraction.ts";
import { payRetail } from "./retail.ts";
import { payUp } from "./rewards.ts";
import { Standing } from "./standing.ts";
import { Terms } from "./terms.ts";
import { payDifferential, payGenerations, payInfinity, payUnilevel, type Scene } from "./walks.ts";
import type { Person, Sale, World } from "./world.ts";
import { worthOf } from "./worth.ts";

/** A company's life: orders that are paid when they come, and closes in a row that look back at each other. */
export interface Story {
  readonly plan: Plan;
  readonly people: readonly GoldenDistributor[];
  readonly periods: readonly Required<Pick<GoldenPeriod, "id" | "startsAt" | "endsAt" | "orders">>[];
}

/** One amount of an order, or of the company where nobody qualified. */
export interface OrderAmount {
  readonly order: string;
  readonly bonus: string;
  readonly to: string | null;
  readonly minor: bigint;
}

export interface ToldPeriod {
  readonly closing: Closing;
  readonly orders: readonly OrderAmount[];
  /** By bonus and number, after the plan's caps. */
  readonly left: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
}

export function tellStory({ plan, people, periods }: Story): ToldPeriod[] {
  const told: ToldPeriod[] = [];
  for (const period of periods) {
    const past = told.map(({ closing }) => closing).reverse();
    const orders = period.orders.flatMap((order) => {
      const at = Date.parse(order.placedAt ?? "");
      const own = planAt(plan, "order-date", at);
      return payOrder(worldAt({ plan: own, people, period, past }), past[0], order.id ?? "");
    });
    const atOrders = new Map<string, Map<number, bigint>>();
    for (const { bonus, to, minor } of orders) {
      const no = people.findIndex(({ id }) => id === to);
      const sums = atOrders.get(bonus) ?? new Map<number, bigint>();
      atOrders.set(bonus, sums.set(no, (sums.get(no) ?? 0n) + minor));
    }
    const own = planAt(plan, "period-start", Date.parse(period.startsAt));
    const world = worldAt({ plan: own, people, period, past });
    for (const sale of world.people.flatMap(({ sold }) => sold))
      for (const bonus of own.bonuses)
        deduct(
          own,
          bonus,
          sale,
          orders.filter(({ order }) => order === sale.told?.id),
        );
    const standing = new Standing(world, past);
    const closing = new Closing(standing, past, atOrders);
    const left = leftOf(standing, closing.owed());
    told.push({ closing, orders, left });
    // Who looks back sees what was paid in the end.
    const before = standing.paid;
    standing.paid = (id, person) => left.get(id)?.get(person.no) ?? before(id, person);
  }
  return told;
}

/** The plan with what promotions set at a time. */
function planAt(plan: Plan, decidedBy: "order-date" | "period-start", at: number): Plan {
  const { promotions = [], ...base } = structuredClone(plan) as Plan;
  const changed = base as Plan & Record<string, unknown>;
  for (const { from, until, set, decidedBy: by } of promotions) {
    if (by !== decidedBy || at < dayStart(from) || at >= dayStart(until)) continue;
    for (const [path, value] of Object.entries(set)) {
      const [where, name = "", field = ""] = path.split(".");
      if (where === "conditions")
        changed.conditions = { ...changed.conditions, [name]: value } as NonNullable<Plan["conditions"]>;
      else Object.assign(changed.bonuses.find(({ id }) => id === name) as Bonus, { [field]: value });
    }
  }
  return changed;
}

interface Scenery {
  readonly plan: Plan;
  readonly people: readonly GoldenDistributor[];
  readonly period: Story["periods"][number];
  readonly past: readonly Closing[];
}

function worldAt({ plan, people: said, period, past }: Scenery): World {
  const [last] = past;
  const people = said.map(
    (person, no): Person => ({
      no,
      key: person.id,
      sponsor: null,
      frontline: [],
      mayEarn: plan.active.statuses.includes(person.status ?? ""),
      // The highest of the closes before.
      title: past.reduce((most, { standing, world }) => Math.max(most, standing.rank(world.people[no] as Person)), -1),
      country: person.country ?? null,
      enrolledAt: Date.parse(person.enrolledAt ?? ""),
      placedUnder: {},
      placedBelow: {},
      side: {},
      sold: [],
    }),
  );
  const named = (id: string | null): Person | undefined => people.find(({ key }) => key === id);
  people.forEach((person, no) => {
    person.sponsor = named(said[no]?.sponsor ?? null) ?? null;
    person.sponsor?.frontline.push(person);
    for (const [tree, { parent, leg }] of Object.entries(said[no]?.places ?? {})) {
      const above = named(parent);
      if (above === undefined) continue;
      person.placedUnder[tree] = above;
      above.placedBelow[tree] = [...(above.placedBelow[tree] ?? []), person];
      person.side[tree] = leg === 0 ? "left" : "right";
    }
  });
  for (const order of period.orders) named(order.owner)?.sold.push(saleOf(order));
  return {
    plan,
    currency: "USD",
    people,
    input: {
      startsAt: Date.parse(period.startsAt),
      endsAt: Date.parse(period.endsAt),
      network: {
        directives: [],
        recentRanks: last === undefined ? [] : [Int16Array.from(last.world.people, (person) => last.standing.rank(person))],
        graceUsed: new Uint8Array(people.length),
      },
    },
  };
}

function saleOf(order: GoldenOrder): Sale {
  return {
    own: order.self === true,
    market: order.market ?? "*",
    commissionClass: order.class ?? "",
    pv: Fraction.read(order.pv ?? "0"),
    qv: Fraction.read(order.qv ?? "0"),
    cv: Fraction.read(order.cv ?? "0"),
    net: Fraction.read(order.net ?? "0").times(Fraction.whole(100)),
    retail: Fraction.read(order.retail ?? order.net ?? "0").times(Fraction.whole(100)),
    deducted: {},
    subscription: order.subscription === true,
    open: [],
    told: {
      id: order.id ?? "",
      placedAt: Date.parse(order.placedAt ?? ""),
      customer: order.customer ?? "",
      subscription: order.subscription === true,
      quantity: order.quantity ?? 1,
    },
  };
}

/** How everyone stands when an order comes: as the last close found it. */
class AtOrder extends Standing {
  readonly #last: Closing | undefined;

  constructor(world: World, last: Closing | undefined) {
    super(world);
    this.#last = last;
  }

  #then(person: Person): Person {
    return this.#last?.world.people[person.no] as Person;
  }

  override rank(person: Person): number {
    return this.#last?.standing.rank(this.#then(person)) ?? -1;
  }

  override measure(id: string, person: Person): Fraction {
    return this.#last?.standing.measure(id, this.#then(person)) ?? Fraction.ZERO;
  }

  override active(person: Person): boolean {
    const { plan } = this.world;
    if (!person.mayEarn) return false;
    if (this.#last !== undefined) {
      const { condition, minimumPv } = plan.active;
      return (
        this.#last.standing.pv(this.#then(person)).isAtLeast(Fraction.read(minimumPv)) &&
        (condition === undefined || this.holds(condition, person))
      );
    }
    return plan.active.beforeFirstClose === "active" || Fraction.read(plan.active.minimumPv).isZero;
  }
}

/** What distributors were paid by the bonuses that come off a bonus's base, never more than what is there. */
function deduct(plan: Plan, bonus: Bonus, sale: Sale, paid: readonly OrderAmount[]): void {
  const base = bonus.kind === "retail" && bonus.pays.mode === "percent" ? bonus.pays.base : "base" in bonus ? bonus.base : "cv";
  if (typeof base === "string" || base.less === undefined) return;
  const off = paid
    .filter(({ bonus: id, to }) => to !== null && base.less?.includes(id))
    .reduce((sum, { minor }) => sum + minor, 0n);
  const whole = worthOf(plan, { id: bonus.id, base: { of: base.of } }, sale);
  const most = bonus.snapshot === "close" ? Fraction.whole(whole.floor()) : whole;
  sale.deducted[bonus.id] = lesser(Fraction.whole(off), most);
}

/** Every order-time bonus on one order: first those whose pay comes off no base before them. */
function payOrder(world: World, last: Closing | undefined, order: string): OrderAmount[] {
  const standing = new AtOrder(world, last);
  const only = world.people.flatMap(({ sold }) => sold).find(({ told }) => told?.id === order) as Sale;
  const isFirst = ({ id }: Bonus): boolean => id === "profit" || id === "kit";
  const paidFirst = world.plan.bonuses.filter(isFirst).flatMap((bonus) => payOne(bonus));
  const rest = world.plan.bonuses.filter((bonus) => !isFirst(bonus));
  for (const bonus of world.plan.bonuses) deduct(world.plan, bonus, only, paidFirst);
  return [...paidFirst, ...rest.flatMap((bonus) => payOne(bonus))];

  function payOne(bonus: Bonus): OrderAmount[] {
    if (bonus.snapshot === "close") return [];
    const due = new Due(world.plan.rounding);
    const scene: Scene = { world, standing, due, only, terms: new Terms(standing, bonus, only) };
    return [...payAtOrder(scene, bonus, only)].map(([payee, minor]) => ({
      order,
      bonus: bonus.id,
      to: payee === "company" ? null : payee.key,
      minor,
    }));
  }
}

function payAtOrder(scene: Scene, bonus: Bonus, sale: Sale): Map<Payee, bigint> {
  if (bonus.kind === "retail") return payRetail(scene, bonus);
  if (bonus.kind === "reward") {
    const seller = scene.world.people.find(({ sold }) => sold.includes(sale)) as Person;
    const pieces = BigInt(sale.told?.quantity ?? 1);
    const taken = !sale.own || scene.world.plan.ownPurchase !== "pays-nobody";
    const { classes, markets, buyers } = bonus.appliesTo ?? {};
    const applies =
      (classes?.includes(sale.commissionClass) ?? true) &&
      (markets?.includes(sale.market) ?? true) &&
      (buyers?.includes(sale.own ? "self" : "customer") ?? true);
    return applies && taken ? new Map(payUp(scene, bonus, { person: seller, share: (minor) => minor * pieces })) : new Map();
  }
  if (bonus.kind === "unilevel") payUnilevel(scene, bonus);
  else if (bonus.kind === "differential") payDifferential(scene, bonus);
  else if (bonus.kind === "generation") payGenerations(scene, bonus);
  else if (bonus.kind === "infinity") payInfinity(scene, bonus);
  else throw new Error(`the oracle does not know ${bonus.kind} at order time`);
  const sums = new Map<Payee, bigint>();
  for (const { payee, minor } of scene.due.amounts()) sums.set(payee, (sums.get(payee) ?? 0n) + minor);
  return sums;
}
