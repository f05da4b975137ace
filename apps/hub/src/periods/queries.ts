import type { JSONValue } from "postgres";
import type { Tx } from "../db/connect.ts";

/** Periods, their locks and runs. */

export type PeriodState = "open" | "closing" | "closed";

export interface Period {
  readonly periodNo: number;
  readonly planId: string;
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly currency: string;
  readonly state: PeriodState;
}

interface PeriodRow {
  period_no: number;
  plan_id: string;
  name: string;
  starts_at: Date;
  ends_at: Date;
  time_zone: string;
  currency: string;
  state: PeriodState;
}

const COLUMNS = ["period_no", "plan_id", "name", "starts_at", "ends_at", "time_zone", "currency", "state"];

/** All periods of a company, the oldest first. */
export async function listPeriods(tx: Tx, companyId: number): Promise<Period[]> {
  const rows = await tx<PeriodRow[]>`
    select ${tx(COLUMNS)} from periods where company_id = ${companyId} order by starts_at, period_no`;
  return rows.map(periodOf);
}

export async function findPeriod(tx: Tx, args: { companyId: number; periodNo: number }): Promise<Period | null> {
  const [row] = await tx<PeriodRow[]>`
    select ${tx(COLUMNS)} from periods where company_id = ${args.companyId} and period_no = ${args.periodNo}`;
  return row ? periodOf(row) : null;
}

function periodOf(row: PeriodRow): Period {
  return {
    periodNo: row.period_no,
    planId: row.plan_id,
    name: row.name,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    timeZone: row.time_zone,
    currency: row.currency,
    state: row.state,
  };
}

/** An overlap violates the table's guard. */
export async function insertPeriod(
  tx: Tx,
  companyId: number,
  period: Omit<Period, "periodNo" | "state"> & { openedBy: string },
): Promise<number> {
  const [row] = await tx<{ period_no: number }[]>`
    insert into periods (company_id, period_no, plan_id, name, starts_at, ends_at, time_zone, currency, opened_by)
    select ${companyId}, coalesce((select max(period_no) from periods where company_id = ${companyId}), 0) + 1,
           ${period.planId}, ${period.name}, ${period.startsAt}, ${period.endsAt}, ${period.timeZone}, ${period.currency}, ${period.openedBy}
    returning period_no`;
  if (!row) throw new Error("the new period has no number");
  return row.period_no;
}

export async function setPeriodState(tx: Tx, args: { companyId: number; periodNo: number; state: PeriodState }): Promise<void> {
  await tx`update periods set state = ${args.state} where company_id = ${args.companyId} and period_no = ${args.periodNo}`;
}

/** The marks up to which everything recorded counts. */
export interface Marks {
  readonly planHash: string;
  readonly volumeUpto: bigint;
  readonly directoryVersion: bigint;
  readonly distributors: number;
  readonly directiveUpto: bigint;
  readonly afterRun: bigint | null;
}

/** Where the marks stand now. The caller holds the company's lock, so that nothing below them is still being written. */
export async function currentMarks(tx: Tx, companyId: number): Promise<Omit<Marks, "planHash" | "afterRun">> {
  const [row] = await tx<{ volume_upto: bigint; directory_version: bigint; distributors: number; directive_upto: bigint }[]>`
    select coalesce((select max(entry_no) from volume_entries where company_id = ${companyId}), 0) as volume_upto,
           (select directory_version from companies where company_id = ${companyId}) as directory_version,
           coalesce((select max(distributor_no) from distributors where company_id = ${companyId}), 0) as distributors,
           coalesce((select max(directive_no) from rank_directives where company_id = ${companyId}), 0) as directive_upto`;
  if (!row) throw new Error("the company of this transaction does not exist");
  return {
    volumeUpto: row.volume_upto,
    directoryVersion: row.directory_version,
    distributors: row.distributors,
    directiveUpto: row.directive_upto,
  };
}

export async function insertLock(
  tx: Tx,
  args: { companyId: number; periodNo: number; marks: Marks; actor: string },
): Promise<bigint> {
  const { marks } = args;
  const [row] = await tx<{ lock_no: bigint }[]>`
    insert into period_locks (company_id, period_no, plan_hash, volume_upto, directory_version, distributors, directive_upto, after_run, actor)
    values (${args.companyId}, ${args.periodNo}, ${marks.planHash}, ${marks.volumeUpto}, ${marks.directoryVersion}, ${marks.distributors},
      ${marks.directiveUpto}, ${marks.afterRun}, ${args.actor})
    returning lock_no`;
  if (!row) throw new Error("the new lock has no number");
  return row.lock_no;
}

export async function readLock(tx: Tx, args: { companyId: number; lockNo: bigint }): Promise<Marks> {
  const [row] = await tx<
    {
      plan_hash: string;
      volume_upto: bigint;
      directory_version: bigint;
      distributors: number;
      directive_upto: bigint;
      after_run: bigint | null;
    }[]
  >`
    select plan_hash, volume_upto, directory_version, distributors, directive_upto, after_run from period_locks
     where company_id = ${args.companyId} and lock_no = ${args.lockNo}`;
  if (!row) throw new Error("the run's lock does not exist");
  return {
    planHash: row.plan_hash,
    volumeUpto: row.volume_upto,
    directoryVersion: row.directory_version,
    distributors: row.distributors,
    directiveUpto: row.directive_upto,
    afterRun: row.after_run,
  };
}

export type RunKind = "trial" | "proposed" | "committed";
export type RunCause = "close" | "rerun" | "refund";

export interface CloseRun {
  readonly runNo: bigint;
  readonly periodNo: number;
  readonly kind: RunKind;
  readonly cause: RunCause;
  readonly lockNo: bigint | null;
  readonly proposal: bigint | null;
  readonly supersedes: bigint | null;
  /** The run that replaced this one. */
  readonly supersededBy: bigint | null;
  readonly planHash: string;
  readonly inputHash: string;
  readonly outputHash: string;
  readonly carryHash: string;
  readonly totals: JSONValue;
  readonly actor: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

interface RunRow {
  run_no: bigint;
  period_no: number;
  kind: RunKind;
  cause: RunCause;
  lock_no: bigint | null;
  proposal: bigint | null;
  supersedes: bigint | null;
  superseded_by: bigint | null;
  plan_hash: string;
  input_hash: string;
  output_hash: string;
  carry_hash: string;
  totals: JSONValue;
  actor: string;
  started_at: Date;
  finished_at: Date;
}

export type NewRun = Omit<CloseRun, "runNo" | "supersededBy">;

export async function takeRunNumber(tx: Tx): Promise<bigint> {
  const [row] = await tx<{ run_no: bigint }[]>`select nextval('close_run_numbers') as run_no`;
  if (!row) throw new Error("the new run has no number");
  return row.run_no;
}

/** Two commits of one proposal, or of one period at the same time, violate a key. */
export async function insertRun(tx: Tx, args: { companyId: number; runNo: bigint; run: NewRun }): Promise<void> {
  const { run } = args;
  await tx`
    insert into close_runs (company_id, run_no, period_no, kind, cause, lock_no, proposal, supersedes, plan_hash, input_hash, output_hash,
      carry_hash, totals, actor, started_at, finished_at)
    values (${args.companyId}, ${args.runNo}, ${run.periodNo}, ${run.kind}, ${run.cause}, ${run.lockNo}, ${run.proposal}, ${run.supersedes},
      ${run.planHash}, ${run.inputHash}, ${run.outputHash}, ${run.carryHash}, ${tx.json(run.totals)}, ${run.actor}, ${run.startedAt}, ${run.finishedAt})`;
}

const runs = (tx: Tx) => tx`
  select r.run_no, r.period_no, r.kind, r.cause, r.lock_no, r.proposal, r.supersedes, n.run_no as superseded_by, r.plan_hash,
         r.input_hash, r.output_hash, r.carry_hash, r.totals, r.actor, r.started_at, r.finished_at
    from close_runs r left join close_runs n on n.company_id = r.company_id and n.supersedes = r.run_no`;

/** Runs of one period or of all, the newest first. */
export async function listRuns(
  tx: Tx,
  args: { companyId: number; periodNo?: number | undefined; before?: bigint | undefined; limit: number },
): Promise<CloseRun[]> {
  const rows = await tx<RunRow[]>`
    ${runs(tx)} where r.company_id = ${args.companyId}
      ${args.periodNo === undefined ? tx`` : tx`and r.period_no = ${args.periodNo}`}
      ${args.before === undefined ? tx`` : tx`and r.run_no < ${args.before}`}
     order by r.run_no desc limit ${args.limit}`;
  return rows.map(runOf);
}

export async function findRun(tx: Tx, args: { companyId: number; runNo: bigint }): Promise<CloseRun | null> {
  const [row] = await tx<RunRow[]>`${runs(tx)} where r.company_id = ${args.companyId} and r.run_no = ${args.runNo}`;
  return row ? runOf(row) : null;
}

/** The committed run of a period that nothing replaced. */
export async function standingRun(tx: Tx, args: { companyId: number; periodNo: number }): Promise<CloseRun | null> {
  const [row] = await tx<RunRow[]>`
    ${runs(tx)} where r.company_id = ${args.companyId} and r.period_no = ${args.periodNo} and r.kind = 'committed' and n.run_no is null`;
  return row ? runOf(row) : null;
}

/** The newest proposal of a period that was not carried out. */
export async function waitingProposal(tx: Tx, args: { companyId: number; periodNo: number }): Promise<CloseRun | null> {
  const [row] = await tx<RunRow[]>`
    ${runs(tx)} where r.company_id = ${args.companyId} and r.period_no = ${args.periodNo} and r.kind = 'proposed'
       and r.run_no > coalesce((select max(proposal) from close_runs c
                                 where c.company_id = ${args.companyId} and c.period_no = ${args.periodNo}), 0)
     order by r.run_no desc limit 1`;
  return row ? runOf(row) : null;
}

function runOf(row: RunRow): CloseRun {
  return {
    runNo: row.run_no,
    periodNo: row.period_no,
    kind: row.kind,
    cause: row.cause,
    lockNo: row.lock_no,
    proposal: row.proposal,
    supersedes: row.supersedes,
    supersededBy: row.superseded_by,
    planHash: row.plan_hash,
    inputHash: row.input_hash,
    outputHash: row.output_hash,
    carryHash: row.carry_hash,
    totals: row.totals,
    actor: row.actor,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
