import type { Plan } from "@upline/core";
import { and, desc, eq, lte, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { plans } from "../db/schema/plans.ts";

/** The version that counts last first: of two from one moment, the higher. */
const newestFirst = [desc(plans.effectiveFrom), desc(plans.version)];

/** Published plan versions without their documents, the one that counts last first. */
export function listPlans(tx: Tx, companyId: number) {
  const { planHash, planId, version, effectiveFrom, recordedAt } = plans;
  const name = sql<string>`${plans.document}->>'name'`;
  return query(tx)
    .select({ planHash, planId, version, name, effectiveFrom, recordedAt })
    .from(plans)
    .where(eq(plans.companyId, companyId))
    .orderBy(...newestFirst);
}

/** Published plans with their documents, the newest first. */
export function readPlans(tx: Tx, companyId: number) {
  const { planHash, document, effectiveFrom } = plans;
  return query(tx)
    .select({ planHash, document, effectiveFrom })
    .from(plans)
    .where(eq(plans.companyId, companyId))
    .orderBy(...newestFirst);
}

/** The document in force at a time; null before the first plan. */
export async function findPlanDocument(tx: Tx, args: { companyId: number; at: Date }): Promise<unknown> {
  const [row] = await query(tx)
    .select({ document: plans.document })
    .from(plans)
    .where(and(eq(plans.companyId, args.companyId), lte(plans.effectiveFrom, args.at)))
    .orderBy(...newestFirst)
    .limit(1);
  return row?.document ?? null;
}

/** Publishes a plan version. The same version twice violates the key. */
export async function insertPlan(
  tx: Tx,
  args: { companyId: number; planHash: string; plan: Plan; effectiveFrom: Date },
): Promise<void> {
  const { companyId, planHash, plan, effectiveFrom } = args;
  // Plan documents are JSON by their schema; the parsed type is a deeper readonly one.
  const document = JSON.parse(JSON.stringify(plan));
  await query(tx).insert(plans).values({ companyId, planHash, planId: plan.id, version: plan.version, document, effectiveFrom });
}
