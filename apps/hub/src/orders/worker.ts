import { asCompany, type Database, sqlState } from "../db/connect.ts";
import { ATTEMPTS, backoffMs, failureKind, pause } from "../db/retry.ts";
import type { HandOff } from "../inbox/hand-off.ts";
import { type DeliveryOutcome, insertOutcomes, type PendingDelivery, scheduleRetry } from "../inbox/queries.ts";
import { findPending, newestDelivery, raiseFloor } from "../inbox/waiting.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { PipelineContext } from "./pipeline.ts";
import { type BatchResult, processDeliveries } from "./process.ts";
import { laneKey, type ReadDelivery, readDelivery } from "./read.ts";

/**
 * Takes deliveries from the inbox to the ledger: bounded lanes, batches of one company, bisection of
 * what fails, bounded retries with jitter, dead letters. Fresh deliveries are handed over in memory;
 * the sweeper finds what a crash left behind.
 */

const LANES = 2;
const BATCH = 100;
const MAX_ATTEMPTS = 8;
/** Beyond this many in memory, the hand-off is skipped and the sweeper brings them later. */
const MAX_HELD = 20_000;
/** The same for the length of their bodies. */
const MAX_HELD_CHARACTERS = 32 << 20;
const SWEEP_MS = 1_000;
const SWEEP_LIMIT = 1_000;
/** After so long no group commit can still be under way. */
const SETTLED_MS = 60_000;
const LEFT_TO_HAND_OFF_MS = 3_000;
/** The pauses between attempts of one delivery: 1 s, 2 s, 4 s … at most 5 minutes. */
const RETRY = { firstMs: 1_000, longestMs: 300_000 };

export class Worker implements HandOff {
  readonly #context: PipelineContext;
  readonly #db: Database;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #lanes: ReadDelivery[][] = Array.from({ length: LANES }, () => []);
  /** What is in memory, and how long its body is. */
  readonly #held = new Map<bigint, number>();
  #heldCharacters = 0;
  readonly #running: (Promise<void> | null)[] = Array.from({ length: LANES }, () => null);
  /** The sweep's query may have begun before these were done. */
  #doneWhileSweeping = new Set<bigint>();
  #sweepTimer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  #stopping = false;
  #newest: { readonly at: number; readonly deliveryId: bigint }[] = [];

  constructor(args: { context: PipelineContext; log: Logger; metrics: Metrics }) {
    this.#context = args.context;
    this.#db = args.context.db;
    this.#log = args.log;
    this.#metrics = args.metrics;
  }

  start(): void {
    const tick = () => {
      this.#sweeping = this.sweep(LEFT_TO_HAND_OFF_MS).then(
        () => {},
        (error) => this.#log.warn({ state: sqlState(error) }, "the sweep failed and is tried again"),
      );
      void this.#sweeping.then(() => {
        if (!this.#stopping) this.#sweepTimer = setTimeout(tick, SWEEP_MS);
      });
    };
    tick();
  }

  /** Finishes what is in memory. Whatever is left is in the inbox, for the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#sweepTimer) clearTimeout(this.#sweepTimer);
    await this.#sweeping;
    await this.idle();
  }

  /** Resolves when everything handed over so far is done. */
  async idle(): Promise<void> {
    while (this.#running.some((lane) => lane !== null)) await Promise.all(this.#running);
  }

  offer(deliveries: readonly PendingDelivery[]): void {
    for (const delivery of deliveries) {
      const length = delivery.body.length;
      if (this.#held.has(delivery.deliveryId) || !this.#hasRoom(length)) continue;
      this.#held.set(delivery.deliveryId, length);
      this.#heldCharacters += length;
      const read = readDelivery(delivery);
      const lane = hash(laneKey(read)) % LANES;
      this.#lanes[lane]?.push(read);
      this.#running[lane] ??= this.#runLane(lane);
    }
  }

  /** How many characters of bodies are in memory. */
  get heldCharacters(): number {
    return this.#heldCharacters;
  }

  #hasRoom(length: number): boolean {
    return this.#held.size < MAX_HELD && (this.#heldCharacters + length <= MAX_HELD_CHARACTERS || this.#held.size === 0);
  }

  /** Brings in what nobody holds: after a crash, for another attempt, or what did not fit in memory. */
  async sweep(olderThanMs: number): Promise<number> {
    // With a backlog in memory, what is old in the inbox is mostly that backlog.
    if (this.#held.size >= SWEEP_LIMIT || this.#heldCharacters >= MAX_HELD_CHARACTERS / 2) return 0;
    this.#doneWhileSweeping = new Set();
    const pending = await findPending(this.#db.gate, { olderThanMs, limit: SWEEP_LIMIT });
    this.offer(pending.filter((delivery) => !this.#doneWhileSweeping.has(delivery.deliveryId)));
    this.#metrics.waiting.set(pending.length);
    await this.#raiseFloor();
    return pending.length;
  }

  /** Every ten seconds, to the delivery that was the newest a minute ago. */
  async #raiseFloor(): Promise<void> {
    const now = Date.now();
    if (now - (this.#newest.at(-1)?.at ?? 0) < 10_000) return;
    this.#newest.push({ at: now, deliveryId: await newestDelivery(this.#db.gate) });
    const old = this.#newest.findLast((seen) => now - seen.at >= SETTLED_MS);
    if (old === undefined) return;
    this.#newest = this.#newest.slice(this.#newest.indexOf(old));
    await raiseFloor(this.#db.gate, old.deliveryId);
  }

  async #runLane(lane: number): Promise<void> {
    const queue = this.#lanes[lane] as ReadDelivery[];
    // Lets everything of the same turn queue first, so that a burst becomes one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      await this.#processOrSplit(batch);
      for (const { delivery } of batch) {
        this.#heldCharacters -= this.#held.get(delivery.deliveryId) ?? 0;
        this.#held.delete(delivery.deliveryId);
        this.#doneWhileSweeping.add(delivery.deliveryId);
      }
    }
    this.#running[lane] = null;
    if (queue.length > 0) this.#running[lane] = this.#runLane(lane);
  }

  /** A failing batch is halved until the poison order stands alone; the rest goes through. */
  async #processOrSplit(batch: readonly ReadDelivery[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const companyId = (batch[0] as ReadDelivery).delivery.companyId;
        return this.#count(await processDeliveries(this.#context, companyId, batch), batch);
      } catch (error) {
        const state = sqlState(error);
        const passing = isPassing(error);
        this.#log.warn(
          { batch: batch.length, attempt, state, error: error instanceof Error ? error.name : "unknown" },
          "a batch failed",
        );
        if (passing && attempt < ATTEMPTS) {
          await pause(attempt);
          continue;
        }
        if (batch.length === 1 || passing) return this.#putOff(batch, error);
        const middle = batch.length >> 1;
        await this.#processOrSplit(batch.slice(0, middle));
        return this.#processOrSplit(batch.slice(middle));
      }
    }
  }

  async #putOff(batch: readonly ReadDelivery[], error: unknown): Promise<void> {
    const message = reasonOf(error);
    for (const { delivery } of batch) {
      const attempts = delivery.attempts + 1;
      try {
        // A database that is away says nothing about the delivery: only failures of its own use up attempts.
        const hopeless = attempts >= MAX_ATTEMPTS || failureKind(error) === "permanent";
        if (hopeless && !isPassing(error)) await this.#bury(delivery, message);
        else
          await scheduleRetry(this.#db.gate, {
            companyId: delivery.companyId,
            deliveryId: delivery.deliveryId,
            attempts,
            delayMs: backoffMs(attempts, RETRY),
            error: message,
          });
        this.#metrics.retries.inc();
      } catch {
        // Without the database the delivery simply stays in the inbox, and the sweeper brings it back.
      }
    }
  }

  #bury(delivery: PendingDelivery, detail: string): Promise<void> {
    const outcome: DeliveryOutcome = { deliveryId: delivery.deliveryId, outcome: "dead", orderNo: null, detail };
    return asCompany(this.#db, delivery.companyId, (tx) => insertOutcomes(tx, delivery.companyId, [outcome]));
  }

  #count(result: BatchResult, batch: readonly ReadDelivery[]): void {
    const now = Date.now();
    this.#metrics.batchSize.observe(batch.length);
    this.#metrics.transfers.inc(result.transfers);
    for (const { outcome } of result.outcomes) this.#metrics.outcomes.inc({ outcome });
    for (const { delivery } of batch) this.#metrics.emitted(Math.max(0, now - delivery.receivedAt.getTime()));
  }
}

/** The first of the queue and those of the same company behind it, at most BATCH. */
function takeBatch(queue: ReadDelivery[]): ReadDelivery[] {
  const companyId = queue[0]?.delivery.companyId;
  const end = queue.findIndex((read, index) => index >= BATCH || read.delivery.companyId !== companyId);
  return queue.splice(0, end === -1 ? queue.length : end);
}

/** Conflicts with another worker, and a database that is away: the same batch may well succeed a moment later. */
function isPassing(error: unknown): boolean {
  return ["away", "conflict", "busy"].includes(failureKind(error));
}

/** What is stored and shown of a failure: never a database error's own text, which carries parameters. */
function reasonOf(error: unknown): string {
  const state = sqlState(error);
  if (state !== null) return `database error ${state}`;
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : "unknown error";
}

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) >>> 0;
  return value;
}
