/** The last ids that were added: at least `kept` of them, at most twice as many. */
export class Remembered {
  readonly #kept: number;
  #newer = new Set<bigint>();
  #older = new Set<bigint>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(id: bigint): void {
    if (this.#newer.size >= this.#kept) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(id);
  }

  has(id: bigint): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }
}
