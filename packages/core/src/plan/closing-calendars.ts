import { daysOf, timingOf } from "./calendars.ts";
import { isCloseBonus } from "./dependencies.ts";
import type { Plan } from "./schema.ts";

/** What closes of several calendars have to do with each other. */

/** The calendars of a plan that something is closed by, the shortest first; none where the plan has no calendars. */
export function closingCalendars(plan: Plan): string[] {
  const { calendars } = plan;
  if (calendars === undefined) return [];
  const named = [
    plan.rankCalendar,
    ...plan.bonuses.filter(isCloseBonus).map((bonus) => timingOf(bonus).calendar),
    ...(plan.caps ?? []).map((cap) => cap.calendar),
  ];
  const days = (id: string): number => daysOf(calendars[id] as NonNullable<(typeof calendars)[string]>);
  return Object.keys(calendars)
    .filter((id) => named.includes(id))
    .sort((a, b) => days(a) - days(b) || (a < b ? -1 : 1));
}

/** Those whose periods are shorter: a period counts in the longer one in which it ends. */
export function shorterCalendars(plan: Plan, calendar: string): string[] {
  const days = (id: string): number => {
    const found = plan.calendars?.[id];
    return found === undefined ? 0 : daysOf(found);
  };
  return closingCalendars(plan).filter((id) => days(id) < days(calendar));
}

/**
 * What a close of a calendar takes ranks, titles, activity and measures from: `own`, it judges them itself; `last-closed`, as
 * the last close of the rank calendar left them; `running`, as the rank calendar's figures so far would give them.
 */
export function ranksOfCalendar(plan: Plan, calendar: string | undefined): "own" | "last-closed" | "running" {
  if (calendar === undefined || calendar === plan.rankCalendar) return "own";
  const said = plan.bonuses.map(timingOf).find((timing) => timing.calendar === calendar && timing.ranksOf !== undefined);
  return said?.ranksOf ?? "last-closed";
}

/**
 * Whether a close that judged ranks is one of those before a close of another calendar, by when they end: a longer calendar
 * waits for those that end with it, a shorter one comes before them.
 */
export function judgedBefore(plan: Plan, calendar: string | undefined): (judgedEnd: number, end: number) => boolean {
  const waits =
    calendar !== undefined &&
    ranksOfCalendar(plan, calendar) === "last-closed" &&
    shorterCalendars(plan, calendar).includes(plan.rankCalendar ?? "");
  return (judgedEnd, end) => judgedEnd < end || (waits && judgedEnd === end);
}

/** Bonuses of shorter calendars that caps of this one count: of them the close pays nothing and takes back what the caps cut. */
export function cappedShorterBonuses(plan: Plan, calendar: string | undefined): string[] {
  if (calendar === undefined) return [];
  const caps = (plan.caps ?? []).filter((cap) => cap.calendar === calendar);
  return plan.bonuses.flatMap((bonus) =>
    isCloseBonus(bonus) &&
    timingOf(bonus).calendar !== calendar &&
    caps.some((cap) => cap.bonuses === undefined || cap.bonuses.includes(bonus.id))
      ? [bonus.id]
      : [],
  );
}
