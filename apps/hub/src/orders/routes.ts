import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import {
  amountText,
  answer,
  asked,
  currencyText,
  day,
  decimal,
  demandAdmin,
  distributorText,
  exactJson,
  flag,
  flagOf,
  idText,
  instant,
  listOf,
  momentOf,
  newRoutes,
  numberParam,
  page,
  pageOf,
  platform,
  problems,
  time,
} from "../http/shapes.ts";
import { readOrderTransfers } from "../ledger/queries.ts";
import { transfer, transferAnswer } from "../ledger/transfer-shape.ts";
import { whyIn, withTold } from "./attribution-shape.ts";
import { readEntrySums } from "./commission-queries.ts";
import { whyNothing } from "./earns-nothing.ts";
import { computedOrder, computedOrderAnswer } from "./order-shape.ts";
import type { OrderParts } from "./pipeline.ts";
import { findOrder, listOrders, type OrderSummary, type RevisionText, readRevisions } from "./queries.ts";
import { reattributeOrder } from "./reattribute.ts";
import { readSnapshot } from "./snapshot.ts";
import { listToldOfOrder } from "./told-evidence.ts";

const REVISIONS_SHOWN = 50;
const TRANSFERS_SHOWN = 1000;

const orderSummary = z
  .object({
    order_id: idText,
    store_id: z.string(),
    platform: z.string(),
    platform_order_id: z.string(),
    order_name: z.string().openapi({ example: "#1001" }),
    order_ts: time,
    status: z.string(),
    stage: z.string(),
    currency: currencyText,
    total: decimal,
    net: decimal,
    refunded_net: decimal,
    distributor_id: distributorText.nullable(),
    referral_code: z.string().nullable(),
    unresolved: z.boolean(),
    self_purchase: z.boolean(),
    quarantined_lines: z.int(),
    revision: z.int(),
    recorded_at: time,
    updated_at: time,
  })
  .openapi("OrderSummary");

const orderDetail = computedOrder
  .extend({
    self_purchase: z.boolean(),
    earns_nothing_because: z
      .object({ why: z.string(), reason: reasonShape })
      .nullable()
      .openapi({ description: "Why no distributor is paid for it at its own time, and what to do; null where somebody is" }),
    quarantined_lines: z.int(),
    refunds: z.array(z.object({ refund_id: z.string(), at: time, amount: decimal, detail: z.string() })),
    upline: z.array(z.object({ distributor_id: z.string(), status: z.string(), rank: z.string().nullable() })).openapi({
      description:
        "Locked at first sight, as of order_ts: the owner first, then the upline, nearest first, as far as the order's plan can read",
    }),
    revisions: z
      .array(
        z.object({
          revision: z.int(),
          cause: z.string().openapi({ example: "delivery" }),
          delivery_id: z.string().nullable(),
          status: z.string(),
          stage: z.string(),
          distributor_id: z.string().nullable(),
          recorded_at: time,
        }),
      )
      .openapi({ description: `The newest ${REVISIONS_SHOWN}, the newest first` }),
    transfers: z.array(transfer).openapi({ description: `The ledger's rows of this order, the first ${TRANSFERS_SHOWN}` }),
    recorded_at: time,
    updated_at: time,
  })
  .openapi("OrderDetail");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listOrders",
  tags: ["Orders"],
  summary: "Orders, newest first",
  request: {
    query: page.extend({
      store: z.string().optional().openapi({ description: "A store id" }),
      platform: platform.optional(),
      platform_order_id: z.string().optional(),
      stage: z.enum(["pending", "earned", "void"]).optional(),
      distributor: z.string().optional().openapi({ description: "The id of the distributor who owns the order" }),
      unresolved: flag.optional().openapi({ description: "A code was given that leads to nobody" }),
      quarantined: flag.optional().openapi({ description: "Has lines that no SKU mapping covers" }),
      since: instant.optional().openapi({ description: "Changed at or after this time" }),
      placed_on: day.optional().openapi({ description: "Placed on this day of UTC", example: "2026-06-01" }),
    }),
  },
  responses: { 200: answer("A page of orders", listOf(orderSummary)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{order_id}",
  operationId: "getOrder",
  tags: ["Orders"],
  summary: "One order: lines, evidence, commissions, revisions, transfers",
  request: { params: z.object({ order_id: numberParam }) },
  responses: { 200: answer("The order", orderDetail), ...problems(400, 401, 403, 404) },
});

const reattribute = createRoute({
  method: "post",
  path: "/{order_id}/attribution",
  operationId: "setOrderAttribution",
  tags: ["Orders"],
  summary: "Set or clear the distributor of an order",
  description:
    "Takes back everything the old upline earned and pays the new one, as of the order's time, in one transaction. Audited with the reason. " +
    "The decision stays: later deliveries do not move it. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params: z.object({ order_id: numberParam }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            distributor_id: z
              .string("a distributor's id, or null for nobody")
              .min(1)
              .nullable()
              .openapi({ example: "9012", description: "Null: it belongs to nobody" }),
            reason: z
              .string("say why, in 3 to 500 characters")
              .trim()
              .min(3, "say why, in 3 to 500 characters")
              .max(500, "say why, in 3 to 500 characters")
              .openapi({ example: "The buyer's card shows 9012's code; the till mistyped it" }),
          }),
        },
      },
    },
  },
  responses: { 200: answer("The order as it is now", orderDetail), ...problems(400, 401, 403, 404, 422) },
});

export function orderRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listOrders(tx, {
          companyId,
          ...asked(query),
          storeId: query.store,
          platform: query.platform,
          platformOrderId: query.platform_order_id,
          stage: query.stage,
          distributorId: query.distributor,
          unresolved: flagOf(query.unresolved),
          quarantined: flagOf(query.quarantined),
          since: momentOf(query.since),
          placedOn: query.placed_on,
        }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.orderNo));
      return c.json({ items: shown.rows.map(summaryAnswer), next: shown.next }, 200);
    })
    .openapi(detail, async (c) => {
      const { companyId } = c.get("caller");
      const orderNo = BigInt(c.req.valid("param").order_id);
      return c.json(await asCompany(hub.db, companyId, (tx) => readDetail(hub, tx, { companyId, orderNo })), 200);
    })
    .openapi(reattribute, async (c) => {
      const { companyId, actor } = c.get("caller");
      const orderNo = BigInt(c.req.valid("param").order_id);
      const { distributor_id: to, reason } = c.req.valid("json");
      const changed = await retryPassing(async () => {
        await hub.pipeline.directories.ready(companyId);
        return asCompany(hub.db, companyId, async (tx) => {
          const order = await needOrder(tx, { companyId, orderNo });
          const transfers = await reattributeOrder(hub.pipeline, tx, { order, companyId, to, actor, reason });
          return { transfers, answer: await readDetail(hub, tx, { companyId, orderNo }) };
        });
      });
      hub.metrics.transfers.inc(changed.transfers);
      return c.json(changed.answer, 200);
    });
}

/** Throws the same problem for an order of another company as for one that is not there. */
export async function needOrder(tx: Tx, args: { companyId: number; orderNo: bigint }): Promise<OrderSummary> {
  const order = await findOrder(tx, args);
  if (order) return order;
  throw new HubError(
    "not-found",
    "There is no such order. An order's id is the hub's own number; look it up with GET /api/orders?platform_order_id=….",
  );
}

async function readDetail(hub: OrderParts, tx: Tx, args: { companyId: number; orderNo: bigint }) {
  const order = await needOrder(tx, args);
  const [plans, revisions, sums, transfers] = await Promise.all([
    hub.pipeline.directories.plansOf(tx, args.companyId),
    readRevisions(tx, { ...args, limit: REVISIONS_SHOWN }),
    readEntrySums(tx, args),
    readOrderTransfers(tx, { ...args, limit: TRANSFERS_SHOWN }),
  ]);
  const [newest] = revisions;
  if (newest === undefined) throw new Error("an order has no revision");
  const { state, locked } = readSnapshot(newest.snapshot);
  const { companyId } = args;
  const [told, directory] = [
    await listToldOfOrder(tx, { companyId, storeId: order.storeId, platformOrderId: order.platformOrderId }),
    await hub.pipeline.directories.current(tx, companyId),
  ];
  const computed = computedOrderAnswer({ orderNo: order.orderNo, storeId: order.storeId, revision: newest, sums, plans });
  const nothing = whyNothing(computed);
  return {
    ...computed,
    earns_nothing_because: nothing && whyIn(nothing),
    attribution: withTold(computed.attribution, told, directory),
    self_purchase: order.selfPurchase,
    quarantined_lines: order.quarantinedLines,
    refunds: state.refunds.map((refund) => ({
      refund_id: refund.refundId,
      at: new Date(refund.at).toISOString(),
      amount: amountText(refund.amountMinor, state.currency),
      detail: refund.detail,
    })),
    upline: locked.upline.map(({ distributorId, status, rank }) => ({ distributor_id: distributorId, status, rank })),
    revisions: revisions.map(revisionAnswer),
    transfers: transfers.map(transferAnswer),
    recorded_at: order.recordedAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
  };
}

function revisionAnswer(row: RevisionText) {
  const { state, locked } = readSnapshot(row.snapshot);
  return {
    revision: row.revision,
    cause: row.cause,
    delivery_id: row.deliveryId === null ? null : String(row.deliveryId),
    status: state.platformStatus,
    stage: state.stage.kind,
    distributor_id: locked.attribution.distributorId,
    recorded_at: row.recordedAt.toISOString(),
  };
}

function summaryAnswer(row: OrderSummary): z.infer<typeof orderSummary> {
  const money = (minor: bigint) => amountText(minor, row.currency);
  return {
    order_id: String(row.orderNo),
    store_id: row.storeId,
    platform: row.platform,
    platform_order_id: row.platformOrderId,
    order_name: row.orderName,
    order_ts: row.placedAt.toISOString(),
    status: row.platformStatus,
    stage: row.stage,
    currency: row.currency,
    total: money(row.totalMinor),
    net: money(row.netMinor),
    refunded_net: money(row.refundedNetMinor),
    distributor_id: row.distributorId,
    referral_code: row.referralCode,
    unresolved: row.unresolved,
    self_purchase: row.selfPurchase,
    quarantined_lines: row.quarantinedLines,
    revision: row.revision,
    recorded_at: row.recordedAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
