import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  exactJson,
  idText,
  listOf,
  newRoutes,
  numberedPage,
  numberParam,
  page,
  pageOf,
  problems,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { readPlanBook } from "../plans/plan-book.ts";
import { type CloseWork, closeApart } from "./apart.ts";
import { cancelClose } from "./close.ts";
import { explainPeriod } from "./explain.ts";
import { openPeriod } from "./open.ts";
import {
  bonusReasonsAnswer,
  changes,
  changesAnswer,
  explained,
  listedPeriod,
  noPeriod,
  period,
  periodAnswer,
  periodNumber,
  reasonsAnswer,
  result,
  resultAnswer,
  run,
  runAnswers,
} from "./period-shape.ts";
import {
  countTrials,
  findPeriod,
  findRun,
  listPeriods,
  listRuns,
  standingRun,
  waitingPeriods,
  waitingProposal,
} from "./queries.ts";
import { listResults } from "./result-queries.ts";
import { planOf } from "./run.ts";
import { readChanges } from "./run-changes.ts";

const params = z.object({ period_id: numberParam });
const shared = { tags: ["Periods"], request: { params } };
/** So many of a period's newest runs are told with it; all of them by pages. */
const NEWEST_RUNS = 20;

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listPeriods",
  tags: ["Periods"],
  summary: "Periods, the newest first",
  request: { query: numberedPage },
  responses: { 200: answer("A page of periods", listOf(listedPeriod)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  ...shared,
  method: "get",
  path: "/{period_id}",
  operationId: "getPeriod",
  summary: "A period and what was computed of it, the newest run first",
  responses: {
    200: answer(
      "The period",
      period.extend({
        runs: z.array(run).openapi({
          description: `The newest ${NEWEST_RUNS}, and behind them the one that stands and the one that waits where these are older`,
        }),
        trials: z.int().openapi({ description: "How often it was tried" }),
        waiting_run_id: idText
          .nullable()
          .openapi({ description: "The proposal that waits for a second person; null where none does, or it was sent back" }),
      }),
    ),
    ...problems(400, 401, 403, 404),
  },
});

const runsList = createRoute({
  ...shared,
  method: "get",
  path: "/{period_id}/runs",
  operationId: "listPeriodRuns",
  summary: "Everything that was computed of a period, the newest first",
  request: { params, query: page },
  responses: { 200: answer("A page of runs", listOf(run)), ...problems(400, 401, 403, 404) },
});

const results = createRoute({
  ...shared,
  method: "get",
  path: "/{period_id}/results",
  operationId: "listPeriodResults",
  summary: "Volumes, ranks and bonuses of a closed period by distributor",
  description:
    "Of the run that stands, or of another committed one by `run_id`. Distributors without volume, rank and pay are not listed.",
  request: { params, query: numberedPage.extend({ distributor_id: z.string().optional(), run_id: numberParam.optional() }) },
  responses: { 200: answer("A page of results", listOf(result)), ...problems(400, 401, 403, 404) },
});

const changed = createRoute({
  ...shared,
  method: "get",
  path: "/{period_id}/changes",
  operationId: "listPeriodChanges",
  summary: "Whom a trial or a proposal pays more or less than the run before it",
  description:
    "Of the newest run, or of the one with `run_id`. 404 where nothing came before it, and of a committed run, which pays what its proposal said.",
  request: { params, query: z.object({ run_id: numberParam.optional() }) },
  responses: { 200: answer("Who gained and who lost", changes), ...problems(400, 401, 403, 404) },
});

const explain = createRoute({
  ...shared,
  method: "get",
  path: "/{period_id}/explanations/{distributor_id}",
  operationId: "explainPeriod",
  summary: "Why somebody is paid what they are, and what is short of more",
  description:
    "Computed again from what the run locked, of their part of the tree; of an open period, as it stands now. Of a thousand people below or more a closed period's run tells, without what came of each single one: name one with `from`. An open period answers 422 for them.",
  request: { params: params.extend({ distributor_id: z.string() }), query: z.object({ from: z.string().optional() }) },
  responses: { 200: answer("The explanation", explained), ...problems(400, 401, 403, 404, 422) },
});

const day = z.string().openapi({ example: "2026-06-01", description: "In the plan's time zone" });
const open = createRoute({
  method: "post",
  path: "/",
  operationId: "openPeriod",
  tags: ["Periods"],
  summary: "Open the next period",
  description: "Needs the scope `admin`. Periods of a plan follow each other without a gap.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .object({
              calendar: z.string().optional().openapi({ example: "week", description: "Needed where the plan has calendars" }),
              month: z
                .string()
                .optional()
                .openapi({ example: "2026-06", description: "Where the plan's periods are weeks, the first day of one" }),
              from: day.optional(),
              to: day.optional(),
              currency: z.string().optional().openapi({ example: "USD" }),
              plan_id: z.string().optional(),
            })
            .openapi("NewPeriod"),
        },
      },
    },
  },
  responses: { 201: answer("Opened", period), ...problems(400, 401, 403, 409, 422) },
});

const outcome = period.extend({ run }).openapi("PeriodRun");
const act = <Name extends string>(name: Name, operationId: string, summary: string, description: string) =>
  createRoute({
    ...shared,
    method: "post",
    path: `/{period_id}/${name}` as const,
    operationId,
    summary,
    description: `Needs the scope \`admin\`; the key is who acts. ${description}`,
    middleware: [demandAdmin] as const,
    responses: { 200: answer("The period and the run", outcome), ...problems(400, 401, 403, 404, 409, 422) },
  });

const preview = act(
  "preview",
  "previewPeriod",
  "Compute what a close would come to now",
  "Nothing is kept but one line of totals.",
);
const close = act("close", "closePeriod", "Lock a period's inputs and propose its close", "A second person commits it.");
const commit = createRoute({
  ...act(
    "commit",
    "commitPeriod",
    "Carry out a proposed close",
    "Needs another key than the one that proposed it. With `run_id` only the proposal of that number: where another took its place, 409.",
  ),
  request: {
    params,
    query: z.object({ run_id: numberParam.optional().openapi({ description: "The proposal that was looked at" }) }),
  },
});
const rerun = act(
  "rerun",
  "rerunPeriod",
  "Compute a closed period again",
  "Waits for a second person, and then posts only the differences.",
);
const reverse = act(
  "reverse-refunds",
  "reverseRefunds",
  "Compute a closed period again less what was refunded since",
  "For plans that say `reverse-delta`. Ranks that were paid stand. Waits for a second person.",
);
const cancel = createRoute({
  ...shared,
  method: "post",
  path: "/{period_id}/cancel",
  operationId: "cancelPeriodClose",
  summary: "Give up a proposal that was not committed",
  description:
    "Needs the scope `admin`. The period is open again, or, where a closed one was to be computed again, stays as it was paid.",
  middleware: [demandAdmin] as const,
  responses: { 200: answer("The period", period), ...problems(400, 401, 403, 404, 409) },
});

function actOf(caller: CallerVariables["Variables"]["caller"], periodId: string) {
  return { companyId: caller.companyId, actor: caller.actor, person: caller.owner, periodNo: periodNumber(periodId) };
}

/** Of a call about one period: who calls, and which. */
interface PeriodCall {
  get(key: "caller"): CallerVariables["Variables"]["caller"];
  readonly req: { valid(target: "param"): { period_id: string } };
}

export function periodRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const compute = async (c: PeriodCall, work: CloseWork, runId?: string): Promise<z.infer<typeof outcome>> => {
    const runNo = runId === undefined ? undefined : BigInt(runId);
    const act = { ...actOf(c.get("caller"), c.req.valid("param").period_id), runNo };
    const computed = await closeApart(hub.db, { work, act });
    const [shown] = await asCompany(hub.db, act.companyId, (tx) =>
      runAnswers(tx, [computed.run], { companyId: act.companyId, asking: act.person }),
    );
    return { ...periodAnswer(computed.period), run: shown as z.infer<typeof run> };
  };
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { before, limit } = c.req.valid("query");
      const [all, waiting] = await asCompany(hub.db, companyId, (tx) =>
        Promise.all([listPeriods(tx, companyId), waitingPeriods(tx, companyId)]),
      );
      const rows = all
        .filter((period) => before === undefined || period.periodNo < Number(before))
        .sort((a, b) => b.periodNo - a.periodNo);
      const shown = pageOf(rows, limit, (period) => String(period.periodNo));
      const items = shown.rows.map((row) => ({ ...periodAnswer(row), waits: waiting.has(row.periodNo) }));
      return c.json({ items, next: shown.next }, 200);
    })
    .openapi(open, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { plan_id: planId, ...body } = c.req.valid("json");
      return c.json(periodAnswer(await openPeriod(hub, { companyId, actor, planId, ...body })), 201);
    })
    .openapi(detail, async (c) => {
      const act = actOf(c.get("caller"), c.req.valid("param").period_id);
      return c.json(await asCompany(hub.db, act.companyId, (tx) => readWhole(tx, act)), 200);
    })
    .openapi(runsList, async (c) => {
      const act = actOf(c.get("caller"), c.req.valid("param").period_id);
      return c.json(await asCompany(hub.db, act.companyId, (tx) => readRunPage(tx, act, c.req.valid("query"))), 200);
    })
    .openapi(results, async (c) => {
      const act = actOf(c.get("caller"), c.req.valid("param").period_id);
      return c.json(await readResults(hub, act, c.req.valid("query")), 200);
    })
    .openapi(changed, async (c) => {
      const act = actOf(c.get("caller"), c.req.valid("param").period_id);
      return c.json(await readChangesOf(hub, act, c.req.valid("query").run_id), 200);
    })
    .openapi(explain, async (c) => {
      const { period_id, distributor_id } = c.req.valid("param");
      const explainedClose = await explainPeriod(hub, {
        ...actOf(c.get("caller"), period_id),
        distributorId: distributor_id,
        ...c.req.valid("query"),
      });
      return c.json(explainedAnswer(explainedClose), 200);
    })
    .openapi(preview, async (c) => c.json(await compute(c, "preview"), 200))
    .openapi(close, async (c) => c.json(await compute(c, "close"), 200))
    .openapi(commit, async (c) => c.json(await compute(c, "commit", c.req.valid("query").run_id), 200))
    .openapi(rerun, async (c) => c.json(await compute(c, "rerun"), 200))
    .openapi(reverse, async (c) => c.json(await compute(c, "refund"), 200))
    .openapi(cancel, async (c) => {
      const act = actOf(c.get("caller"), c.req.valid("param").period_id);
      return c.json(periodAnswer(await cancelClose(hub, act)), 200);
    });
}

type Asking = ReturnType<typeof actOf>;

async function readRunPage(tx: Tx, act: Asking, query: z.infer<typeof page>) {
  if ((await findPeriod(tx, act)) === null) throw noPeriod();
  const shown = pageOf(await listRuns(tx, { ...act, ...asked(query) }), query.limit, ({ runNo }) => String(runNo));
  return { items: await runAnswers(tx, shown.rows, { companyId: act.companyId, asking: act.person }), next: shown.next };
}

/** A period with its newest runs, and those that somebody decides by however many came since. */
async function readWhole(tx: Tx, act: Asking) {
  const found = await findPeriod(tx, act);
  if (found === null) throw noPeriod();
  const newest = await listRuns(tx, { ...act, limit: NEWEST_RUNS });
  const waiting = await waitingProposal(tx, act);
  const older = [await standingRun(tx, act), waiting].flatMap((one) => one ?? []);
  const runs = [...newest, ...older.filter(({ runNo }) => newest.every((one) => one.runNo !== runNo))];
  runs.sort((a, b) => (a.runNo > b.runNo ? -1 : 1));
  return {
    ...periodAnswer(found),
    runs: await runAnswers(tx, runs, { companyId: act.companyId, asking: act.person }),
    trials: await countTrials(tx, act),
    waiting_run_id: waiting === null ? null : String(waiting.runNo),
  };
}

async function readChangesOf(hub: HubParts, act: { companyId: number; periodNo: number }, runId: string | undefined) {
  const { companyId } = act;
  return asCompany(hub.db, companyId, async (tx) => {
    const found = await findPeriod(tx, act);
    if (found === null) throw noPeriod();
    const run =
      runId === undefined
        ? (await listRuns(tx, { ...act, limit: 1 }))[0]
        : await findRun(tx, { companyId, runNo: BigInt(runId) });
    const kept = run?.periodNo === act.periodNo ? await readChanges(tx, { companyId, runNo: run.runNo }) : null;
    if (run == null || kept === null)
      throw new HubError("not-found", "Nothing is kept of how such a run differs: it is the period's first, or was committed.");
    return changesAnswer(run.runNo, kept, found.currency);
  });
}

async function readResults(
  hub: HubParts,
  act: { companyId: number; periodNo: number },
  query: { limit: number; before?: string | undefined; distributor_id?: string | undefined; run_id?: string | undefined },
) {
  const { companyId } = act;
  return asCompany(hub.db, companyId, async (tx) => {
    const found = await findPeriod(tx, act);
    if (found === null) throw noPeriod();
    const named =
      query.run_id === undefined ? await standingRun(tx, act) : await findRun(tx, { companyId, runNo: BigInt(query.run_id) });
    if (named === null || named.periodNo !== act.periodNo || named.kind !== "committed")
      throw new HubError("not-found", "That period has no such committed run: results are kept of committed ones.");
    const plan = planOf(await readPlanBook(tx, companyId), named);
    const before = query.before === undefined ? undefined : Number(query.before);
    const rows = await listResults(tx, {
      companyId,
      runNo: named.runNo,
      distributorId: query.distributor_id,
      before,
      limit: query.limit + 1,
    });
    const shown = pageOf(rows, query.limit, (row) => String(row.distributorNo));
    return { items: shown.rows.map((row) => resultAnswer(row, plan, found.currency)), next: shown.next };
  });
}

function explainedAnswer(explainedClose: Awaited<ReturnType<typeof explainPeriod>>): z.infer<typeof explained> {
  return {
    distributor_id: explainedClose.distributorId,
    period: explainedClose.period,
    run_id: explainedClose.runNo === null ? null : String(explainedClose.runNo),
    activity: explainedClose.activity,
    rank: explainedClose.rank,
    next_rank: [...explainedClose.nextRank],
    reasons: reasonsAnswer(explainedClose.reasons),
    bonuses: explainedClose.bonuses.map(({ bonusId, amount, lines, reasons }) => {
      const notPaid = explainedClose.notPaid.find((other) => other.bonusId === bonusId);
      return {
        ...{ bonus: bonusId, amount, lines: [...lines], not_paid: [...(notPaid?.lines ?? [])] },
        reasons: bonusReasonsAnswer(reasons, notPaid),
      };
    }),
  };
}
