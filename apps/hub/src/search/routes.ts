import { createRoute, z } from "@hono/zod-openapi";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { findAll } from "./find.ts";

const search = createRoute({
  method: "get",
  path: "/",
  operationId: "search",
  tags: ["Overview"],
  summary: "Find orders, distributors, codes and products",
  description:
    "By the beginning of an order's name or number, of a distributor's id or of a code; from three letters on by any part of a name, id, code or product. Names of distributors need the scope `admin`. A few of each kind.",
  request: { query: z.object({ q: z.string().min(1).max(100).openapi({ description: "What was typed" }) }) },
  responses: {
    200: answer(
      "What was found",
      z.object({
        items: z.array(
          z
            .object({
              kind: z.enum(["order", "distributor", "code", "sku"]),
              id: z.string().openapi({
                description:
                  "Of an order its `order_id`, of a distributor or code the `distributor_id`, of a product its `sku_id`",
              }),
              title: z.string(),
              detail: z.string(),
            })
            .openapi("FoundItem"),
        ),
        is_partial: z.boolean().openapi({ description: "Looking took too long and was given up: type more letters" }),
      }),
    ),
    ...problems(400, 401, 403),
  },
});

export function searchRoutes(hub: Pick<HubParts, "db">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(search, async (c) => {
    const { companyId, scopes } = c.get("caller");
    const { found, isPartial } = await findAll(hub.db, {
      companyId,
      text: c.req.valid("query").q,
      names: scopes.includes("admin"),
    });
    return c.json({ items: [...found], is_partial: isPartial }, 200);
  });
}
