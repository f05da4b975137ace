import { z } from "zod";
import { calendarDate, ident, named } from "./parts.ts";

/** The calendars of a plan: how long the periods are that its close bonuses are computed over. */

/** As `Date.getUTCDay` counts them. */
export const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const weekday = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
const monthDay = z.int().min(1).max(28);

const several = z.int().min(1).max(52).optional();

export const calendar = z
  .discriminatedUnion("every", [
    z.strictObject({ every: z.literal("day") }),
    z.strictObject({
      every: z.literal("week"),
      startsOn: weekday,
      count: several.describe("So many weeks are one period; absent is one"),
      first: calendarDate.optional().describe("The first day of some period; needed where a period has several weeks"),
    }),
    z.strictObject({
      every: z.literal("month"),
      count: several.describe("So many months are one period, counted from January: 3 is a quarter; absent is one"),
      startsOn: z
        .union([monthDay, z.array(monthDay).min(2).max(10)])
        .optional()
        .describe("The day of the month on which a period begins, or several days that divide each month; absent is 1"),
    }),
  ])
  .meta(named("calendar", "How long a period is and when it begins"));
export type Calendar = z.infer<typeof calendar>;

export const calendars = z.record(ident, calendar).describe("Calendars by name; each close bonus then names one");

/** What a close bonus says of time, in a plan with calendars. */
export const closeTiming = {
  calendar: ident.optional().describe("The calendar this bonus is closed by; needed where the plan has calendars"),
  ranksOf: z
    .enum(["last-closed", "running"])
    .optional()
    .describe(
      "Which ranks count where this calendar is not the rank calendar: those of its last close, or what the figures so far would give",
    ),
};

/** What a bonus says of time: nothing in a plan without calendars. */
export function timingOf(bonus: object): { calendar?: string | undefined; ranksOf?: "last-closed" | "running" | undefined } {
  return bonus;
}

/** About how long a period is, to compare calendars by. */
export function daysOf(calendar: Calendar): number {
  if (calendar.every === "day") return 1;
  if (calendar.every === "week") return 7 * (calendar.count ?? 1);
  return (30 * (calendar.count ?? 1)) / (Array.isArray(calendar.startsOn) ? calendar.startsOn.length : 1);
}
