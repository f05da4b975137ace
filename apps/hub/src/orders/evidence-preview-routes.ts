import { createRoute, z } from "@hono/zod-openapi";
import { checkOrder, evidenceOrderOf } from "../companies/evidence.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { answer, demandAdmin, distributorText, exactJson, idText, newRoutes, problems, time } from "../http/shapes.ts";
import { whyIn } from "./attribution-shape.ts";
import { type Judged, previewEvidenceOrder } from "./evidence-preview.ts";
import type { OrderParts } from "./pipeline.ts";

const count = z.int();

const judged = z.object({
  distributor_id: distributorText.nullable().openapi({ description: "Null is the company" }),
  source: z.string().nullable().openapi({ example: "discount-code" }),
  why: z.string(),
  reason: reasonShape,
});

const preview = createRoute({
  method: "post",
  path: "/evidence-order/preview",
  operationId: "previewEvidenceOrder",
  tags: ["Company"],
  summary: "What another order of evidence would have made of the newest orders",
  description:
    "Each is judged by what is known of it, as of its own time: by the order of now, and by the one that is sent. Nothing is written: orders that are known keep their owner. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            order: z
              .array(z.string())
              .max(20)
              .nullable()
              .openapi({ example: ["checkout-field", "discount-code"], description: "As it would be set" }),
            newest: z.int().min(1).max(2_000).default(500).openapi({ description: "So many orders, the newest first" }),
          }),
        },
      },
    },
  },
  responses: {
    200: answer(
      "What would differ",
      z
        .object({
          order: z.array(z.string()).openapi({ description: "The order that was looked at" }),
          looked: count.openapi({ description: "Orders that were judged twice, or passed over" }),
          by_hand: count.openapi({ description: "Of them, decided by a person: no order of evidence changes them" }),
          without_evidence: count,
          to_another: count.openapi({ description: "Would be another distributor's" }),
          to_nobody: count.openapi({ description: "Would be the company's" }),
          from_nobody: count.openapi({ description: "Are the company's, and would be a distributor's" }),
          otherwise_decided: count.openapi({ description: "The same owner, by other evidence" }),
          pay: z.null().openapi({ description: "Not computed: what they would pay takes another run of their plans" }),
          examples: z
            .array(z.object({ order_id: idText, order_name: z.string(), placed_at: time, now: judged, proposed: judged }))
            .openapi({ description: "The newest 20 of those that would be another's" }),
        })
        .openapi("EvidencePreview"),
    ),
    ...problems(400, 401, 403, 422),
  },
});

export function evidencePreviewRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(preview, async (c) => {
    const { companyId } = c.get("caller");
    const { order: wanted, newest } = c.req.valid("json");
    const order = wanted === null ? evidenceOrderOf(null) : checkOrder(wanted);
    const { looked, byHand, withoutEvidence, moved, otherwiseDecided, examples } = await previewEvidenceOrder(hub, {
      ...{ companyId, order, newest },
    });
    return c.json(
      {
        ...{ order: [...order], looked, by_hand: byHand, without_evidence: withoutEvidence, otherwise_decided: otherwiseDecided },
        ...{ to_another: moved.toAnother, to_nobody: moved.toNobody, from_nobody: moved.fromNobody, pay: null },
        examples: examples.map(({ orderNo, orderName, placedAt, now, proposed }) => ({
          ...{ order_id: String(orderNo), order_name: orderName, placed_at: placedAt.toISOString() },
          ...{ now: judgedAnswer(now), proposed: judgedAnswer(proposed) },
        })),
      },
      200,
    );
  });
}

const judgedAnswer = ({ distributorId, source, why }: Judged) => ({ distributor_id: distributorId, source, ...whyIn(why) });
