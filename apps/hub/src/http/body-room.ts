import { HubError } from "../errors.ts";

/** Bodies up to this size have room of their own, so that an ordinary order never waits behind large ones. */
export const SMALL_BYTES = 65_536;

export interface Room {
  /** What all large bodies may take together. */
  readonly largeBytes: number;
  /** What all small ones may take together. */
  readonly smallBytes: number;
  /** How long a request waits, its body unread, before it is told to come again. */
  readonly waitMs: number;
}

export const BODY_ROOM: Room = { largeBytes: 24 << 20, smallBytes: 8 << 20, waitMs: 20_000 };

interface Waiting {
  readonly owner: string;
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * The memory that request bodies take together. Whoever finds no room waits with an unread body, which the sender's own
 * machine holds meanwhile. One owner (a store, a company) has at most a quarter of it: half-sent bodies of one stop no other.
 */
export class BodyRoom {
  readonly #small: Shelf;
  readonly #large: Shelf;

  constructor(room: Room = BODY_ROOM) {
    this.#small = new Shelf(room.smallBytes, room.waitMs);
    this.#large = new Shelf(room.largeBytes, room.waitMs);
  }

  /** Bytes that are taken at this moment. */
  get taken(): number {
    return this.#small.taken + this.#large.taken;
  }

  /** How many wait for room. */
  get waiting(): number {
    return this.#small.waiting + this.#large.waiting;
  }

  /** Runs work that holds a body in memory. Throws HubError `unavailable` where there is no room in time. */
  async hold<T>(owner: string, bytes: number, work: () => Promise<T>): Promise<T> {
    const shelf = bytes <= SMALL_BYTES ? this.#small : this.#large;
    const taken = await shelf.take(owner, bytes);
    try {
      return await work();
    } finally {
      shelf.giveBack(owner, taken);
    }
  }
}

class Shelf {
  readonly #bytes: number;
  readonly #waitMs: number;
  readonly #ofOwner = new Map<string, number>();
  #taken = 0;
  #queue: Waiting[] = [];

  constructor(bytes: number, waitMs: number) {
    this.#bytes = bytes;
    this.#waitMs = waitMs;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Answers what was taken: at most the owner's share, so that a body of any size gets in by itself. */
  async take(owner: string, wanted: number): Promise<number> {
    const bytes = Math.min(wanted, this.#bytes / 4);
    if (this.#fits(owner, bytes)) this.#note(owner, bytes);
    else await this.#wait(owner, bytes);
    return bytes;
  }

  giveBack(owner: string, bytes: number): void {
    this.#note(owner, -bytes);
    // In the order they came; who waits for an owner's share does not hold up the others.
    this.#queue = this.#queue.filter((waiting) => {
      if (!this.#fits(waiting.owner, waiting.bytes)) return true;
      this.#note(waiting.owner, waiting.bytes);
      waiting.enter();
      return false;
    });
  }

  #wait(owner: string, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#queue = this.#queue.filter((waiting) => waiting.enter !== enter);
        reject(new HubError("unavailable", "The hub has as many large bodies at hand as it can hold: send this again shortly."));
      }, this.#waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#queue.push({ owner, bytes, enter });
    });
  }

  #fits(owner: string, bytes: number): boolean {
    return this.#taken + bytes <= this.#bytes && (this.#ofOwner.get(owner) ?? 0) + bytes <= this.#bytes / 4;
  }

  #note(owner: string, bytes: number): void {
    this.#taken += bytes;
    const left = (this.#ofOwner.get(owner) ?? 0) + bytes;
    if (left === 0) this.#ofOwner.delete(owner);
    else this.#ofOwner.set(owner, left);
  }
}
