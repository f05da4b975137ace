import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { findDistributorNo } from "../network/queries.ts";
import { findBound } from "./buyer-queries.ts";
import type { PipelineContext } from "./pipeline.ts";
import { processWork } from "./process.ts";

const BATCH = 100;

/**
 * After it was learnt that a buyer is a distributor: their orders go through the pipeline again, so that an own purchase
 * pays as one. Orders of a closed period stay as they were paid. Null looks at every
 * distributor. Safe to repeat, and to stop at any batch.
 */
export async function rebindBuyers(
  context: PipelineContext,
  args: { companyId: number; distributorId: string | null },
): Promise<{ orders: number }> {
  const { companyId, distributorId } = args;
  const look = await asCompany({ app: context.db.pipeline }, companyId, async (tx) => {
    const distributorNo = distributorId === null ? null : await findDistributorNo(tx, { companyId, distributorId });
    if (distributorNo === null && distributorId !== null) return null;
    const found = await findBound(tx, { companyId, distributorNo, after: 0n, limit: 1 });
    return found.length === 0 ? null : { distributorNo };
  });
  // Mostly nobody has ordered before, and the directory is not needed.
  if (look === null) return { orders: 0 };
  const { distributorNo } = look;
  let after = 0n;
  let orders = 0;
  for (;;) {
    const batch = await retryPassing(async () => {
      await context.directories.ready(companyId);
      return asCompany({ app: context.db.pipeline }, companyId, async (tx) => {
        const found = await findBound(tx, { companyId, distributorNo, after, limit: BATCH });
        const works = found.map(({ storeId, platformOrderId }) => ({
          storeId,
          platformOrderId,
          reads: [],
          cause: "buyer" as const,
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
