import { type Job as ClaimedRun, type JobResult, PgBoss, type Queue } from "pg-boss";
import { JOB_SCHEMA, jobDatabase } from "../db/job-tables.ts";
import { HubError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Job, Target } from "./job.ts";
import { reasonOf } from "./reason.ts";

export interface RunnerParts {
  readonly url: string;
  readonly log: Logger;
}

export interface RunnerOptions {
  /** How often each worker looks for a run; what is asked for in this process begins at once. */
  readonly pollSeconds: number;
  /** How long a stop waits for what is under way. It is then interrupted, and taken up again by whoever starts next. */
  readonly graceMs: number;
  /** A run that nobody has spoken for so long is taken up by another: its process died, or could not say how it ended. At least 10. */
  readonly heartbeatSeconds: number;
  /** Told of each run that begins or ends. */
  readonly ran: (companyId: number) => void;
}

/** What came of asking for a job: runs handed over, and targets for which one waits or is under way already. */
export interface Asked {
  readonly started: number;
  readonly already: number;
}

/** The target of a round, which finds out what is due and hands over a run for each. */
const ROUND = "round";
const CONNECTIONS = 2;
const LONGEST_RUN_SECONDS = 2 * 3600;
const KEPT_SECONDS = 3 * 24 * 3600;

/**
 * Runs jobs in the background, with pg-boss: rounds by the clock, one run at a time for each target
 * in all replicas, bounded retries, and what came of each. Jobs are handed in; none is known here.
 */
export class JobRunner {
  readonly jobs: readonly Job[];
  readonly #log: Logger;
  readonly #options: RunnerOptions;
  readonly #boss: PgBoss;
  readonly #workers = new Map<string, string>();
  readonly #underWay = new Set<Promise<unknown>>();
  #ready: Promise<void> | null = null;

  /** `takesJobs`: false only hands over what somebody asks for, and leaves it to other replicas. */
  constructor(parts: RunnerParts, jobs: readonly Job[], options: Partial<RunnerOptions> & { readonly takesJobs: boolean }) {
    const { takesJobs, ...given } = options;
    this.jobs = jobs;
    this.#log = parts.log;
    this.#options = { pollSeconds: 5, graceMs: 10_000, heartbeatSeconds: 30, ran: () => {}, ...given };
    this.#boss = new PgBoss({
      ...jobDatabase(parts.url),
      application_name: "upline-jobs",
      options: "-c role=upline_jobs -c datestyle=ISO -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s",
      schema: JOB_SCHEMA,
      max: CONNECTIONS,
      migrate: false,
      createSchema: false,
      schedule: takesJobs,
      supervise: takesJobs,
      cronWorkerIntervalSeconds: Math.max(1, Math.ceil(this.#options.pollSeconds)),
      superviseIntervalSeconds: this.#options.heartbeatSeconds,
      monitorIntervalSeconds: this.#options.heartbeatSeconds,
      // Left out: what needs the tables' owner, or what nothing here uses.
      reindex: false,
      monitorVacuum: false,
      registerInstance: false,
      flowIntervalSeconds: 3600,
      openTelemetry: { enabled: false },
    });
    // The library tries again by itself; its texts may carry parameters.
    this.#boss.on("error", (error) => this.#log.warn({ error: kindOf(error) }, "the background jobs' database failed"));
    this.#boss.on("warning", ({ data }) => this.#log.warn({ warning: (data as { type?: unknown }).type }, "background jobs"));
  }

  /** Begins to take runs, and keeps the clock. */
  async start(): Promise<void> {
    await this.#open();
    await this.#forgetOthers();
    for (const job of this.jobs) {
      if (job.everyMinutes > 0)
        await this.#boss.schedule(job.name, everyText(job), null, { tz: "UTC", key: ROUND, singletonKey: ROUND });
      const options = { batchSize: 1, localConcurrency: job.atOnce, pollingIntervalSeconds: this.#options.pollSeconds };
      const worker = await this.#boss.work<Partial<Target>>(job.name, { ...options, perJobResults: true }, ([run]) =>
        run === undefined ? Promise.resolve([]) : this.#tracked(this.#take(job, run)),
      );
      this.#workers.set(job.name, worker);
    }
  }

  /** Hands over a run of a job for everything of a company, or for one subject of it. Throws HubError where there is no such job or subject. */
  async ask(name: string, companyId: number, subject?: string): Promise<Asked> {
    const job = this.#named(name);
    const targets = await job.targetsOf(companyId);
    const wanted = subject === undefined ? targets : targets.filter((target) => target.subject === subject);
    if (subject !== undefined && wanted.length === 0)
      throw new HubError(
        "not-found",
        `subject: the job "${name}" has nothing to do for "${subject}"; leave it out to run it for all.`,
      );
    return this.#askForAll(job, wanted);
  }

  /** The same for one target only, due or not. */
  async askFor(name: string, target: Target): Promise<Asked> {
    return this.#askForAll(this.#named(name), [target]);
  }

  /** Whoever asks is answered by a run that begins after it, or that looks again at its end. */
  async #askForAll(job: Job, targets: readonly Target[]): Promise<Asked> {
    await this.#open();
    const asked = await this.#handOver(job, targets);
    if (asked.already === 0 || job.askedAgain === undefined) return asked;
    for (const target of targets) await job.askedAgain(target);
    // The one that was under way may have ended before it was told.
    const { started, already } = await this.#handOver(job, targets);
    return { started: asked.started + started, already: already - asked.started };
  }

  #named(name: string): Job {
    const job = this.jobs.find((known) => known.name === name);
    if (job !== undefined) return job;
    throw new HubError("not-found", `There is no job "${name}": there is ${this.jobs.map((known) => known.name).join(", ")}.`);
  }

  /** When the next round begins; null where only somebody's asking begins one. */
  nextRound(job: Job): Date | null {
    return job.everyMinutes === 0 ? null : (this.#boss.previewSchedule(everyText(job), { tz: "UTC", count: 1 })[0] ?? null);
  }

  /** Takes no more, and waits for what is under way. What takes longer than the grace is interrupted and kept for the next start. */
  async stop(): Promise<void> {
    if (this.#ready === null) return;
    await this.#ready.catch(() => {});
    await this.#boss.stop({ graceful: true, timeout: this.#options.graceMs });
    await Promise.allSettled(this.#underWay);
  }

  #open(): Promise<void> {
    const open = async () => {
      await this.#boss.start();
      for (const job of this.jobs) {
        const queue = queueOf(job, this.#options.heartbeatSeconds);
        await this.#boss.createQueue(job.name, { ...queue, policy: "exclusive" });
        await this.#boss.updateQueue(job.name, queue);
      }
    };
    this.#ready ??= open().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  /** Rounds of jobs that a setting turned off, or that an older version had. */
  async #forgetOthers(): Promise<void> {
    const kept = new Set(this.jobs.filter((job) => job.everyMinutes > 0).map((job) => job.name));
    for (const { name, key } of await this.#boss.getSchedules()) if (!kept.has(name)) await this.#boss.unschedule(name, key);
  }

  async #handOver(job: Job, targets: readonly Target[], delaySeconds = 0): Promise<Asked> {
    const runs = targets.map((target) => ({
      data: target,
      startAfter: delaySeconds,
      singletonKey: `${target.companyId}/${target.subject}`,
      group: { id: String(target.companyId) },
    }));
    const started = runs.length === 0 ? [] : ((await this.#boss.insert(job.name, runs, { returnId: true })) ?? []);
    const worker = this.#workers.get(job.name);
    if (worker !== undefined && started.length > 0) this.#boss.notifyWorker(worker);
    return { started: started.length, already: targets.length - started.length };
  }

  async #take(job: Job, run: ClaimedRun<Partial<Target> | null>): Promise<JobResult[]> {
    const { companyId, subject } = run.data ?? {};
    const follow = new Set<string>();
    try {
      if (companyId !== undefined) this.#options.ran(companyId);
      const target = companyId === undefined || subject === undefined ? null : { companyId, subject };
      const note = target === null ? await this.#round(job) : await job.run(target, run.signal, (name) => void follow.add(name));
      if (target !== null) for (const name of follow) await this.#follow(this.#named(name), target);
      this.#log.debug({ job: job.name, subject, note }, "a background job is done");
      return [{ id: run.id, status: "completed", output: { note } }];
    } catch (error) {
      const reason = reasonOf(error);
      this.#log.warn({ job: job.name, subject, attempt: run.retryCount + 1, reason }, "a background job failed");
      return [{ id: run.id, status: "failed", output: { reason } }];
    } finally {
      if (companyId !== undefined) this.#options.ran(companyId);
    }
  }

  async #follow(job: Job, target: Target): Promise<void> {
    await this.#handOver(job, [target], job.retries.delaySeconds);
  }

  async #round(job: Job): Promise<string> {
    const { started, already } = await this.#handOver(job, await job.due());
    return `${started} handed over${already > 0 ? `, ${already} still under way` : ""}`;
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => void this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }
}

/** Counted from 1970, so that all replicas come to the same minutes. */
function everyText(job: Job): string {
  return `FREQ=MINUTELY;INTERVAL=${job.everyMinutes}`;
}

function queueOf({ retries }: Job, heartbeatSeconds: number): Omit<Queue, "name" | "policy"> {
  return {
    retryLimit: retries.limit,
    retryDelay: retries.delaySeconds,
    retryBackoff: true,
    expireInSeconds: LONGEST_RUN_SECONDS,
    heartbeatSeconds,
    deleteAfterSeconds: KEPT_SECONDS,
  };
}

function kindOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "unknown";
}
