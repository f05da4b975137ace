import type { Plan } from "@upline/core";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { readPlans } from "../plans/queries.ts";
import { findPeriod, insertPeriod, listPeriods, midnights, type Period } from "./queries.ts";

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export interface NewPeriod {
  readonly companyId: number;
  readonly actor: string;
  /** A month such as "2026-06", which also names the period; or `from` and `to`. Absent: what follows the last one. */
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
      const plan = await choosePlan(tx, args);
      const last = (await listPeriods(tx, companyId)).filter((one) => one.planId === plan.id).at(-1);
      const days = chooseDays(args, last === undefined ? null : { ends: localDay(last.endsAt, last.timeZone), period: last });
      const span = await midnights(tx, { ...days, timeZone: plan.timeZone });
      checkSpan(args, span, last);
      const currency = args.currency ?? last?.currency;
      if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
        throw refused("currency", "The first period needs a currency, such as USD: every amount of a close is in it.");
      const period = { planId: plan.id, name: days.name, ...span, timeZone: plan.timeZone, currency };
      const periodNo = await insertPeriod(tx, companyId, { ...period, openedBy: actor });
      await insertAudit(tx, { companyId, actor, act: "period.open", subject: days.name, details: { periodNo, planId: plan.id } });
      return (await findPeriod(tx, { companyId, periodNo })) as Period;
    });
  } catch (error) {
    if (sqlState(error) !== "23P01" && sqlState(error) !== "23505") throw error;
    throw new HubError("conflict", "A period of this plan covers some of these days already: see `pnpm upline period list`.");
  }
}

async function choosePlan(tx: Tx, { companyId, planId }: NewPeriod): Promise<Pick<Plan, "id" | "timeZone">> {
  if (planId === undefined) {
    const plan = await planInForce(tx, { companyId, at: new Date() });
    if (plan === null) throw refused("plan", "No plan is in force: publish one with `pnpm upline plan publish`.");
    return plan;
  }
  const found = (await readPlans(tx, companyId)).map((one) => one.document as Plan).find((one) => one.id === planId);
  if (found === undefined) throw refused("plan", `No plan "${planId}" is published.`);
  return found;
}

interface Days {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function chooseDays(args: NewPeriod, last: { ends: string; period: Period } | null): Days {
  if (args.month !== undefined) return monthOf(args.month);
  if (args.from !== undefined || args.to !== undefined) {
    const { from, to } = args;
    if (from === undefined || to === undefined || !DAY.test(from) || !DAY.test(to))
      throw refused(
        "from",
        "Give both days, such as 2026-06-01 and 2026-06-15: the first one, and the first one after the period.",
      );
    return { name: `${from}..${to}`, from, to };
  }
  if (last === null) throw refused("month", "The first period needs its month, such as 2026-06, or its days.");
  if (!last.ends.endsWith("-01"))
    throw refused("from", "The last period did not end with a month: give the days of the next one.");
  return monthOf(last.ends.slice(0, 7));
}

function monthOf(month: string): Days {
  if (!MONTH.test(month)) throw refused("month", `"${month}" is no month: write it as 2026-06.`);
  const [year, number] = month.split("-").map(Number) as [number, number];
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
  return { name: month, from: `${month}-01`, to: `${next}-01` };
}

/** The calendar day of a moment in a time zone. */
export function localDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

function checkSpan(args: NewPeriod, span: { startsAt: Date; endsAt: Date }, last: Period | undefined): void {
  if (span.endsAt <= span.startsAt) throw refused("to", "The period would end before it begins.");
  if (last === undefined || span.startsAt.getTime() === last.endsAt.getTime()) return;
  const next = localDay(last.endsAt, last.timeZone);
  throw new HubError(
    "conflict",
    `Periods follow each other: "${last.name}" ends where ${next} begins, so the next one begins there.`,
    {
      fields: [{ path: args.month === undefined ? "from" : "month", message: `the next period begins on ${next}` }],
    },
  );
}
