import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { findStore, listStores, noSuchStore, type Store } from "./queries.ts";

const store = z
  .object({
    store_id: z.string().openapi({ example: "st_3q2v0T7m8b1xYkPz" }),
    platform: z.string().openapi({ example: "shopify" }),
    domain: z.string().openapi({ example: "acme.myshopify.com" }),
    name: z.string(),
    status: z.string().openapi({ example: "active" }),
    ingest_path: z.string().openapi({ description: "Where its deliveries go, below the hub's public address" }),
    ref_parameter: z.string().openapi({ example: "ref", description: "Query parameter of referral links" }),
    ref_keys: z.array(z.string()).openapi({ description: "Order attributes that hold a referral code, best first" }),
    created_at: time,
  })
  .openapi("Store");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listStores",
  tags: ["Stores"],
  summary: "The company's stores",
  responses: { 200: answer("All of them", z.object({ items: z.array(store) })), ...problems(401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{store_id}",
  operationId: "getStore",
  tags: ["Stores"],
  summary: "One store",
  request: { params: z.object({ store_id: z.string() }) },
  responses: { 200: answer("The store", store), ...problems(401, 403, 404) },
});

export function storeRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const stores = await asCompany(hub.db, companyId, (tx) => listStores(tx, companyId));
      return c.json({ items: stores.map(storeAnswer) }, 200);
    })
    .openapi(detail, async (c) => {
      const { companyId } = c.get("caller");
      const { store_id } = c.req.valid("param");
      const found = await asCompany(hub.db, companyId, (tx) => findStore(tx, { companyId, storeId: store_id }));
      if (found === null) throw noSuchStore();
      return c.json(storeAnswer(found), 200);
    });
}

function storeAnswer(found: Store): z.infer<typeof store> {
  return {
    store_id: found.storeId,
    platform: found.platform,
    domain: found.domain,
    name: found.name,
    status: found.status,
    ingest_path: `/ingest/${found.platform}/${found.storeId}`,
    ref_parameter: found.settings.refParameter,
    ref_keys: [...found.settings.refKeys],
    created_at: found.createdAt.toISOString(),
  };
}
