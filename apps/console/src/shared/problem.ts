import { HubProblem } from "@upline/hub/client";

/** A refusal as a person reads it: what was wrong with single fields comes with it. */
export function problemOf(error: unknown): string {
  if (error instanceof HubProblem) {
    const fields = error.fields.map(({ path, message }) => `${path} ${message}`);
    return [error.message, ...fields].join(" ");
  }
  return error instanceof Error ? error.message : String(error);
}

export function isMissing(error: unknown): boolean {
  return error instanceof HubProblem && error.status === 404;
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof HubProblem && error.status === 401;
}
