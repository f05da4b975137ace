import { createRoute, z } from "@hono/zod-openapi";
import { formatAmount } from "@upline/core";
import { type CallerVariables, requireScope } from "../auth.ts";
import { asCompany } from "../db/connect.ts";
import { listLedger } from "../db/ledger.ts";
import type { HubParts } from "../hub.ts";
import { newRoutes, page, problems } from "./shapes.ts";

/** One ledger row, with exactly the document's field names, and what an accountant needs besides. */
const ledgerEntry = z
  .object({
    event_id: z.string(),
    order_id: z.string(),
    distributor_id: z.string().nullable(),
    amount: z.string().openapi({ example: "4.50", description: "Decimal in the currency's major unit; negative for a clawback" }),
    calc_snapshot_json: z.unknown().openapi({ description: "The whole input of the computation and what came out" }),
    currency: z.string(),
    kind: z.string(),
    entry: z.string(),
    effective_at: z.string(),
    recorded_at: z.string(),
  })
  .openapi("LedgerEntry");

const list = createRoute({
  method: "get",
  path: "/",
  tags: ["Ledger"],
  summary: "Ledger entries, newest first",
  request: { query: page.extend({ distributor_id: z.string().optional(), order_id: z.string().regex(/^\d+$/).optional() }) },
  responses: {
    200: {
      description: "A page of entries",
      content: { "application/json": { schema: z.object({ items: z.array(ledgerEntry), next: z.string().nullable() }) } },
    },
    ...problems(400, 401, 403),
  },
});

export function ledgerRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(list, async (c) => {
    const { companyId } = c.get("caller");
    const { distributor_id, order_id, before, limit } = c.req.valid("query");
    const rows = await asCompany(hub.db, companyId, (tx) =>
      listLedger(tx, {
        companyId,
        limit,
        ...(distributor_id && { distributorId: distributor_id }),
        ...(order_id && { orderId: BigInt(order_id) }),
        ...(before && { before: BigInt(before) }),
      }),
    );
    const items = rows.map((row) => ({
      event_id: String(row.event_id),
      order_id: String(row.order_id),
      distributor_id: row.distributor_id,
      amount: formatAmount(row.amount_minor, row.currency),
      calc_snapshot_json: row.calc_snapshot_json === null ? null : JSON.parse(row.calc_snapshot_json),
      currency: row.currency,
      kind: row.kind,
      entry: row.entry_key,
      effective_at: row.effective_at.toISOString(),
      recorded_at: row.recorded_at.toISOString(),
    }));
    return c.json({ items, next: rows.length < limit ? null : (items.at(-1)?.event_id ?? null) }, 200);
  });
}
