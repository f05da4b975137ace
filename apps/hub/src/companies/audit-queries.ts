import { and, desc, eq, gte, lte } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { auditLog } from "../db/schema/companies.ts";

const { auditNo, actor, act, subject, details, recordedAt } = auditLog;

export interface AuditWanted {
  readonly companyId: number;
  readonly act: string | undefined;
  readonly actor: string | undefined;
  readonly subject: string | undefined;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  readonly limit: number;
  readonly before: bigint | undefined;
}

/** Who did what, the newest first. */
export function listAudit(tx: Tx, wanted: AuditWanted) {
  return query(tx)
    .select({ auditNo, actor, act, subject, details, recordedAt })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.companyId, wanted.companyId),
        given(act, wanted.act),
        given(actor, wanted.actor),
        given(subject, wanted.subject),
        wanted.since && gte(recordedAt, wanted.since),
        wanted.until && lte(recordedAt, wanted.until),
        before(auditNo, wanted.before),
      ),
    )
    .orderBy(desc(auditNo))
    .limit(wanted.limit);
}
export type AuditView = Awaited<ReturnType<typeof listAudit>>[number];
