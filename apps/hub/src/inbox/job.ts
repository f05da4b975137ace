import { listCompanies } from "../companies/queries.ts";
import { retentionOf } from "../companies/retention.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";
import { forgetOldBodies } from "./forget-bodies.ts";
import { pruneDeliveries } from "./prune.ts";

/** Of a company as a whole. */
const SUBJECT = "company";
const DAY_MS = 86_400_000;

/** Of every company, each hour: each has its own days, or the hub's. */
const ofEveryCompany = (parts: Pick<HubParts, "db">): Omit<Job, "name" | "about" | "run"> => ({
  everyMinutes: 60,
  atOnce: 1,
  retries: { limit: 3, delaySeconds: 30 },
  due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
  targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
});

/** Erases the bodies of deliveries once they are as old as the setting says. */
export function forgetBodiesJob(parts: Pick<HubParts, "db" | "env">): Job {
  return {
    ...ofEveryCompany(parts),
    name: "forget-bodies",
    about: "Erases what shops sent, with the names and addresses in it, a set number of days after it was processed.",
    run: async ({ companyId }, signal) => {
      const { bodyDays } = await retentionOf(parts, companyId);
      if (bodyDays === 0) return "Bodies are kept for ever: neither the company nor UPLINE_BODY_RETENTION_DAYS sets days.";
      const before = new Date(Date.now() - bodyDays * DAY_MS);
      const forgotten = await forgetOldBodies(parts, { companyId, before, signal });
      return forgotten === 1 ? "1 body erased." : `${forgotten} bodies erased.`;
    },
  };
}

/** Deletes deliveries whose bodies are erased once they are as old as the setting says. */
export function pruneDeliveriesJob(parts: Pick<HubParts, "db" | "env">): Job {
  return {
    ...ofEveryCompany(parts),
    name: "prune-deliveries",
    about: "Deletes what is left of deliveries, a set number of days after they were processed; orders and ledger stay.",
    run: async ({ companyId }, signal) => {
      const { deliveryDays } = await retentionOf(parts, companyId);
      if (deliveryDays === 0)
        return "Deliveries are kept for ever: neither the company nor UPLINE_DELIVERY_RETENTION_DAYS sets days.";
      const pruned = await pruneDeliveries(parts, { companyId, days: deliveryDays, signal });
      return pruned === 1 ? "1 delivery deleted." : `${pruned} deliveries deleted.`;
    },
  };
}
