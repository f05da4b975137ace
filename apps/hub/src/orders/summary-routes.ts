import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { amountText, answer, decimal, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { findStore, noSuchStore } from "../stores/queries.ts";
import { countOrders, SUMMARY_ORDERS, sumCommissions } from "./summary-queries.ts";

const DAY_MS = 86_400_000;

const amounts = z.record(z.string(), decimal).openapi({ example: { EUR: "112.40" } });

const summary = z
  .object({
    store_id: z.string(),
    since: time,
    orders: z.int().openapi({ description: `Placed since then, among the newest ${SUMMARY_ORDERS} of the store` }),
    attributed: z.int().openapi({ description: "That belong to a distributor" }),
    unattributed: z.object({
      unknown_code: z.int().openapi({ description: "A code was given that leads to nobody: GET /orders?unresolved=true" }),
      without_code: z.int().openapi({ description: "Nothing on them names a distributor" }),
    }),
    own_purchases: z.int(),
    pending: z.int().openapi({ description: "Not paid yet: GET /orders?stage=pending" }),
    quarantined: z.int().openapi({ description: "With lines that no SKU mapping covers: GET /quarantine" }),
    commissions: amounts.openapi({ description: "Of these orders, what stands in the ledger for distributors" }),
    reversed: amounts.openapi({ description: "Of these orders, what was taken back" }),
  })
  .openapi("StoreSummary");

const read = createRoute({
  method: "get",
  path: "/{store_id}/summary",
  operationId: "getStoreSummary",
  tags: ["Stores"],
  summary: "What became of a store's newest orders, in numbers",
  request: {
    params: z.object({ store_id: z.string() }),
    query: z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }),
  },
  responses: { 200: answer("Its figures", summary), ...problems(400, 401, 403, 404) },
});

export function storeSummaryRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(read, async (c) => {
    const { companyId } = c.get("caller");
    const since = new Date(Date.now() - c.req.valid("query").days * DAY_MS);
    const window = { companyId, storeId: c.req.valid("param").store_id, since };
    const found = await asCompany(hub.db, companyId, async (tx) => {
      if ((await findStore(tx, window)) === null) throw noSuchStore();
      return Promise.all([countOrders(tx, window), sumCommissions(tx, window)]);
    });
    const [counts, sums] = found;
    const text = (minorOf: (sum: (typeof sums)[number]) => bigint) =>
      Object.fromEntries(sums.map((sum) => [sum.currency, amountText(minorOf(sum), sum.currency)]));
    const { orders, attributed, pending, quarantined } = counts;
    return c.json(
      {
        ...{ store_id: window.storeId, since: since.toISOString(), orders, attributed, pending, quarantined },
        unattributed: { unknown_code: counts.unknownCode, without_code: counts.withoutCode },
        own_purchases: counts.ownPurchases,
        commissions: text((sum) => sum.bookedMinor - sum.reversedMinor),
        reversed: text((sum) => sum.reversedMinor),
      },
      200,
    );
  });
}
