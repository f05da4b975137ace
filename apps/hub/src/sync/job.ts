import { StoreError } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { Job } from "../jobs/job.ts";
import { reasonOf } from "../jobs/reason.ts";
import { readableNow } from "../stores/access.ts";
import type { StoreKey } from "../stores/queries.ts";
import type { JobParts } from "./feed.ts";
import { importStore } from "./import.ts";
import { askAgain, findReadState, listDueStores, listOpenImports } from "./queries.ts";
import { type ReconcileResult, reconcileStore } from "./reconcile.ts";

const RECONCILE = "reconcile";
const STORES_PER_ROUND = 1000;
/** Shopify shows an app no older orders unless it may read all. */
const WHOLE_DAYS = 60;

/** Asks every store that it can ask for what its messages missed. */
export function reconcileJob(parts: JobParts): Job {
  const everyMinutes = parts.env.reconcileMinutes;
  const stores = { platforms: readableNow(parts.env), limit: STORES_PER_ROUND };
  const target = ({ companyId, storeId }: StoreKey) => ({ companyId, subject: storeId });
  return {
    name: RECONCILE,
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
      const key = { companyId, storeId: subject };
      const result = await reconcileStore(parts, { ...key, signal });
      if (result === null) {
        await noteAskedAgain(parts, key);
        return "Another run is at this store, and looks once more at its end.";
      }
      return sentenceOf((await whileAskedAgain(parts, key, signal)) ?? result);
    },
    askedAgain: ({ companyId, subject }) => noteAskedAgain(parts, { companyId, storeId: subject }),
  };
}

function noteAskedAgain({ db }: JobParts, key: StoreKey): Promise<void> {
  return asCompany(db, key.companyId, (tx) => askAgain(tx, key));
}

/** Looks at a store once more where somebody asked for it in the meantime; answers the last of these runs, or null. */
async function whileAskedAgain(parts: JobParts, key: StoreKey, signal: AbortSignal): Promise<ReconcileResult | null> {
  for (let last: ReconcileResult | null = null; ; ) {
    if (!(await asCompany(parts.db, key.companyId, (tx) => findReadState(tx, key))).askedAgain) return last;
    const result = await reconcileStore(parts, { ...key, signal });
    // Whoever is at it now has heard of it too.
    if (result === null || result.error !== null) return result ?? last;
    last = result;
  }
}

/** The same behind a run that takes long: where such a look fails, it is a run of its own that is tried again, not all of this one. */
async function lookAgain(parts: JobParts, key: StoreKey, signal: AbortSignal, then: (job: string) => void): Promise<void> {
  try {
    const last = await whileAskedAgain(parts, key, signal);
    const { askedAgain } = await asCompany(parts.db, key.companyId, (tx) => findReadState(tx, key));
    if (last?.error == null && !askedAgain) return;
  } catch (error) {
    parts.log.warn({ store: key.storeId, reason: reasonOf(error) }, "a further look at a store failed");
  }
  then(RECONCILE);
}

/**
 * The same over everything of the last weeks: a shop's search may tell of a change later than the run that asked for it, and
 * then no later one asks for it again. Large shops answer in one file (Shopify's bulk operation).
 */
export function reconcileAllJob(parts: JobParts): Job {
  const targetsOf = async (companyId?: number) => {
    const stores = { platforms: readableNow(parts.env), idleMs: 0, limit: STORES_PER_ROUND * 100, companyId };
    return (await listDueStores(parts.db.gate, stores)).map(({ companyId, storeId }) => ({ companyId, subject: storeId }));
  };
  return {
    name: "reconcile-all",
    about: `Compares all orders of the last ${WHOLE_DAYS} days with each shop's, also those that no message and no list of changes told of.`,
    everyMinutes: parts.env.reconcileAllMinutes,
    atOnce: 1,
    retries: { limit: 5, delaySeconds: 60 },
    due: () => targetsOf(),
    targetsOf,
    run: async ({ companyId, subject }, signal, then = () => {}) => {
      const lookBackMs = WHOLE_DAYS * 24 * 3600_000;
      const result = await reconcileStore(parts, { companyId, storeId: subject, lookBackMs, signal });
      // The other one looked at the newest changes only: this is tried again behind it.
      if (result === null) throw new HubError("unavailable", "Another run was at this store.");
      const sentence = sentenceOf(result);
      await lookAgain(parts, { companyId, storeId: subject }, signal, then);
      return sentence;
    },
  };
}

/** Brings in what shops sold before they were connected; runs where somebody asked, and goes on where it was interrupted. */
export function importJob(parts: JobParts): Job {
  return {
    name: "import",
    about: "Brings in the orders that a shop had before it was connected, and goes on where it was interrupted.",
    everyMinutes: 0,
    atOnce: 1,
    retries: { limit: 5, delaySeconds: 60 },
    due: async () => [],
    targetsOf: async (companyId) =>
      (await listOpenImports(parts.db.gate, companyId)).map(({ storeId }) => ({ companyId, subject: storeId })),
    run: async ({ companyId, subject }, signal, then = () => {}) => {
      const result = await importing(parts, { companyId, storeId: subject, signal });
      if (result === null) throw new HubError("unavailable", "Another run was at this store.");
      await lookAgain(parts, { companyId, storeId: subject }, signal, then);
      return `${result.done} orders read, of which ${result.applied} were new or different.`;
    },
  };
}

/** What the shop said of itself is safe to show. */
async function importing(parts: JobParts, args: Parameters<typeof importStore>[1]) {
  try {
    return await importStore(parts, args);
  } catch (error) {
    if (error instanceof StoreError) throw new HubError("unavailable", error.message);
    throw error;
  }
}

function sentenceOf({ error, checked, healed, discrepancies }: ReconcileResult): string {
  if (error !== null) throw new HubError("unavailable", error);
  return `${checked} orders compared, ${healed} healed, ${discrepancies.length} differ still.`;
}
