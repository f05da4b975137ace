/** What comes within so many milliseconds of the last group belongs to the same stream. */
const STREAM_MS = 20;

/**
 * Adaptive group commit: whatever queued while one flush was under way goes into the next one. An idle hub commits at once, and so
 * does one that is asked one thing after the other. Where several come at a time a small group waits some milliseconds for company,
 * since a commit of one costs nearly as much as one of ten; a busy hub commits in larger groups, up to a number and a size.
 */
export class GroupCommit<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #maxItems: number;
  readonly #maxSize: number;
  readonly #sizeOf: (item: Item) => number;
  readonly #gather: { readonly below: number; readonly ms: number };
  #queue: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #flushing = false;
  /** How many the last group had, and when it was over, by `performance.now()`. */
  #last = { count: 0, endedAt: Number.NEGATIVE_INFINITY };
  /** Ends the waiting for company. */
  #gathered: (() => void) | null = null;

  /** `flush` returns one result per item, in order; when it fails, every item of the group fails. */
  constructor(options: {
    readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>;
    readonly maxItems: number;
    /** Of all items of a group together; an item that is larger goes by itself. */
    readonly maxSize: number;
    readonly sizeOf: (item: Item) => number;
    /** A group of fewer waits for company, so many milliseconds at most, where the one just before had some. */
    readonly gather: { readonly below: number; readonly ms: number };
  }) {
    this.#flush = options.flush;
    this.#maxItems = options.maxItems;
    this.#maxSize = options.maxSize;
    this.#sizeOf = options.sizeOf;
    this.#gather = options.gather;
  }

  /** How many wait for the next flush. */
  get waiting(): number {
    return this.#queue.length;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (!this.#flushing) void this.#run();
      else if (this.#queue.length >= this.#gather.below) this.#gathered?.();
    });
  }

  async #run(): Promise<void> {
    this.#flushing = true;
    while (this.#queue.length > 0) {
      if (this.#mayHaveCompany()) await this.#company();
      const group = this.#queue.splice(0, this.#groupLength());
      try {
        const results = await this.#flush(group.map((entry) => entry.item));
        group.forEach((entry, index) => {
          entry.resolve(results[index] as Result);
        });
      } catch (error) {
        for (const entry of group) entry.reject(error);
      }
      this.#last = { count: group.length, endedAt: performance.now() };
    }
    this.#flushing = false;
  }

  #mayHaveCompany(): boolean {
    const { count, endedAt } = this.#last;
    return this.#queue.length < this.#gather.below && count > 1 && performance.now() - endedAt < STREAM_MS;
  }

  #company(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#gathered?.(), this.#gather.ms);
      this.#gathered = () => {
        clearTimeout(timer);
        this.#gathered = null;
        resolve();
      };
    });
  }

  #groupLength(): number {
    let size = 0;
    const end = this.#queue.findIndex(({ item }, index) => {
      size += this.#sizeOf(item);
      return index > 0 && (index >= this.#maxItems || size > this.#maxSize);
    });
    return end === -1 ? this.#queue.length : end;
  }
}
