const KEPT = 65_536;

/** The last 65,536 latencies, exact: quantiles for the SLA table, where a histogram's buckets are too coarse. */
export class Latencies {
  readonly #values = new Float64Array(KEPT);
  #count = 0;

  record(latencyMs: number): void {
    this.#values[this.#count++ % KEPT] = latencyMs;
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds below which this share of the kept latencies lies; 0 where none was recorded. */
  quantile(share: number): number {
    const kept = this.#values.slice(0, Math.min(this.#count, KEPT)).sort();
    return kept.length === 0 ? 0 : (kept[Math.min(kept.length - 1, Math.ceil(share * kept.length) - 1)] as number);
  }

  /** Starts over, for a measurement of its own. */
  reset(): void {
    this.#count = 0;
  }
}
