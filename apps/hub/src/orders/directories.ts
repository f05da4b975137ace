import { parsePlan, RateTable, SkuMap } from "@upline/core";
import { lastMappingNo, readSkuMap } from "../catalogue/queries.ts";
import { readCompany } from "../companies/directory.ts";
import { evidenceOrderOf } from "../companies/evidence.ts";
import { asCompany, type Database, sqlState, type Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import { Overtaken } from "../db/retry.ts";
import type { Company } from "../db/schema/companies.ts";
import { Turns } from "../db/turns.ts";
import { countDistributors, followNetwork } from "../network/load-network.ts";
import { readPlans } from "../plans/queries.ts";
import { readRates } from "../rates/queries.ts";
import type { SecretBox } from "../secret-box.ts";
import { readClosedSpans } from "./closed-spans.ts";
import { type DatedPlan, Directory, type PlanBook } from "./directory.ts";

const DIVISION_BY_ZERO = "22012";

/** What is told of a directory that comes into memory. */
export interface DirectoryWatch {
  /** While it is read: rows so far. Called for every page. */
  reading(companyId: number, rows: number): void;
  loaded(companyId: number, result: { readonly distributors: number; readonly bytes: number; readonly seconds: number }): void;
  evicted(companyId: number): void;
}

export interface DirectoryOptions {
  /** With more in memory, the directories that were used longest ago are let go. A single one may be larger. */
  readonly maxBytes?: number;
  readonly watch?: DirectoryWatch | undefined;
}

interface Held {
  readonly directory: Directory;
  bytes: number;
  /** Counts upwards with every use of any directory. */
  usedAt: number;
}

const DEFAULT_MAX_BYTES = 1 << 30;
/** Whole directories read at once; they take turns, of whichever company. */
const WHOLE_AT_ONCE = 2;
const WHOLE = 0;
const WHOLE_PATIENCE_MS = 600_000;

/**
 * The directories that are in memory, each brought up to date when its company's version in the database has moved.
 *
 * Reading a whole one takes seconds where a company is large: it is done before a transaction begins (`ready`, `fresh`), and
 * a transaction that finds none is undone and run again. What changed since is read when a transaction asks for it.
 */
export class DirectoryCache {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #maxBytes: number;
  readonly #watch: DirectoryWatch | undefined;
  readonly #held = new Map<number, Held>();
  readonly #loading = new Map<number, Promise<Directory>>();
  /** Of the connections for directories some stay free for what changes: transactions wait for that. */
  readonly #whole = new Turns({ atOnce: WHOLE_AT_ONCE, patienceMs: WHOLE_PATIENCE_MS });
  #uses = 0;

  constructor(db: Database, box: SecretBox, { maxBytes = DEFAULT_MAX_BYTES, watch }: DirectoryOptions = {}) {
    this.#db = db;
    this.#box = box;
    this.#maxBytes = maxBytes;
    this.#watch = watch;
  }

  /**
   * The company's plans, for what is shown of its orders. They are read by themselves where the directory is not in memory:
   * nobody who only looks at an order waits for a network.
   */
  async plansOf(tx: Tx, companyId: number): Promise<PlanBook> {
    const held = this.#take(companyId);
    if (held && held.version >= ((await readVersion(tx, companyId)) ?? 0n)) return held;
    const plans = new Map((await readDatedPlans(tx, companyId, held)).map(({ hash, plan }) => [hash, plan]));
    return { planByHash: (hash) => plans.get(hash) ?? null };
  }

  /** Resolves once the company's directory is in memory, of any version. Not inside a transaction. */
  async ready(companyId: number): Promise<void> {
    if (!this.#take(companyId)) await this.refresh(companyId);
  }

  /** Whether a company's directory is in memory. */
  holds(companyId: number): boolean {
    return this.#held.has(companyId);
  }

  /** The directory at the newest version. Not inside a transaction. */
  async fresh(companyId: number): Promise<Directory> {
    const held = this.#take(companyId);
    if (!held) return this.refresh(companyId);
    const newest = await asCompany(this.#db, companyId, (tx) => readVersion(tx, companyId));
    return newest === null || held.version >= newest ? held : this.refresh(companyId);
  }

  /** A directory of the company of any version, in a transaction before which it was `ready`. */
  any(companyId: number): Directory {
    const held = this.#take(companyId);
    if (!held) throw new Overtaken("the company's directory left the memory");
    return held;
  }

  /** The directory at the version this transaction sees, or a newer one; before the transaction it was `ready`. */
  async current(tx: Tx, companyId: number): Promise<Directory> {
    const newest = await readVersion(tx, companyId);
    const held = this.any(companyId);
    return newest !== null && held.version >= newest ? held : this.refresh(companyId);
  }

  /**
   * Throws Overtaken where a newer directory was committed while a transaction decided by an older one: it is to
   * be undone, and decided again. Whoever commits a change after this look finds what the transaction wrote. The
   * statement fails by itself, so that a commit which is under way behind it undoes the transaction.
   */
  async refuseOutdated(tx: Tx, companyId: number, version: bigint): Promise<void> {
    try {
      await tx<Counts<"isCurrent">[]>`
        select 1 / (directory_version <= ${version})::integer as "isCurrent" from companies where company_id = ${companyId}`;
    } catch (error) {
      throw sqlState(error) === DIVISION_BY_ZERO ? new Overtaken() : error;
    }
  }

  /** Reads what changed since the last time; callers at the same moment share one read. */
  async refresh(companyId: number): Promise<Directory> {
    const running = this.#loading.get(companyId);
    if (running) {
      await running.catch(() => {});
    }
    const again = this.#loading.get(companyId);
    if (again) return again;
    const load = this.#load(companyId).finally(() => this.#loading.delete(companyId));
    // Half an update would be carried along for ever: the next read starts from nothing.
    load.catch(() => this.#held.delete(companyId));
    this.#loading.set(companyId, load);
    return load;
  }

  /** Whether there is no room for one more without letting go of another: some is left for those that grow. */
  isFull(): boolean {
    return this.inMemory().bytes > this.#maxBytes * 0.8;
  }

  /** What is in memory, and what is on its way there. */
  inMemory(): { companies: number; distributors: number; bytes: number; loading: number } {
    const held = [...this.#held.values()];
    return {
      companies: held.length,
      distributors: held.reduce((sum, { directory }) => sum + directory.network.size, 0),
      bytes: held.reduce((sum, { bytes }) => sum + bytes, 0),
      loading: [...this.#loading.keys()].filter((companyId) => !this.#held.has(companyId)).length,
    };
  }

  #take(companyId: number): Directory | null {
    const held = this.#held.get(companyId);
    if (!held) return null;
    held.usedAt = ++this.#uses;
    return held.directory;
  }

  async #load(companyId: number): Promise<Directory> {
    const known = this.#held.get(companyId)?.directory ?? null;
    const startedAt = performance.now();
    const read = () => asCompany({ app: this.#db.directory }, companyId, (tx) => this.#follow(tx, companyId, known));
    const directory = await (known === null ? this.#whole.take(WHOLE, read) : read());
    this.#held.set(companyId, { directory, bytes: directory.bytes, usedAt: ++this.#uses });
    if (known === null)
      this.#watch?.loaded(companyId, {
        distributors: directory.network.size,
        bytes: directory.bytes,
        seconds: (performance.now() - startedAt) / 1000,
      });
    this.#makeRoom(companyId);
    return directory;
  }

  /** All reads see the moment of the first. */
  async #follow(tx: Tx, companyId: number, known: Directory | null): Promise<Directory> {
    const company = await readCompany(tx, companyId);
    if (!company) throw new Error(`company ${companyId} does not exist`);
    const directory = known ?? new Directory(this.#box.open(company.buyerKey), await countDistributors(tx, companyId));
    const plans = await readDatedPlans(tx, companyId, directory);
    const mappingNo = await lastMappingNo(tx, companyId);
    const skuMap = mappingNo === directory.lastMappingNo ? directory.skuMap : new SkuMap(await readSkuMap(tx, companyId));
    const rates = new RateTable(await readRates(tx, companyId));
    const closedSpans = await readClosedSpans(tx, companyId);
    await followNetwork(tx, directory.network, {
      companyId,
      after: directory.version,
      onPage: ({ rows }) => {
        if (known === null) this.#watch?.reading(companyId, rows);
      },
    });
    directory.setPlans(plans);
    directory.skuMap = skuMap;
    directory.lastMappingNo = mappingNo;
    directory.rates = rates;
    directory.closedSpans = closedSpans;
    directory.evidenceOrder = evidenceOrderOf(company);
    directory.version = company.directoryVersion;
    return directory;
  }

  /** Lets go of those that were used longest ago, never of the one that just came. */
  #makeRoom(keptId: number): void {
    let { bytes } = this.inMemory();
    if (bytes <= this.#maxBytes) return;
    const oldestFirst = [...this.#held].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [companyId, held] of oldestFirst) {
      if (bytes <= this.#maxBytes) return;
      if (companyId === keptId || this.#loading.has(companyId)) continue;
      this.#held.delete(companyId);
      bytes -= held.bytes;
      this.#watch?.evicted(companyId);
    }
  }
}

/** The company's plans; a version that is known is not parsed again, as it never changes. */
async function readDatedPlans(tx: Tx, companyId: number, known: PlanBook | null): Promise<DatedPlan[]> {
  const rows = await readPlans(tx, companyId);
  return rows.map(({ planHash, document, effectiveFrom }) => ({
    // A withdrawn version judges nothing, but what is locked to one can still be read.
    from: effectiveFrom?.getTime() ?? Number.POSITIVE_INFINITY,
    hash: planHash,
    plan: known?.planByHash(planHash) ?? parsePlan(document),
  }));
}

async function readVersion(tx: Tx, companyId: number): Promise<Company["directoryVersion"] | null> {
  const [row] = await tx<Pick<Company, "directoryVersion">[]>`
    select directory_version as "directoryVersion" from companies where company_id = ${companyId}`;
  return row?.directoryVersion ?? null;
}
