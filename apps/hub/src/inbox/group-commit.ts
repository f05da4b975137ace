/**
 * Adaptive group commit: whatever queued while one flush was under way goes into the next one. No
 * timer: an idle hub commits at once, a busy one commits in larger groups, up to a number and a size.
 */
export class GroupCommit<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #maxItems: number;
  readonly #maxSize: number;
  readonly #sizeOf: (item: Item) => number;
  #queue: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #flushing = false;

  /** `flush` returns one result per item, in order; when it fails, every item of the group fails. */
  constructor(options: {
    readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>;
    readonly maxItems: number;
    /** Of all items of a group together; an item that is larger goes by itself. */
    readonly maxSize: number;
    readonly sizeOf: (item: Item) => number;
  }) {
    this.#flush = options.flush;
    this.#maxItems = options.maxItems;
    this.#maxSize = options.maxSize;
    this.#sizeOf = options.sizeOf;
  }

  /** How many wait for the next flush. */
  get waiting(): number {
    return this.#queue.length;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (!this.#flushing) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#flushing = true;
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, this.#groupLength());
      try {
        const results = await this.#flush(group.map((entry) => entry.item));
        group.forEach((entry, index) => {
          entry.resolve(results[index] as Result);
        });
      } catch (error) {
        for (const entry of group) entry.reject(error);
      }
    }
    this.#flushing = false;
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
