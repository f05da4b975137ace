import type { Plan } from "@upline/core";
import { closingCalendars, localDay, type PlanCalendar, periodAt, startOfDay } from "@upline/core/engine";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { readPlans } from "../plans/queries.ts";
import { findPeriod, insertPeriod, listPeriods, type Period } from "./queries.ts";

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export interface NewPeriod {
  readonly companyId: number;
  readonly actor: string;
  /** Which of the plan's calendars; needed where it has several and the name does not begin with it, as in week/2026-06-01. */
  readonly calendar?: string | undefined;
  /**
   * A month such as "2026-06", or where the plan's periods are weeks, the first day of one; it names the period. Or `from`
   * and `to`. Absent: what follows the last one in the plan's calendar.
   */
  readonly month?: string | undefined;
  /** First day, and the first day after the last, in the plan's time zone. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of every amount of its close; absent is that of the period before. */
  readonly currency?: string | undefined;
  /** Absent is the plan in force. */
  readonly planId?: string | undefined;
}

/**
 * Opens a period of a plan, in the plan's time zone. Periods of a plan follow each other without a gap:
 * an order between two would count in none. Throws HubError where that is not so.
 */
export async function openPeriod(parts: Pick<HubParts, "db">, args: NewPeriod): Promise<Period> {
  const { companyId, actor } = args;
  try {
    return await asCompany(parts.db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      const chosen = await choosePlan(tx, args);
      const asked = askedCalendar(args, chosen);
      const { calendar } = asked;
      const { id, timeZone, currency: planCurrency } = chosen;
      const plan = { id, timeZone, calendar, currency: planCurrency, periods: chosen.calendars?.[calendar] ?? chosen.periods };
      const ofAll = (await listPeriods(tx, companyId)).filter((period) => period.planId === plan.id);
      const last = ofAll.findLast((period) => period.calendar === calendar);
      const { name: own, ...span } = chooseSpan(asked, plan, last);
      const name = calendar === "" ? own : `${calendar}/${own}`;
      checkSpan(asked, span, last);
      const ofPlan = plan.currency?.plan;
      const currency = args.currency ?? ofPlan ?? (last ?? ofAll.at(-1))?.currency;
      if (ofPlan !== undefined && currency !== ofPlan)
        throw refused("currency", `The plan computes in ${ofPlan}: a period of it is closed in ${ofPlan}.`);
      if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
        throw refused("currency", "The first period needs a currency, such as USD: every amount of a close is in it.");
      const other = ofAll.find((period) => period.calendar !== calendar && period.currency !== currency);
      if (other !== undefined)
        throw refused(
          "currency",
          `${other.name} is closed in ${other.currency}, and calendars of one plan close in one currency.`,
        );
      const period = { planId: plan.id, calendar, name, ...span, timeZone: plan.timeZone, currency };
      const periodNo = await insertPeriod(tx, companyId, { ...period, openedBy: actor });
      await insertAudit(tx, { companyId, actor, act: "period.open", subject: name, details: { periodNo, planId: plan.id } });
      return (await findPeriod(tx, { companyId, periodNo })) as Period;
    });
  } catch (error) {
    if (sqlState(error) !== "23P01" && sqlState(error) !== "23505") throw error;
    throw new HubError("conflict", "A period of this plan covers some of these days already: see `pnpm upline period list`.");
  }
}

async function choosePlan(tx: Tx, { companyId, planId }: NewPeriod): Promise<Plan> {
  if (planId === undefined) {
    const plan = await planInForce(tx, { companyId, at: new Date() });
    if (plan === null) throw refused("plan", "No plan is in force: publish one with `pnpm upline plan publish`.");
    return plan;
  }
  const found = (await readPlans(tx, companyId)).map(({ document }) => document as Plan).find(({ id }) => id === planId);
  if (found === undefined) throw refused("plan", `No plan "${planId}" is published.`);
  return found;
}

/** The calendar that is asked for, `calendar` or the beginning of the name, and the name without it. */
function askedCalendar(args: NewPeriod, plan: Plan): NewPeriod & { readonly calendar: string } {
  if (plan.calendars === undefined) {
    if (args.calendar !== undefined) throw refused("calendar", `The plan "${plan.id}" has no calendars: leave it out.`);
    return { ...args, calendar: "" };
  }
  const slash = args.month?.indexOf("/") ?? -1;
  const named = slash < 0 ? undefined : args.month?.slice(0, slash);
  const calendar = args.calendar ?? named;
  const closing = closingCalendars(plan);
  const which = closing.map((id) => `"${id}"`).join(", ");
  if (calendar === undefined)
    throw refused("calendar", `The plan has several calendars: name one of ${which}, as --calendar or as in week/2026-06-01.`);
  if (named !== undefined && named !== calendar)
    throw refused("calendar", `"${args.month}" is a period of "${named}", and "${calendar}" is asked for.`);
  if (!closing.includes(calendar))
    throw refused("calendar", `Nothing of the plan is closed by a calendar "${calendar}": there is ${which}.`);
  return { ...args, calendar, month: slash < 0 ? args.month : args.month?.slice(slash + 1) };
}

interface CalendarOfPlan extends PlanCalendar {
  /** Empty where the plan has none. */
  readonly calendar: string;
}

interface NamedSpan {
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

function chooseSpan(args: NewPeriod, plan: CalendarOfPlan, last: Period | undefined): NamedSpan {
  if (args.month !== undefined) return namedSpan(args.month, plan);
  if (args.from !== undefined || args.to !== undefined) {
    const { from, to } = args;
    if (from === undefined || to === undefined || !isDay(from) || !isDay(to))
      throw refused(
        "from",
        "Give both days, such as 2026-06-01 and 2026-06-15: the first one, and the first one after the period.",
      );
    const [startsAt, endsAt] = [from, to].map((day) => new Date(startOfDay(day, plan.timeZone))) as [Date, Date];
    return { name: `${from}..${to}`, startsAt, endsAt };
  }
  if (last === undefined) throw refused("month", `The first period needs its ${firstName(plan)}, or its days.`);
  const next = spanAt(plan, last.endsAt.getTime());
  if (next.startsAt < last.endsAt)
    throw refused("from", `The last period did not end with a ${everyOf(plan)}: give the days of the next one.`);
  return next;
}

/** A day of the calendar: 2026-02-30 is none. */
function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** What a period is called: a month from its first to its last day by its month, any other by its first day. */
function everyOf({ periods }: PlanCalendar): "month" | "week" | "day" | "period" {
  if (periods === undefined) return "month";
  if ("count" in periods && (periods.count ?? 1) > 1) return "period";
  return periods.every === "month" && (periods.startsOn ?? 1) !== 1 ? "period" : periods.every;
}

const firstName = (plan: PlanCalendar): string =>
  everyOf(plan) === "month" ? "month, such as 2026-06" : "first day, such as 2026-06-01";

/** The period of the plan's calendar around an instant. */
export function spanAt(plan: PlanCalendar, instantMs: number): NamedSpan {
  const { id, startsAt, endsAt } = periodAt(plan, instantMs);
  return { name: id, startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
}

/** A month by its name, also of a plan without calendars whose periods are weeks; or a period by its first day. */
function namedSpan(name: string, plan: CalendarOfPlan): NamedSpan {
  const every = everyOf(plan);
  if (MONTH.test(name) && (plan.calendar === "" || every === "month"))
    return spanAt({ timeZone: plan.timeZone }, startOfDay(`${name}-01`, plan.timeZone));
  if (every === "month" || !isDay(name))
    throw refused("month", `"${name}" is no ${every}: write it as ${every === "month" ? "2026-06" : "2026-06-01"}.`);
  const found = spanAt(plan, startOfDay(name, plan.timeZone));
  if (found.name !== name)
    throw refused(
      "month",
      `No ${every} of the plan begins on ${name}: the one around it begins on ${found.name}, the next on ${localDay(found.endsAt.getTime(), plan.timeZone)}.`,
    );
  return found;
}

function checkSpan(args: NewPeriod, span: { startsAt: Date; endsAt: Date }, last: Period | undefined): void {
  if (span.endsAt <= span.startsAt) throw refused("to", "The period would end before it begins.");
  if (last === undefined || span.startsAt.getTime() === last.endsAt.getTime()) return;
  const next = localDay(last.endsAt.getTime(), last.timeZone);
  throw new HubError(
    "conflict",
    `Periods follow each other: "${last.name}" ends where ${next} begins, so the next one begins there.`,
    {
      fields: [{ path: args.month === undefined ? "from" : "month", message: `the next period begins on ${next}` }],
    },
  );
}
