import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  amountText,
  answer,
  currencyText,
  decimal,
  idText,
  listOf,
  newRoutes,
  page,
  platform,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { listQuarantine, type WaitingProduct } from "./queries.ts";
import { Suggestions } from "./suggestions.ts";

const waiting = z
  .object({
    platform: z.string().openapi({ example: "shopify" }),
    platform_sku: z.string().nullable(),
    variant_id: z.string().nullable(),
    name: z.string().openapi({ description: "As the shop calls it: for people only, nothing is mapped by name" }),
    currency: currencyText,
    orders: z.int().openapi({ description: "How many orders have it" }),
    lines: z.int(),
    net: decimal.openapi({ description: "What of them earns nothing until it is mapped" }),
    waits_for: z.string().openapi({
      example: "a SKU mapping",
      description: "What is missing: POST /sku-map maps a product, POST /exchange-rates sets a rate",
    }),
    waiting_since: time,
    newest_order_id: idText,
  })
  .openapi("QuarantinedProduct");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listQuarantine",
  tags: ["SKU map"],
  summary: "Products that wait for a SKU mapping or an exchange rate, by what they hold up",
  description: "POST /sku-map maps one and releases its orders. The orders themselves: GET /orders?quarantined=true.",
  request: { query: page.extend({ platform: platform.optional() }) },
  responses: { 200: answer("A page of products", listOf(waiting)), ...problems(400, 401, 403) },
});

const suggested = z
  .object({
    platform: z.string().openapi({ example: "shopify" }),
    platform_sku: z.string().nullable(),
    variant_id: z.string().nullable(),
    reason: z.enum(["same-sku", "own-sku", "like-sku", "like-name"]).openapi({
      description:
        "`same-sku`: the SKU is mapped on another platform or for another variant; `own-sku`: it is the company's own name of a product; the others are hints",
    }),
    from_platform: z.string().openapi({ description: "The mapping that it is taken from" }),
    from_sku: z.string(),
    from_name: z.string(),
    sku_id: z
      .string()
      .openapi({ description: "The company's own name: of a hint the product's own SKU, for it is another product" }),
    commission_class: z.string(),
    pv: z.string(),
    qv: z.string(),
    cv: z.string(),
    retail_margin: z.string().nullable(),
  })
  .openapi("SuggestedMapping");

const suggestions = createRoute({
  method: "get",
  path: "/suggestions",
  operationId: "listSuggestedMappings",
  tags: ["SKU map"],
  summary: "As what the products on a page of the quarantine might be mapped, and why",
  description:
    "Pages as `GET /quarantine` does; products without a suggestion are left out. What one would pay: `POST /sku-map/preview`. Where the products " +
    "known by a SKU do not agree on what it is, nothing is suggested.",
  request: { query: page.extend({ platform: platform.optional() }) },
  responses: { 200: answer("Suggestions", listOf(suggested)), ...problems(400, 401, 403) },
});

export function quarantineRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const suggesting = new Suggestions(hub.db);
  return routes
    .openapi(suggestions, async (c) => {
      const { companyId } = c.get("caller");
      const { platform, before, limit } = c.req.valid("query");
      const skip = before === undefined ? 0 : Number(before);
      const { found, hasMore } = await suggesting.forWaiting({ companyId, platform, skip, limit });
      return c.json({ items: found.map(suggestionAnswer), next: hasMore ? String(skip + limit) : null }, 200);
    })
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { platform, before, limit } = c.req.valid("query");
      // A list for working off that changes while it is read: pages count from its top.
      const skip = before === undefined ? 0 : Number(before);
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listQuarantine(tx, { companyId, platform, skip, limit: limit + 1 }),
      );
      const next = rows.length > limit ? String(skip + limit) : null;
      return c.json({ items: rows.slice(0, limit).map(waitingAnswer), next }, 200);
    });
}

function waitingAnswer(row: WaitingProduct): z.infer<typeof waiting> {
  return {
    platform: row.platform,
    platform_sku: row.sku,
    variant_id: row.variantId,
    name: row.name,
    currency: row.currency,
    orders: row.orders,
    lines: row.lines,
    net: amountText(row.netMinor, row.currency),
    waits_for: row.rateTo === null ? "a SKU mapping" : `an exchange rate from ${row.currency} to ${row.rateTo}`,
    waiting_since: row.oldest.toISOString(),
    newest_order_id: String(row.newestOrderNo),
  };
}

type Found = Awaited<ReturnType<Suggestions["forWaiting"]>>["found"][number];

function suggestionAnswer({ product, suggestion: { reason, from } }: Found): z.infer<typeof suggested> {
  const isSame = reason === "same-sku" || reason === "own-sku";
  return {
    ...{ platform: product.platform, platform_sku: product.sku, variant_id: product.variantId, reason },
    ...{ from_platform: from.platform, from_sku: from.platformSku || (from.variantId ?? ""), from_name: from.name },
    sku_id: isSame ? from.skuId : (product.sku ?? `${product.platform}-${product.variantId}`),
    ...{ commission_class: from.commissionClass, pv: from.pv, qv: from.qv, cv: from.cv },
    // What a piece leaves between two prices is each product's own.
    retail_margin: isSame ? from.retailMargin : null,
  };
}
