import { asCompany, type Database } from "../db/connect.ts";
import type { Job } from "./job.ts";
import { type JobRun, listLastFailures, listNewestRuns } from "./queries.ts";
import { ENDED_WITHOUT_A_WORD } from "./reason.ts";

export type RunWord = "waiting" | "running" | "retrying" | "done" | "failed";

export interface ShownRun {
  readonly subject: string;
  readonly state: RunWord;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** When it is tried again, or tried first. */
  readonly nextTryAt: Date | null;
  /** What was done, or why it failed. */
  readonly note: string | null;
}

export interface ShownFailure {
  readonly subject: string;
  readonly at: Date | null;
  readonly attempts: number;
  readonly reason: string;
}

export interface ShownJob {
  readonly name: string;
  readonly about: string;
  readonly everyMinutes: number;
  readonly nextRoundAt: Date | null;
  readonly lastRoundAt: Date | null;
  readonly runs: readonly ShownRun[];
  readonly failures: readonly ShownFailure[];
}

/** A round, where people see what a run was for. */
const ROUND = "round";

interface Jobs {
  readonly jobs: readonly Job[];
  nextRound(job: Job): Date | null;
}

/** Every job with what came of it for one company: the newest run and the last failure for each target. */
export async function readJobs(db: Pick<Database, "app">, jobs: Jobs, companyId: number): Promise<ShownJob[]> {
  const found = await asCompany(db, companyId, async (tx) => ({
    newest: await listNewestRuns(tx, companyId),
    failures: await listLastFailures(tx, companyId),
  }));
  return jobs.jobs.map((job) => {
    const newest = found.newest.filter((run) => run.job === job.name);
    const round = newest.find((run) => run.subject === null);
    return {
      name: job.name,
      about: job.about,
      everyMinutes: job.everyMinutes,
      nextRoundAt: jobs.nextRound(job),
      lastRoundAt: round?.startedAt ?? null,
      runs: newest.filter((run) => run.subject !== null).map(shownRun),
      failures: found.failures.filter((run) => run.job === job.name).map(shownFailure),
    };
  });
}

const WORDS: Readonly<Record<JobRun["state"], RunWord>> = {
  created: "waiting",
  retry: "retrying",
  active: "running",
  completed: "done",
  cancelled: "failed",
  failed: "failed",
};

function shownRun(run: JobRun): ShownRun {
  const waits = run.state === "created" || run.state === "retry";
  const failed = run.state === "retry" || run.state === "failed" || run.state === "cancelled";
  return {
    subject: run.subject ?? ROUND,
    state: WORDS[run.state],
    attempts: run.attempts,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    nextTryAt: waits ? run.waitsUntil : null,
    note: failed ? reasonIn(run) : (run.output?.note ?? null),
  };
}

function shownFailure(run: JobRun): ShownFailure {
  return { subject: run.subject ?? ROUND, at: run.endedAt ?? run.startedAt, attempts: run.attempts, reason: reasonIn(run) };
}

function reasonIn(run: JobRun): string {
  return run.output?.reason ?? ENDED_WITHOUT_A_WORD;
}
