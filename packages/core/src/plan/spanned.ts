import { periodAt } from "../period/dates.ts";
import type { Calendar } from "./calendars.ts";
import type { Measure } from "./measures.ts";
import { standsFor } from "./promoted.ts";
import type { Plan } from "./schema.ts";

/**
 * Measures over the periods of a calendar longer than the one people are judged by: as measures over so many periods of the
 * latter. Which those are hangs on when a close is: in February a quarter has two months so far. A period belongs to the
 * longer one in which it ends, as everywhere.
 */

interface Named {
  readonly periods: number;
  readonly before?: number | undefined;
  readonly calendar: string;
}

/** Over which other calendar a measure counts; null for every other measure. */
function namedCalendar(plan: Plan, measure: Measure): Named | null {
  if (!("over" in measure) || measure.over === undefined || !("periods" in measure.over)) return null;
  const { calendar, periods, before } = measure.over;
  return calendar === undefined || calendar === plan.rankCalendar ? null : { calendar, periods, before };
}

const spanned = new WeakMap<Plan, Map<number, Plan>>();

/** The plan as a close that ends at `endsAt` counts its measures; the same plan where none names another calendar. */
export function spannedPlan(plan: Plan, endsAt: number): Plan {
  const measures = Object.entries(plan.measures ?? {});
  if (!measures.some(([, measure]) => namedCalendar(plan, measure) !== null)) return plan;
  const known = spanned.get(plan) ?? new Map<number, Plan>();
  spanned.set(plan, known);
  const judged = calendarPeriod(plan, plan.rankCalendar, endsAt - 1).endsAt;
  let outcome = known.get(judged);
  if (outcome === undefined) {
    const resolved = measures.map(([id, measure]): [string, Measure] => [id, spannedMeasure(plan, measure, judged)]);
    outcome = { ...plan, measures: Object.fromEntries(resolved) };
    standsFor(outcome, plan);
    known.set(judged, outcome);
  }
  return outcome;
}

function spannedMeasure(plan: Plan, measure: Measure, judged: number): Measure {
  const over = namedCalendar(plan, measure);
  if (over === null) return measure;
  const { before = 0, periods } = over;
  const first = periodBack(plan, over.calendar, judged, before + periods - 1).startsAt;
  const until = before === 0 ? judged : periodBack(plan, over.calendar, judged, before).endsAt;
  const ends = endsAfter(plan, judged, first);
  const leftOut = ends.filter((end) => end > until).length;
  const counted = ends.length - leftOut;
  return { ...measure, over: counted === 0 ? NO_PERIOD : { periods: counted, before: leftOut } } as Measure;
}

/** A time in which nothing was closed. */
const NO_PERIOD = { periods: 1, before: 100_000 };

/** The ends of the judging periods after an instant, the latest first. */
function endsAfter(plan: Plan, judged: number, first: number): number[] {
  const ends: number[] = [];
  for (let end = judged; end > first; end = calendarPeriod(plan, plan.rankCalendar, end - 1).startsAt) ends.push(end);
  return ends;
}

function periodBack(plan: Plan, calendar: string, judged: number, back: number): { startsAt: number; endsAt: number } {
  let period = calendarPeriod(plan, calendar, judged - 1);
  for (let i = 0; i < back; i++) period = calendarPeriod(plan, calendar, period.startsAt - 1);
  return period;
}

const calendarPeriod = (plan: Plan, calendar: string | undefined, at: number) =>
  periodAt({ timeZone: plan.timeZone, periods: plan.calendars?.[calendar ?? ""] }, at);

/** The measure with the most periods that it ever looks back at. */
export function widestMeasure(plan: Plan, measure: Measure): Measure {
  const over = namedCalendar(plan, measure);
  const [inner, outer] = [plan.calendars?.[plan.rankCalendar ?? ""], plan.calendars?.[over?.calendar ?? ""]];
  if (over === null || inner === undefined || outer === undefined) return measure;
  const most = Math.ceil((longest(outer) * (over.periods + (over.before ?? 0))) / shortest(inner)) + 1;
  return { ...measure, over: { periods: most } } as Measure;
}

function longest(calendar: Calendar): number {
  if (calendar.every === "day") return 1;
  return calendar.every === "week" ? 7 * (calendar.count ?? 1) : 31 * (calendar.count ?? 1);
}

/** Of several first days in a month the least distance; a month has 28 days at least. */
function shortest(calendar: Calendar): number {
  if (calendar.every === "day") return 1;
  if (calendar.every === "week") return 7 * (calendar.count ?? 1);
  if (!Array.isArray(calendar.startsOn)) return 28 * (calendar.count ?? 1);
  const days = [...calendar.startsOn].sort((a, b) => a - b);
  const gaps = days.map((day, i) => (days[i + 1] ?? (days[0] as number) + 28) - day);
  return Math.max(1, Math.min(...gaps));
}
