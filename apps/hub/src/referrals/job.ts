import { and, eq, lt } from "drizzle-orm";
import { listCompanies } from "../companies/queries.ts";
import { retentionOf } from "../companies/retention.ts";
import { asCompany } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { referralClicks } from "../db/schema/referrals.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";

const SUBJECT = "company";
const DAY_MS = 86_400_000;

/** Deletes the counts of days that long ago. Answers how many rows went. */
export function pruneClicks(
  { db }: Pick<HubParts, "db">,
  { companyId, days, now }: { companyId: number; days: number; now: Date },
): Promise<number> {
  const before = new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  return asCompany(db, companyId, async (tx) => {
    const gone = await query(tx)
      .delete(referralClicks)
      .where(and(eq(referralClicks.companyId, companyId), lt(referralClicks.day, before)))
      .returning({ day: referralClicks.day });
    return gone.length;
  });
}

/** Each hour, of every company that keeps them for a while only. */
export function pruneClicksJob(parts: Pick<HubParts, "db" | "env">): Job {
  return {
    name: "prune-clicks",
    about: "Deletes how often links were followed on days that are longer ago than the company keeps them.",
    everyMinutes: 60,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 30 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }) => {
      const { clickDays } = await retentionOf(parts, companyId);
      if (clickDays === 0) return "Counts of clicks are kept for ever.";
      const gone = await pruneClicks(parts, { companyId, days: clickDays, now: new Date() });
      return `${gone} counts of clicks deleted.`;
    },
  };
}
