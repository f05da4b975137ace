import type { Plan } from "@upline/core";
import type { Tx } from "../db/connect.ts";

export interface PublishedPlan {
  readonly planHash: string;
  readonly planId: string;
  readonly version: number;
  readonly name: string;
  readonly effectiveFrom: Date;
  readonly recordedAt: Date;
}

interface PublishedRow {
  plan_hash: string;
  plan_id: string;
  version: number;
  name: string;
  effective_from: Date;
  recorded_at: Date;
}

/** Published plan versions without their documents, the one that counts last first. */
export async function listPlans(tx: Tx, companyId: number): Promise<PublishedPlan[]> {
  const rows = await tx<PublishedRow[]>`
    select plan_hash, plan_id, version, document->>'name' as name, effective_from, recorded_at from plans
     where company_id = ${companyId} order by effective_from desc, version desc`;
  return rows.map((row) => ({
    planHash: row.plan_hash,
    planId: row.plan_id,
    version: row.version,
    name: row.name,
    effectiveFrom: row.effective_from,
    recordedAt: row.recorded_at,
  }));
}

/** The document in force at a time; null before the first plan. */
export async function findPlanDocument(tx: Tx, args: { companyId: number; at: Date }): Promise<unknown> {
  const [row] = await tx<{ document: unknown }[]>`
    select document from plans where company_id = ${args.companyId} and effective_from <= ${args.at}
     order by effective_from desc, version desc limit 1`;
  return row?.document ?? null;
}

/** Publishes a plan version. The same version twice violates the key. */
export async function insertPlan(
  tx: Tx,
  args: { companyId: number; planHash: string; plan: Plan; effectiveFrom: Date },
): Promise<void> {
  const { plan } = args;
  // Plan documents are JSON by their schema; the parsed type is a deeper readonly one.
  const document = JSON.parse(JSON.stringify(plan));
  await tx`
    insert into plans (company_id, plan_hash, plan_id, version, document, effective_from)
    values (${args.companyId}, ${args.planHash}, ${plan.id}, ${plan.version}, ${tx.json(document)}, ${args.effectiveFrom})`;
}

export interface PlanRow {
  readonly plan_hash: string;
  readonly document: unknown;
  readonly effective_from: Date;
}

/** Published plans, the newest first. */
export async function readPlans(tx: Tx, companyId: number): Promise<PlanRow[]> {
  return tx<
    PlanRow[]
  >`select plan_hash, document, effective_from from plans where company_id = ${companyId} order by effective_from desc, version desc`;
}
