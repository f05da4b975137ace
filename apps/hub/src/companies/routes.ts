import { createRoute, z } from "@hono/zod-openapi";
import { evidenceSource } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { readEvidenceOrder, setEvidenceOrder } from "./evidence.ts";
import { readCompany } from "./queries.ts";

const sources = z
  .array(z.enum(evidenceSource.options))
  .openapi({ description: "Best first; what is not among them does not count" });
const evidenceOrder = z.object({ order: sources }).openapi("EvidenceOrder");

const identity = createRoute({
  method: "get",
  path: "/",
  operationId: "getCompany",
  tags: ["Company"],
  summary: "Whose data a key opens",
  responses: {
    200: answer(
      "The company",
      z
        .object({
          slug: z.string(),
          name: z.string(),
          time_zone: z.string().openapi({
            description: "IANA name, of the plan in force: in it days and periods are counted; UTC before the first plan",
          }),
        })
        .openapi("Company"),
    ),
    ...problems(401, 403),
  },
});

const read = createRoute({
  method: "get",
  path: "/evidence-order",
  operationId: "getEvidenceOrder",
  tags: ["Company"],
  summary: "What counts first where several things name a distributor",
  description: "Connected shops are told it, and put the code that counts first on their orders.",
  responses: { 200: answer("The company's order", evidenceOrder), ...problems(401, 403) },
});

const set = createRoute({
  method: "put",
  path: "/evidence-order",
  operationId: "setEvidenceOrder",
  tags: ["Company"],
  summary: "Set the order of evidence",
  description:
    "Counts for orders that are seen from now on: those that are known keep their owner. `manual` stands first whether it is named or not. " +
    "Audited. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            order: z
              .array(z.string())
              .max(20)
              .nullable()
              .openapi({
                example: ["checkout-field", "discount-code", "cart-attribute"],
                description: "Null: the order of every company that set none",
              }),
          }),
        },
      },
    },
  },
  responses: { 200: answer("The order as it is now", evidenceOrder), ...problems(400, 401, 403, 422) },
});

/** `zoneOf` knows the zone of a company's plan, which is a higher room's. */
export function companyRoutes(hub: HubParts, zoneOf: (tx: Tx, companyId: number) => Promise<string | null>) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(identity, async (c) => {
      const { companyId } = c.get("caller");
      const found = await asCompany(hub.db, companyId, async (tx) => ({
        ...(await readCompany(tx, companyId)),
        time_zone: (await zoneOf(tx, companyId)) ?? "UTC",
      }));
      return c.json(found, 200);
    })
    .openapi(read, async (c) => {
      const { companyId } = c.get("caller");
      const order = await asCompany(hub.db, companyId, (tx) => readEvidenceOrder(tx, companyId));
      return c.json({ order: [...order] }, 200);
    })
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      const order = await setEvidenceOrder(hub, { companyId, order: c.req.valid("json").order, actor });
      return c.json({ order: [...order] }, 200);
    });
}
