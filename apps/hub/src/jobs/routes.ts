import { createRoute, z } from "@hono/zod-openapi";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import type { JobRunner } from "./runner.ts";
import { readJobs, type ShownJob } from "./view.ts";

const subject = z.string().openapi({ example: "st_3q2v0T7m8b1xYkPz", description: "What a run is for: a store, or `company`" });

const run = z
  .object({
    subject,
    state: z.enum(["waiting", "running", "retrying", "done", "failed"]),
    attempts: z.int(),
    started_at: time.nullable(),
    ended_at: time.nullable(),
    next_try_at: time.nullable().openapi({ description: "Of a run that waits" }),
    note: z.string().nullable().openapi({ description: "What was done, or why it failed" }),
  })
  .openapi("JobRun");

const failure = z
  .object({
    subject: subject.openapi({ description: "A store, `company`, or `round`: finding out what is due failed" }),
    failed_at: time.nullable(),
    attempts: z.int(),
    reason: z.string(),
  })
  .openapi("JobFailure");

const job = z
  .object({
    name: z.string().openapi({ example: "reconcile" }),
    about: z.string(),
    every_minutes: z.int().openapi({ description: "0: only when somebody asks" }),
    next_round_at: time.nullable(),
    last_round_at: time.nullable(),
    runs: z.array(run).openapi({ description: "The newest run for each of the company's own" }),
    failures: z.array(failure).openapi({ description: "The last failure of each, of the past three days" }),
  })
  .openapi("Job");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listJobs",
  tags: ["Jobs"],
  summary: "What the hub does in the background, and what came of it",
  responses: { 200: answer("All jobs", z.object({ items: z.array(job) })), ...problems(401, 403) },
});

const ask = createRoute({
  method: "post",
  path: "/{name}/run",
  operationId: "runJob",
  tags: ["Jobs"],
  summary: "Run a job now, for everything of the company or one subject of it",
  description: "Needs the scope `admin`. Answers once the runs are handed over; `GET /api/jobs` says what came of them.",
  middleware: [demandAdmin] as const,
  request: {
    params: z.object({ name: z.string() }),
    query: z.object({
      subject: subject.optional().openapi({ description: "Only for this one, such as a store; all unless given" }),
    }),
  },
  responses: {
    202: answer(
      "Handed over",
      z.object({
        started: z.int(),
        already: z.int().openapi({ description: "Targets for which a run waits or is under way already" }),
      }),
    ),
    ...problems(400, 401, 403, 404),
  },
});

export function jobRoutes(hub: HubParts & { readonly jobs: JobRunner }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const jobs = await readJobs(hub.db, hub.jobs, c.get("caller").companyId);
      return c.json({ items: jobs.map(jobAnswer) }, 200);
    })
    .openapi(ask, async (c) => {
      const { started, already } = await hub.jobs.ask(
        c.req.valid("param").name,
        c.get("caller").companyId,
        c.req.valid("query").subject,
      );
      return c.json({ started, already }, 202);
    });
}

function jobAnswer(shown: ShownJob): z.infer<typeof job> {
  const text = (moment: Date | null) => moment?.toISOString() ?? null;
  return {
    name: shown.name,
    about: shown.about,
    every_minutes: shown.everyMinutes,
    next_round_at: text(shown.nextRoundAt),
    last_round_at: text(shown.lastRoundAt),
    runs: shown.runs.map(({ subject, state, attempts, startedAt, endedAt, nextTryAt, note }) => ({
      subject,
      state,
      attempts,
      started_at: text(startedAt),
      ended_at: text(endedAt),
      next_try_at: text(nextTryAt),
      note,
    })),
    failures: shown.failures.map(({ subject, at, attempts, reason }) => ({ subject, failed_at: text(at), attempts, reason })),
  };
}
