/** Work that is done one piece after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when everything before is done, or not at all where nobody wants it any more by then. */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const mine = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
