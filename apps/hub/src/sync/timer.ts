import { readablePlatforms } from "../platforms.ts";
import type { JobParts } from "./feed.ts";
import { listDueStores } from "./queries.ts";
import { reconcileStore } from "./reconcile.ts";

const AT_A_TIME = 2;
const STORES_PER_ROUND = 1000;

/**
 * Reconciles every store with a REST key every few minutes. Replicas share the work: whoever begins
 * with a store marks it, and a lock keeps two from being at one store.
 */
export class ReconcileTimer {
  readonly #parts: JobParts;
  readonly #everyMs: number;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: JobParts, args: { everyMs: number }) {
    this.#parts = parts;
    this.#everyMs = args.everyMs;
  }

  start(): void {
    const next = () => {
      if (this.#stopping.signal.aborted) return;
      // Replicas that were started together do not ask together.
      this.#timer = setTimeout(tick, this.#everyMs * (0.9 + 0.2 * Math.random()));
      this.#timer.unref();
    };
    const tick = () => {
      this.#round = this.runDue().catch((error: unknown) => {
        this.#parts.log.warn({ error: error instanceof Error ? error.name : "unknown" }, "a round of reconciliation failed");
      });
      void this.#round.then(next);
    };
    next();
  }

  /** Ends what is under way; the next start goes on from the last result. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }

  /** One round over all stores that are due. */
  async runDue(): Promise<void> {
    const due = await listDueStores(this.#parts.db.gate, {
      platforms: readablePlatforms,
      idleMs: this.#everyMs * 0.8,
      limit: STORES_PER_ROUND,
    });
    const queue = [...due];
    const worker = async () => {
      for (let store = queue.shift(); store && !this.#stopping.signal.aborted; store = queue.shift()) await this.#run(store);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  }

  async #run(store: { companyId: number; storeId: string }): Promise<void> {
    const { log } = this.#parts;
    try {
      const result = await reconcileStore(this.#parts, { ...store, signal: this.#stopping.signal });
      if (result === null) return;
      const { outcome, checked, healed, delta, error } = result;
      const notable = outcome === "failed" || healed > 0 || result.discrepancies.length > 0;
      log[notable ? "warn" : "debug"]({ store: store.storeId, outcome, checked, healed, delta, error }, "a store was reconciled");
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      log.warn(
        { store: store.storeId, error: error instanceof Error ? error.name : "unknown" },
        "a store could not be reconciled",
      );
    }
  }
}
