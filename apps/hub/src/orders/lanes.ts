import { laneKey, type ReadDelivery } from "./read.ts";

export interface LanesOptions {
  /** Batches under way at once, over all companies. */
  readonly atOnce: number;
  /** Of those, how many of one company. Deliveries of one order are always in the same lane, one after the other. */
  readonly perCompany: number;
  /** Deliveries of a batch, at most. */
  readonly batch: number;
  /** Null where a batch of the company can be processed; else resolves once it can, and its lanes wait beside the others. */
  readonly prepare: (companyId: number) => Promise<void> | null;
  /** Processes a batch of one company; never rejects. */
  readonly run: (batch: readonly ReadDelivery[]) => Promise<void>;
}

interface Lane {
  readonly key: string;
  readonly companyId: number;
  readonly queue: ReadDelivery[];
  underWay: boolean;
  wasParked: boolean;
}

/**
 * Fair lanes: each company has its own, and they take turns batch by batch. One company's backlog makes
 * another wait for a batch at most, and no company has all that are under way at once.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that have something to do and wait for their turn, in turn. */
  #ready: Lane[] = [];
  #underWay = 0;
  #starting = false;
  #idle: (() => void)[] = [];

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  add(read: ReadDelivery): void {
    const key = `${read.delivery.companyId} ${hash(laneKey(read)) % this.#options.perCompany}`;
    const lane = this.#lanes.get(key) ?? {
      key,
      companyId: read.delivery.companyId,
      queue: [],
      underWay: false,
      wasParked: false,
    };
    this.#lanes.set(key, lane);
    lane.queue.push(read);
    if (lane.queue.length === 1 && !lane.underWay) this.#ready.push(lane);
    this.#start();
  }

  /** Resolves when everything is done. */
  idle(): Promise<void> {
    if (this.#lanes.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Lets everything of the same turn queue first, so that a burst becomes one batch. */
  #start(): void {
    if (this.#starting) return;
    this.#starting = true;
    setImmediate(() => {
      this.#starting = false;
      while (this.#underWay < this.#options.atOnce && this.#ready.length > 0) void this.#run(this.#ready.shift());
    });
  }

  async #run(lane: Lane | undefined): Promise<void> {
    if (lane === undefined) return;
    const prepared = lane.wasParked ? null : this.#options.prepare(lane.companyId);
    lane.wasParked = false;
    if (prepared !== null) return this.#park(lane, prepared);
    this.#underWay++;
    lane.underWay = true;
    await this.#options.run(lane.queue.splice(0, this.#options.batch));
    lane.underWay = false;
    this.#underWay--;
    if (lane.queue.length > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane.key);
    this.#start();
    if (this.#lanes.size === 0) for (const done of this.#idle.splice(0)) done();
  }

  /** A lane that has to wait takes nobody's turn meanwhile. */
  async #park(lane: Lane, prepared: Promise<void>): Promise<void> {
    lane.underWay = true;
    // Where it fails the batch is run all the same: what is wrong comes out there, and is judged there.
    lane.wasParked = true;
    await prepared.catch(() => {});
    lane.underWay = false;
    this.#ready.push(lane);
    this.#start();
  }
}

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) >>> 0;
  return value;
}
