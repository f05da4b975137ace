import { laneKey, type ReadDelivery } from "./read.ts";

export interface LanesOptions {
  /** Batches under way at once, over all companies. */
  readonly atOnce: number;
  /** Of those, how many of one company: more than one only where a whole batch waits. */
  readonly perCompany: number;
  /** Deliveries of a batch, at most. */
  readonly batch: number;
  /** A batch of fewer waits for company, so long at most. */
  readonly gather: { readonly below: number; readonly ms: number };
  /** Null where a batch of the company can be processed; else resolves once it can, and its lane waits beside the others. */
  readonly prepare: (companyId: number) => Promise<void> | null;
  /** Processes a batch of one company; never rejects. */
  readonly run: (batch: readonly ReadDelivery[]) => Promise<void>;
}

interface Waiting {
  readonly read: ReadDelivery;
  readonly key: string;
}

interface Lane {
  readonly companyId: number;
  queue: Waiting[];
  /** Orders of which deliveries are under way: others of the same order wait for them. */
  readonly busy: Set<string>;
  underWay: number;
  /** Whether it stands in line for its turn, or will once its time to gather is over. */
  isReady: boolean;
  timer: NodeJS.Timeout | null;
  wasParked: boolean;
}

/**
 * Fair lanes: each company has its own, and they take turns batch by batch. One company's backlog makes
 * another wait for a batch at most, and no company has all that are under way at once.
 *
 * A batch of one costs nearly as much as a batch of ten. So a company has one batch under way while it is quiet, during
 * which the next one gathers, and a small one waits some milliseconds for company. Deliveries of one
 * order are never under way in two batches, and go in the order in which they came.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<number, Lane>();
  /** Lanes that have something to do and wait for their turn, in turn. */
  readonly #ready: Lane[] = [];
  #underWay = 0;
  #starting = false;
  #idle: (() => void)[] = [];

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  add(read: ReadDelivery): void {
    const { companyId } = read.delivery;
    let lane = this.#lanes.get(companyId);
    if (lane === undefined) {
      lane = { companyId, queue: [], busy: new Set(), underWay: 0, isReady: false, timer: null, wasParked: false };
      this.#lanes.set(companyId, lane);
    }
    lane.queue.push({ read, key: laneKey(read) });
    this.#consider(lane);
  }

  /** Resolves when everything is done. */
  idle(): Promise<void> {
    if (this.#lanes.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Lets a lane stand in line where it may have another batch: at once, or when it has gathered one. */
  #consider(lane: Lane): void {
    const { perCompany, batch, gather } = this.#options;
    const waiting = lane.queue.length;
    if (waiting === 0 || lane.isReady || lane.underWay >= perCompany || (lane.underWay > 0 && waiting < batch)) return;
    if (waiting >= gather.below) this.#stand(lane);
    else lane.timer ??= setTimeout(() => this.#stand(lane), gather.ms);
  }

  #stand(lane: Lane): void {
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
    lane.isReady = true;
    this.#ready.push(lane);
    this.#start();
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
    lane.isReady = false;
    const batch = this.#take(lane);
    if (batch.length === 0) return;
    for (const { key } of batch) lane.busy.add(key);
    lane.underWay++;
    this.#underWay++;
    this.#consider(lane);
    await this.#options.run(batch.map(({ read }) => read));
    for (const { key } of batch) lane.busy.delete(key);
    lane.underWay--;
    this.#underWay--;
    if (lane.queue.length === 0 && lane.underWay === 0) this.#lanes.delete(lane.companyId);
    this.#consider(lane);
    this.#start();
    if (this.#lanes.size === 0) for (const done of this.#idle.splice(0)) done();
  }

  /** A lane that has to wait takes nobody's turn meanwhile. */
  async #park(lane: Lane, prepared: Promise<void>): Promise<void> {
    // Where it fails the batch is run all the same: what is wrong comes out there, and is judged there.
    lane.wasParked = true;
    await prepared.catch(() => {});
    this.#ready.push(lane);
    this.#start();
  }

  /** The longest waiting ones of orders of which nothing is under way; the end of a batch is looked at again. */
  #take(lane: Lane): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let index = 0;
    for (; index < lane.queue.length && batch.length < this.#options.batch; index++) {
      const waiting = lane.queue[index] as Waiting;
      (lane.busy.has(waiting.key) ? left : batch).push(waiting);
    }
    lane.queue = left.length === 0 ? lane.queue.slice(index) : [...left, ...lane.queue.slice(index)];
    return batch;
  }
}
