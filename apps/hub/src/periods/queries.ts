import { and, asc, count, desc, eq, exists, isNull, lte, max, ne, notExists, sql } from "drizzle-orm";
import { alias, union } from "drizzle-orm/pg-core";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { closeRuns, type CloseRun as StoredRun } from "../db/schema/close-runs.ts";
import { type PeriodLock, periodLocks, periods, type Period as StoredPeriod } from "../db/schema/periods.ts";

/** Periods, their locks and runs. */

interface OfPeriod {
  readonly companyId: number;
  readonly periodNo: number;
}

const { periodNo, planId, calendar, name, startsAt, endsAt, timeZone, currency, state } = periods;
const shown = { periodNo, planId, calendar, name, startsAt, endsAt, timeZone, currency, state };
export type Period = Pick<StoredPeriod, keyof typeof shown>;

/** All periods of a company, the oldest first. */
export function listPeriods(tx: Tx, companyId: number): Promise<Period[]> {
  return query(tx).select(shown).from(periods).where(eq(periods.companyId, companyId)).orderBy(asc(startsAt), asc(periodNo));
}

const thePeriod = (args: OfPeriod) => and(eq(periods.companyId, args.companyId), eq(periodNo, args.periodNo));

export async function findPeriod(tx: Tx, args: OfPeriod): Promise<Period | null> {
  const [found] = await query(tx).select(shown).from(periods).where(thePeriod(args));
  return found ?? null;
}

/** An overlap violates the table's guard. */
export async function insertPeriod(
  tx: Tx,
  companyId: number,
  period: Omit<Period, "periodNo" | "state"> & Pick<StoredPeriod, "openedBy">,
): Promise<number> {
  const next = sql<number>`(select coalesce(max(p.period_no), 0) + 1 from ${periods} p where p.company_id = ${companyId})`;
  const [row] = await query(tx)
    .insert(periods)
    .values({ companyId, periodNo: next, ...period })
    .returning({ periodNo });
  if (!row) throw new Error("the new period has no number");
  return row.periodNo;
}

export async function setPeriodState(tx: Tx, args: OfPeriod & Pick<Period, "state">): Promise<void> {
  await query(tx).update(periods).set({ state: args.state }).where(thePeriod(args));
}

const { planHash, volumeUpto, directoryVersion, distributors, directiveUpto, afterRun, runUpto } = periodLocks;
const marked = { planHash, volumeUpto, directoryVersion, distributors, directiveUpto, afterRun, runUpto };

/** The marks up to which everything recorded counts. */
export type Marks = Pick<PeriodLock, keyof typeof marked>;
export type CurrentMarks = Omit<Marks, "planHash" | "afterRun">;

/** Where the marks stand now. The caller holds the company's lock, so that nothing below them is still being written. */
export async function currentMarks(tx: Tx, companyId: number): Promise<CurrentMarks> {
  const [row] = await tx<CurrentMarks[]>`
    select coalesce((select max(entry_no) from volume_entries where company_id = ${companyId}), 0) as "volumeUpto",
           (select directory_version from companies where company_id = ${companyId}) as "directoryVersion",
           coalesce((select max(distributor_no) from distributors where company_id = ${companyId}), 0) as distributors,
           coalesce((select max(directive_no) from rank_directives where company_id = ${companyId}), 0) as "directiveUpto",
           coalesce((select max(run_no) from close_runs where company_id = ${companyId} and kind = 'committed'), 0) as "runUpto"`;
  if (!row) throw new Error("the company of this transaction does not exist");
  return row;
}

/** How many distributors a company has: their numbers are dense. */
export async function lastDistributorNo(tx: Tx, companyId: number): Promise<number> {
  const [row] = await tx<Pick<CurrentMarks, "distributors">[]>`
    select coalesce((select max(distributor_no) from distributors where company_id = ${companyId}), 0) as distributors`;
  return row?.distributors ?? 0;
}

export async function insertLock(tx: Tx, args: OfPeriod & { marks: Marks; actor: string }): Promise<bigint> {
  const { marks, ...lock } = args;
  const [row] = await query(tx)
    .insert(periodLocks)
    .values({ ...lock, ...marks })
    .returning({ lockNo: periodLocks.lockNo });
  if (!row) throw new Error("the new lock has no number");
  return row.lockNo;
}

export async function readLock(tx: Tx, args: Pick<PeriodLock, "companyId" | "lockNo">): Promise<Marks> {
  const [row] = await query(tx)
    .select(marked)
    .from(periodLocks)
    .where(and(eq(periodLocks.companyId, args.companyId), eq(periodLocks.lockNo, args.lockNo)));
  if (!row) throw new Error("the run's lock does not exist");
  return row;
}

/** The run that replaced another. */
const successor = alias(closeRuns, "successor");
const ran = {
  runNo: closeRuns.runNo,
  periodNo: closeRuns.periodNo,
  kind: closeRuns.kind,
  cause: closeRuns.cause,
  lockNo: closeRuns.lockNo,
  proposal: closeRuns.proposal,
  supersedes: closeRuns.supersedes,
  supersededBy: successor.runNo,
  planHash: closeRuns.planHash,
  inputHash: closeRuns.inputHash,
  outputHash: closeRuns.outputHash,
  carryHash: closeRuns.carryHash,
  totals: closeRuns.totals,
  actor: closeRuns.actor,
  person: closeRuns.person,
  startedAt: closeRuns.startedAt,
  finishedAt: closeRuns.finishedAt,
};

const runs = (tx: Tx) =>
  query(tx)
    .select(ran)
    .from(closeRuns)
    .leftJoin(successor, and(eq(successor.companyId, closeRuns.companyId), eq(successor.supersedes, closeRuns.runNo)));

export type RunCause = StoredRun["cause"];
export type CloseRun = Awaited<ReturnType<typeof listRuns>>[number];
export type NewRun = Omit<CloseRun, "runNo" | "supersededBy">;

export async function takeRunNumber(tx: Tx): Promise<bigint> {
  const [row] = await tx<Pick<StoredRun, "runNo">[]>`select nextval('close_run_numbers') as "runNo"`;
  if (!row) throw new Error("the new run has no number");
  return row.runNo;
}

/** Two commits of one proposal, or of one period at the same time, violate a key. */
export async function insertRun(tx: Tx, args: { companyId: number; runNo: bigint; run: NewRun }): Promise<void> {
  const { run, ...key } = args;
  await query(tx)
    .insert(closeRuns)
    .values({ ...key, ...run });
}

/** Runs of one period or of all, the newest first. */
export function listRuns(
  tx: Tx,
  args: { companyId: number; periodNo?: number | undefined; before?: bigint | undefined; limit: number },
) {
  return runs(tx)
    .where(
      and(
        eq(closeRuns.companyId, args.companyId),
        given(closeRuns.periodNo, args.periodNo),
        before(closeRuns.runNo, args.before),
      ),
    )
    .orderBy(desc(closeRuns.runNo))
    .limit(args.limit);
}

export async function findRun(tx: Tx, args: Pick<StoredRun, "companyId" | "runNo">): Promise<CloseRun | null> {
  const [run] = await runs(tx).where(and(eq(closeRuns.companyId, args.companyId), eq(closeRuns.runNo, args.runNo)));
  return run ?? null;
}

/** How often a period was tried. */
export async function countTrials(tx: Tx, args: OfPeriod): Promise<number> {
  const [row] = await query(tx).select({ trials: count() }).from(closeRuns).where(runsOf(args, "trial"));
  return row?.trials ?? 0;
}

const runsOf = (args: OfPeriod, kind: StoredRun["kind"]) =>
  and(eq(closeRuns.companyId, args.companyId), eq(closeRuns.periodNo, args.periodNo), eq(closeRuns.kind, kind));

/** The committed run of a period that nothing replaced. */
export async function standingRun(tx: Tx, args: OfPeriod): Promise<CloseRun | null> {
  const [run] = await runs(tx).where(and(runsOf(args, "committed"), isNull(successor.runNo)));
  return run ?? null;
}

/** The committed run of a period that stood when a run of the company had this number. */
export async function standingRunAt(tx: Tx, args: OfPeriod & { runUpto: bigint }): Promise<CloseRun | null> {
  const [run] = await runs(tx)
    .where(and(runsOf(args, "committed"), lte(closeRuns.runNo, args.runUpto)))
    .orderBy(desc(closeRuns.runNo))
    .limit(1);
  return run ?? null;
}

/** The proposal of a period that waits for a second person. */
export async function waitingProposal(tx: Tx, args: OfPeriod): Promise<CloseRun | null> {
  const [run] = await runs(tx)
    .where(and(runsOf(args, "proposed"), waits(tx)))
    .orderBy(desc(closeRuns.runNo))
    .limit(1);
  return run ?? null;
}

/**
 * The periods that wait for somebody: those of which a proposal waits, and those that are locked though nothing was computed of
 * it: somebody has to propose them anew.
 */
export async function waitingPeriods(tx: Tx, ofCompany: number): Promise<Set<number>> {
  const locked = query(tx)
    .select({ periodNo })
    .from(periods)
    .where(and(eq(periods.companyId, ofCompany), eq(state, "closing")));
  const proposed = query(tx)
    .select({ periodNo: closeRuns.periodNo })
    .from(closeRuns)
    .where(and(eq(closeRuns.companyId, ofCompany), eq(closeRuns.kind, "proposed"), waits(tx)));
  return new Set((await union(locked, proposed)).map((row) => row.periodNo));
}

/**
 * Whether a proposed run waits to be carried out. It goes by what was locked last of its period: who proposes anew takes back what
 * waited, even if nothing came of theirs, and an open period has none.
 */
function waits(tx: Tx) {
  const { companyId, lockNo, periodNo: ofPeriod } = periodLocks;
  const lastLock = query(tx)
    .select({ lockNo: max(lockNo) })
    .from(periodLocks)
    .where(and(eq(companyId, closeRuns.companyId), eq(ofPeriod, closeRuns.periodNo)));
  const closing = query(tx)
    .select({ periodNo })
    .from(periods)
    .where(and(eq(periods.companyId, closeRuns.companyId), eq(periodNo, closeRuns.periodNo), ne(state, "open")));
  return and(eq(closeRuns.lockNo, lastLock), exists(closing), notCarriedOut(tx));
}

function notCarriedOut(tx: Tx) {
  const carrying = alias(closeRuns, "carrying");
  const carried = and(eq(carrying.companyId, closeRuns.companyId), eq(carrying.proposal, closeRuns.runNo));
  return notExists(query(tx).select({ runNo: carrying.runNo }).from(carrying).where(carried));
}
