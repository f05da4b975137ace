import { type Calendar, daysOf, timingOf, WEEKDAYS } from "./calendars.ts";
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
  for (const [id, calendar] of Object.entries(plan.calendars)) checkLength(known, calendar, `calendars.${id}`);
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

function checkLength(known: KnownNames, calendar: Calendar, path: string): void {
  if (calendar.every === "week") {
    if ((calendar.count ?? 1) > 1 && calendar.first === undefined)
      known.add(
        `${path}.first`,
        "is missing: weeks do not tell where a period of several begins",
        'a first day, such as "2027-01-04"',
      );
    if (calendar.first !== undefined && WEEKDAYS[new Date(calendar.first).getUTCDay()] !== calendar.startsOn)
      known.add(`${path}.first`, `is no ${calendar.startsOn}, on which its weeks begin`, `a ${calendar.startsOn}`);
  }
  if (calendar.every !== "month") return;
  if (12 % (calendar.count ?? 1) !== 0)
    known.add(`${path}.count`, "does not divide a year, which periods of months are counted in", "1, 2, 3, 4, 6 or 12");
  if (Array.isArray(calendar.startsOn) && (calendar.count ?? 1) > 1)
    known.add(`${path}.startsOn`, "divides each month, while a period is several months", "one day, or no count");
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
  const [own, judged] = [plan.calendars?.[calendar], plan.calendars?.[plan.rankCalendar ?? ""]];
  const whole = own !== undefined && judged !== undefined && daysOf(own) >= daysOf(judged);
  if (ranksOf === "running" && calendar !== plan.rankCalendar && whole)
    known.add(
      `${path}.ranksOf`,
      `is "running", but periods of "${calendar}" are no shorter than those of "${plan.rankCalendar}", which are closed by then`,
      '"last-closed"',
    );
  if (bonus.kind === "binary" && bonus.capCalendar !== undefined)
    known.check("calendar", bonus.capCalendar, `${path}.capCalendar`);
  for (const id of dependsOn(bonus, plan)) {
    const matched = plan.bonuses.find((other) => other.id === id);
    if (matched !== undefined && isCloseBonus(matched)) checkShorter(known, matched, calendar, `${path}.calendar`);
  }
}

/** Amounts of shorter periods are summed; longer ones have no part in a shorter. */
function checkShorter(known: KnownNames, bonus: Bonus, calendar: string, path: string): void {
  const own = timingOf(bonus).calendar;
  const { calendars } = known.plan;
  const [inner, outer] = [calendars?.[own ?? ""], calendars?.[calendar]];
  if (own === calendar || inner === undefined || outer === undefined || daysOf(inner) < daysOf(outer)) return;
  const longer = daysOf(inner) > daysOf(outer) ? "the longer " : "another as long, ";
  known.add(path, `is "${calendar}", but "${bonus.id}" is closed by ${longer}"${own}"`, `"${own}" or a longer calendar`);
}
