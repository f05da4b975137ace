import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { OUTCOMES } from "../db/schema/inbox.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import {
  answer,
  asked,
  demandAdmin,
  idText,
  instant,
  listOf,
  momentOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { type DeliverySummary, findDeliverySummary, listDeliveries } from "../inbox/delivery-queries.ts";
import { reasonOfDetail } from "../inbox/detail-reason.ts";
import { openBody } from "../inbox/queries.ts";
import type { OrderParts } from "./pipeline.ts";
import { replayDeliveries } from "./replay.ts";

const delivery = z
  .object({
    delivery_id: idText,
    store_id: z.string(),
    platform: z.string(),
    topic: z.string().openapi({ example: "orders/paid", description: "From an unsigned header: a hint" }),
    platform_delivery_id: z.string().nullable(),
    size_bytes: z.int(),
    outcome: z
      .enum([...OUTCOMES, "waiting"])
      .openapi({ description: "`dead` is one that could not be processed: replay it once its cause is gone" }),
    detail: z.string().nullable().openapi({ description: "Why, for those that changed nothing" }),
    detail_reason: reasonShape
      .nullable()
      .openapi({ description: "The same before any language; null of a sentence that is of no kind known here" }),
    order_id: idText.nullable(),
    received_at: time,
    processed_at: time.nullable(),
    attempts: z.int().openapi({ description: "Failed attempts so far" }),
    next_attempt_at: time.nullable(),
  })
  .openapi("Delivery");

const deliveryDetail = delivery
  .extend({
    encoding: z.string().optional().openapi({ description: "With the scope `admin`: utf8 or base64" }),
    body: z.string().nullable().optional().openapi({
      description: "As received, with the scope `admin` only: it holds personal data. null: erased, on request or by age",
    }),
  })
  .openapi("DeliveryDetail");

const params = z.object({ delivery_id: numberParam });

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listDeliveries",
  tags: ["Deliveries"],
  summary: "What shops sent, newest first, and what became of it",
  request: {
    query: page.extend({
      store: z.string().optional().openapi({ description: "A store id" }),
      outcome: z.enum([...OUTCOMES, "waiting"]).optional(),
      order_id: numberParam.optional(),
      since: instant.optional().openapi({ description: "Received at or after this time" }),
    }),
  },
  responses: { 200: answer("A page of deliveries", listOf(delivery)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{delivery_id}",
  operationId: "getDelivery",
  tags: ["Deliveries"],
  summary: "One delivery; its body with the scope `admin`",
  request: { params },
  responses: { 200: answer("The delivery", deliveryDetail), ...problems(400, 401, 403, 404) },
});

const replay = createRoute({
  method: "post",
  path: "/{delivery_id}/replay",
  operationId: "replayDelivery",
  tags: ["Deliveries"],
  summary: "Process a delivery again",
  description: "Safe for any delivery: what was done before is not done again. Audited. Needs the scope `admin`.",
  middleware: [demandAdmin] as const,
  request: { params },
  responses: {
    200: answer("What became of it now; `waiting` where processing failed and is tried again", delivery),
    ...problems(400, 401, 403, 404),
  },
});

export function deliveryRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listDeliveries(tx, {
          companyId,
          ...asked(query),
          storeId: query.store,
          outcome: query.outcome,
          orderNo: numberOf(query.order_id),
          since: momentOf(query.since),
        }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.deliveryId));
      return c.json({ items: shown.rows.map(deliveryAnswer), next: shown.next }, 200);
    })
    .openapi(detail, async (c) => {
      const { companyId, scopes } = c.get("caller");
      const deliveryId = BigInt(c.req.valid("param").delivery_id);
      const row = await asCompany(hub.db, companyId, (tx) => findDeliverySummary(tx, { companyId, deliveryId }));
      if (!row) throw unknownDelivery();
      const body = scopes.includes("admin") ? { encoding: row.encoding, body: openBody(hub.box, row) } : {};
      return c.json({ ...deliveryAnswer(row), ...body }, 200);
    })
    .openapi(replay, async (c) => {
      const { companyId, actor } = c.get("caller");
      const deliveryId = BigInt(c.req.valid("param").delivery_id);
      const find = () => asCompany(hub.db, companyId, (tx) => findDeliverySummary(tx, { companyId, deliveryId }));
      if (!(await find())) throw unknownDelivery();
      await replayDeliveries(hub, { companyId, deliveryIds: [deliveryId], actor });
      const row = await find();
      if (!row) throw unknownDelivery();
      return c.json(deliveryAnswer(row), 200);
    });
}

function unknownDelivery(): HubError {
  return new HubError("not-found", "There is no such delivery. GET /api/deliveries lists them.");
}

function deliveryAnswer(row: DeliverySummary): z.infer<typeof delivery> {
  return {
    delivery_id: String(row.deliveryId),
    store_id: row.storeId,
    platform: row.platform,
    topic: row.topic,
    platform_delivery_id: row.platformDeliveryId,
    size_bytes: row.sizeBytes,
    outcome: row.outcome ?? "waiting",
    detail: row.detail ?? row.error,
    detail_reason: reasonOfDetail(row.detail ?? row.error),
    order_id: row.orderNo === null ? null : String(row.orderNo),
    received_at: row.receivedAt.toISOString(),
    processed_at: row.processedAt?.toISOString() ?? null,
    attempts: row.attempts,
    next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
  };
}
