import type { Plan } from "@upline/core";
import { desc, eq, lte, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { type Counts, query } from "../db/query.ts";
import { placementTrees } from "../db/schema/network.ts";
import { planDates, plans } from "../db/schema/plans.ts";

/** The date of a version that counts: the newest given to it, or that of its publication. Null: withdrawn. */
function datedPlans(tx: Tx, companyId: number) {
  const newest = query(tx)
    .selectDistinctOn([planDates.planHash], {
      planHash: planDates.planHash,
      dateNo: planDates.dateNo,
      effectiveFrom: planDates.effectiveFrom,
      recordedAt: planDates.recordedAt,
    })
    .from(planDates)
    .where(eq(planDates.companyId, companyId))
    .orderBy(planDates.planHash, desc(planDates.dateNo))
    .as("newest");
  const counts = <T>(given: unknown, first: unknown) =>
    sql<T>`case when ${newest.dateNo} is null then ${first} else ${given} end`;
  return query(tx)
    .select({
      planHash: plans.planHash,
      planId: plans.planId,
      version: plans.version,
      document: plans.document,
      recordedAt: plans.recordedAt,
      effectiveFrom: counts<Date | null>(newest.effectiveFrom, plans.effectiveFrom).as("counts_from"),
      datedAt: counts<Date>(newest.recordedAt, plans.recordedAt).as("dated_at"),
    })
    .from(plans)
    .leftJoin(newest, eq(newest.planHash, plans.planHash))
    .where(eq(plans.companyId, companyId))
    .as("dated");
}

export type ListedPlan = Awaited<ReturnType<typeof listPlans>>[number];

/** Published plan versions without their documents, the one that counts last first; withdrawn ones before them. */
export function listPlans(tx: Tx, companyId: number) {
  const dated = datedPlans(tx, companyId);
  const { planHash, planId, version, effectiveFrom, datedAt, recordedAt } = dated;
  const name = sql<string>`${dated.document}->>'name'`;
  return query(tx)
    .select({ planHash, planId, version, name, effectiveFrom, datedAt, recordedAt })
    .from(dated)
    .orderBy(sql`${effectiveFrom} desc nulls first`, desc(version));
}

/** Published plans with their documents, the newest first. Withdrawn ones are among them: what was locked to one must be found. */
export function readPlans(tx: Tx, companyId: number) {
  const dated = datedPlans(tx, companyId);
  const { planHash, document, effectiveFrom, version } = dated;
  return query(tx)
    .select({ planHash, document, effectiveFrom })
    .from(dated)
    .orderBy(sql`${effectiveFrom} desc nulls first`, desc(version));
}

/** Names of the company's placement trees, which bonuses pay on. */
export async function listTreeNames(tx: Tx, companyId: number): Promise<string[]> {
  const { tree } = placementTrees;
  const rows = await query(tx).select({ tree }).from(placementTrees).where(eq(placementTrees.companyId, companyId)).orderBy(tree);
  return rows.map((row) => row.tree);
}

/** One version with its document; null where the company has none of that hash. */
export async function findPlan(tx: Tx, args: { companyId: number; planHash: string }) {
  const dated = datedPlans(tx, args.companyId);
  const [row] = await query(tx).select().from(dated).where(eq(dated.planHash, args.planHash));
  return row ?? null;
}

/** The IANA zone of the plan in force at a time, in which the company counts its days; null before the first plan. */
export async function findTimeZone(tx: Tx, args: { companyId: number; at: Date }): Promise<string | null> {
  const document = await findPlanDocument(tx, args);
  const zone = typeof document === "object" && document !== null && "timeZone" in document ? document.timeZone : null;
  return typeof zone === "string" ? zone : null;
}

/** The document in force at a time; null before the first plan. */
export async function findPlanDocument(tx: Tx, args: { companyId: number; at: Date }): Promise<unknown> {
  const dated = datedPlans(tx, args.companyId);
  const [row] = await query(tx)
    .select({ document: dated.document })
    .from(dated)
    .where(lte(dated.effectiveFrom, args.at))
    .orderBy(desc(dated.effectiveFrom), desc(dated.version))
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

/** Dates a version anew; null withdraws it. */
export async function insertPlanDate(
  tx: Tx,
  row: { companyId: number; planHash: string; effectiveFrom: Date | null; actor: string },
): Promise<void> {
  await query(tx).insert(planDates).values(row);
}

/** Whether an order was judged by a version, or a close computed with it. */
export async function isPlanUsed(
  tx: Tx,
  args: { companyId: number; planHash: string; effectiveFrom: Date | null; datedAt: Date },
): Promise<boolean> {
  const { companyId, planHash, effectiveFrom, datedAt } = args;
  // Only an order of the version's time that was decided after its publication can hold it.
  const [row] = await tx<Counts<"uses">[]>`
    select (exists (select from period_locks where company_id = ${companyId} and plan_hash = ${planHash})
         or exists (select from close_runs where company_id = ${companyId} and plan_hash = ${planHash})
         or exists (select from orders o join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no
                     where o.company_id = ${companyId} and o.placed_at >= ${effectiveFrom}
                       and r.recorded_at >= ${datedAt} and position(${planHash} in r.snapshot) > 0))::int as uses`;
  return row?.uses === 1;
}
