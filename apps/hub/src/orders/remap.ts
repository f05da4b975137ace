import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import type { PipelineContext } from "./pipeline.ts";
import { processWork } from "./process.ts";
import { findMappable } from "./queries.ts";

const BATCH = 100;

/**
 * After a change of the SKU map: orders with quarantined lines that it covers now go through the
 * pipeline again, in batches with a transaction each. Safe to repeat, and to stop at any batch.
 */
export async function remapQuarantined(context: PipelineContext, companyId: number): Promise<{ orders: number }> {
  const any = await asCompany({ app: context.db.pipeline }, companyId, (tx) =>
    findMappable(tx, { companyId, after: 0n, limit: 1 }),
  );
  // Mostly there is nothing, and the directory is not needed.
  if (any.length === 0) return { orders: 0 };
  let after = 0n;
  let orders = 0;
  for (;;) {
    const batch = await retryPassing(async () => {
      await context.directories.ready(companyId);
      return asCompany({ app: context.db.pipeline }, companyId, async (tx) => {
        const found = await findMappable(tx, { companyId, after, limit: BATCH });
        const works = found.map(({ storeId, platformOrderId }) => ({
          storeId,
          platformOrderId,
          reads: [],
          cause: "remap" as const,
        }));
        const done = await processWork(context, tx, { companyId, works });
        return { found, changed: done.orders.filter((order) => order.changed).length };
      });
    });
    orders += batch.changed;
    if (batch.found.length < BATCH) return { orders };
    after = batch.found.at(-1)?.orderNo ?? after;
  }
}
