import { createRoute, z } from "@hono/zod-openapi";
import { type Addition, importSkus, type SkuImportResult } from "../catalogue/import.ts";
import { rowOfRecord, SKU_COLUMNS } from "../catalogue/import-file.ts";
import type { Mapping } from "../catalogue/queries.ts";
import type { SkuImport } from "../catalogue/rows.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  faultsOf,
  fileFaults,
  fileName,
  ofFile,
  type ReadFile,
  readFileText,
  refusedFile,
  toldBefore,
  toldText,
} from "../http/csv-file.ts";
import { followImport, type ImportParts } from "../http/import-progress.ts";
import { answer, newRoutes, problems, time } from "../http/shapes.ts";
import { payOfMappings } from "./pay-preview-routes.ts";
import { payPreview, payPreviewAnswer, releasedOrders } from "./pay-preview-shape.ts";
import type { OrderParts } from "./pipeline.ts";
import { remapQuarantined } from "./remap.ts";

/** The SKU map from a file: what it would change and pay is told before, and it is written whole or not at all. */

/** Of so many lines it is told what they say and what counted before; of the others only that they are new or change something. */
const TOLD_LINES = 50;

const file = z
  .object({
    csv: z
      .string()
      .min(1)
      .openapi({
        example:
          "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv\nGLOW,shopify,GLOW-1,Glow,standard,100%,100%,100%\n",
        description: `The file's text, or what \`GET /sku-map?format=csv\` gave. Columns: ${[...SKU_COLUMNS.required, ...SKU_COLUMNS.optional].join(", ")}`,
      }),
    told: toldBefore,
    name: fileName,
  })
  .openapi("SkuMapFile");

const said = z.object({
  sku_id: z.string(),
  name: z.string(),
  category: z.string(),
  commission_class: z.string(),
  pv: z.string(),
  qv: z.string(),
  cv: z.string(),
  retail_margin: z.string().nullable(),
});

const counted = {
  lines: z.int(),
  added: z.int().openapi({ description: "Lines of products that nobody mapped before" }),
  changed: z.int().openapi({ description: "Lines by which a product counts otherwise from their day on" }),
  unchanged: z.int(),
  ...fileFaults,
};

const previewTold = z
  .object({
    ...counted,
    told: toldText,
    changes: z
      .array(
        z.object({
          line: z.int(),
          platform: z.string(),
          platform_sku: z.string(),
          variant_id: z.string().nullable(),
          valid_from: time.openapi({ description: "1970-01-01 is always" }),
          was: said.nullable().openapi({ description: "What counts at that time until then" }),
          becomes: said,
        }),
      )
      .openapi({ description: `The first ${TOLD_LINES} of them, changed ones before new ones` }),
    released_orders: releasedOrders,
    is_cut: z
      .boolean()
      .openapi({ description: "True where more orders wait than were gone through: all figures are those of the oldest" }),
    pay: payPreview,
  })
  .openapi("SkuMapImportPreview");

const done = z
  .object({ ...counted, released_orders: z.int().openapi({ description: "Orders that waited and are computed now" }) })
  .openapi("SkuMapImport");

const common = { tags: ["SKU map"], ...ofFile(file) };

const preview = createRoute({
  ...common,
  path: "/import/preview",
  operationId: "previewSkuMapImport",
  summary: "What a file of the SKU map would change and pay, or what is wrong with it, line by line",
  description: "Changes nothing. Needs the scope `admin`.",
  responses: { 200: answer("The import as it would be", previewTold), ...problems(400, 401, 403, 422) },
});

const bring = createRoute({
  ...common,
  path: "/import",
  operationId: "importSkuMap",
  summary: "Map products from a file: all of it, or nothing if any line is wrong; orders that waited are computed",
  description: "Needs the scope `admin`. Larger files: `pnpm upline sku import`.",
  responses: { 200: answer("The import as it was made", done), ...problems(400, 401, 403, 422) },
});

export function mapFileRoutes(hub: OrderParts, { moved }: Pick<ImportParts, "moved">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(preview, async (c) => {
      const { companyId, actor } = c.get("caller");
      const read = await readFile(c.req.valid("json").csv);
      const result = await importSkus(hub, { companyId, actor, rows: read.rows, dryRun: true });
      const { pay, released, isCut } = await payOfMappings(hub, companyId, result.additions);
      const changes = result.additions
        .toSorted((a, b) => Number(b.isChange) - Number(a.isChange) || a.line - b.line)
        .slice(0, TOLD_LINES)
        .map(changeAnswer);
      return c.json(
        {
          ...toldOf(read, result),
          told: result.told ?? "",
          changes,
          released_orders: released,
          is_cut: isCut,
          pay: payPreviewAnswer(pay),
        },
        200,
      );
    })
    .openapi(bring, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { csv, told, name = "" } = c.req.valid("json");
      const read = await readFile(csv);
      const { rows } = read;
      const begun = { companyId, actor, kind: "sku-map" as const, fileName: name, total: rows.length };
      const done = await followImport({ db: hub.db, moved }, begun, async (tell) => {
        const result = await importSkus(hub, { companyId, actor, rows, told, onProgress: tell.written });
        if (result.errorCount > 0) throw refusedFile(result);
        tell.computing();
        const { orders } = await remapQuarantined(hub.pipeline, companyId);
        return { ...toldOf(read, result), released_orders: orders };
      });
      return c.json(done, 200);
    });
}

const readFile = (csv: string) => readFileText(csv, SKU_COLUMNS, rowOfRecord);

function toldOf(read: ReadFile<SkuImport>, result: SkuImportResult) {
  const changed = result.additions.filter(({ isChange }) => isChange).length;
  const { added, unchanged } = result;
  return { lines: read.rows.length, added: added - changed, changed, unchanged, ...faultsOf(read, result) };
}

function changeAnswer(one: Addition) {
  const { line, platform, platformSku, variantId, validFrom, was } = one;
  return {
    ...{ line, platform, platform_sku: platformSku, variant_id: variantId, valid_from: validFrom.toISOString() },
    was: was === null ? null : saidBy(was),
    becomes: saidBy(one),
  };
}

function saidBy({ skuId, name, category, commissionClass, pv, qv, cv, retailMargin }: Mapping) {
  return { sku_id: skuId, name, category, commission_class: commissionClass, pv, qv, cv, retail_margin: retailMargin };
}
