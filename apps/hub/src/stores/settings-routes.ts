import { createRoute, z } from "@hono/zod-openapi";
import { STATUS_MEANINGS } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { changeSettings, findSettings } from "./change-settings.ts";
import type { StoreDoor } from "./connect.ts";
import type { ReadSettings } from "./settings.ts";

const storeSettings = z
  .object({
    ref_parameter: z.string().openapi({ example: "ref", description: "Query parameter of referral links" }),
    ref_keys: z.array(z.string()).openapi({ description: "Order attributes that hold a referral code, best first" }),
    statuses: z
      .record(z.string(), z.enum(STATUS_MEANINGS))
      .openapi({ example: { packed: "earned" }, description: "What statuses of the store's own mean for the money" }),
    payment_fees: z
      .array(z.string())
      .openapi({ example: ["Wallet"], description: "Fees below zero that are means of payment: they do not lower the net" }),
    problems: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .openapi({ description: "Stored entries that cannot be used, and are left out" }),
  })
  .openapi("StoreSettings");

const params = z.object({ store_id: z.string() });

const read = createRoute({
  method: "get",
  path: "/{store_id}/settings",
  operationId: "getStoreSettings",
  tags: ["Stores"],
  summary: "How a store's deliveries are read",
  request: { params },
  responses: { 200: answer("The settings as they count", storeSettings), ...problems(401, 403, 404) },
});

const change = createRoute({
  method: "patch",
  path: "/{store_id}/settings",
  operationId: "changeStoreSettings",
  tags: ["Stores"],
  summary: "Change how a store's deliveries are read",
  description:
    "A field is replaced, null goes back to the default; `statuses` are merged, of which null takes one out. Counts from now on: an order " +
    "that is known changes with the next delivery about it, or with `store reconcile --all`. Audited. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.record(z.string(), z.unknown()).openapi("StoreSettingsChange", {
            type: "object",
            example: { statuses: { packed: "earned" }, payment_fees: ["Wallet"] },
          }),
        },
      },
    },
  },
  responses: { 200: answer("The settings as they are now", storeSettings), ...problems(400, 401, 403, 404, 422) },
});

export function storeSettingsRoutes(hub: HubParts & { readonly door: StoreDoor }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(read, async (c) => {
      const { companyId } = c.get("caller");
      const key = { companyId, storeId: c.req.valid("param").store_id };
      return c.json(settingsAnswer(await asCompany(hub.db, companyId, (tx) => findSettings(tx, key))), 200);
    })
    .openapi(change, async (c) => {
      const { companyId, actor } = c.get("caller");
      const args = { companyId, storeId: c.req.valid("param").store_id, change: c.req.valid("json"), actor };
      return c.json(settingsAnswer(await changeSettings(hub, args)), 200);
    });
}

export function settingsAnswer({ settings, problems: found }: ReadSettings): z.infer<typeof storeSettings> {
  return {
    ref_parameter: settings.refParameter,
    ref_keys: [...settings.refKeys],
    statuses: { ...settings.statuses },
    payment_fees: [...(settings.paymentFees ?? [])],
    problems: [...found],
  };
}
