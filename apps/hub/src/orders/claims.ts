import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import type { ToldEvidence } from "../db/schema/apps.ts";
import { HubError } from "../errors.ts";
import type { PipelineContext } from "./pipeline.ts";
import { listOrders, type OrderSummary } from "./queries.ts";
import { reattributeOrder } from "./reattribute.ts";
import { decideClaim, lockClaim } from "./told-evidence.ts";

/** Whom buyers named after the purchase: a person accepts a claim, and the order is that distributor's, or refuses it. */

export interface ClaimDecision {
  readonly companyId: number;
  readonly claimNo: bigint;
  readonly accept: boolean;
  readonly reason: string;
  readonly actor: string;
}

/** Decides a claim, once; in one transaction with what it does to the order. Answers how many transfers that took. Throws HubError. */
export function decide(context: PipelineContext, args: ClaimDecision): Promise<number> {
  const { companyId, claimNo: evidenceNo, accept, reason, actor } = args;
  return retryPassing(async () => {
    await context.directories.ready(companyId);
    return asCompany(context.db, companyId, async (tx) => {
      const claim = await lockClaim(tx, { companyId, evidenceNo });
      if (claim === null) throw new HubError("not-found", "There is no such claim: GET /api/claims lists them.");
      if (claim.status !== "open")
        throw new HubError(
          "conflict",
          `This claim was ${claim.status} already, by ${claim.decidedBy ?? "somebody"}: set the order's attribution instead.`,
        );
      const transfers = accept ? await giveOrder(context, tx, { ...args, claim }) : 0;
      await decideClaim(tx, { companyId, evidenceNo, status: accept ? "accepted" : "refused", decidedBy: actor, reason });
      const details = { order: claim.platformOrderId, code: claim.code, reason };
      await insertAudit(tx, {
        companyId,
        actor,
        act: accept ? "claim.accept" : "claim.refuse",
        subject: String(evidenceNo),
        details,
      });
      return transfers;
    });
  });
}

async function giveOrder(
  context: PipelineContext,
  tx: Tx,
  { companyId, claim, actor, reason }: ClaimDecision & { readonly claim: ToldEvidence },
): Promise<number> {
  const order = await orderOf(tx, claim);
  if (order === null)
    throw new HubError(
      "unprocessable",
      "The order of this claim is not here: it came with no order's number, or its shop has not sent it yet.",
    );
  const directory = await context.directories.current(tx, companyId);
  const found = directory.findByCode(claim.foldedCode, order.placedAt.getTime());
  if (found === null)
    throw new HubError(
      "unprocessable",
      `The code "${claim.code}" belongs to no distributor: refuse the claim, or add the code first.`,
    );
  if (!found.eligible)
    throw new HubError(
      "unprocessable",
      `Distributor ${found.distributorId} may not receive orders of that time (suspended or terminated).`,
    );
  return reattributeOrder(context, tx, { companyId, order, to: found.distributorId, actor, reason });
}

async function orderOf(tx: Tx, { companyId, storeId, platformOrderId }: ToldEvidence): Promise<OrderSummary | null> {
  if (platformOrderId === "") return null;
  const [order] = await listOrders(tx, { companyId, storeId, platformOrderId, limit: 1 });
  return order ?? null;
}
