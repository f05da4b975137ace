import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, distributorText, exactJson, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { addDiscountCodes, listDiscountCodes, MOST_CODES } from "./discounts.ts";
import { findStore, noSuchStore } from "./queries.ts";

const params = z.object({ store_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/{store_id}/discount-codes",
  operationId: "listDiscountCodes",
  tags: ["Stores"],
  summary: "Distributors' codes that were added to discounts of the shop",
  request: {
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(50),
      after: z.string().max(255).default("").openapi({ description: "The `next` of the page before" }),
    }),
  },
  responses: {
    200: answer(
      "A page of codes, by the alphabet",
      z.object({
        items: z.array(
          z
            .object({
              code: z.string().openapi({ example: "ABC123" }),
              distributor_id: distributorText,
              discount_id: z.string().openapi({ example: "gid://shopify/DiscountCodeNode/1" }),
              added_at: time,
            })
            .openapi("DiscountCode"),
        ),
        next: z
          .string()
          .nullable()
          .openapi({ description: "Send it as `after` for the next page; null where this was the last" }),
      }),
    ),
    ...problems(400, 401, 403, 404),
  },
});

const add = createRoute({
  method: "post",
  path: "/{store_id}/discount-codes",
  operationId: "addDiscountCodes",
  tags: ["Stores"],
  summary: "Add distributors' codes to a discount of the shop",
  description:
    "One discount, many codes: referral codes of the company's distributors become codes of `discount_id`, of the discount that earlier codes went to, or of one that " +
    "`create` describes. Each code is told by itself. An order with such a code is its distributor's, without any link. Safe to repeat. " +
    "For Shopify stores that allowed the app to change discounts. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              codes: z
                .array(z.string().trim().min(1).max(255))
                .min(1)
                .max(MOST_CODES)
                .openapi({ example: ["ABC123"] }),
              discount_id: z
                .string()
                .regex(/^gid:\/\/shopify\/DiscountCodeNode\/\d{1,20}$/, "as the shop names it")
                .optional(),
              create: z.strictObject({ title: z.string().trim().min(1).max(255), percent: z.number().gt(0).max(100) }).optional(),
            })
            .openapi("DiscountCodesToAdd"),
        },
      },
    },
  },
  responses: {
    200: answer(
      "What became of each code",
      z
        .object({
          discount_id: z.string(),
          codes: z.array(
            z.object({ code: z.string(), problem: z.string().nullable().openapi({ description: "Null where it is added" }) }),
          ),
        })
        .openapi("DiscountCodesAdded"),
    ),
    ...problems(400, 401, 403, 404, 422, 503),
  },
});

export function discountCodeRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const key = { companyId: c.get("caller").companyId, storeId: c.req.valid("param").store_id };
      const { limit, after } = c.req.valid("query");
      const rows = await asCompany(hub.db, key.companyId, async (tx) => {
        if ((await findStore(tx, key)) === null) throw noSuchStore();
        return listDiscountCodes(tx, { ...key, after, limit: limit + 1 });
      });
      const shown = rows.slice(0, limit);
      const items = shown.map(({ code, distributorId, discountId, addedAt }) => ({
        ...{ code, distributor_id: distributorId, discount_id: discountId, added_at: addedAt.toISOString() },
      }));
      return c.json({ items, next: rows.length > limit ? (shown.at(-1)?.foldedCode ?? null) : null }, 200);
    })
    .openapi(add, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { codes, discount_id: discountId, create } = c.req.valid("json");
      const added = await addDiscountCodes(hub, {
        ...{ companyId, storeId: c.req.valid("param").store_id, actor },
        ...{ codes, discountId, create },
      });
      return c.json({ discount_id: added.discountId, codes: added.codes.map(({ code, problem }) => ({ code, problem })) }, 200);
    });
}
