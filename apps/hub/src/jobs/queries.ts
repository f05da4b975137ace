import type { Fragment } from "postgres";
import type { Tx } from "../db/connect.ts";

/**
 * The one place that reads pg-boss's tables. They are its own and not in our schema, so the types of
 * rows are written here. A company sees its own runs, and rounds, which belong to none.
 */

export type RunState = "created" | "retry" | "active" | "completed" | "cancelled" | "failed";

/** What a run left: a note where it ended well, else a reason; the library's own words where it ended without either. */
export interface RunOutput {
  readonly note?: string;
  readonly reason?: string;
}

export interface JobRun {
  readonly job: string;
  /** Null is a round. */
  readonly subject: string | null;
  readonly state: RunState;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** When a run that waits may begin. */
  readonly waitsUntil: Date;
  readonly output: RunOutput | null;
}

interface RunRow {
  name: string;
  subject: string | null;
  state: RunState;
  retry_count: number;
  started_on: Date | null;
  completed_on: Date | null;
  start_after: Date;
  output: RunOutput | null;
}

/** The newest run for each target of a company, and the newest round of each job. */
export function listNewestRuns(tx: Tx, companyId: number): Promise<JobRun[]> {
  return newestOfEach(tx, companyId, tx``);
}

/** The last failure for each target of a company, and of each job's rounds, for as long as runs are kept. */
export function listLastFailures(tx: Tx, companyId: number): Promise<JobRun[]> {
  return newestOfEach(tx, companyId, tx`and (state = 'failed' or (state in ('retry', 'active') and output is not null))`);
}

/** Runs are many and targets are few: when each was run last is found without sorting them, and only of those everything is read. */
async function newestOfEach(tx: Tx, companyId: number, condition: Fragment): Promise<JobRun[]> {
  const newest = (which: Fragment) => tx`
    select name, singleton_key, max(created_on) as created_on from jobs.job where ${which} ${condition} group by name, singleton_key`;
  const ofCompany = tx`job.group_id = ${String(companyId)}`;
  const rounds = tx`job.group_id is null and job.singleton_key = 'round'`;
  const rows = await tx<RunRow[]>`
    select distinct on (job.name, job.singleton_key) name, data ->> 'subject' as subject, state::text, retry_count, started_on, completed_on,
           start_after, output
      from (${newest(ofCompany)} union all ${newest(rounds)}) newest
      join jobs.job using (name, created_on)
     where job.singleton_key is not distinct from newest.singleton_key and (${ofCompany} or (${rounds})) ${condition}
     order by job.name, job.singleton_key`;
  return rows.map(runOf);
}

function runOf(row: RunRow): JobRun {
  return {
    job: row.name,
    subject: row.subject,
    state: row.state,
    attempts: row.retry_count + (row.state === "created" ? 0 : 1),
    startedAt: row.started_on,
    endedAt: row.completed_on,
    waitsUntil: row.start_after,
    output: row.output,
  };
}
