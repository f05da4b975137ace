import type { Plan } from "@upline/core";
import { closingCalendars, isCloseBonus, timingOf } from "@upline/core/engine";

/**
 * What a new version may not change of its plan's calendars, since periods follow each other calendar by calendar, and what a bonus
 * carries over lies in the closes of its own: a sentence, or null where all is well.
 */
export function calendarChange(before: Plan, after: Plan): string | null {
  if ((before.calendars === undefined) !== (after.calendars === undefined))
    return before.calendars === undefined
      ? "has calendars, and the version before has none"
      : "has no calendars, and the version before has some";
  if (before.rankCalendar !== after.rankCalendar)
    return `judges ranks by "${after.rankCalendar}", and the version before by "${before.rankCalendar}"`;
  const gone = closingCalendars(before).find((id) => !closingCalendars(after).includes(id));
  if (gone !== undefined) return `closes nothing by "${gone}" any more`;
  for (const bonus of after.bonuses) {
    const was = before.bonuses.find(({ id }) => id === bonus.id);
    if (was === undefined || !isCloseBonus(was) || !isCloseBonus(bonus)) continue;
    const [from, to] = [timingOf(was).calendar, timingOf(bonus).calendar];
    if (from !== to)
      return `closes "${bonus.id}" by "${to}", and the version before by "${from}"; a bonus of another calendar needs an id of its own`;
  }
  return null;
}
