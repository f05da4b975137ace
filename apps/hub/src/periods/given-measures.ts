import { type Plan, volumeOf } from "@upline/core";
import { classWeights, type Measure } from "@upline/core/engine";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { type CustomerOrder, customersOf } from "./customers.ts";
import type { FactPage } from "./fact-queries.ts";
import type { Members } from "./members.ts";

/** Measures that sums of volume do not tell, counted from what was booked of single orders. Pure. */

const ONE = 10_000;
const DAY_MS = 86_400_000;

/** Volumes of one kind, one by one, in columns. */
export interface Facts {
  readonly kind: Pick<FactPage, "commissionClass" | "market" | "selfPurchase">;
  readonly owners: Float64Array;
  readonly orderNos: Float64Array;
  readonly backs: Float64Array;
  readonly placedAts: Float64Array;
  readonly subscriptions: Float64Array;
  readonly firsts: Float64Array;
  readonly buyers: readonly string[];
  readonly items: Float64Array;
  volume(column: "pv" | "qv" | "cv"): Float64Array;
}

/** Unpacked once for all measures. */
function unpacked(page: FactPage, members: Members): Facts {
  return {
    kind: page,
    owners: members.places(page.distributorNos),
    orderNos: packedNumbers(page.orderNos),
    backs: packedNumbers(page.backs),
    placedAts: packedNumbers(page.placedAts),
    subscriptions: packedNumbers(page.subscriptions),
    firsts: packedNumbers(page.firsts),
    buyers: packedTexts(page.buyers),
    items: packedNumbers(page.items),
    volume: (column) => packedNumbers(page[column]),
  };
}

export interface MeasuredPeople {
  readonly members: Members;
  /** Epoch milliseconds by number; only measures of first days ask for it. */
  readonly enrolledAt: Float64Array | undefined;
}

/** Columns of a plan's given measures, filled range by range: all entries of one distributor come together. */
export class GivenMeasures {
  readonly #counting: readonly Counting[];
  readonly #members: Members;
  /** Entries of orders that were booked before the plan asked for more than their volume. */
  unknown = 0;

  constructor(plan: Plan, ids: readonly string[], people: MeasuredPeople) {
    this.#members = people.members;
    this.#counting = ids.map((id) => countingOf(plan, id, people));
  }

  take(pages: readonly FactPage[]): void {
    this.takeFacts(pages.map((page) => unpacked(page, this.#members)));
  }

  takeFacts(facts: readonly Facts[]): void {
    for (const { subscriptions } of facts) for (const known of subscriptions) if (known < 0) this.unknown++;
    for (const counting of this.#counting) counting.take(facts);
  }

  columns(): Record<string, Float64Array> {
    return Object.fromEntries(this.#counting.map((counting) => [counting.id, counting.finish()]));
  }
}

interface Counting {
  readonly id: string;
  take(facts: readonly Facts[]): void;
  finish(): Float64Array;
}

function countingOf(plan: Plan, id: string, people: MeasuredPeople): Counting {
  const measure = plan.measures?.[id];
  if (measure === undefined) throw new Error(`the plan has no measure "${id}"`);
  switch (measure.what) {
    case "pv":
    case "qv":
    case "cv":
      return volumeCounting({ plan, id, measure, people }, measure.what);
    case "items":
    case "orders":
    case "customers-with-order":
    case "new-customers":
      return orderCounting({ plan, id, measure, people }, measure);
    default:
      throw new Error(`the measure "${id}" is told by volumes`);
  }
}

interface Asked {
  readonly plan: Plan;
  readonly id: string;
  readonly measure: Measure;
  readonly people: MeasuredPeople;
}

/** Own volume, by the class factors; never below zero. */
function volumeCounting(asked: Asked, column: "pv" | "qv" | "cv"): Counting {
  const sum = new Float64Array(asked.people.members.count);
  const { whole } = classWeights(asked.plan, column, undefined);
  const take = (facts: readonly Facts[]): void => {
    eachRow(asked, column, facts, ({ owners }, row, weighed) => {
      const no = owners[row] as number;
      sum[no] = (sum[no] as number) + weighed;
    });
  };
  return { id: asked.id, take, finish: () => sum.map((value) => Math.max(0, Math.floor(value / whole))) };
}

type OrderMeasure = Extract<Measure, { what: "items" | "orders" | "customers-with-order" | "new-customers" }>;

/** What stands of an order by what was booked. */
interface Standing extends CustomerOrder {
  pv: number;
  items: number;
}

function orderCounting(asked: Asked, measure: OrderMeasure): Counting {
  const column = new Float64Array(asked.people.members.count);
  const { whole } = classWeights(asked.plan, "pv", undefined);
  const least = "eachAtLeast" in measure && measure.eachAtLeast !== undefined ? Number(volumeOf(measure.eachAtLeast)) * whole : 0;
  const take = (facts: readonly Facts[]): void => {
    for (const [no, orders] of ordersByOwner(asked, facts)) {
      // Nothing is left of an order whose every line was given back.
      const standing = [...orders.values()].filter(({ items }) => items > 0);
      column[no] = countOf(measure, standing, least);
    }
  };
  return { id: asked.id, take, finish: () => column };
}

function countOf(measure: OrderMeasure, standing: readonly Standing[], least: number): number {
  if (measure.what === "items") return standing.reduce((sum, { items }) => sum + items, 0);
  if (measure.what === "orders") return standing.filter(({ pv }) => pv >= least).length * ONE;
  const customers = [...customersOf(standing)].filter(({ pv }) => pv >= least);
  return customers.filter(({ isNew }) => measure.what !== "new-customers" || isNew).length * ONE;
}

/** Orders by owner; what an order was booked as under other facts before nets to nothing. */
function ordersByOwner(asked: Asked, facts: readonly Facts[]): Map<number, Map<string, Standing>> {
  const byOwner = new Map<number, Map<string, Standing>>();
  eachRow(asked, "pv", facts, ({ owners, orderNos, buyers, firsts, items, subscriptions }, row, weighed) => {
    if (orderNos[row] === 0 || (subscriptions[row] as number) < 0) return;
    const no = owners[row] as number;
    const orders = byOwner.get(no) ?? new Map<string, Standing>();
    byOwner.set(no, orders);
    const first = firsts[row] === 1;
    const buyer = buyers[row] as string;
    const key = `${orderNos[row]} ${first} ${buyer}`;
    const order = orders.get(key) ?? { buyer, first, pv: 0, items: 0 };
    order.pv += weighed;
    order.items += items[row] as number;
    orders.set(key, order);
  });
  return byOwner;
}

/** Rows that a measure asks for, each with its volume times its class factor. */
function eachRow(
  asked: Asked,
  column: "pv" | "qv" | "cv",
  facts: readonly Facts[],
  visit: (facts: Facts, row: number, weighed: number) => void,
): void {
  const { plan, measure } = asked;
  const { weights } = classWeights(plan, column, undefined);
  const classNos = new Map(plan.commissionClasses.map(({ id }, classNo) => [id, classNo]));
  const isInTime = timeOf(asked);
  const subscription = "subscription" in measure ? measure.subscription : undefined;
  for (const some of facts) {
    const classNo = classNos.get(some.kind.commissionClass);
    if (classNo === undefined || !isOfKind(measure, some.kind)) continue;
    const volumes = some.volume(column);
    for (let row = 0; row < volumes.length; row++) {
      if (subscription !== undefined && some.subscriptions[row] !== (subscription ? 1 : 0)) continue;
      if (isInTime(some, row)) visit(some, row, (volumes[row] as number) * (weights[classNo] as number));
    }
  }
}

function isOfKind(measure: Measure, { commissionClass, market, selfPurchase }: Facts["kind"]): boolean {
  const ofCustomers = measure.what === "customers-with-order" || measure.what === "new-customers";
  const from = ofCustomers ? "customers" : "from" in measure ? measure.from : undefined;
  if (from !== undefined && selfPurchase !== (from === "self")) return false;
  if ("classes" in measure && measure.classes?.includes(commissionClass) === false) return false;
  return !("markets" in measure && measure.markets?.includes(market) === false);
}

function timeOf({ measure, people, id }: Asked): (facts: Facts, row: number) => boolean {
  const over = "over" in measure ? measure.over : undefined;
  if (over === undefined) return ({ backs }, row) => backs[row] === 0;
  if ("lifetime" in over) return () => true;
  if ("daysAfterEnrolment" in over) {
    const { enrolledAt } = people;
    if (enrolledAt === undefined) throw new Error(`the measure "${id}" asks when people enrolled`);
    const span = over.daysAfterEnrolment * DAY_MS;
    return ({ owners, placedAts }, row) => (placedAts[row] as number) < (enrolledAt[owners[row] as number] as number) + span;
  }
  const { before = 0, periods } = over;
  return ({ backs }, row) => (backs[row] as number) >= before && (backs[row] as number) < before + periods;
}
