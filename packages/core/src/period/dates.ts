import type { Plan } from "../plan/schema.ts";

/** A period of the plan's calendar: `[startsAt, endsAt)` in epoch milliseconds. */
export interface PeriodSpan {
  /** "2026-06" for a month, the date of its first day for a week. */
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/** What of a plan decides its calendar. */
export type PlanCalendar = Pick<Plan, "timeZone" | "periods">;

/** The period an instant falls into, by the plan's time zone and calendar; months where the plan names none. */
export function periodAt(plan: PlanCalendar, instantMs: number): PeriodSpan {
  const local = localDate(instantMs, plan.timeZone);
  const every = plan.periods ?? { every: "month" as const };
  if (every.every === "month") {
    const next = local.month === 12 ? { year: local.year + 1, month: 1 } : { year: local.year, month: local.month + 1 };
    return span(`${local.year}-${two(local.month)}`, { ...local, day: 1 }, { ...next, day: 1 }, plan.timeZone);
  }
  const dayNo = Math.floor(Date.UTC(local.year, local.month - 1, local.day) / DAY_MS);
  const since = (new Date(dayNo * DAY_MS).getUTCDay() - WEEKDAYS.indexOf(every.startsOn) + 7) % 7;
  const first = fromDayNo(dayNo - since);
  return span(dayText(first), first, fromDayNo(dayNo - since + 7), plan.timeZone);
}

/** The calendar day of an instant in a zone, such as "2026-06-01". */
export function localDay(instantMs: number, timeZone: string): string {
  return dayText(localDate(instantMs, timeZone));
}

/** The first instant of a day, written as "2026-06-01", in a zone. */
export function startOfDay(day: string, timeZone: string): number {
  return midnight(fromDayNo(Date.parse(day) / DAY_MS), timeZone);
}

interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function span(id: string, first: LocalDate, next: LocalDate, timeZone: string): PeriodSpan {
  return { id, startsAt: midnight(first, timeZone), endsAt: midnight(next, timeZone) };
}

const two = (number: number): string => String(number).padStart(2, "0");
const dayText = ({ year, month, day }: LocalDate): string => `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;

function fromDayNo(dayNo: number): LocalDate {
  const date = new Date(dayNo * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const fields = {
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    } as const;
    format = new Intl.DateTimeFormat("en-u-hc-h23-ca-gregory", { timeZone, ...fields });
    formats.set(timeZone, format);
  }
  return format;
}

/** An instant's wall clock in a zone, as if it were UTC. */
function wallClock(instantMs: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instantMs)
      .map((part) => [part.type, Number(part.value)]),
  );
  return Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day ?? 1, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0);
}

function localDate(instantMs: number, timeZone: string): LocalDate {
  return fromDayNo(Math.floor(wallClock(instantMs, timeZone) / DAY_MS));
}

/**
 * The first instant of a day in a zone: where the clocks are set back over midnight and it strikes twice, the first time;
 * where they are set forward over it, the instant after the gap.
 */
function midnight(date: LocalDate, timeZone: string): number {
  const wanted = Date.UTC(date.year, date.month - 1, date.day);
  // No zone is a whole day from UTC, so that these two are before and after every instant that could be meant.
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((instant) => wallClock(instant, timeZone) - instant);
  let instant = wanted - Math.max(...offsets);
  while (wallClock(instant, timeZone) < wanted) instant += 60_000;
  return instant;
}
