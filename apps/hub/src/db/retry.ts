import { sqlState } from "./connect.ts";
import { Busy } from "./turns.ts";

/**
 * The one judgement of what a failure means, and the one way to wait before another attempt.
 *
 * - `away`: the database cannot be reached or is stopping. It says nothing about the work.
 * - `conflict`: somebody else was faster. The same work may well succeed a moment later.
 * - `busy`: a lock or a statement took too long. It was waited for already; another attempt is for later.
 * - `permanent`: a value that the database can never take. Another attempt would end the same.
 * - `other`: anything else, a fault of ours among them.
 */
export type FailureKind = "away" | "conflict" | "busy" | "permanent" | "other";

const SQLSTATES: readonly (readonly [FailureKind, RegExp])[] = [
  // Connection lost, out of resources, shutting down or starting.
  ["away", /^(08|53|57P)/],
  // Serialisation, deadlock, unique key.
  ["conflict", /^(40|23505$)/],
  // Lock timeout, statement timeout.
  ["busy", /^(55P03|57014)$/],
  // Bad values, checks.
  ["permanent", /^(22|23514$)/],
];
/** The driver's own codes, and the socket's. */
const UNREACHABLE = /^(CONNECTION_|CONNECT_|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;

/** The database said why, or was never reached. */
const NEVER_REACHED = /^(CONNECT_|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;

/** Whether it is certain that the statement, or the transaction, that failed so left nothing: a connection that breaks does not tell. */
export function leftNothing(error: unknown): boolean {
  if (sqlState(error) !== null || error instanceof Busy || error instanceof Overtaken) return true;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && NEVER_REACHED.test(code);
}

/** Thrown in a transaction that finds, after it looked, that another one was faster: it is to be undone and run again. */
export class Overtaken extends Error {
  override name = "Overtaken";
}

export function failureKind(error: unknown): FailureKind {
  if (error instanceof Overtaken) return "conflict";
  if (error instanceof Busy) return "busy";
  const state = sqlState(error);
  if (state === null) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return typeof code === "string" && UNREACHABLE.test(code) ? "away" : "other";
  }
  return SQLSTATES.find(([, states]) => states.test(state))?.[0] ?? "other";
}

/** Doubles with each attempt from `firstMs` on, up to `longestMs`, spread over ±50 % so that those who met do not meet again. */
export function backoffMs(attempt: number, { firstMs, longestMs }: { firstMs: number; longestMs: number }): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random());
}

/** How often one transaction is tried within one call. */
export const ATTEMPTS = 4;

/** The pause between two tries of the same transaction. */
export function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, { firstMs: 10, longestMs: 500 })));
}

/**
 * Runs a transaction again that lost to another one over the same rows. The second time it finds what
 * the other wrote. A database that is away is not waited for: whoever asked is told so at once.
 */
export async function retryPassing<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === ATTEMPTS || failureKind(error) !== "conflict") throw error;
      await pause(attempt);
    }
  }
}
