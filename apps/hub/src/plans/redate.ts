import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { insertPlanDate, isPlanUsed, type ListedPlan, listPlans } from "./queries.ts";

/** Which published version: by its hash, or by its plan and number. */
export type WhichPlan = { readonly planHash: string } | { readonly planId: string; readonly version: number };

/**
 * Dates a published version anew, or withdraws it (null), while nothing was decided by it: no order judged, no period closed.
 * Throws HubError where there is no such version, it was used, or another one is in force from that moment.
 */
export async function redatePlan(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly which: WhichPlan; readonly effectiveFrom: Date | null; readonly actor: string },
): Promise<ListedPlan> {
  const { companyId, which, effectiveFrom, actor } = args;
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const published = await listPlans(tx, companyId);
    const plan = published.find((other) =>
      "planHash" in which ? other.planHash === which.planHash : other.planId === which.planId && other.version === which.version,
    );
    if (plan === undefined) throw noSuchPlan();
    if (plan.effectiveFrom?.getTime() === effectiveFrom?.getTime()) return plan;
    if (await isPlanUsed(tx, { companyId, ...plan })) {
      const what = `Version ${plan.version} of plan "${plan.planId}"`;
      throw new HubError(
        "conflict",
        `${what} was used: orders were judged or a period was computed by it, so its date stands. Publish a new version for what comes.`,
        { fields: [{ path: "effective_from", message: "stands: the version was used" }] },
      );
    }
    if (effectiveFrom !== null) refuseSameMoment(published, { planHash: plan.planHash, effectiveFrom });
    // From here on there are only writes.
    await raiseDirectoryVersion(tx, companyId);
    await insertPlanDate(tx, { companyId, planHash: plan.planHash, effectiveFrom, actor });
    const act = effectiveFrom === null ? "plan.withdraw" : "plan.redate";
    const details = { version: plan.version, planHash: plan.planHash, effectiveFrom: effectiveFrom?.toISOString() ?? null };
    await insertAudit(tx, { companyId, actor, act, subject: plan.planId, details });
    return { ...plan, effectiveFrom };
  });
}

/** Of two versions in force from one moment nobody could tell which one judges an order. */
export function refuseSameMoment(
  published: readonly ListedPlan[],
  wanted: { readonly planHash: string; readonly effectiveFrom: Date },
): void {
  const other = published.find(
    (plan) => plan.planHash !== wanted.planHash && plan.effectiveFrom?.getTime() === wanted.effectiveFrom.getTime(),
  );
  if (other === undefined) return;
  const moment = wanted.effectiveFrom.toISOString();
  throw new HubError(
    "conflict",
    `Version ${other.version} of plan "${other.planId}" is in force from ${moment} already, and two cannot be: choose another moment, or withdraw that version first.`,
    { fields: [{ path: "effective_from", message: `is that of version ${other.version} of plan "${other.planId}"` }] },
  );
}

export function noSuchPlan(): HubError {
  return new HubError("not-found", "No such version of a plan is published: `pnpm upline plan list` shows those that are.");
}
