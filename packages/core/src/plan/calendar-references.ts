import type { Calendar } from "./calendars.ts";
import { dependsOn, isCloseBonus } from "./dependencies.ts";
import type { KnownNames } from "./known-names.ts";
import type { Bonus } from "./schema.ts";

/** What calendars and the bonuses closed by them say of each other. */
export function calendarReferences(known: KnownNames): void {
  const { plan } = known;
  if (plan.calendars === undefined) {
    refuseWithout(known);
    return;
  }
  if (plan.periods !== undefined) known.add("periods", "is said twice: the plan has calendars", "to leave it out");
  if (plan.rankCalendar === undefined)
    known.add("rankCalendar", "is missing in a plan with calendars", "the calendar whose close judges ranks");
  else known.check("calendar", plan.rankCalendar, "rankCalendar");
  for (const [id, calendar] of Object.entries(plan.calendars))
    if (calendar.every === "week" && (calendar.count ?? 1) > 1 && calendar.first === undefined)
      known.add(
        `calendars.${id}.first`,
        "is missing: weeks do not tell where a period of several begins",
        'a first day, such as "2027-01-04"',
      );
  plan.bonuses.forEach((bonus, i) => {
    if (isCloseBonus(bonus)) checkBonus(known, bonus, `bonuses[${i}]`);
  });
  plan.caps?.forEach((cap, i) => {
    if (cap.calendar === undefined)
      known.add(`caps[${i}].calendar`, "is missing in a plan with calendars", "the calendar whose periods the cap counts over");
    else if (known.check("calendar", cap.calendar, `caps[${i}].calendar`))
      for (const bonus of plan.bonuses.filter(({ id }) => cap.bonuses?.includes(id) ?? true))
        if (isCloseBonus(bonus)) checkShorter(known, bonus, cap.calendar, `caps[${i}].calendar`);
  });
}

function refuseWithout(known: KnownNames): void {
  const { plan } = known;
  const right = 'to leave it out, or "calendars" in the plan';
  if (plan.rankCalendar !== undefined) known.add("rankCalendar", "names a calendar, but the plan has none", right);
  plan.bonuses.forEach((bonus, i) => {
    for (const field of ["calendar", "ranksOf", "capCalendar"])
      if (field in bonus && bonus[field as keyof Bonus] !== undefined)
        known.add(`bonuses[${i}].${field}`, "speaks of calendars, but the plan has none", right);
  });
  plan.caps?.forEach((cap, i) => {
    if (cap.calendar !== undefined) known.add(`caps[${i}].calendar`, "names a calendar, but the plan has none", right);
  });
}

function checkBonus(known: KnownNames, bonus: Bonus, path: string): void {
  const { plan } = known;
  const { calendar, ranksOf } = timingOf(bonus);
  if (calendar === undefined) {
    known.add(`${path}.calendar`, "is missing in a plan with calendars", "the calendar this bonus is closed by");
    return;
  }
  if (!known.check("calendar", calendar, `${path}.calendar`)) return;
  if (calendar !== plan.rankCalendar && ranksOf === undefined)
    known.add(
      `${path}.ranksOf`,
      `is missing: ranks are judged by "${plan.rankCalendar}" and this is closed by "${calendar}"`,
      '"last-closed" or "running"',
    );
  if (bonus.kind === "binary" && bonus.capCalendar !== undefined)
    known.check("calendar", bonus.capCalendar, `${path}.capCalendar`);
  for (const id of dependsOn(bonus, plan)) {
    const matched = plan.bonuses.find((other) => other.id === id);
    if (matched !== undefined && isCloseBonus(matched)) checkShorter(known, matched, calendar, `${path}.calendar`);
  }
}

function timingOf(bonus: Bonus): { calendar?: string | undefined; ranksOf?: string | undefined } {
  return "calendar" in bonus ? { calendar: bonus.calendar, ranksOf: bonus.ranksOf } : {};
}

/** Amounts of shorter periods are summed; longer ones have no part in a shorter. */
function checkShorter(known: KnownNames, bonus: Bonus, calendar: string, path: string): void {
  const own = timingOf(bonus).calendar;
  const { calendars } = known.plan;
  const [inner, outer] = [calendars?.[own ?? ""], calendars?.[calendar]];
  if (inner === undefined || outer === undefined || daysOf(inner) <= daysOf(outer)) return;
  known.add(path, `is "${calendar}", but "${bonus.id}" is closed by the longer "${own}"`, `"${own}" or a longer calendar`);
}

/** About how long a period is, to compare calendars by. */
function daysOf(calendar: Calendar): number {
  if (calendar.every === "day") return 1;
  if (calendar.every === "week") return 7 * (calendar.count ?? 1);
  return (30 * (calendar.count ?? 1)) / (Array.isArray(calendar.startsOn) ? calendar.startsOn.length : 1);
}
