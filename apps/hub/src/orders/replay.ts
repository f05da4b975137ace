import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { HubError } from "../errors.ts";
import {
  type DeliveryOutcome,
  forgetOutcome,
  listDead,
  type PendingDelivery,
  readDeliveries,
  scheduleRetry,
} from "../inbox/queries.ts";
import type { OrderParts } from "./pipeline.ts";
import { processDeliveries } from "./process.ts";
import { readDelivery } from "./read.ts";

const BATCH = 100;

export interface ReplayResult {
  readonly deliveryId: bigint;
  /** "waiting" where processing failed: a running hub tries again. */
  readonly outcome: DeliveryOutcome["outcome"] | "waiting";
  readonly orderNo: bigint | null;
  readonly detail: string | null;
}

/**
 * Processes deliveries again, at once, whatever became of them before. Throws HubError, and does
 * nothing, where one is unknown. What was done before is not done twice: the effect's own keys see to that.
 */
export async function replayDeliveries(
  parts: Pick<OrderParts, "db" | "pipeline">,
  args: { readonly companyId: number; readonly deliveryIds: readonly bigint[]; readonly actor: string },
): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const deliveries = await forget(parts, args);
  for (let from = 0; from < deliveries.length; from += BATCH)
    results.push(...(await processAgain(parts, args.companyId, deliveries.slice(from, from + BATCH))));
  return results;
}

/** Replays every dead letter of a company, oldest first. What is dead again stays so. */
export async function replayDead(
  parts: Pick<OrderParts, "db" | "pipeline">,
  args: { readonly companyId: number; readonly actor: string; readonly onProgress?: (done: number) => void },
): Promise<ReplayResult[]> {
  const { companyId, actor } = args;
  const results: ReplayResult[] = [];
  for (let after = 0n; ; ) {
    const deliveryIds = await asCompany(parts.db, companyId, (tx) => listDead(tx, { companyId, after, limit: BATCH }));
    if (deliveryIds.length === 0) return results;
    results.push(...(await replayDeliveries(parts, { companyId, deliveryIds, actor })));
    args.onProgress?.(results.length);
    after = deliveryIds.at(-1) ?? after;
  }
}

function forget(
  parts: Pick<OrderParts, "db">,
  args: { readonly companyId: number; readonly deliveryIds: readonly bigint[]; readonly actor: string },
): Promise<PendingDelivery[]> {
  const { companyId, actor } = args;
  const deliveryIds = [...new Set(args.deliveryIds)].sort((a, b) => (a < b ? -1 : 1));
  return asCompany(parts.db, companyId, async (tx) => {
    const deliveries = await readDeliveries(tx, { companyId, deliveryIds });
    const known = new Set(deliveries.map((delivery) => delivery.deliveryId));
    const unknown = deliveryIds.find((deliveryId) => !known.has(deliveryId));
    if (unknown !== undefined)
      throw new HubError("not-found", `There is no delivery ${unknown}: see \`pnpm upline deliveries list\`.`);
    const erased = deliveries.find(({ body }) => body === null);
    if (erased !== undefined)
      throw new HubError(
        "unprocessable",
        `The body of delivery ${erased.deliveryId} was erased: it cannot be processed again. What became of it before stays; ask the shop for its newest state, or let it send again.`,
      );
    for (const deliveryId of deliveryIds) {
      await forgetOutcome(tx, { companyId, deliveryId });
      // Should processing fail now, the sweeper of a running hub finds it among the attempts that are due.
      await scheduleRetry(tx, { companyId, deliveryId, attempts: 0, delayMs: 0, error: "replayed" });
      await insertAudit(tx, { companyId, actor, act: "delivery.replay", subject: String(deliveryId) });
    }
    return deliveries.map((delivery) => ({ ...delivery, attempts: 0 }));
  });
}

/** All in one batch; if that fails, one by one, so that a poison order holds nobody up. */
async function processAgain(
  parts: Pick<OrderParts, "pipeline">,
  companyId: number,
  deliveries: readonly PendingDelivery[],
): Promise<ReplayResult[]> {
  try {
    const reads = deliveries.map((delivery) => readDelivery(parts.pipeline.box, delivery));
    const { outcomes } = await retryPassing(() => processDeliveries(parts.pipeline, companyId, reads));
    return deliveries.map(({ deliveryId }) => {
      const outcome = outcomes.find((done) => done.deliveryId === deliveryId);
      // Without one here, a running hub was faster.
      return outcome ?? { deliveryId, outcome: "duplicate", orderNo: null, detail: "processed by the running hub" };
    });
  } catch (error) {
    if (deliveries.length > 1) {
      const results: ReplayResult[] = [];
      for (const delivery of deliveries) results.push(...(await processAgain(parts, companyId, [delivery])));
      return results;
    }
    const detail = `failed (${error instanceof Error ? error.name : "unknown"}); a running hub tries again`;
    return deliveries.map(({ deliveryId }) => ({ deliveryId, outcome: "waiting", orderNo: null, detail }));
  }
}
