/**
 * The typed client of the hub's API, for the console and the Shopify app: every route, its inputs
 * and answers, from the routes' own types. At run time it is `fetch` and nothing of the server.
 *
 *   const hub = createHubClient({ url: "https://hub.example.com", key: "upk_…" });
 *   const { items } = await answerOf(hub.orders.$get({ query: { stage: "earned" } }));
 */
import { type ClientResponse, hc } from "hono/client";
import type { Api } from "./api.ts";
import type { JoiningApi } from "./enrolments/joining-routes.ts";
import type { ErrorCode, FieldError } from "./errors.ts";

export type { ErrorCode, FieldError } from "./errors.ts";

/** A refusal of the hub, as its problem details say it; `status` 0 is a hub that could not be reached. */
export class HubProblem extends Error {
  override name = "HubProblem";
  readonly status: number;
  readonly code: ErrorCode | "unreachable";
  readonly title: string;
  /** What was wrong with single fields of the request. */
  readonly fields: readonly FieldError[];

  constructor(problem: {
    status: number;
    code: HubProblem["code"];
    title: string;
    detail: string;
    fields?: readonly FieldError[];
    cause?: unknown;
  }) {
    super(problem.detail, { cause: problem.cause });
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.fields = problem.fields ?? [];
  }
}

export interface HubClientOptions {
  /** Where the hub is, without `/api`. */
  readonly url: string;
  /** An API key; a function is asked before every request. Null in a browser, which is known by its cookie. */
  readonly key: string | (() => string | Promise<string>) | null;
  readonly timeoutMs?: number;
  /** For tests, and for runtimes with a `fetch` of their own. */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response> | Response;
}

/** Every route as `hub.<noun>.$get(…)`; refusals throw HubProblem. */
export function createHubClient(options: HubClientOptions) {
  const { key } = options;
  return hc<Api>(`${options.url.replace(/\/+$/, "")}/api`, {
    headers: async (): Promise<Record<string, string>> =>
      key === null ? {} : { authorization: `Bearer ${typeof key === "string" ? key : await key()}` },
    fetch: sendBy(options),
  });
}

/** The few routes for strangers who want to join, as `joining.codes[":name"].$get(…)`. */
export function createJoiningClient(options: Omit<HubClientOptions, "key">) {
  return hc<JoiningApi>(`${options.url.replace(/\/+$/, "")}/joining`, { fetch: sendBy(options) });
}

function sendBy({ timeoutMs = 30_000, ...options }: Pick<HubClientOptions, "timeoutMs" | "fetch">) {
  const send = options.fetch ?? ((input: string | URL | Request, init?: RequestInit) => fetch(input, init));
  return async (input: string | URL | Request, init?: RequestInit) => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init?.signal ? [init.signal] : [])]);
    const response = await reach(() => send(input, { ...init, signal }));
    if (!response.ok) throw await problemOf(response);
    return response;
  };
}

export type HubClient = ReturnType<typeof createHubClient>;

/** The body of an answer; its type leaves out the problems, which have been thrown. */
export async function answerOf<Response extends ClientResponse<unknown>>(pending: Promise<Response>): Promise<BodyOf<Response>> {
  const response = await pending;
  return (await response.json()) as BodyOf<Response>;
}

/** The body types of a response's 2xx answers. */
export type BodyOf<Response> =
  Response extends ClientResponse<infer Body, infer Status, infer _Format>
    ? `${Status}` extends `2${string}`
      ? Body
      : never
    : never;

async function reach(send: () => Promise<Response> | Response): Promise<Response> {
  try {
    return await send();
  } catch (cause) {
    const late = cause instanceof Error && cause.name === "TimeoutError";
    throw new HubProblem({
      status: 0,
      code: "unreachable",
      title: "The hub cannot be reached",
      detail: late ? "The hub did not answer in time." : "The hub could not be reached.",
      cause,
    });
  }
}

async function problemOf(response: Response): Promise<HubProblem> {
  const { status } = response;
  try {
    const { code, title, detail, errors } = (await response.json()) as {
      code: ErrorCode;
      title: string;
      detail: string;
      errors?: FieldError[];
    };
    if (typeof code === "string" && typeof detail === "string")
      return new HubProblem({ status, code, title, detail, ...(errors && { fields: errors }) });
  } catch {
    // Something between here and the hub answered: a proxy's own page.
  }
  return new HubProblem({
    status,
    code: "unavailable",
    title: "No answer of the hub",
    detail: `HTTP ${status} from the hub's address.`,
  });
}
