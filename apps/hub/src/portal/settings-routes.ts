import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { readPortalSettings, setPortalSettings } from "./settings-queries.ts";
import { tags } from "./shapes.ts";

const settings = z
  .strictObject({
    names: z
      .enum(["downline", "frontline"])
      .openapi({ description: "Whose names a distributor sees: of everyone below, or of those whom they sponsor alone" }),
    contacts: z.boolean().openapi({ description: "Whether they see the addresses of those whom they sponsor" }),
  })
  .openapi("PortalSettings");

const read = createRoute({
  method: "get",
  path: "/",
  operationId: "getPortalSettings",
  tags,
  summary: "What distributors see of each other",
  responses: { 200: answer("The settings", settings), ...problems(401, 403) },
});

const set = createRoute({
  method: "put",
  path: "/",
  operationId: "setPortalSettings",
  tags,
  summary: "Set what distributors see of each other",
  description: "Counts from the next look on. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: { body: { required: true, content: { "application/json": { schema: settings } } } },
  responses: { 200: answer("The settings as they are now", settings), ...problems(400, 401, 403) },
});

export function portalSettingsRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(read, async (c) => {
      const { companyId } = c.get("caller");
      return c.json(await asCompany(hub.db, companyId, (tx) => readPortalSettings(tx, companyId)), 200);
    })
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      await setPortalSettings(hub, { companyId, actor, ...c.req.valid("json") });
      return c.json(await asCompany(hub.db, companyId, (tx) => readPortalSettings(tx, companyId)), 200);
    });
}
