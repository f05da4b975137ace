import { createRoute, z } from "@hono/zod-openapi";
import type { SkuMapping } from "@upline/core";
import { SkuMap } from "@upline/core";
import { importSkus } from "../catalogue/import.ts";
import { type Mapping, readSkuMap } from "../catalogue/queries.ts";
import { MANY, newMapping, rowOf } from "../catalogue/routes.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, numberParam, problems, refusedRows } from "../http/shapes.ts";
import { payPreviewOf } from "./pay-preview.ts";
import { payPreview, payPreviewAnswer, releasedOrders } from "./pay-preview-shape.ts";
import type { OrderParts } from "./pipeline.ts";
import { previewWork } from "./process.ts";
import { findCoveredBy } from "./queries.ts";
import { previewReattribution } from "./reattribute.ts";
import { needOrder } from "./routes.ts";

/** So many orders are gone through: more would hold the deliveries of these orders up for too long. */
const MOST_ORDERS = 1_000;

const ofAttribution = createRoute({
  method: "post",
  path: "/{order_id}/attribution/preview",
  operationId: "previewOrderAttribution",
  tags: ["Orders"],
  summary: "What another distributor of an order would change: who would lose and who would get what",
  description: "Decided by what decides it when it is done, and nothing is written. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params: z.object({ order_id: numberParam }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            distributor_id: z
              .string("a distributor's id, or null for nobody")
              .min(1)
              .max(255)
              .nullable()
              .openapi({ example: "9012", description: "Null: it would belong to nobody" }),
          }),
        },
      },
    },
  },
  responses: { 200: answer("What would be paid and taken back", payPreview), ...problems(400, 401, 403, 404, 422) },
});

/** Who would lose and who would get what, before an order is given to somebody else. */
export function attributionPreviewRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(ofAttribution, async (c) => {
    const { companyId } = c.get("caller");
    const orderNo = BigInt(c.req.valid("param").order_id);
    const { distributor_id: to } = c.req.valid("json");
    const preview = await looking(hub, companyId, async (tx) => {
      const order = await needOrder(tx, { companyId, orderNo });
      const drawn = await previewReattribution(hub.pipeline, tx, { companyId, order, to });
      return payPreviewOf(tx, { companyId, drawn });
    });
    return c.json(payPreviewAnswer(preview), 200);
  });
}

const ofMapping = createRoute({
  method: "post",
  path: "/preview",
  operationId: "previewSkuMap",
  tags: ["SKU map"],
  summary: "What mapping products would release and pay",
  description:
    `Takes what \`POST /sku-map/rows\` takes, checks it as that does, and computes the orders that wait for it, at most ${MOST_ORDERS} of them, by the ` +
    "plan and the network of their time. Nothing is written. Needs the scope `admin`.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object({ rows: z.array(newMapping).min(1).max(MANY) }).openapi("SkuMappingsToPreview") },
      },
    },
  },
  responses: {
    200: answer(
      "What would be paid",
      z.object({
        added: z.int().openapi({ description: "How many would count that do not yet" }),
        released_orders: releasedOrders,
        is_cut: z
          .boolean()
          .openapi({ description: `True where more than ${MOST_ORDERS} orders wait: all figures are those of the oldest` }),
        pay: payPreview,
      }),
    ),
    ...problems(400, 401, 403, 422),
  },
});

/** What will be paid, before a mapping is saved. */
export function mappingPreviewRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(ofMapping, async (c) => {
    const { companyId, actor } = c.get("caller");
    const rows = c.req.valid("json").rows.map(rowOf);
    const checked = await importSkus(hub, { companyId, actor, rows, dryRun: true });
    const pathOf = ({ line, field }: { line: number; field: string }) => `rows[${line - 1}].${field}`;
    if (checked.errorCount > 0) throw refusedRows(checked.errors.map((error) => ({ ...error, field: pathOf(error) })));
    const { pay, released, isCut } = await payOfMappings(hub, companyId, checked.additions);
    return c.json({ added: checked.added, released_orders: released, is_cut: isCut, pay: payPreviewAnswer(pay) }, 200);
  });
}

/** What these mappings would release and pay: computed by what computes it when they are saved, over a bounded number of orders. */
export function payOfMappings(hub: OrderParts, companyId: number, mappings: readonly Mapping[]) {
  return looking(hub, companyId, (tx) => previewMapping(hub, tx, { companyId, mappings }));
}

async function previewMapping(
  { pipeline }: OrderParts,
  tx: Tx,
  { companyId, mappings }: { companyId: number; mappings: readonly Mapping[] },
) {
  const found = await findCoveredBy(tx, { companyId, mappings, limit: MOST_ORDERS + 1 });
  const works = found
    .slice(0, MOST_ORDERS)
    .map(({ storeId, platformOrderId }) => ({ storeId, platformOrderId, reads: [], cause: "remap" as const }));
  const added: SkuMapping[] = mappings.map((row) => ({ ...row, validFrom: row.validFrom.toISOString() }));
  // The newest first: of two of the same date the later one counts.
  const skuMap = new SkuMap([...added.toReversed(), ...(await readSkuMap(tx, companyId))]);
  const drawn = await previewWork(pipeline, tx, { companyId, works, judgedBy: (directory) => directory.withSkuMap(skuMap) });
  return { pay: await payPreviewOf(tx, { companyId, drawn }), released: drawn.changed, isCut: found.length > MOST_ORDERS };
}

function looking<T>(hub: OrderParts, companyId: number, look: (tx: Tx) => Promise<T>): Promise<T> {
  return retryPassing(async () => {
    await hub.pipeline.directories.ready(companyId);
    return asCompany(hub.db, companyId, look);
  });
}
