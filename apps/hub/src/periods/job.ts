import { listCompanies } from "../companies/queries.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";
import { bookPending } from "./book-volumes.ts";

/** Of a company as a whole. */
const SUBJECT = "company";

/** Books the volumes of orders to periods ahead of a close, which then finds little left to book. */
export function bookVolumesJob(parts: Pick<HubParts, "db" | "env">): Job {
  return {
    name: "book-volumes",
    about: "Books the volumes of new and changed orders to periods, so that a close finds little left to book.",
    everyMinutes: parts.env.bookVolumesMinutes,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 10 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }, signal) => {
      const { orders } = await bookPending(parts, { companyId, onProgress: () => signal.throwIfAborted() });
      return orders === 1 ? "1 order booked." : `${orders} orders booked.`;
    },
  };
}
