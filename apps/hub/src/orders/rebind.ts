import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
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
  const directory = await context.directories.refresh(companyId);
  const distributorNo = distributorId === null ? null : directory.numberOf(distributorId);
  let after = 0n;
  let orders = 0;
  for (;;) {
    const batch = await retryPassing(() =>
      asCompany({ app: context.db.pipeline }, companyId, async (tx) => {
        const found = await findBound(tx, { companyId, distributorNo, after, limit: BATCH });
        const works = found.map(({ storeId, platformOrderId }) => ({
          storeId,
          platformOrderId,
          reads: [],
          cause: "buyer" as const,
        }));
        const done = await processWork(context, tx, { companyId, works });
        return { found, changed: done.orders.filter((order) => order.changed).length };
      }),
    );
    orders += batch.changed;
    if (batch.found.length < BATCH) return { orders };
    after = batch.found.at(-1)?.orderNo ?? after;
  }
}
