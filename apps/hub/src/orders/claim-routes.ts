import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { CLAIM_STATUSES, type ToldEvidence } from "../db/schema/apps.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  exactJson,
  idText,
  listOf,
  newRoutes,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { decide } from "./claims.ts";
import type { OrderParts } from "./pipeline.ts";
import { listClaims, lockClaim } from "./told-evidence.ts";

const claim = z
  .object({
    claim_id: idText,
    store_id: z.string(),
    platform_order_id: z.string().nullable(),
    code: z.string().openapi({ example: "ABC123" }),
    status: z.enum(["open", "accepted", "refused"]),
    claimed_at: time.openapi({ description: "By the clock of whoever told it" }),
    recorded_at: time,
    decided_by: z.string().nullable(),
    decided_at: time.nullable(),
    reason: z.string().nullable(),
  })
  .openapi("Claim");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listClaims",
  tags: ["Orders"],
  summary: "Whom buyers named after the purchase, newest first",
  description: "A claim never decides an order by itself: a person accepts or refuses it.",
  request: {
    query: page.extend({
      status: z.enum(CLAIM_STATUSES.filter((status) => status !== "kept") as ["open", "accepted", "refused"]).optional(),
    }),
  },
  responses: { 200: answer("A page of claims", listOf(claim)), ...problems(400, 401, 403) },
});

const decision = createRoute({
  method: "post",
  path: "/{claim_id}/decision",
  operationId: "decideClaim",
  tags: ["Orders"],
  summary: "Accept or refuse a claim",
  description:
    "Accepting gives the order to the distributor of the code, as `POST /api/orders/{order_id}/attribution` does, in one transaction. Audited with the reason. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params: z.object({ claim_id: numberParam }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              accept: z.boolean(),
              reason: z
                .string("say why, in 3 to 500 characters")
                .trim()
                .min(3, "say why, in 3 to 500 characters")
                .max(500, "say why, in 3 to 500 characters")
                .openapi({ example: "The buyer showed the distributor's card" }),
            })
            .openapi("ClaimDecision"),
        },
      },
    },
  },
  responses: { 200: answer("The claim as it is now", claim), ...problems(400, 401, 403, 404, 409, 422) },
});

export function claimRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listClaims(tx, { companyId, status: query.status, ...asked(query) }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.evidenceNo));
      return c.json({ items: shown.rows.map(claimAnswer), next: shown.next }, 200);
    })
    .openapi(decision, async (c) => {
      const { companyId, actor } = c.get("caller");
      const claimNo = BigInt(c.req.valid("param").claim_id);
      hub.metrics.transfers.inc(await decide(hub.pipeline, { companyId, claimNo, actor, ...c.req.valid("json") }));
      const now = await asCompany(hub.db, companyId, (tx) => lockClaim(tx, { companyId, evidenceNo: claimNo }));
      if (now === null) throw new Error("a claim that was decided is gone");
      return c.json(claimAnswer(now), 200);
    });
}

function claimAnswer(row: ToldEvidence): z.infer<typeof claim> {
  return {
    claim_id: String(row.evidenceNo),
    store_id: row.storeId,
    platform_order_id: row.platformOrderId === "" ? null : row.platformOrderId,
    code: row.code,
    status: row.status === "kept" ? "open" : row.status,
    claimed_at: row.toldAt.toISOString(),
    recorded_at: row.recordedAt.toISOString(),
    decided_by: row.decidedBy,
    decided_at: row.decidedAt?.toISOString() ?? null,
    reason: row.reason,
  };
}
