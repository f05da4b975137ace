import { planHash as hashOf, type Plan, PlanError, parsePlan } from "@upline/core";
import type { Finding } from "@upline/core/engine";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { planFindings } from "./findings.ts";
import { findPlanDocument, insertPlan, listPlans } from "./queries.ts";

export interface PublishedVersion {
  readonly planHash: string;
  readonly planId: string;
  readonly version: number;
  /** From when on orders are judged by it: for a plan that was published before, the date of then. */
  readonly effectiveFrom: Date;
  /** False where the same content was published before: nothing was done. */
  readonly published: boolean;
  /** What the linter asks a second look at; errors refuse the plan. */
  readonly findings: readonly Finding[];
}

/**
 * Publishes a plan document. The same content again does nothing; another content under a version
 * that is published is refused, since orders were judged by it. Throws HubError naming every wrong field.
 */
export async function publishPlan(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly document: unknown; readonly effectiveFrom: Date; readonly actor: string },
): Promise<PublishedVersion> {
  const { companyId, effectiveFrom, actor } = args;
  const plan = readPlan(args.document);
  const planHash = hashOf(plan);
  const findings = refuseErrors(planFindings(plan));
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const versions = (await listPlans(tx, companyId)).filter((one) => one.planId === plan.id);
    const same = versions.find((one) => one.planHash === planHash);
    const { id: planId, version } = plan;
    if (same) return { planHash, planId, version, effectiveFrom: same.effectiveFrom, published: false, findings };
    if (versions.some((one) => one.version === version)) {
      const next = Math.max(...versions.map((one) => one.version)) + 1;
      const message = `version ${version} is published with other content`;
      throw new HubError("conflict", `Plan "${planId}": ${message}, which never changes. Publish this as version ${next}.`, {
        fields: [{ path: "version", message }],
      });
    }
    await raiseDirectoryVersion(tx, companyId);
    await insertPlan(tx, { companyId, planHash, plan, effectiveFrom });
    const details = { version, planHash, effectiveFrom: effectiveFrom.toISOString() };
    await insertAudit(tx, { companyId, actor, act: "plan.publish", subject: planId, details });
    return { planHash, planId, version, effectiveFrom, published: true, findings };
  });
}

/** The plan in force at a time, for checks of what refers to it; null before the first. */
export async function planInForce(tx: Tx, args: { companyId: number; at: Date }): Promise<Plan | null> {
  const document = await findPlanDocument(tx, args);
  return document === null ? null : parsePlan(document);
}

/** The findings, unless one of them refuses the plan. */
function refuseErrors(findings: readonly Finding[]): readonly Finding[] {
  const errors = findings.filter((one) => one.severity === "error");
  if (errors.length === 0) return findings;
  const fields = errors.map(({ path, wrong, right }) => ({ path, message: `${wrong}; right would be ${right}` }));
  throw new HubError("unprocessable", `The plan cannot be published: ${fields[0]?.path} ${fields[0]?.message}.`, { fields });
}

function readPlan(document: unknown): Plan {
  try {
    return parsePlan(document);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const fields = error.problems.map(({ path, wrong, right }) => ({ path, message: `${wrong}; right would be ${right}` }));
    const [first] = fields;
    throw new HubError("unprocessable", `The plan cannot be published: ${first?.path} ${first?.message}.`, {
      fields,
      cause: error,
    });
  }
}
