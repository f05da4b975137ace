import type { StoreError } from "./store-reader.ts";

/** How hard a store may be asked: few requests at a time, each attempt with a time limit, bounded attempts, patience where the store asks for it. */

/** The outer world a client needs; tests pass a world whose time passes at once. */
export interface Surroundings {
  readonly now: () => Date;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
}

export const REAL_SURROUNDINGS: Surroundings = { now: () => new Date(), sleep, random: Math.random };

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
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

/** `Retry-After` in seconds, also with a fraction, or as a date; null where there is none that can be read. */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}(\.\d{1,6})?$/.test(value.trim())) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(at - now.getTime(), 0);
}

export interface Patience {
  /** Requests at a time. */
  readonly concurrency: number;
  /** Attempts of one request. */
  readonly attempts: number;
  /** Of one attempt, answer included. */
  readonly timeoutMs: number;
  /** A store that wants to be left alone for longer is asked again by the next run, not by this one. */
  readonly longestPauseMs: number;
}

export const DEFAULT_PATIENCE: Patience = { concurrency: 4, attempts: 5, timeoutMs: 30_000, longestPauseMs: 120_000 };
/** Somebody waits at a screen or a terminal: one attempt, and not for long. */
export const IMPATIENT: Partial<Patience> = { attempts: 1, timeoutMs: 15_000 };

/** What one attempt came to. */
export type Attempt<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "refusal"; readonly error: StoreError }
  /** Worth another attempt. `untouched`: the store says that it has not begun, so that even a POST may be repeated. */
  | { readonly kind: "trouble"; readonly error: StoreError; readonly pauseMs: number | null; readonly untouched: boolean };

/** Asks until there is an answer or a refusal, at most `attempts` times. Throws StoreError. */
export async function askPatiently<Answer>(
  line: {
    readonly limits: Patience;
    readonly surroundings: Surroundings;
    readonly gate: Gate;
    readonly signal: AbortSignal | undefined;
  },
  once: () => Promise<Attempt<Answer>>,
  mayRepeat: (trouble: { readonly untouched: boolean }) => boolean = () => true,
): Promise<Answer> {
  const { limits, surroundings, gate, signal } = line;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await gate.pass(once);
    if (outcome.kind === "answer") return outcome.answer;
    if (outcome.kind === "refusal") throw outcome.error;
    signal?.throwIfAborted();
    if (attempt >= limits.attempts || !mayRepeat(outcome)) throw outcome.error;
    const pauseMs = outcome.pauseMs ?? 0;
    if (pauseMs > limits.longestPauseMs) throw outcome.error;
    if (pauseMs > 0) gate.pause(pauseMs);
    await surroundings.sleep(Math.max(pauseMs, backoffMs(attempt, surroundings.random())), signal);
  }
}
