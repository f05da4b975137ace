import { type Calendar, WEEKDAYS } from "../plan/calendars.ts";

/** A period of a calendar: `[startsAt, endsAt)` in epoch milliseconds. */
export interface PeriodSpan {
  /** "2026-06" for a month of the calendar, the date of its first day for any other period. */
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;

/** What decides a calendar: its zone, and how long its periods are. A plan says so itself unless it has several calendars. */
export interface PlanCalendar {
  readonly timeZone: string;
  readonly periods?: Calendar | undefined;
}

/** The period an instant falls into, by time zone and calendar; months where none is named. */
export function periodAt({ timeZone, periods }: PlanCalendar, instantMs: number): PeriodSpan {
  const local = localDate(instantMs, timeZone);
  const every = periods ?? { every: "month" as const };
  if (every.every === "month") return monthsAt(every, local, timeZone);
  const dayNo = Math.floor(Date.UTC(local.year, local.month - 1, local.day) / DAY_MS);
  const days = every.every === "day" ? 1 : 7 * (every.count ?? 1);
  const since = remainder(dayNo - anchorOf(every), days);
  const first = fromDayNo(dayNo - since);
  return span(dayText(first), first, fromDayNo(dayNo - since + days), timeZone);
}

/** The number of a day on which a period begins. */
function anchorOf(every: Exclude<Calendar, { every: "month" }>): number {
  if (every.every === "day") return 0;
  if (every.first !== undefined && (every.count ?? 1) > 1) return Date.parse(every.first) / DAY_MS;
  // The first of January 1970 was a Thursday.
  return WEEKDAYS.indexOf(every.startsOn) - 4;
}

const remainder = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** Months are counted from January, so that three of them are a quarter; several first days divide each month. */
function monthsAt(every: Extract<Calendar, { every: "month" }>, local: LocalDate, timeZone: string): PeriodSpan {
  const count = every.count ?? 1;
  const days = [every.startsOn ?? 1].flat().sort((a, b) => a - b);
  const monthNo = local.year * 12 + local.month - 1;
  const begins = [-count, 0, count].flatMap((step) =>
    days.map((day) => monthDay(monthNo - remainder(monthNo, count) + step, day)),
  );
  const today = dayText(local);
  const index = begins.findLastIndex((begin) => dayText(begin) <= today);
  const [first, next] = [begins[index], begins[index + 1]] as [LocalDate, LocalDate];
  const isMonth = count === 1 && days.length === 1 && first.day === 1;
  return span(isMonth ? dayText(first).slice(0, 7) : dayText(first), first, next, timeZone);
}

const monthDay = (monthNo: number, day: number): LocalDate => ({
  year: Math.floor(monthNo / 12),
  month: (monthNo % 12) + 1,
  day,
});

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
