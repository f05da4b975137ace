import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  exactJson,
  listOf,
  newRoutes,
  page,
  pageOf,
  platform,
  problems,
  refusedRows,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import type { RowError } from "../row-errors.ts";
import { importSkus } from "./import.ts";
import { type ListedMapping, listSkuMap } from "./queries.ts";

const volumeRule = z.string().openapi({ example: "25", description: 'For each unit ("25"), or a share of the net ("80%")' });

/** The document's fields, and what decides a line's volumes. */
const mapping = z
  .object({
    sku_id: z.string().openapi({ example: "SUPP001", description: "The company's own name of the product" }),
    platform: z.string().openapi({ example: "shopify" }),
    platform_sku: z.string().openapi({ example: "KIT-STARTER-001" }),
    name: z.string().openapi({ example: "Starter kit" }),
    category: z.string().openapi({ example: "kits" }),
    commission_class: z.string().openapi({ example: "standard" }),
    variant_id: z.string().nullable().openapi({ example: "44012345678901", description: "Looked at before platform_sku" }),
    pv: volumeRule,
    qv: volumeRule,
    cv: volumeRule,
    retail_margin: z.string().nullable().openapi({ example: "12.50", description: "Retail less wholesale of one unit" }),
    valid_from: time.openapi({ description: "For orders from this time on" }),
  })
  .openapi("SkuMapping");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listSkuMap",
  tags: ["SKU map"],
  summary: "The SKU map, newest first",
  description: "A mapping never changes: a later one of the same product counts from its own valid_from on.",
  request: {
    query: page.extend({
      platform: platform.optional(),
      sku_id: z.string().optional(),
      platform_sku: z.string().optional(),
      variant_id: z.string().optional(),
    }),
  },
  responses: { 200: answer("A page of mappings", listOf(mapping)), ...problems(400, 401, 403) },
});

const idOrNumber = z.union([z.string(), z.number()]).transform(String).openapi({ type: "string" });

export const newMapping = z
  .object({
    sku_id: z.string().openapi({ example: "SUPP001" }),
    platform: platform,
    platform_sku: idOrNumber.default("").openapi({ example: "KIT-STARTER-001" }),
    variant_id: idOrNumber.nullish().openapi({ example: "44012345678901" }),
    name: z.string().openapi({ example: "Starter kit" }),
    category: z.string().default("").openapi({ example: "kits" }),
    commission_class: z.string().openapi({ example: "standard" }),
    pv: idOrNumber.openapi({ example: "25" }),
    qv: idOrNumber.optional().openapi({ description: "As pv where absent" }),
    cv: idOrNumber.optional().openapi({ description: "As pv where absent" }),
    retail_margin: idOrNumber.nullish().openapi({ example: "12.50" }),
    valid_from: z
      .string()
      .optional()
      .openapi({ description: "A first mapping counts from the beginning where absent, a changed one from now" }),
  })
  .openapi("NewSkuMapping");

const map = createRoute({
  method: "post",
  path: "/",
  operationId: "mapSku",
  tags: ["SKU map"],
  summary: "Map a SKU or variant, and release the orders that wait for it",
  description:
    "Needs the scope `admin`. Orders already computed keep the mapping they were locked to. Many at once: `pnpm upline sku import`.",
  middleware: [demandAdmin, exactJson] as const,
  request: { body: { required: true, content: { "application/json": { schema: newMapping } } } },
  responses: {
    200: answer(
      "Mapped",
      z.object({
        added: z.boolean().openapi({ description: "False where the same mapping was in force already" }),
        released_orders: z.int().openapi({ description: "Orders that waited and are computed now" }),
      }),
    ),
    ...problems(400, 401, 403, 422),
  },
});

export const MANY = 500;
const mapMany = createRoute({
  method: "post",
  path: "/rows",
  operationId: "mapSkus",
  tags: ["SKU map"],
  summary: "Map many SKUs or variants at once, all or none, and release the orders that wait for them",
  description: "Needs the scope `admin`. Rows that are wrong are named by their place, and then none is mapped.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object({ rows: z.array(newMapping).min(1).max(MANY) }).openapi("NewSkuMappings") },
      },
    },
  },
  responses: {
    200: answer(
      "Mapped",
      z.object({
        added: z.int().openapi({ description: "How many count that did not before" }),
        released_orders: z.int().openapi({ description: "Orders that waited and are computed now" }),
      }),
    ),
    ...problems(400, 401, 403, 422),
  },
});

/** `remap` computes the orders of a company again whose lines waited for a mapping. */
export function skuMapRoutes(hub: HubParts, remap: (companyId: number) => Promise<{ orders: number }>) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const mapRows = async (
    { companyId, actor }: { companyId: number; actor: string },
    bodies: readonly z.infer<typeof newMapping>[],
    pathOf: (error: RowError) => string,
  ) => {
    const result = await importSkus(hub, { companyId, actor, rows: bodies.map(rowOf) });
    if (result.errorCount > 0) throw refusedRows(result.errors.map((error) => ({ ...error, field: pathOf(error) })));
    return { added: result.added, released: (await remap(companyId)).orders };
  };
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listSkuMap(tx, {
          companyId,
          ...asked(query),
          platform: query.platform,
          skuId: query.sku_id,
          platformSku: query.platform_sku,
          variantId: query.variant_id,
        }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.mappingNo));
      return c.json({ items: shown.rows.map(mappingAnswer), next: shown.next }, 200);
    })
    .openapi(map, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { added, released } = await mapRows({ companyId, actor }, [c.req.valid("json")], ({ field }) => field);
      return c.json({ added: added > 0, released_orders: released }, 200);
    })
    .openapi(mapMany, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { added, released } = await mapRows(
        { companyId, actor },
        c.req.valid("json").rows,
        ({ line, field }) => `rows[${line - 1}].${field}`,
      );
      return c.json({ added, released_orders: released }, 200);
    });
}

/** A mapping as the API tells it, as a row that is checked. */
export function rowOf(body: z.infer<typeof newMapping>, index: number) {
  return {
    line: index + 1,
    skuId: body.sku_id,
    platform: body.platform,
    platformSku: body.platform_sku,
    variantId: body.variant_id ?? undefined,
    name: body.name,
    category: body.category,
    commissionClass: body.commission_class,
    pv: body.pv,
    qv: body.qv ?? body.pv,
    cv: body.cv ?? body.pv,
    retailMargin: body.retail_margin ?? undefined,
    validFrom: body.valid_from,
  };
}

function mappingAnswer(row: ListedMapping): z.infer<typeof mapping> {
  return {
    sku_id: row.skuId,
    platform: row.platform,
    platform_sku: row.platformSku,
    name: row.name,
    category: row.category,
    commission_class: row.commissionClass,
    variant_id: row.variantId,
    pv: row.pv,
    qv: row.qv,
    cv: row.cv,
    retail_margin: row.retailMargin,
    valid_from: row.validFrom.toISOString(),
  };
}
