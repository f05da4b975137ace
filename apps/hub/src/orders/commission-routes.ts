import { createRoute, z } from "@hono/zod-openapi";
import { type ExplainedStep, explainCommission, inEnglish, type PlatformName, reasonOfStep } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import {
  answer,
  distributorText,
  idText,
  listOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { readOrderTransfers } from "../ledger/queries.ts";
import { transfer, transferAnswer } from "../ledger/transfer-shape.ts";
import {
  type EntrySum,
  listEntrySums,
  readEntrySums,
  readSnapshots,
  snapshotKey,
  type WantedRevision,
} from "./commission-queries.ts";
import { type CommissionAnswer, commission, commissionAnswer, type DescribedEntry, describeEntries } from "./commission-shape.ts";
import { recompute } from "./decide.ts";
import type { PlanBook } from "./directory.ts";
import { currencyOf } from "./exchange.ts";
import type { OrderParts } from "./pipeline.ts";
import { findOrder } from "./queries.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

const TRANSFERS_SHOWN = 500;

const step = z
  .object({
    distributor_id: distributorText.nullable(),
    level: z.int(),
    outcome: z.string().openapi({ example: "skipped-pv" }),
    reason: reasonShape,
    text: z
      .string()
      .openapi({ example: "level 1: Silver needs 100 PV, had 80: 20 PV short; skipped, the level goes to the next" }),
  })
  .openapi("ExplainedStep");

const explained = commission
  .extend({
    order_ts: time,
    platform: z.string(),
    platform_order_id: z.string(),
    plan: z.object({ id: z.string(), version: z.int(), hash: z.string() }).nullable(),
    walk: z.array(step).openapi({ description: "Every step on the way to this commission, in order; the last one paid it" }),
    skipped: z.array(step).openapi({ description: "Of those, who was looked at and not paid, and why" }),
    transfers: z.array(transfer).openapi({ description: "What was written to the ledger for it" }),
  })
  .openapi("ExplainedCommission");

const CURSOR = /^\d{1,18}~./;

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listCommissions",
  tags: ["Commissions"],
  summary: "Commissions of all orders, the newest order first",
  request: {
    query: page.extend({
      before: z
        .string()
        .regex(CURSOR, "take it from `next` of the page before")
        .optional()
        .openapi({ description: "The `next` of the page before" }),
      order_id: numberParam.optional(),
      distributor_id: z.string().optional(),
      breakage: z.literal("true").optional().openapi({ description: "Only what nobody qualified for" }),
    }),
  },
  responses: { 200: answer("A page of commissions", listOf(commission)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{order_id}/{entry}",
  operationId: "explainCommission",
  tags: ["Commissions"],
  summary: "One commission, and how it came about",
  description: "Computed again from the order's stored snapshot, with nothing looked up that could have changed since.",
  request: { params: z.object({ order_id: numberParam, entry: z.string().openapi({ example: "level-pay:1:1:9012" }) }) },
  responses: { 200: answer("The commission and every step to it", explained), ...problems(400, 401, 403, 404) },
});

const order = createRoute({
  method: "get",
  path: "/{order_id}",
  operationId: "explainOrder",
  tags: ["Commissions"],
  summary: "All commissions of one order, with the whole walk",
  request: { params: z.object({ order_id: numberParam }) },
  responses: {
    200: answer(
      "The order's commissions",
      z.object({
        order_id: idText,
        items: z.array(commission),
        walk: z.array(step.extend({ bonus: z.string(), line_id: z.string() })),
      }),
    ),
    ...problems(400, 401, 403, 404),
  },
});

export function commissionRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { order_id, distributor_id, breakage, before, limit } = c.req.valid("query");
      const found = await asCompany(hub.db, companyId, async (tx) => {
        const plans = await hub.pipeline.directories.plansOf(tx, companyId);
        const sums = await listEntrySums(tx, {
          companyId,
          limit: limit + 1,
          orderNo: numberOf(order_id),
          distributorId: breakage ? null : distributor_id,
          before: before === undefined ? undefined : cursorOf(before),
        });
        const shown = pageOf(sums, limit, (sum) => `${sum.orderNo}~${sum.entryKey}`);
        const entries = await loadEntries(tx, { companyId, plans, sums: shown.rows });
        return { items: shown.rows.map((sum) => bookedAnswer(sum, entries(sum))), next: shown.next };
      });
      return c.json(found, 200);
    })
    .openapi(order, async (c) => {
      const { companyId } = c.get("caller");
      const orderNo = BigInt(c.req.valid("param").order_id);
      return c.json(await asCompany(hub.db, companyId, (tx) => explainOrder(hub, tx, { companyId, orderNo })), 200);
    })
    .openapi(detail, async (c) => {
      const { companyId } = c.get("caller");
      const { order_id, entry } = c.req.valid("param");
      const args = { companyId, orderNo: BigInt(order_id), entryKey: entry };
      return c.json(await asCompany(hub.db, companyId, (tx) => explainEntry(hub, tx, args)), 200);
    });
}

function cursorOf(text: string): { orderNo: bigint; entryKey: string } {
  const tilde = text.indexOf("~");
  return { orderNo: BigInt(text.slice(0, tilde)), entryKey: text.slice(tilde + 1) };
}

interface LoadedEntry {
  readonly entry: DescribedEntry;
  /** Whether the order's newest state still earns it. */
  readonly current: boolean;
  readonly snapshot: Snapshot;
}

/** What the stored snapshots say of booked entries: the newest, or for what that no longer earns, the one that booked it. */
async function loadEntries(
  tx: Tx,
  args: { companyId: number; plans: PlanBook; sums: readonly EntrySum[] },
): Promise<(sum: EntrySum) => LoadedEntry> {
  const { companyId, plans, sums } = args;
  const described = new Map<string, { snapshot: Snapshot; entries: Map<string, DescribedEntry> }>();
  const load = async (wanted: readonly WantedRevision[]) => {
    for (const [key, text] of await readSnapshots(tx, { companyId, wanted })) {
      const snapshot = readSnapshot(text);
      described.set(key, { snapshot, entries: describeEntries(snapshot, plans) });
    }
  };
  const find = (sum: EntrySum, revision: number | null): LoadedEntry | null => {
    const revisionOf = described.get(snapshotKey({ orderNo: sum.orderNo, revision }));
    const entry = revisionOf?.entries.get(sum.entryKey);
    return revisionOf && entry ? { entry, current: revision === null, snapshot: revisionOf.snapshot } : null;
  };
  await load([...new Set(sums.map((sum) => sum.orderNo))].map((orderNo) => ({ orderNo, revision: null })));
  const former = sums.filter((sum) => find(sum, null) === null);
  const booking = former.map((sum) => ({ orderNo: sum.orderNo, revision: sum.bookedRevision }));
  await load([...new Map(booking.map((wanted) => [snapshotKey(wanted), wanted])).values()]);
  return (sum) => {
    const loaded = find(sum, null) ?? find(sum, sum.bookedRevision);
    if (!loaded) throw new Error("the ledger holds an entry that no snapshot of its order explains");
    return loaded;
  };
}

function bookedAnswer(sum: EntrySum, { entry, current }: LoadedEntry): CommissionAnswer {
  return commissionAnswer({ orderNo: sum.orderNo, currency: sum.currency, entry, sum, current });
}

async function explainOrder(hub: OrderParts, tx: Tx, args: { companyId: number; orderNo: bigint }) {
  const found = await needOrder(hub, tx, args);
  const sums = await readEntrySums(tx, args);
  const entries = await loadEntries(tx, { companyId: args.companyId, plans: found.plans, sums });
  const booked = new Set(sums.map((sum) => sum.entryKey));
  const expected = [...describeEntries(found.snapshot, found.plans).values()].filter((entry) => !booked.has(entry.entryKey));
  const { state: placed, locked: judged } = found.snapshot;
  const currency = currencyOf(judged.planHash === null ? null : found.plans.planByHash(judged.planHash), placed.currency);
  return {
    order_id: String(args.orderNo),
    items: [
      ...sums.map((sum) => bookedAnswer(sum, entries(sum))),
      ...expected.map((entry) => commissionAnswer({ orderNo: args.orderNo, currency, entry, sum: null, current: true })),
    ],
    walk: recompute(found.snapshot, found.plans).walk.map((step) => {
      const told = reasonOfStep(step);
      return { ...stepAnswer({ ...step, reason: told, text: inEnglish(told) }), bonus: step.bonusId, line_id: step.lineId };
    }),
  };
}

async function explainEntry(hub: OrderParts, tx: Tx, args: { companyId: number; orderNo: bigint; entryKey: string }) {
  const { companyId, orderNo, entryKey } = args;
  const { plans, snapshot, platform } = await needOrder(hub, tx, args);
  const [sum = null] = await readEntrySums(tx, args);
  const expected = describeEntries(snapshot, plans).get(entryKey);
  const loaded: LoadedEntry | null =
    sum !== null
      ? (await loadEntries(tx, { companyId, plans, sums: [sum] }))(sum)
      : expected
        ? { entry: expected, current: true, snapshot }
        : null;
  if (!loaded)
    throw new HubError("not-found", "There is no such commission of this order. GET /api/commissions?order_id=… lists them.");
  const { state, locked } = loaded.snapshot;
  const plan = locked.planHash === null ? null : plans.planByHash(locked.planHash);
  const walk = explainCommission(recompute(loaded.snapshot, plans), loaded.entry).map(stepAnswer);
  return {
    ...commissionAnswer({
      orderNo,
      currency: currencyOf(plan, state.currency),
      entry: loaded.entry,
      sum,
      current: loaded.current,
    }),
    order_ts: new Date(state.placedAt).toISOString(),
    platform,
    platform_order_id: state.orderId,
    plan: plan === null || locked.planHash === null ? null : { id: plan.id, version: plan.version, hash: locked.planHash },
    walk,
    skipped: walk.filter((step) => step.distributor_id !== null && !step.outcome.startsWith("paid")),
    transfers: (await readOrderTransfers(tx, { companyId, orderNo, entryKey, limit: TRANSFERS_SHOWN })).map(transferAnswer),
  };
}

function stepAnswer({ distributorId, level, outcome, reason, text }: ExplainedStep) {
  return { distributor_id: distributorId, level, outcome, reason, text };
}

async function needOrder(
  hub: OrderParts,
  tx: Tx,
  args: { companyId: number; orderNo: bigint },
): Promise<{ plans: PlanBook; snapshot: Snapshot; platform: PlatformName }> {
  const order = await findOrder(tx, args);
  const newest = { orderNo: args.orderNo, revision: null };
  const texts = await readSnapshots(tx, { companyId: args.companyId, wanted: [newest] });
  const text = texts.get(snapshotKey(newest));
  if (!order || text === undefined)
    throw new HubError("not-found", "There is no such commission of this order. GET /api/commissions?order_id=… lists them.");
  const plans = await hub.pipeline.directories.plansOf(tx, args.companyId);
  return { plans, snapshot: readSnapshot(text), platform: order.platform };
}
