import { insertAudit } from "../db/audit.ts";
import type { Tx } from "../db/connect.ts";
import { type HubError, refused } from "../errors.ts";
import type { PipelineContext } from "./pipeline.ts";
import { type DrawnUp, previewWork, processWork } from "./process.ts";
import type { OrderSummary } from "./queries.ts";
import type { OrderWork } from "./settle.ts";

/**
 * Gives an order to a distributor, or to nobody, by a person's decision: what the old upline earned is taken back and the new
 * one is paid, as of the order's time. Audited. Answers how many transfers it took. Throws HubError.
 */
export async function reattributeOrder(
  context: PipelineContext,
  tx: Tx,
  args: {
    readonly companyId: number;
    readonly order: Pick<OrderSummary, "orderNo" | "storeId" | "platformOrderId" | "distributorId">;
    readonly to: string | null;
    readonly actor: string;
    readonly reason: string;
  },
): Promise<number> {
  const { companyId, order, to, actor, reason } = args;
  const { orderNo, distributorId: from } = order;
  await needDistributor(context, tx, { companyId, to });
  const { transfers } = await processWork(context, tx, { companyId, works: [workOf(order, to)] });
  await insertAudit(tx, { companyId, actor, act: "order.attribute", subject: String(orderNo), details: { from, to, reason } });
  return transfers;
}

/** What that would book, and nothing is written. Throws HubError as the act itself does. */
export async function previewReattribution(
  context: PipelineContext,
  tx: Tx,
  args: { companyId: number; order: Pick<OrderSummary, "storeId" | "platformOrderId">; to: string | null },
): Promise<DrawnUp> {
  const { companyId, order, to } = args;
  await needDistributor(context, tx, { companyId, to });
  return previewWork(context, tx, { companyId, works: [workOf(order, to)] });
}

function workOf({ storeId, platformOrderId }: Pick<OrderSummary, "storeId" | "platformOrderId">, to: string | null): OrderWork {
  return { storeId, platformOrderId, reads: [], cause: "reattribution", reattributeTo: to };
}

async function needDistributor(context: PipelineContext, tx: Tx, { companyId, to }: { companyId: number; to: string | null }) {
  const directory = await context.directories.current(tx, companyId);
  if (to !== null && directory.numberOf(to) === null) throw unknownDistributor();
}

function unknownDistributor(): HubError {
  const message = "no distributor of this company has this id";
  return refused("distributor_id", message, `"distributor_id": ${message}. See GET /api/distributors.`);
}
