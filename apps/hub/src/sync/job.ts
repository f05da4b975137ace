import { HubError } from "../errors.ts";
import type { Job } from "../jobs/job.ts";
import { readablePlatforms } from "../platforms.ts";
import type { StoreKey } from "../stores/queries.ts";
import type { JobParts } from "./feed.ts";
import { listDueStores } from "./queries.ts";
import { reconcileStore } from "./reconcile.ts";

const STORES_PER_ROUND = 1000;

/** Asks every store with a REST key for what its messages missed. */
export function reconcileJob(parts: JobParts): Job {
  const everyMinutes = parts.env.reconcileMinutes;
  const stores = { platforms: readablePlatforms, limit: STORES_PER_ROUND };
  const target = ({ companyId, storeId }: StoreKey) => ({ companyId, subject: storeId });
  return {
    name: "reconcile",
    about: "Compares the hub's orders with each shop's, and heals what the shop's messages missed.",
    everyMinutes,
    atOnce: 2,
    retries: { limit: 2, delaySeconds: 30 },
    due: async () => {
      // Whoever was asked about just now, at a terminal or by a retry, is left alone for the rest of the interval.
      const idleMs = everyMinutes * 60_000 * 0.8;
      return (await listDueStores(parts.db.gate, { ...stores, idleMs })).map(target);
    },
    targetsOf: async (companyId) => (await listDueStores(parts.db.gate, { ...stores, idleMs: 0, companyId })).map(target),
    run: async ({ companyId, subject }, signal) => {
      const result = await reconcileStore(parts, { companyId, storeId: subject, signal });
      if (result === null) return "Another run was at this store.";
      if (result.error !== null) throw new HubError("unavailable", result.error);
      const { checked, healed, discrepancies } = result;
      return `${checked} orders compared, ${healed} healed, ${discrepancies.length} differ still.`;
    },
  };
}
