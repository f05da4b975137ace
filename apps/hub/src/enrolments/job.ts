import { and, eq, isNotNull, lt } from "drizzle-orm";
import { listCompanies } from "../companies/queries.ts";
import { asCompany } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { enrolments } from "../db/schema/enrolments.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";

const SUBJECT = "company";
const DAY_MS = 86_400_000;
/** A refusal may be asked about for so long. */
export const REFUSED_KEPT_DAYS = 90;

/**
 * Forgets whoever never confirmed their address, and what somebody answered who was refused long ago. What was agreed to and decided stays,
 * without a name. Answers how many of each.
 */
export function forgetEnrolments(
  { db }: Pick<HubParts, "db">,
  { companyId, now }: { companyId: number; now: Date },
): Promise<{ unconfirmed: number; refused: number }> {
  return asCompany(db, companyId, async (tx) => {
    const own = eq(enrolments.companyId, companyId);
    const unconfirmed = await query(tx)
      .delete(enrolments)
      .where(and(own, eq(enrolments.state, "waiting"), lt(enrolments.expiresAt, now)))
      .returning({ enrolmentNo: enrolments.enrolmentNo });
    const before = new Date(now.getTime() - REFUSED_KEPT_DAYS * DAY_MS);
    const refused = await query(tx)
      .update(enrolments)
      .set({ name: "", answersCiphertext: null })
      .where(and(own, eq(enrolments.state, "refused"), lt(enrolments.decidedAt, before), isNotNull(enrolments.answersCiphertext)))
      .returning({ enrolmentNo: enrolments.enrolmentNo });
    return { unconfirmed: unconfirmed.length, refused: refused.length };
  });
}

/** Each hour, of every company. */
export function forgetEnrolmentsJob(parts: Pick<HubParts, "db">): Job {
  return {
    name: "forget-enrolments",
    about: `Forgets who never confirmed their address, and what somebody answered who was refused ${REFUSED_KEPT_DAYS} days ago.`,
    everyMinutes: 60,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 30 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }) => {
      const { unconfirmed, refused } = await forgetEnrolments(parts, { companyId, now: new Date() });
      return `${unconfirmed} unconfirmed and ${refused} refused enrolments forgotten.`;
    },
  };
}
