import type { Database } from "../db/connect.ts";
import { failureKind } from "../db/retry.ts";
import type { Logger } from "../log.ts";
import { foldLedger } from "./fold.ts";

/** So many new transfers of a company are folded at once, without waiting for the job's round: reading them costs some milliseconds. */
const MANY = 10_000;

/** Folds in the hub that writes, as soon as much was written: what balances read beside the fold stays short at any rate of orders. */
export class Folder {
  readonly #db: Pick<Database, "long">;
  readonly #log: Logger;
  readonly #many: number;
  readonly #written = new Map<number, number>();
  #folding: Promise<void> | null = null;
  #stopped = false;

  constructor({ db, log, many = MANY }: { db: Pick<Database, "long">; log: Logger; many?: number }) {
    this.#db = db;
    this.#log = log;
    this.#many = many;
  }

  /** Transfers of a company are committed. One company at a time: another that has many is folded with its next. */
  wrote(companyId: number, transfers: number): void {
    const written = (this.#written.get(companyId) ?? 0) + transfers;
    this.#written.set(companyId, written);
    if (written < this.#many || this.#folding !== null || this.#stopped) return;
    this.#written.delete(companyId);
    this.#folding = this.#fold(companyId).finally(() => {
      this.#folding = null;
    });
  }

  /** Resolves once nothing is being folded; a block under way is finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#folding;
  }

  async #fold(companyId: number): Promise<void> {
    try {
      await foldLedger({ app: this.#db.long }, { companyId, goesOn: () => !this.#stopped });
    } catch (error) {
      // The job takes it up in its next round; balances are exact until then, and slower.
      this.#log.warn({ company_id: companyId, reason: failureKind(error) }, "transfers could not be folded");
    }
  }
}
