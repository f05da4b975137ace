import { asCompany } from "../db/connect.ts";
import type { StoreRead } from "../db/schema/sync.ts";
import type { StoreKey } from "../stores/queries.ts";
import type { JobParts } from "./feed.ts";
import { saveReading } from "./queries.ts";

/** What a run at a store has done so far, as people watch it. */
export type Reading = Pick<StoreRead, "readingDone" | "readingTotal" | "readingHealed">;

const TOLD_EVERY_MS = 500;

/** Keeps how far a run at a store is, at most twice a second, and tells the pages that are open. */
export class ReadingProgress {
  readonly #parts: Pick<JobParts, "db" | "told">;
  readonly #key: StoreKey;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Pick<JobParts, "db" | "told">, key: StoreKey) {
    this.#parts = parts;
    this.#key = { companyId: key.companyId, storeId: key.storeId };
  }

  /** The run holds the store's lock from here on. */
  begin(act: NonNullable<StoreRead["readingAct"]>): Promise<void> {
    const nothing = { readingDone: 0, readingTotal: null, readingHealed: 0 };
    return this.#save({ readingAct: act, readingSince: new Date(), ...nothing });
  }

  async at(reading: Reading): Promise<void> {
    if (performance.now() - this.#toldAt >= TOLD_EVERY_MS) await this.#save(reading);
  }

  async #save(reading: Reading & Partial<StoreRead>): Promise<void> {
    const { companyId } = this.#key;
    await asCompany(this.#parts.db, companyId, (tx) => saveReading(tx, { ...this.#key, ...reading }));
    this.#toldAt = performance.now();
    this.#parts.told?.(companyId);
  }
}
