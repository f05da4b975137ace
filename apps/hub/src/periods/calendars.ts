import type { Plan } from "@upline/core";
import { closingCalendars, judgedBefore, localDay, periodAt, ranksOfCalendar, shorterCalendars } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CloseRun, listPeriods, type Period, standingRun, standingRunAt } from "./queries.ts";

/** What the close of one calendar has to do with the others of its plan: which it waits for, counts, and takes ranks from. */

interface Inside {
  readonly companyId: number;
  readonly period: Period;
  readonly plan: Plan;
}

/** The calendar as the engine names it; undefined where the plan has none. */
export const calendarOf = ({ calendar }: Period): string | undefined => (calendar === "" ? undefined : calendar);

/** The calendar that ranks go by, or the longest that something is closed by; empty in a plan without calendars. */
export function mainCalendar(plan: Plan | null): string {
  if (plan?.calendars === undefined) return "";
  return plan.rankCalendar ?? closingCalendars(plan).at(-1) ?? "";
}

/** The periods of shorter calendars that end in a period: each belongs to the one longer period in which it ends. */
export async function innerPeriods(tx: Tx, { companyId, period, plan }: Inside): Promise<Period[]> {
  if (period.calendar === "") return [];
  const shorter = shorterCalendars(plan, period.calendar);
  return (await listPeriods(tx, companyId)).filter(
    (other) =>
      other.planId === period.planId &&
      shorter.includes(other.calendar) &&
      other.endsAt > period.startsAt &&
      other.endsAt <= period.endsAt,
  );
}

/** Throws HubError where a shorter period that ends in this one is not opened or not closed. */
export async function checkInner(tx: Tx, inside: Inside): Promise<void> {
  const { companyId, period, plan } = inside;
  const inner = await innerPeriods(tx, inside);
  const open = inner.find((other) => other.state !== "closed");
  if (open)
    throw new HubError(
      "conflict",
      `Period ${open.name} ends in ${period.name} and is ${open.state}: close it first, since the longer counts what it paid.`,
    );
  if (period.calendar === "") return;
  const all = (await listPeriods(tx, companyId)).filter((other) => other.planId === period.planId);
  for (const calendar of shorterCalendars(plan, period.calendar)) {
    const last = all.findLast((other) => other.calendar === calendar);
    const due = periodAt({ timeZone: plan.timeZone, periods: plan.calendars?.[calendar] }, period.endsAt.getTime()).startsAt;
    if (last !== undefined && last.endsAt.getTime() >= due) continue;
    const until = last === undefined ? "none is open yet" : `the last one is ${last.name}`;
    throw new HubError(
      "conflict",
      `${period.name} waits for every "${calendar}" that ends in it, up to ${localDay(due, plan.timeZone)}, and ${until}: \`pnpm upline period open --calendar ${calendar}\`, then close it.`,
    );
  }
}

/** The committed runs of the shorter periods that end in this one, of runs up to a mark. */
export async function innerRuns(tx: Tx, inside: Inside & { runUpto: bigint }): Promise<CloseRun[]> {
  const runs: CloseRun[] = [];
  for (const { periodNo } of await innerPeriods(tx, inside)) {
    const run = await standingRunAt(tx, { companyId: inside.companyId, periodNo, runUpto: inside.runUpto });
    if (run !== null) runs.push(run);
  }
  return runs;
}

/** The run that judged the ranks a close of another calendar goes by: of the last one before it. */
export async function ranksRun(tx: Tx, inside: Inside & { runUpto: bigint }): Promise<CloseRun | null> {
  const { companyId, period, plan, runUpto } = inside;
  const isBefore = judgedBefore(plan, period.calendar);
  const judged = (await listPeriods(tx, companyId)).filter(
    (other) =>
      other.planId === period.planId &&
      other.calendar === plan.rankCalendar &&
      isBefore(other.endsAt.getTime(), period.endsAt.getTime()),
  );
  for (const { periodNo } of judged.reverse()) {
    const run = await standingRunAt(tx, { companyId, periodNo, runUpto });
    if (run !== null) return run;
  }
  return null;
}

/** The rank calendar's period in which this one ends: ranks run in it. Throws HubError where it is not open. */
export async function runningPeriod(tx: Tx, { companyId, period, plan }: Inside): Promise<Period> {
  const found = (await listPeriods(tx, companyId)).find(
    (other) =>
      other.planId === period.planId &&
      other.calendar === plan.rankCalendar &&
      other.startsAt < period.endsAt &&
      other.endsAt >= period.endsAt,
  );
  if (found !== undefined) return found;
  throw new HubError(
    "conflict",
    `Ranks of ${period.name} run in the "${plan.rankCalendar}" around it, which is not open: \`pnpm upline period open --calendar ${plan.rankCalendar}\`.`,
  );
}

/** Whether runs of other calendars that a lock counted have been superseded by others that come to something else. */
export async function othersChanged(tx: Tx, inside: Inside & { runUpto: bigint }): Promise<boolean> {
  const { companyId, period, plan } = inside;
  if (period.calendar === "") return false;
  for (const run of await innerRuns(tx, inside)) {
    const standing = await standingRun(tx, { companyId, periodNo: run.periodNo });
    if (standing?.outputHash !== run.outputHash) return true;
  }
  if (ranksOfCalendar(plan, period.calendar) === "own") return false;
  const judged = await ranksRun(tx, inside);
  if (judged === null) return false;
  const standing = await standingRun(tx, { companyId, periodNo: judged.periodNo });
  return standing?.carryHash !== judged.carryHash;
}
