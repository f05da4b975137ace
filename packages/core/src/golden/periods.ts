import type { Computation } from "../order-facts.ts";
import type { CloseResult } from "../period/close.ts";
import { periodAt } from "../period/dates.ts";
import type { CloseOrders } from "../period/input.ts";
import { judgedBefore, ranksOfCalendar, shorterCalendars } from "../plan/closing-calendars.ts";
import type { Plan } from "../plan/schema.ts";
import type { GoldenPeriod } from "./case.ts";
import type { PlacedOrder } from "./measured.ts";

/** Which of a case's orders and closes belong to a period: all of its own, or with calendars those of its time. */

/** One amount that came out of a case, at order time or at a close. */
export interface PlayedAmount {
  readonly period: string;
  readonly bonus: string;
  readonly order: string | null;
  readonly to: string | null;
  readonly from: string | null;
  readonly level: number;
  readonly amountMinor: bigint;
}

/** An order of the case, and what it paid at order time. */
export interface PlayedOrder extends Omit<PlacedOrder, "back"> {
  /** The period that lists it. */
  readonly period: GoldenPeriod;
  readonly amounts: readonly PlayedAmount[];
  /** What closes take off their bases for it. */
  readonly deductions: Computation["deductions"];
}

export interface ClosedPeriod {
  readonly period: GoldenPeriod;
  readonly result: CloseResult;
  readonly orders: CloseOrders;
}

/** Throws where the case does not say a moment that calendars need. */
function moment(period: GoldenPeriod, which: "startsAt" | "endsAt"): number {
  const text = period[which];
  if (text === undefined) throw new Error(`the period "${period.id}" needs ${which}, since its plan has calendars`);
  return Date.parse(text);
}

export function ordersOfPeriod(plan: Plan, period: GoldenPeriod, played: readonly PlayedOrder[]): PlayedOrder[] {
  if (plan.calendars === undefined) return played.filter((order) => order.period === period);
  const [from, to] = [moment(period, "startsAt"), moment(period, "endsAt")];
  return played.filter(({ placedAt }) => placedAt >= from && placedAt < to);
}

/** Whether a close judged the ranks that orders and other closes go by. */
export function judgesRanks(plan: Plan): (closed: ClosedPeriod) => boolean {
  return ({ period }) => period.calendar === plan.rankCalendar;
}

/** The closes that judged ranks before a period ended, the oldest first. */
export function ranksBefore(plan: Plan, period: GoldenPeriod, closed: readonly ClosedPeriod[]): ClosedPeriod[] {
  const judged = closed.filter(judgesRanks(plan));
  if (plan.calendars === undefined) return judged;
  const isBefore = judgedBefore(plan, period.calendar);
  const end = moment(period, "endsAt");
  return judged.filter((other) => isBefore(moment(other.period, "endsAt"), end));
}

/** Whether a period is of a shorter calendar and ends in another. */
export function endsInside(plan: Plan, inner: GoldenPeriod, outer: GoldenPeriod): boolean {
  if (inner.calendar === undefined || outer.calendar === undefined) return false;
  if (!shorterCalendars(plan, outer.calendar).includes(inner.calendar)) return false;
  const end = moment(inner, "endsAt");
  return end > moment(outer, "startsAt") && end <= moment(outer, "endsAt");
}

/** The orders of the rank calendar's running period until the period's end; null where ranks do not run in it. */
export function runningOrders(plan: Plan, period: GoldenPeriod, played: readonly PlayedOrder[]): PlayedOrder[] | null {
  if (ranksOfCalendar(plan, period.calendar) !== "running") return null;
  const end = moment(period, "endsAt");
  const { startsAt } = rankPeriodAt(plan, end - 1);
  return played.filter(({ placedAt }) => placedAt >= startsAt && placedAt < end);
}

/** Orders until the end of a period that comes after `closed`, and how many periods ago, of those that people are judged by. */
export function placedBefore(
  plan: Plan,
  period: GoldenPeriod,
  { played, closed }: { played: readonly PlayedOrder[]; closed: readonly ClosedPeriod[] },
): PlacedOrder[] {
  if (plan.calendars === undefined) {
    const periods = [...closed.map((other) => other.period), period];
    return oldestFirst(played.map((order) => ({ ...order, back: closed.length - periods.indexOf(order.period) })));
  }
  const end = moment(period, "endsAt");
  const before = played.filter(({ placedAt }) => placedAt < end);
  return oldestFirst(before.map((order) => ({ ...order, back: periodsBack(plan, order.placedAt, end) })));
}

/** By period, then by when they were placed; of one moment as the case lists them. */
const oldestFirst = (orders: PlacedOrder[]): PlacedOrder[] => orders.sort((a, b) => b.back - a.back || a.placedAt - b.placedAt);

function periodsBack(plan: Plan, placedAt: number, end: number): number {
  let back = 0;
  for (let { startsAt } = rankPeriodAt(plan, end - 1); placedAt < startsAt; startsAt = rankPeriodAt(plan, startsAt - 1).startsAt)
    back++;
  return back;
}

const rankPeriodAt = (plan: Plan, instantMs: number) =>
  periodAt({ timeZone: plan.timeZone, periods: plan.calendars?.[plan.rankCalendar ?? ""] }, instantMs);
