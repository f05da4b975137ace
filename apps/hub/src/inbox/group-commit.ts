/**
 * Adaptive group commit: whatever queued while one flush was under way goes into the next one. No
 * timer: an idle hub commits at once, a busy one commits in larger groups.
 */
export class GroupCommit<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #maxItems: number;
  #queue: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #flushing = false;

  /** `flush` returns one result per item, in order; when it fails, every item of the group fails. */
  constructor(options: { flush: (items: readonly Item[]) => Promise<readonly Result[]>; maxItems: number }) {
    this.#flush = options.flush;
    this.#maxItems = options.maxItems;
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
      const group = this.#queue.splice(0, this.#maxItems);
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
}
