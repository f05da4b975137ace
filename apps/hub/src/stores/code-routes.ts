import { createRoute, z } from "@hono/zod-openapi";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { publicUrlOf } from "../http/public-url.ts";
import { answer, demandAdmin, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { makeConnectionCode } from "./code.ts";

const create = createRoute({
  method: "post",
  path: "/",
  operationId: "createConnectionCode",
  tags: ["Stores"],
  summary: "Make a one-time code that connects a shop",
  description: "Paste it into the shop's plugin: WooCommerce, Upline. It works once, for 24 hours. Needs the scope `admin`.",
  middleware: [demandAdmin] as const,
  responses: {
    201: answer("The code, shown only now", z.object({ code: z.string(), expires_at: time })),
    ...problems(401, 403, 422),
  },
});

export function connectionCodeRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(create, async (c) => {
    const { companyId, actor } = c.get("caller");
    const { code, expiresAt } = await makeConnectionCode(hub, { companyId, actor, publicUrl: publicUrlOf(hub.env, c.req.url) });
    return c.json({ code, expires_at: expiresAt.toISOString() }, 201);
  });
}
