import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import { mayHaveCommitted } from "../db/commits.ts";
import { sqlState } from "../db/connect.ts";
import { type FailureKind, failureKind, leftNothing } from "../db/retry.ts";
import { HubError, problemOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import { cutShort } from "./body.ts";

const RETRY_AFTER_SECONDS: Readonly<Record<number, number>> = { 429: 60, 503: 2 };

/** A refusal as RFC 9457 has it; one that passes says when to come again. */
export function problemResponse(error: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = problemOf(error);
  const seconds = RETRY_AFTER_SECONDS[problem.status];
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(seconds === undefined ? {} : { "retry-after": String(seconds) }),
      ...headers,
    },
  });
}

/** What is known of a request that failed. */
export interface FailedRequest {
  readonly requestId: string;
  /** Method and route, without what identifies anybody. */
  readonly route: string;
  /** Whether the sender has gone away meanwhile. */
  readonly isGone: boolean;
}

export const failedRequest = (c: Context): FailedRequest => ({
  requestId: c.get("requestId") ?? "",
  route: `${c.req.method} ${routePath(c, -1)}`,
  isGone: c.req.raw.signal.aborted,
});

/** What a failed request is answered, and the line of the log that finds it again: by the request's id, with the SQLSTATE. */
export function answerFailure(failed: FailedRequest, log: Logger, error: Error): Response {
  const { requestId, route, isGone } = failed;
  const headers = { "x-request-id": requestId };
  const refusal = error instanceof HubError ? error : refusalOf(isGone, error);
  if (refusal !== null && (refusal === error || refusal.code !== "unavailable")) return problemResponse(refusal, headers);
  const line = {
    request: requestId,
    route,
    error: error.name,
    state: sqlState(error),
    at: error.stack?.split("\n")[1]?.trim(),
  };
  if (refusal === null) log.error(line, "a request failed unexpectedly");
  else log.warn(line, "a request was put off");
  return problemResponse(refusal ?? error, headers);
}

const PASSING: Partial<Record<FailureKind, string>> = {
  away: "The database cannot be reached at the moment.",
  busy: "Another change of this company is under way, such as an import or a close.",
};

/** That nothing was changed is said where it is certain: an earlier transaction of the call, or a commit whose answer was lost, may be done. */
function whatItLeft(error: Error): string {
  if (!mayHaveCommitted() && leftNothing(error)) return "Nothing was changed. Try again shortly.";
  return "What was asked for may be done all the same, in whole or in part: send the same again shortly, and look at what is there.";
}

/** What passes by itself is said so: the caller may come again, as a shop does with a delivery. Null: unexpected. */
function refusalOf(isGone: boolean, error: Error): HubError | null {
  if (error instanceof HTTPException) return new HubError("bad-request", error.message, { cause: error });
  const passing = PASSING[failureKind(error)];
  if (passing !== undefined) return new HubError("unavailable", `${passing} ${whatItLeft(error)}`, { cause: error });
  // Whoever sent it has gone away meanwhile: nobody reads the answer, and nothing of ours went wrong.
  return isGone ? cutShort(error) : null;
}
