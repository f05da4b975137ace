import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import { checkInner, innerPeriods, othersChanged } from "./calendars.ts";
import { type CloseRun, findRun, listPeriods, type Period, readLock, standingRun } from "./queries.ts";
import { planOf } from "./run.ts";

/** What a close stands on: the period before it, shorter ones that end in it, and whether their figures are still the same. */

/** The version in force when the period began, or the first that came into force in it. */
export function planHashFor(plans: PlanBook, period: Period): string {
  const found = plans.inForce(period.planId, period);
  if (found === null)
    throw new HubError("unprocessable", `No version of the plan "${period.planId}" is in force in ${period.name}.`);
  return found.hash;
}

export async function runBefore(tx: Tx, companyId: number, period: Period): Promise<bigint | null> {
  const before = (await ofPlan(tx, companyId, period)).filter((other) => other.startsAt < period.startsAt).at(-1);
  if (before === undefined) return null;
  return (await standingRun(tx, { companyId, periodNo: before.periodNo }))?.runNo ?? null;
}

/** The periods that follow each other: of the same plan and calendar. */
async function ofPlan(tx: Tx, companyId: number, period: Period): Promise<Period[]> {
  return (await listPeriods(tx, companyId)).filter(
    (other) => other.planId === period.planId && other.calendar === period.calendar,
  );
}

export async function firstStart(tx: Tx, companyId: number, period: Period): Promise<Date> {
  return (await ofPlan(tx, companyId, period))[0]?.startsAt ?? period.startsAt;
}

export async function nextClosedEnd(tx: Tx, companyId: number, period: Period): Promise<Date | null> {
  const next = (await ofPlan(tx, companyId, period)).find(
    (later) => later.startsAt > period.startsAt && later.state === "closed",
  );
  return next?.endsAt ?? null;
}

/** Closes go one after the other, and stand on what the one before carries over. */
export async function checkEarlier(tx: Tx, companyId: number, period: Period): Promise<void> {
  const earlier = (await ofPlan(tx, companyId, period)).filter((other) => other.startsAt < period.startsAt);
  const open = earlier.find((period) => period.state !== "closed");
  if (open)
    throw new HubError("conflict", `Period ${open.name} is ${open.state}: close it first, since ${period.name} goes on from it.`);
  await refuseStale(tx, companyId, earlier);
}

async function refuseStale(tx: Tx, companyId: number, closed: readonly Period[]): Promise<void> {
  const stale = await findStale(tx, companyId, closed);
  if (stale)
    throw new HubError(
      "conflict",
      `Period ${stale.name} stands on figures of ${stale.calendar === "" ? "the one before" : "others"} that have changed: \`pnpm upline period rerun ${stale.name}\` first.`,
    );
}

/** A longer close waits for the shorter ones that end in it. */
export async function checkOthers(tx: Tx, companyId: number, period: Period): Promise<void> {
  if (period.calendar === "") return;
  const plans = await readPlanBook(tx, companyId);
  const inside = { companyId, period, plan: planOf(plans, { planHash: planHashFor(plans, period) }) };
  await checkInner(tx, inside);
  await refuseStale(tx, companyId, await innerPeriods(tx, inside));
}

/** What is carried out stands on the same figures as when it was proposed: else it would pay by what others were paid before. */
export async function checkStillStands(
  tx: Tx,
  companyId: number,
  { period, proposal }: { period: Period; proposal: Pick<CloseRun, "runNo" | "lockNo"> },
): Promise<void> {
  if (!(await standsOnChanged(tx, companyId, { period, lockNo: proposal.lockNo }))) return;
  const others = period.calendar === "" ? "the one before" : "others";
  throw new HubError(
    "conflict",
    `Run ${proposal.runNo} of ${period.name} stands on figures of ${others} that have changed since it was proposed: propose it anew.`,
  );
}

/** The first closed period that stands on a run which has been superseded by one of other figures; null where all is well. */
async function findStale(tx: Tx, companyId: number, closed: readonly Period[]): Promise<Period | null> {
  for (const period of closed) {
    const standing = await standingRun(tx, { companyId, periodNo: period.periodNo });
    if (await standsOnChanged(tx, companyId, { period, lockNo: standing?.lockNo ?? null })) return period;
  }
  return null;
}

async function standsOnChanged(
  tx: Tx,
  companyId: number,
  { period, lockNo }: { period: Period; lockNo: bigint | null },
): Promise<boolean> {
  if (lockNo === null) return false;
  const { afterRun, planHash, runUpto } = await readLock(tx, { companyId, lockNo });
  if (period.calendar !== "") {
    const plan = planOf(await readPlanBook(tx, companyId), { planHash });
    if (await othersChanged(tx, { companyId, period, plan, runUpto })) return true;
  }
  const expected = await runBefore(tx, companyId, period);
  if (afterRun === expected) return false;
  const [before, after] = await Promise.all(
    [afterRun, expected].map((runNo) => (runNo === null ? null : findRun(tx, { companyId, runNo }))),
  );
  return before?.carryHash !== after?.carryHash;
}
