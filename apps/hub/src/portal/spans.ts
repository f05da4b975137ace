import type { Plan } from "@upline/core";
import { periodAt } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { mainCalendar } from "../periods/calendars.ts";
import { listPeriods, type Period } from "../periods/queries.ts";
import { planInForce } from "../plans/publish.ts";
import { listPlans } from "../plans/queries.ts";

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

/**
 * Back to the one that holds `since`; only the present one where that is null. No moment is in two of them, so that nothing earned stands
 * in two: where periods of two plans overlap, the later one has its days whole and the one before it ends where it begins.
 */
export async function readSpans(tx: Tx, args: { companyId: number; now: Date; since: Date | null }): Promise<Spans> {
  const { companyId, now, since } = args;
  const plan = await planInForce(tx, { companyId, at: now });
  const zone = plan?.timeZone ?? "UTC";
  const main = mainCalendar(plan);
  const shape = { timeZone: zone, periods: (main === "" ? undefined : plan?.calendars?.[main]) ?? plan?.periods };
  const opened = (await listPeriods(tx, companyId)).filter((period) => period.calendar === main);
  const dated = await listPlans(tx, companyId);
  const planAt = (at: number) => dated.find((one) => one.effectiveFrom !== null && one.effectiveFrom.getTime() <= at)?.planId;
  const spans: Span[] = [];
  let endsAt: Date | undefined;
  for (let at = now.getTime(); spans.length < LONGEST_BACK; ) {
    const days = periodAt(shape, at);
    const around = opened.filter((each) => each.startsAt.getTime() <= at && at < each.endsAt.getTime());
    // Another plan may have periods of the same days.
    const period = around.find(({ planId }) => planId === planAt(at)) ?? around.at(-1) ?? null;
    const span = period ?? { name: days.id, startsAt: new Date(days.startsAt), endsAt: new Date(days.endsAt) };
    const { name, startsAt } = span;
    spans.push({ name, startsAt, endsAt: endsAt !== undefined && endsAt < span.endsAt ? endsAt : span.endsAt, period });
    if (since === null || startsAt <= since) break;
    endsAt = startsAt;
    at = startsAt.getTime() - 1;
  }
  return { zone, spans, plan };
}
