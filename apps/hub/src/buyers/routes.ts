import { createRoute, z } from "@hono/zod-openapi";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { eraseBuyer } from "./erase.ts";

const words = z.string().trim().min(1).max(320);

const erase = createRoute({
  method: "post",
  path: "/",
  operationId: "eraseBuyer",
  tags: ["Erasures"],
  summary: "Erase what shops sent of a buyer",
  description:
    "The bodies of every delivery of the buyer's orders, and of every other delivery that names them, can be read no more, by anybody. " +
    "Orders, hashes and the ledger stay: they hold neither name nor address. Deliveries that wait are counted in `waiting`: " +
    "ask again once they are processed. Safe to repeat. Audited without the name. Needs the scope `admin`.",
  middleware: [exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              email: words.optional().openapi({ example: "jane@example.com" }),
              phone: words.optional(),
              customer_id: words.optional().openapi({ description: "The buyer's account in the shop" }),
            })
            .openapi("NamedBuyer"),
        },
      },
    },
  },
  responses: {
    200: answer("What was erased", z.object({ orders: z.int(), bodies: z.int(), waiting: z.int() }).openapi("Erasure")),
    ...problems(400, 401, 403, 422),
  },
});

export function erasureRoutes(hub: Pick<HubParts, "db" | "box">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "admin"));
  return routes.openapi(erase, async (c) => {
    const { companyId, actor } = c.get("caller");
    const { customer_id: customerId, ...buyer } = c.req.valid("json");
    return c.json(await eraseBuyer(hub, { companyId, actor, buyer: { ...buyer, customerId } }), 200);
  });
}
