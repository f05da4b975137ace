/** How hard a store may be asked: shared hosting answers few requests at a time, and says so late. */

/** The outer world a client needs; tests pass a world whose time passes at once. */
export interface Surroundings {
  readonly now: () => Date;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
}

export interface Gate {
  /** Runs an act as soon as fewer than the allowed number run and no pause is on. */
  readonly pass: <T>(act: () => Promise<T>) => Promise<T>;
  /** Lets nobody in for a while: the store has asked for patience, and it asked of everyone. */
  readonly pause: (ms: number) => void;
}

export function createGate(concurrency: number, { now, sleep }: Surroundings, signal?: AbortSignal): Gate {
  let running = 0;
  let pausedUntilMs = 0;
  const waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  }

  async function patience(): Promise<void> {
    for (let leftMs = pausedUntilMs - now().getTime(); leftMs > 0; leftMs = pausedUntilMs - now().getTime())
      await sleep(leftMs, signal);
  }

  /** A waiting act takes over the place, so that nobody can slip in between. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    async pass(act) {
      await enter();
      try {
        await patience();
        return await act();
      } finally {
        leave();
      }
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, now().getTime() + ms);
    },
  };
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Doubles from half a second to half a minute; half of it is random, so that clients which failed together do not return together. */
export function backoffMs(failedAttempts: number, random: number): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (failedAttempts - 1), LONGEST_WAIT_MS);
  return Math.round(full / 2 + (full / 2) * random);
}

/** `Retry-After` in seconds or as a date; null where there is none that can be read. */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(at - now.getTime(), 0);
}
