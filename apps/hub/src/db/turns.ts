/** Refused because too much of the same was under way for too long. */
export class Busy extends Error {
  override name = "Busy";
}

export interface TurnsOptions {
  /** How many of one company may be under way at once. */
  readonly atOnce: number;
  /** How long the next one waits for its turn before it is refused. */
  readonly patienceMs: number;
}

/**
 * Keeps one company from taking all connections of a pool: whatever it waits for, such as a lock of its own,
 * the others do not wait with it.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #companies = new Map<number, { underWay: number; waiting: (() => void)[] }>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  async take<T>(companyId: number, work: () => Promise<T>): Promise<T> {
    await this.#begin(companyId);
    try {
      return await work();
    } finally {
      this.#end(companyId);
    }
  }

  #begin(companyId: number): Promise<void> {
    const company = this.#companies.get(companyId) ?? { underWay: 0, waiting: [] };
    this.#companies.set(companyId, company);
    if (company.underWay < this.#options.atOnce) {
      company.underWay++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        company.waiting.splice(company.waiting.indexOf(begin), 1);
        reject(new Busy("Too much of this company is under way at once. Try again shortly."));
      }, this.#options.patienceMs);
      company.waiting.push(begin);
    });
  }

  /** The turn goes to whoever waits longest; a company of which nothing is under way is forgotten. */
  #end(companyId: number): void {
    const company = this.#companies.get(companyId);
    if (company === undefined) return;
    const next = company.waiting.shift();
    if (next) next();
    else if (--company.underWay === 0) this.#companies.delete(companyId);
  }
}
