import { createRoute, z } from "@hono/zod-openapi";
import { formatVolume } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  amountText,
  answer,
  currencyText,
  decimal,
  distributorText,
  flag,
  flagOf,
  idText,
  instant,
  listOf,
  newRoutes,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { SIGNS } from "../ledger/sign.ts";
import { type NetworkOf, needNumber } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { personalVolumesOf } from "../periods/personal-volumes.ts";
import { type Period, standingRun } from "../periods/queries.ts";
import { listResults } from "../periods/result-queries.ts";
import { planOf } from "../periods/run.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import { CURSOR, cursorOf, ownSpans, spanNamed } from "./earning-routes.ts";
import { readSources } from "./earning-sources.ts";
import { type BonusSum, listEarnings, sumBonusesOfSpans } from "./earnings-queries.ts";
import { spanAnswer } from "./shapes.ts";
import { MOST_SPANS } from "./spans.ts";

/** What a distributor sees of their own in the portal, for the company's people who are asked about it. */

const params = z.object({ distributor_id: distributorText });

const bonus = z.object({
  bonus: z.string(),
  name: z.string().openapi({ description: "As the plan in force calls it" }),
  currency: currencyText,
  earned: decimal,
  taken_back: decimal,
  entries: z.int().openapi({ description: "Rows of the ledger that these come of" }),
});

const personPeriod = z
  .object({
    name: z.string().openapi({ example: "2026-07" }),
    period_id: idText.nullable().openapi({ description: "The hub's period of these days; null where none was opened" }),
    state: z.enum(["open", "closing", "closed"]).nullable(),
    starts_at: time,
    ends_at: time,
    is_active: z.boolean().nullable().openapi({ description: "Of a closed period: whether its minimum was met" }),
    rank: z.string().nullable().openapi({ description: "Of a closed period: what they were paid as" }),
    title: z.string().nullable().openapi({ description: "Of a closed period: the highest ever held by then" }),
    pv: z.string().nullable().openapi({ description: "Personal volume: of a closed period as it was counted, else so far" }),
    gv: z.string().nullable().openapi({ description: "Group volume of a closed period" }),
    bonuses: z.array(bonus),
  })
  .openapi("PersonPeriod");

const periods = createRoute({
  method: "get",
  path: "/{distributor_id}/periods",
  operationId: "listDistributorPeriods",
  tags: ["Distributors"],
  summary: "Somebody's volumes, ranks and earnings by period, the present one first",
  description: "Earnings are the ledger's, to the last unit, by when they were earned. Back to the first of them.",
  request: {
    params,
    query: z.object({
      span: z.string().max(40).optional().openapi({ description: "Only the one of this name" }),
      limit: z.coerce.number().int().min(1).max(MOST_SPANS).default(6),
      before: instant.optional().openapi({ description: "The `next` of the page before: those that begin earlier" }),
    }),
  },
  responses: { 200: answer("A page of periods", listOf(personPeriod)), ...problems(400, 401, 403, 404) },
});

const earning = z
  .object({
    key: z.string(),
    kind: z.enum(["order", "close"]),
    order_id: idText.nullable(),
    period_id: idText.nullable(),
    source: z.string().openapi({ description: "The order's name, or the period's" }),
    sold_by: distributorText.nullable().openapi({ description: "Whose order it was" }),
    bonus: z.string(),
    level: z.int().openapi({ description: "0 is the own sale" }),
    at: time,
    amount: decimal.openapi({ description: "Below zero where it was taken back" }),
    currency: currencyText,
    taken_back: z.boolean(),
  })
  .openapi("PersonEarning");

const earnings = createRoute({
  method: "get",
  path: "/{distributor_id}/earnings",
  operationId: "listDistributorEarnings",
  tags: ["Distributors"],
  summary: "What somebody earned in a period, one row for each bonus of an order or close, the newest first",
  description: "These rows sum to what the period says of the bonus.",
  request: {
    params,
    query: z.object({
      span: z.string().max(40).optional().openapi({ description: "The period's name; the present one where it is left out" }),
      bonus: z.string().max(100).optional(),
      taken_back: flag.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().regex(CURSOR, "take it from `next` of the page before").optional(),
    }),
  },
  responses: { 200: answer("A page of earnings", listOf(earning)), ...problems(400, 401, 403, 404) },
});

interface Whose {
  readonly companyId: number;
  readonly distributorNo: number;
}

export function personRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(periods, async (c) => {
      const { companyId } = c.get("caller");
      const distributorId = c.req.valid("param").distributor_id;
      const distributorNo = needNumber(await networkOf(companyId), distributorId);
      const wanted = c.req.valid("query");
      const found = await asCompany(hub.db, companyId, (tx) =>
        readPeriods(tx, { companyId, distributorNo, distributorId }, wanted),
      );
      return c.json(found, 200);
    })
    .openapi(earnings, async (c) => {
      const { companyId } = c.get("caller");
      const network = await networkOf(companyId);
      const distributorNo = needNumber(network, c.req.valid("param").distributor_id);
      const query = c.req.valid("query");
      const found = await asCompany(hub.db, companyId, async (tx) => {
        const { startsAt, endsAt } = await spanNamed(tx, { companyId, distributorNo }, query.span);
        const rows = await listEarnings(tx, {
          ...{ companyId, distributorNo, startsAt, endsAt, bonusId: query.bonus, takenBack: flagOf(query.taken_back) },
          limit: query.limit + 1,
          before: query.before === undefined ? undefined : cursorOf(query.before),
        });
        const shown = pageOf(rows, query.limit, ({ atMicros, lastId }) => `${atMicros}~${lastId}`);
        const { orders, periods: closes } = await readSources(tx, { companyId, rows: shown.rows });
        const items = shown.rows.map((row) => {
          const order = row.sourceKind === 2 ? undefined : orders.get(String(row.sourceNo));
          const close = row.sourceKind === 2 ? closes.get(String(row.sourceNo)) : undefined;
          return {
            key: `${row.atMicros}~${row.lastId}`,
            kind: close === undefined ? ("order" as const) : ("close" as const),
            ...{ order_id: close === undefined ? String(row.sourceNo) : null, source: close?.name ?? order?.orderName ?? "" },
            ...{
              period_id: close === undefined ? null : String(close.periodNo),
              sold_by: network.idOf(order?.distributorNo ?? 0),
            },
            ...{ bonus: row.bonusId, level: row.level, at: row.effectiveAt.toISOString(), currency: row.currency },
            ...{ amount: amountText(row.amountMinor, row.currency), taken_back: SIGNS[row.kind] < 0n },
          };
        });
        return { items, next: shown.next };
      });
      return c.json(found, 200);
    });
}

async function readPeriods(
  tx: Tx,
  { distributorId, ...whose }: Whose & { distributorId: string },
  { span: name, limit, before }: { span?: string | undefined; limit: number; before?: string | undefined },
) {
  const { spans, plan } = await ownSpans(tx, whose);
  const earlier = before === undefined ? spans : spans.filter(({ startsAt }) => startsAt < new Date(before));
  const wanted = name === undefined ? earlier : earlier.filter((span) => span.name === name);
  const { rows: shown, next } = pageOf(wanted.slice(0, limit + 1), limit, ({ startsAt }) => startsAt.toISOString());
  const periods = shown.flatMap(({ period }) => period ?? []);
  const [sums, book, volumes] = await Promise.all([
    sumBonusesOfSpans(tx, { ...whose, spans: shown }),
    readPlanBook(tx, whose.companyId),
    personalVolumesOf(tx, { companyId: whose.companyId, periods, distributorNos: [whose.distributorNo] }),
  ]);
  const pvIn = ({ periodNo }: Period) => volumes.get(periodNo)?.get(whose.distributorNo) ?? 0n;
  const bySpan = Map.groupBy(sums, ({ span }) => span);
  const nameOf = (id: string) => plan?.bonuses.find((each) => each.id === id)?.name ?? id;
  const items = await Promise.all(
    shown.map(async (span, index): Promise<z.infer<typeof personPeriod>> => {
      const standing = await standingOf(tx, { ...whose, distributorId, period: span.period, book, pvIn });
      const bonuses = (bySpan.get(index) ?? []).map((sum) => bonusAnswer(sum, nameOf(sum.bonusId)));
      return { ...spanAnswer(span), ...standing, bonuses };
    }),
  );
  return { items, next };
}

const NOTHING = { is_active: null, rank: null, title: null, pv: null, gv: null } as const;

interface StandingIn extends Whose {
  readonly distributorId: string;
  readonly period: Period | null;
  readonly book: PlanBook;
  readonly pvIn: (period: Period) => bigint;
}

async function standingOf(
  tx: Tx,
  { companyId, distributorId, period, book, pvIn }: StandingIn,
): Promise<Pick<z.infer<typeof personPeriod>, keyof typeof NOTHING>> {
  if (period === null) return NOTHING;
  const run = period.state === "closed" ? await standingRun(tx, { companyId, periodNo: period.periodNo }) : null;
  if (run === null) return { ...NOTHING, pv: formatVolume(pvIn(period)) };
  const [result] = await listResults(tx, { companyId, runNo: run.runNo, distributorId, limit: 1 });
  // Whoever had no volume, rank and pay is not among the results.
  if (result === undefined) return { is_active: false, rank: null, title: null, pv: "0", gv: "0" };
  const { ranks } = planOf(book, run);
  const rank = (no: number) => ranks[no]?.id ?? null;
  return {
    ...{ is_active: result.active, rank: rank(result.rank), title: rank(result.title) },
    ...{ pv: formatVolume(result.pv), gv: formatVolume(result.gv) },
  };
}

function bonusAnswer({ bonusId, currency, earnedMinor, takenBackMinor, entries }: BonusSum, name: string): z.infer<typeof bonus> {
  return {
    ...{ bonus: bonusId, name, currency, entries },
    ...{ earned: amountText(earnedMinor, currency), taken_back: amountText(takenBackMinor, currency) },
  };
}
