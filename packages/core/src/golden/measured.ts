import { parseDecimal } from "../money.ts";
import { measureNeeds } from "../plan/measure-needs.ts";
import type { Measure } from "../plan/measures.ts";
import { volumeOf } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import type { GoldenOrder } from "./case.ts";
import { type CaseNetwork, numberOf } from "./network.ts";

/** What volumes do not tell of a case's measures: customers, orders, items, subscriptions, first days. */

/** One order of the case so far: `back` is 0 in the period that is closed, 1 in the one before it. */
export interface PlacedOrder {
  readonly order: GoldenOrder;
  readonly back: number;
  readonly placedAt: number;
  /** The customer, by name; an order without one has a customer of its own. */
  readonly customer: string;
}

export interface MeasuredCase {
  readonly plan: Plan;
  readonly network: CaseNetwork;
  /** Epoch milliseconds by number. */
  readonly enrolledAt: Float64Array;
  /** Oldest first. */
  readonly placed: readonly PlacedOrder[];
}

const ONE = 10_000;
const DAY_MS = 86_400_000;

export function givenMeasures(facts: MeasuredCase): Record<string, Float64Array> {
  const { plan } = facts;
  return Object.fromEntries(measureNeeds(plan).given.map((id) => [id, givenColumn(facts, plan.measures?.[id] as Measure)]));
}

function givenColumn(facts: MeasuredCase, measure: Measure): Float64Array {
  const column = new Float64Array(facts.network.distributors.length);
  const byOwner = new Map<number, PlacedOrder[]>();
  for (const placed of facts.placed) {
    const no = numberOf(facts.network.numbers, placed.order.owner);
    if (isInTime(measure, placed, facts.enrolledAt[no] as number) && counts(facts.plan, measure, placed.order))
      byOwner.set(no, [...(byOwner.get(no) ?? []), placed]);
  }
  for (const [no, own] of byOwner) column[no] = measuredValue(facts, measure, own);
  return column;
}

function isInTime(measure: Measure, { back, placedAt }: PlacedOrder, enrolledAt: number): boolean {
  const over = "over" in measure ? measure.over : undefined;
  if (over === undefined) return back === 0;
  if ("lifetime" in over) return true;
  if ("daysAfterEnrolment" in over) return placedAt < enrolledAt + over.daysAfterEnrolment * DAY_MS;
  const before = over.before ?? 0;
  return back >= before && back < before + over.periods;
}

function counts(plan: Plan, measure: Measure, order: GoldenOrder): boolean {
  const of = measure as { classes?: string[]; markets?: string[]; subscription?: boolean; from?: string; what: string };
  const commissionClass = order.class ?? plan.commissionClasses[0]?.id ?? "";
  const customersOnly = of.what === "customers-with-order" || of.what === "new-customers" || of.from === "customers";
  if ((of.classes?.includes(commissionClass) ?? true) === false) return false;
  if ((of.markets?.includes(order.market ?? "*") ?? true) === false) return false;
  if (of.subscription !== undefined && of.subscription !== (order.subscription === true)) return false;
  if (customersOnly && order.self === true) return false;
  return of.from !== "self" || order.self === true;
}

function measuredValue({ plan, placed }: MeasuredCase, measure: Measure, own: readonly PlacedOrder[]): number {
  const pv = (one: PlacedOrder): number => volumeIn(plan, one.order, "pv");
  if (measure.what === "pv" || measure.what === "qv" || measure.what === "cv") {
    const { what } = measure;
    return Math.max(
      0,
      own.reduce((sum, one) => sum + volumeIn(plan, one.order, what), 0),
    );
  }
  const sold = own.filter((one) => pv(one) >= 0);
  if (measure.what === "items") return sold.reduce((sum, { order }) => sum + (order.quantity ?? 1), 0) * ONE;
  const least = "eachAtLeast" in measure && measure.eachAtLeast !== undefined ? Number(volumeOf(measure.eachAtLeast)) : 0;
  if (measure.what === "orders") return sold.filter((one) => pv(one) >= least).length * ONE;
  const byCustomer = Map.groupBy(sold, ({ customer }) => customer);
  const isNew = (customer: string): boolean => own.includes(placed.find((one) => one.customer === customer) as PlacedOrder);
  const met = [...byCustomer].filter(
    ([customer, theirs]) =>
      theirs.reduce((sum, one) => sum + pv(one), 0) >= least && (measure.what !== "new-customers" || isNew(customer)),
  );
  return met.length * ONE;
}

function volumeIn(plan: Plan, order: GoldenOrder, column: "pv" | "qv" | "cv"): number {
  const commissionClass = plan.commissionClasses.find(({ id }) => id === order.class) ?? plan.commissionClasses[0];
  const { num, den } = parseDecimal(commissionClass?.factors?.[column] ?? "1");
  const volume = signedVolume(order[column] ?? order.pv ?? order.cv ?? "0");
  return Number((volume * num) / den);
}

function signedVolume(text: string): bigint {
  return text.startsWith("-") ? -volumeOf(text.slice(1)) : volumeOf(text);
}
