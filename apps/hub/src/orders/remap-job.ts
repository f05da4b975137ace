import { listCompanies } from "../companies/queries.ts";
import type { Job } from "../jobs/job.ts";
import type { PipelineContext } from "./pipeline.ts";
import { remapQuarantined } from "./remap.ts";

/** Of a company as a whole. */
const SUBJECT = "company";
const EVERY_MINUTES = 5;

/** Finds quarantined lines that a mapping covers: a hub that died between an order and its mapping leaves some behind. */
export function remapJob(pipeline: PipelineContext): Job {
  return {
    name: "remap",
    about: "Finds quarantined order lines that the SKU map covers by now, and computes their orders again.",
    everyMinutes: EVERY_MINUTES,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 10 },
    due: async () => (await listCompanies(pipeline.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }) => {
      const { orders } = await remapQuarantined(pipeline, companyId);
      return orders === 1 ? "1 order computed again." : `${orders} orders computed again.`;
    },
  };
}
