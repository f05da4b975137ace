import { sqlState } from "../db/connect.ts";
import { HubError } from "../errors.ts";

const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|CONNECT_TIMEOUT|CONNECTION_\w+|57P0\d|08\d\d\d)$/;

/** Why a run failed, for people. Other people's texts may carry a secret or a body: of those only the kind is told. */
export function reasonOf(error: unknown): string {
  if (error instanceof HubError) return error.message;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  if (AWAY.test(code)) return "The database could not be reached.";
  const state = sqlState(error);
  if (state !== null) return `The database refused it (SQLSTATE ${state}).`;
  return `It failed unexpectedly (${error instanceof Error ? error.name : "unknown"}).`;
}

/** What is told of a run that ended without a word: its process was killed, or it took too long. */
export const ENDED_WITHOUT_A_WORD = "The hub that ran it was stopped or killed meanwhile, or it took too long.";
