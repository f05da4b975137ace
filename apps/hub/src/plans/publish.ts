import { planHash as hashOf, type Plan, PlanError, parsePlan } from "@upline/core";
import type { Finding } from "@upline/core/engine";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { calendarChange } from "./calendar-changes.ts";
import { planFindings } from "./findings.ts";
import { findPlanDocument, insertPlan, insertPlanDate, listPlans, listTreeNames, readPlans } from "./queries.ts";
import { refuseSameMoment } from "./redate.ts";

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
 * Publishes a plan document. The same content again does nothing, unless it was withdrawn; with another date it is refused,
 * and so is another content under a version that is published, since orders were judged by it. Without a date a new version
 * is in force from now on. Throws HubError naming every wrong field.
 */
export async function publishPlan(
  parts: Pick<HubParts, "db">,
  args: {
    readonly companyId: number;
    readonly document: unknown;
    readonly effectiveFrom?: Date | undefined;
    readonly actor: string;
  },
): Promise<PublishedVersion> {
  const { companyId, actor, effectiveFrom = new Date() } = args;
  const plan = readPlan(args.document);
  const planHash = hashOf(plan);
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const findings = refuseErrors(planFindings(plan, await listTreeNames(tx, companyId)));
    const published = await listPlans(tx, companyId);
    const { id: planId, version } = plan;
    const same = published.find((other) => other.planHash === planHash);
    if (same?.effectiveFrom) {
      if (args.effectiveFrom !== undefined && args.effectiveFrom.getTime() !== same.effectiveFrom.getTime())
        throw otherDate(plan, same.effectiveFrom);
      return { planHash, planId, version, effectiveFrom: same.effectiveFrom, published: false, findings };
    }
    const versions = published.filter((other) => other.planId === planId);
    if (!same && versions.some((other) => other.version === version)) {
      const next = Math.max(...versions.map((other) => other.version)) + 1;
      const message = `version ${version} is published with other content`;
      throw new HubError("conflict", `Plan "${planId}": ${message}, which never changes. Publish this as version ${next}.`, {
        fields: [{ path: "version", message }],
      });
    }
    refuseSameMoment(published, { planHash, effectiveFrom });
    if (versions.length > 0) refuseOtherCalendars(plan, await readPlans(tx, companyId));
    // From here on there are only writes.
    await raiseDirectoryVersion(tx, companyId);
    if (same) await insertPlanDate(tx, { companyId, planHash, effectiveFrom, actor });
    else await insertPlan(tx, { companyId, planHash, plan, effectiveFrom });
    const details = { version, planHash, effectiveFrom: effectiveFrom.toISOString() };
    await insertAudit(tx, { companyId, actor, act: "plan.publish", subject: planId, details });
    return { planHash, planId, version, effectiveFrom, published: true, findings };
  });
}

function refuseOtherCalendars(plan: Plan, published: readonly { readonly document: unknown }[]): void {
  for (const { document } of published) {
    const before = parsePlan(document);
    const change = before.id === plan.id ? calendarChange(before, plan) : null;
    if (change === null) continue;
    const message = `${change}: publish this as a plan with another id`;
    throw new HubError("conflict", `Version ${plan.version} of plan "${plan.id}" ${message}.`, {
      fields: [{ path: "calendars", message }],
    });
  }
}

function otherDate({ id, version }: Plan, since: Date): HubError {
  const message = `is another one: this document is published already, in force from ${since.toISOString()}`;
  const detail = `Version ${version} of plan "${id}" is published already, in force from ${since.toISOString()}, and this date is another one. Leave the date out, or date the version anew: \`pnpm upline plan redate ${id} ${version} --from …\`.`;
  return new HubError("conflict", detail, { fields: [{ path: "effective_from", message }] });
}

/** The plan in force at a time, for checks of what refers to it; null before the first. */
export async function planInForce(tx: Tx, args: { companyId: number; at: Date }): Promise<Plan | null> {
  const document = await findPlanDocument(tx, args);
  return document === null ? null : parsePlan(document);
}

/** The findings, unless one of them refuses the plan. */
function refuseErrors(findings: readonly Finding[]): readonly Finding[] {
  const errors = findings.filter((finding) => finding.severity === "error");
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
