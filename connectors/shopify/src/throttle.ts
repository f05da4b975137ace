/** How hard a shop may be asked: each query costs points, and the shop's bucket fills up again by so many a second. */

/** What an answer says of its cost. */
export interface Cost {
  readonly requestedQueryCost: number;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    readonly restoreRate: number;
  };
}

/**
 * What is left of the bucket, by the last answer and the time since. Before a query that cost more than that the last time
 * it is waited, so that others of the shop's apps find something too: Shopify refuses what the bucket does not hold.
 */
export class Bucket {
  readonly #now: () => Date;
  #known: { available: number; readonly at: number; readonly maximum: number; readonly restoreRate: number } | null = null;
  readonly #costs = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  note(query: string, cost: Cost): void {
    const { currentlyAvailable, maximumAvailable, restoreRate } = cost.throttleStatus;
    if (!(restoreRate > 0)) return;
    this.#costs.set(query, cost.requestedQueryCost);
    this.#known = { available: currentlyAvailable, at: this.#now().getTime(), maximum: maximumAvailable, restoreRate };
  }

  /** How long to wait before this query fits. */
  waitMs(query: string, cost: number = this.#costs.get(query) ?? 0): number {
    if (this.#known === null) return 0;
    const { available, at, maximum, restoreRate } = this.#known;
    const now = Math.min(available + ((this.#now().getTime() - at) / 1000) * restoreRate, maximum);
    const missing = Math.min(cost, maximum) - now;
    return missing <= 0 ? 0 : Math.ceil((missing / restoreRate) * 1000);
  }
}
