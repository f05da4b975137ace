import { listCompanies } from "../companies/queries.ts";
import { type Sql, sqlState } from "../db/connect.ts";
import { companiesOfNewest } from "../inbox/waiting.ts";
import type { Logger } from "../log.ts";
import type { DirectoryCache } from "./directories.ts";

/** A hub with more companies begins with those whose shops sent something of late. */
const ALL_OF = 100;
const NEWEST_DELIVERIES = 10_000;

/**
 * Reads directories before the hub says that it is ready, so that no order and no request has to wait for one. One after
 * the other, until all are there or the memory is full; those that are left are read when they are needed.
 */
export class WarmUp {
  readonly #directories: DirectoryCache;
  readonly #gate: Sql;
  readonly #log: Logger;
  readonly #more: (companyId: number) => Promise<unknown>;
  #left: number | null = null;
  #stopping = false;
  #done: Promise<void> = Promise.resolve();

  /** `more` is what else is read of a company once its directory is there. */
  constructor(args: { directories: DirectoryCache; gate: Sql; log: Logger; more: (companyId: number) => Promise<unknown> }) {
    this.#directories = args.directories;
    this.#gate = args.gate;
    this.#log = args.log;
    this.#more = args.more;
  }

  /** How many directories are still to be read before the hub is ready. */
  get left(): number {
    return this.#left ?? 0;
  }

  start(): void {
    this.#left = 1;
    this.#done = this.#run().then(
      () => this.#end(),
      (error: unknown) => {
        this.#log.warn({ state: sqlState(error) }, "directories could not be read ahead: each is read when it is needed");
        this.#end();
      },
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    const wanted = await this.#companies();
    for (const [index, companyId] of wanted.entries()) {
      if (this.#stopping || this.#directories.isFull()) return;
      this.#left = wanted.length - index;
      await this.#directories.ready(companyId);
      await this.#more(companyId);
    }
  }

  async #companies(): Promise<number[]> {
    const companies = (await listCompanies(this.#gate)).map(({ companyId }) => companyId);
    const newest = await companiesOfNewest(this.#gate, NEWEST_DELIVERIES);
    return companies.length > ALL_OF ? newest : [...new Set([...newest, ...companies])];
  }

  #end(): void {
    this.#left = null;
  }
}
