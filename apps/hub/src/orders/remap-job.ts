import { listCompanies } from "../companies/queries.ts";
import { asCompany } from "../db/connect.ts";
import { leftOrders, tookOrders } from "../http/import-progress.ts";
import type { Job } from "../jobs/job.ts";
import type { PipelineContext } from "./pipeline.ts";
import { rebindBuyers } from "./rebind.ts";
import { remapQuarantined } from "./remap.ts";

/** Of a company as a whole. */
const SUBJECT = "company";
const EVERY_MINUTES = 5;

/**
 * Finds what a hub that died leaves behind: quarantined lines that a mapping covers, where it died between an order and its mapping, and orders
 * of people whom an import made known, where it died between the import and these.
 */
export function remapJob(pipeline: PipelineContext): Job {
  return {
    name: "remap",
    about:
      "Finds quarantined order lines that the SKU map covers by now, and orders of people whom an import made known, and computes them again.",
    everyMinutes: EVERY_MINUTES,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 10 },
    due: async () => (await listCompanies(pipeline.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }) => {
      const orders = (await remapQuarantined(pipeline, companyId)).orders + (await rebindLeft(pipeline, companyId));
      return orders === 1 ? "1 order computed again." : `${orders} orders computed again.`;
    },
  };
}

async function rebindLeft(pipeline: PipelineContext, companyId: number): Promise<number> {
  const inPipeline = { app: pipeline.db.pipeline };
  const left = await asCompany(inPipeline, companyId, (tx) => leftOrders(tx, companyId));
  if (left === null) return 0;
  const { orders } = await rebindBuyers(pipeline, { companyId, distributorId: null });
  await asCompany(inPipeline, companyId, (tx) => tookOrders(tx, companyId, left));
  return orders;
}
