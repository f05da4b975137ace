/**
 * One error type for expected refusals. `detail` is for the caller, `cause` for the log; a refusal
 * never tells whether something exists that the caller may not see.
 */

/** The closed table of codes: HTTP status and title. Each code has a line in docs/errors.md. */
export const ERROR_CODES = {
  "bad-request": { status: 400, title: "The request cannot be understood" },
  unauthorized: { status: 401, title: "Sign the request, or send a valid API key" },
  "bad-signature": { status: 401, title: "The signature does not match" },
  "missing-scope": { status: 403, title: "This API key may not do that" },
  "missing-role": { status: 403, title: "This role may not do that" },
  "foreign-origin": { status: 403, title: "Called from another site" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "This address does not take that method" },
  conflict: { status: 409, title: "This contradicts what is already stored" },
  "conflicting-replay": { status: 409, title: "The same order was sent before with other facts" },
  "copied-shop": { status: 409, title: "This shop is known at another address" },
  "too-large": { status: 413, title: "The body is too large" },
  unprocessable: { status: 422, title: "The request is well-formed but cannot be carried out" },
  "too-many": { status: 429, title: "Too many wrong tries" },
  unavailable: { status: 503, title: "Try again shortly" },
  internal: { status: 500, title: "Something went wrong on our side" },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

export interface FieldError {
  /** The path of the field, such as `items.0.qty`. */
  readonly path: string;
  readonly message: string;
}

export class HubError extends Error {
  override name = "HubError";
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  /** Further members of the problem, for programs. */
  readonly members: Readonly<Record<string, string>>;
  constructor(
    code: ErrorCode,
    detail: string,
    options: { fields?: readonly FieldError[]; members?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.members = options.members ?? {};
  }
}

/** What was given cannot be carried out, and which field is to blame; `detail` where the whole sentence says more than the field's. */
export function refused(path: string, message: string, detail: string = message): HubError {
  return new HubError("unprocessable", detail, { fields: [{ path, message }] });
}

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** Anything unexpected becomes `internal`, whose detail says nothing of the inside. */
export function problemOf(error: unknown): Problem {
  const known = error instanceof HubError ? error : new HubError("internal", "The error was logged. Trying again is safe.");
  const { status, title } = ERROR_CODES[known.code];
  const problem = {
    ...known.members,
    type: `urn:upline:error:${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
  };
  return known.fields.length > 0 ? { ...problem, errors: known.fields } : problem;
}
