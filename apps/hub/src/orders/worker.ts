import { asCompany, type Database, LINES, sqlState } from "../db/connect.ts";
import { ATTEMPTS, backoffMs, failureKind, pause } from "../db/retry.ts";
import type { HandOff } from "../inbox/hand-off.ts";
import { Lookout } from "../inbox/lookout.ts";
import { type DeliveryOutcome, insertOutcomes, lengthOf, type PendingDelivery, scheduleRetry } from "../inbox/queries.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { Lanes } from "./lanes.ts";
import type { PipelineContext } from "./pipeline.ts";
import { type BatchResult, processDeliveries } from "./process.ts";
import { type ReadDelivery, readDelivery } from "./read.ts";
import { Remembered } from "./remembered.ts";

/**
 * Takes deliveries from the inbox to the ledger: fair lanes, batches of one company, bisection of what fails,
 * bounded retries with jitter, dead letters. Fresh deliveries are handed over in memory; the lookout finds what a
 * crash left behind.
 */

const LANES_PER_COMPANY = 2;
const BATCH = 200;
const GATHER = { below: 25, ms: 4 };
/** Failures that are the delivery's own, and those that somebody else may have caused: a lock held for long, a key contended for. */
const MAX_ATTEMPTS = 8;
const MAX_CONTENDED_ATTEMPTS = 12;
/** The pauses between attempts of one delivery: 1 s, 2 s, 4 s … at most 5 minutes. */
const RETRY = { firstMs: 1_000, longestMs: 300_000 };
/** Beyond this in memory, the hand-off is skipped and the lookout brings them later. */
const MAX_HELD = 20_000;
const MAX_HELD_OF_COMPANY = 4_000;
/** The same for the length of their bodies. */
const MAX_HELD_CHARACTERS = 32 << 20;

/** Deliveries are looked for some seconds after they came: at least so many are remembered as done until then. */
const REMEMBERED = 50_000;

export interface WorkerOptions {
  /** How often the inbox is looked through. */
  readonly lookEveryMs: number;
  /** Younger deliveries are left to whoever they were handed to. */
  readonly olderThanMs: number;
}

/** Where deliveries are handed over in the process that takes them; and where they are found in the inbox only. */
export const HANDED_OVER: WorkerOptions = { lookEveryMs: 1_000, olderThanMs: 3_000 };
export const FOUND_ONLY: WorkerOptions = { lookEveryMs: 200, olderThanMs: 250 };

export class Worker implements HandOff {
  readonly #context: PipelineContext;
  readonly #db: Database;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #wrote: (companyId: number, transfers: number) => void;
  readonly #options: WorkerOptions;
  readonly #lanes: Lanes;
  readonly #lookout: Lookout;
  /** What is in memory, with the length of its body; and how many of a company are. */
  readonly #held = new Map<bigint, number>();
  readonly #heldOf = new Map<number, number>();
  #heldCharacters = 0;
  /** A look may have begun before these were done. */
  #doneWhileLooking = new Set<bigint>();
  /** Seen through here not long ago: nobody has to ask the database about them. */
  readonly #done = new Remembered(REMEMBERED);
  /** Given up for now, because the database said nothing of them. */
  readonly #unfinished = new Set<bigint>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(args: {
    context: PipelineContext;
    log: Logger;
    metrics: Metrics;
    options?: WorkerOptions;
    /** Told of the transfers that a batch committed. */
    wrote?: (companyId: number, transfers: number) => void;
  }) {
    this.#context = args.context;
    this.#db = args.context.db;
    this.#log = args.log;
    this.#metrics = args.metrics;
    this.#wrote = args.wrote ?? (() => {});
    this.#options = args.options ?? HANDED_OVER;
    this.#lookout = new Lookout(this.#db.gate);
    this.#lanes = new Lanes({
      atOnce: LINES,
      perCompany: LANES_PER_COMPANY,
      batch: BATCH,
      gather: GATHER,
      prepare: (companyId) => (this.#context.directories.holds(companyId) ? null : this.#context.directories.ready(companyId)),
      run: async (batch) => {
        await this.#processOrSplit(batch);
        for (const { delivery } of batch) this.#release(delivery);
      },
    });
  }

  start(): void {
    const { lookEveryMs, olderThanMs } = this.#options;
    const tick = () => {
      let again = lookEveryMs;
      this.#looking = this.#look(olderThanMs).then(
        ({ more }) => {
          if (more) again = 0;
        },
        (error) => this.#log.warn({ state: sqlState(error) }, "the sweep failed and is tried again"),
      );
      void this.#looking.then(() => {
        if (!this.#stopping) this.#timer = setTimeout(tick, again);
      });
    };
    tick();
  }

  /** Finishes what is in memory. Whatever is left is in the inbox, for the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
    await this.idle();
  }

  /** Resolves when everything handed over so far is done. */
  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  offer(deliveries: readonly PendingDelivery[]): void {
    for (const delivery of deliveries) {
      if (this.#held.has(delivery.deliveryId) || !this.#hasRoom(delivery)) continue;
      this.#held.set(delivery.deliveryId, lengthOf(delivery.body));
      this.#heldOf.set(delivery.companyId, (this.#heldOf.get(delivery.companyId) ?? 0) + 1);
      this.#heldCharacters += lengthOf(delivery.body);
      // Once it is read its body is let go: what waits is kept for what it says.
      const { said } = readDelivery(this.#context.box, delivery);
      this.#lanes.add({ delivery: { ...delivery, body: null }, said });
    }
  }

  /** How many characters of bodies are in memory. */
  get heldCharacters(): number {
    return this.#heldCharacters;
  }

  /** Brings in what nobody holds: after a crash, for another attempt, or what did not fit in memory. Answers how many. */
  async sweep(olderThanMs: number): Promise<number> {
    return (await this.#look(olderThanMs)).found;
  }

  async #look(olderThanMs: number): Promise<{ found: number; more: boolean }> {
    this.#doneWhileLooking = new Set();
    const seen = await this.#lookout.look(
      {
        of: (companyId) => this.#roomOf(companyId),
        holds: (deliveryId) => this.#held.has(deliveryId) || this.#doneWhileLooking.has(deliveryId),
        did: (deliveryId) => this.#done.has(deliveryId),
      },
      {
        olderThanMs,
        take: (deliveries) => {
          this.offer(deliveries.filter(({ deliveryId }) => !this.#doneWhileLooking.has(deliveryId)));
          return this.#heldCharacters < MAX_HELD_CHARACTERS / 2;
        },
      },
    );
    this.#metrics.waiting.set(seen.found);
    return seen;
  }

  #roomOf(companyId: number): number {
    if (this.#heldCharacters >= MAX_HELD_CHARACTERS / 2) return 0;
    return Math.min(MAX_HELD - this.#held.size, MAX_HELD_OF_COMPANY - (this.#heldOf.get(companyId) ?? 0));
  }

  /** A body of any length fits where nothing else is held. */
  #hasRoom({ companyId, body }: PendingDelivery): boolean {
    const mine = this.#heldOf.get(companyId) ?? 0;
    if (this.#held.size >= MAX_HELD || mine >= MAX_HELD_OF_COMPANY) return false;
    return this.#heldCharacters + lengthOf(body) <= MAX_HELD_CHARACTERS || this.#held.size === 0;
  }

  #release(delivery: PendingDelivery): void {
    const characters = this.#held.get(delivery.deliveryId);
    if (characters === undefined) return;
    this.#held.delete(delivery.deliveryId);
    this.#doneWhileLooking.add(delivery.deliveryId);
    this.#heldCharacters -= characters;
    const left = (this.#heldOf.get(delivery.companyId) ?? 0) - 1;
    if (left > 0) this.#heldOf.set(delivery.companyId, left);
    else this.#heldOf.delete(delivery.companyId);
    // Only now: as long as it is held, a look passes it by.
    if (this.#unfinished.delete(delivery.deliveryId)) this.#lookout.again(delivery.companyId);
  }

  #giveUp(batch: readonly ReadDelivery[]): void {
    for (const { delivery } of batch) this.#unfinished.add(delivery.deliveryId);
  }

  /** A failing batch is halved until the poison order stands alone; the rest goes through. Nothing is put off before. */
  async #processOrSplit(batch: readonly ReadDelivery[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { companyId } = first.delivery;
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#count(await processDeliveries(this.#context, companyId, batch), batch);
      } catch (error) {
        const kind = failureKind(error);
        this.#log.warn(
          { batch: batch.length, attempt, kind, state: sqlState(error), error: error instanceof Error ? error.name : "unknown" },
          "a batch failed",
        );
        // It says nothing about the deliveries: they stay in the inbox, and are found again once the database is back.
        if (kind === "away") return this.#giveUp(batch);
        if (kind === "conflict" && attempt < ATTEMPTS) {
          await pause(attempt);
          continue;
        }
        if (batch.length === 1) return this.#putOff(first.delivery, error);
        const middle = batch.length >> 1;
        await this.#processOrSplit(batch.slice(0, middle));
        return this.#processOrSplit(batch.slice(middle));
      }
    }
  }

  async #putOff(delivery: PendingDelivery, error: unknown): Promise<void> {
    const { companyId, deliveryId } = delivery;
    const attempts = delivery.attempts + 1;
    try {
      if (isHopeless(error, attempts)) await this.#bury(delivery, reasonOf(error));
      else {
        const delayMs = backoffMs(attempts, RETRY);
        await scheduleRetry(this.#db.gate, { companyId, deliveryId, attempts, delayMs, error: reasonOf(error) });
      }
      this.#metrics.retries.inc();
    } catch {
      // Without the database the delivery simply stays in the inbox.
      this.#unfinished.add(deliveryId);
    }
  }

  #bury(delivery: PendingDelivery, detail: string): Promise<void> {
    const outcome: DeliveryOutcome = { deliveryId: delivery.deliveryId, outcome: "dead", orderNo: null, detail };
    return asCompany({ app: this.#db.pipeline }, delivery.companyId, async (tx) => {
      await insertOutcomes(tx, delivery.companyId, [outcome]);
    });
  }

  #count(result: BatchResult, batch: readonly ReadDelivery[]): void {
    const now = Date.now();
    this.#metrics.batchSize.observe(batch.length);
    this.#metrics.transfers.inc(result.transfers);
    const companyId = batch[0]?.delivery.companyId;
    if (companyId !== undefined) this.#wrote(companyId, result.transfers);
    for (const { outcome } of result.outcomes) this.#metrics.outcomes.inc({ outcome });
    for (const { delivery } of batch) {
      this.#done.add(delivery.deliveryId);
      this.#metrics.emitted(Math.max(0, now - delivery.receivedAt.getTime()));
    }
  }
}

/** Every failure is bounded. */
function isHopeless(error: unknown, attempts: number): boolean {
  const kind = failureKind(error);
  if (kind === "permanent") return true;
  return attempts >= (kind === "conflict" || kind === "busy" ? MAX_CONTENDED_ATTEMPTS : MAX_ATTEMPTS);
}

/** What is stored and shown of a failure: never a database error's own text, which carries parameters. */
function reasonOf(error: unknown): string {
  const state = sqlState(error);
  if (state !== null) return `database error ${state}`;
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : "unknown error";
}
