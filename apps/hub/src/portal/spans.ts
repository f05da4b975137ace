import type { Plan } from "@upline/core";
import { closingCalendars, periodAt } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { listPeriods, type Period } from "../periods/queries.ts";
import { planInForce } from "../plans/publish.ts";

/**
 * The spans that a distributor looks at their earnings by: the periods of the calendar that ranks go by, whether somebody opened
 * one in the hub or not.
 */
export interface Span {
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** The hub's period of these days, where there is one. */
  readonly period: Period | null;
}

/** So many are told of with their figures at once. */
export const MOST_SPANS = 36;
/** So many before the present one are known by their days: twenty years of weeks. */
const LONGEST_BACK = 1_044;

export interface Spans {
  readonly zone: string;
  /** The present one first. */
  readonly spans: readonly Span[];
  readonly plan: Plan | null;
}

/** Back to the one that holds `since`; only the present one where that is null. */
export async function readSpans(tx: Tx, args: { companyId: number; now: Date; since: Date | null }): Promise<Spans> {
  const { companyId, now, since } = args;
  const plan = await planInForce(tx, { companyId, at: now });
  const zone = plan?.timeZone ?? "UTC";
  const main = mainCalendar(plan);
  const shape = { timeZone: zone, periods: (main === "" ? undefined : plan?.calendars?.[main]) ?? plan?.periods };
  const opened = (await listPeriods(tx, companyId)).filter((period) => period.calendar === main);
  const spans: Span[] = [];
  for (let at = now.getTime(); spans.length < LONGEST_BACK; ) {
    const { id, startsAt, endsAt } = periodAt(shape, at);
    const period = opened.find((each) => each.startsAt.getTime() <= at && at < each.endsAt.getTime()) ?? null;
    const span = period ?? { name: id, startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
    spans.push({ name: span.name, startsAt: span.startsAt, endsAt: span.endsAt, period });
    if (since === null || span.startsAt <= since) break;
    at = span.startsAt.getTime() - 1;
  }
  return { zone, spans, plan };
}

/** The calendar that ranks go by, or the longest that something is closed by; empty in a plan without calendars. */
function mainCalendar(plan: Plan | null): string {
  if (plan?.calendars === undefined) return "";
  return plan.rankCalendar ?? closingCalendars(plan).at(-1) ?? "";
}
