import { listCompanies } from "../companies/queries.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";
import { forgetOldBodies } from "./forget-bodies.ts";

/** Of a company as a whole. */
const SUBJECT = "company";
const DAY_MS = 86_400_000;

/** Erases the bodies of deliveries once they are as old as the setting says. */
export function forgetBodiesJob(parts: Pick<HubParts, "db" | "env">): Job {
  const days = parts.env.bodyRetentionDays;
  return {
    name: "forget-bodies",
    about: "Erases what shops sent, with the names and addresses in it, a set number of days after it was processed.",
    everyMinutes: days === 0 ? 0 : 60,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 30 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }, signal) => {
      if (days === 0) return "Bodies are kept: UPLINE_BODY_RETENTION_DAYS is 0.";
      const before = new Date(Date.now() - days * DAY_MS);
      const forgotten = await forgetOldBodies(parts, { companyId, before, signal });
      return forgotten === 1 ? "1 body erased." : `${forgotten} bodies erased.`;
    },
  };
}
