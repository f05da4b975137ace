import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { STORE_STATUSES } from "../db/schema/stores.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { changeStore } from "./change.ts";
import type { StoreDoor } from "./connect.ts";
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

const change = createRoute({
  method: "patch",
  path: "/{store_id}",
  operationId: "changeStore",
  tags: ["Stores"],
  summary: "Rename, pause, resume or disconnect a store",
  description:
    "Needs the scope `admin`. `paused`: deliveries are refused until it is `active` again; the keys stay. `disconnected`: every key of the shop is revoked for good. Orders and ledger stay.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params: z.object({ store_id: z.string() }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              name: z.string().optional().openapi({ example: "Tea shop" }),
              status: z.enum(STORE_STATUSES).optional(),
            })
            .openapi("StoreChange"),
        },
      },
    },
  },
  responses: { 200: answer("The store as it is now", store), ...problems(400, 401, 403, 404, 409, 422) },
});

export function storeRoutes(hub: HubParts & { readonly door: StoreDoor }) {
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
    })
    .openapi(change, async (c) => {
      const { companyId, actor } = c.get("caller");
      const args = { companyId, storeId: c.req.valid("param").store_id, actor, ...c.req.valid("json") };
      return c.json(storeAnswer(await changeStore(hub, args)), 200);
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
