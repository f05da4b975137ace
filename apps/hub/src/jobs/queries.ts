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
export async function listNewestRuns(tx: Tx, companyId: number): Promise<JobRun[]> {
  const rows = await tx<RunRow[]>`
    select distinct on (name, singleton_key) name, data ->> 'subject' as subject, state::text, retry_count, started_on, completed_on,
           start_after, output
      from jobs.job
     where (group_id = ${String(companyId)} or (group_id is null and singleton_key = 'round'))
     order by name, singleton_key, created_on desc`;
  return rows.map(runOf);
}

/** The last failure for each target of a company, and of each job's rounds, for as long as runs are kept. */
export async function listLastFailures(tx: Tx, companyId: number): Promise<JobRun[]> {
  const rows = await tx<RunRow[]>`
    select distinct on (name, singleton_key) name, data ->> 'subject' as subject, state::text, retry_count, started_on, completed_on,
           start_after, output
      from jobs.job
     where (group_id = ${String(companyId)} or (group_id is null and singleton_key = 'round'))
       and (state = 'failed' or (state in ('retry', 'active') and output is not null))
     order by name, singleton_key, created_on desc`;
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
