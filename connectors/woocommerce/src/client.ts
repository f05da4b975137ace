import { createRequire } from "node:module";
import {
  type Attempt,
  askPatiently,
  type CallOut,
  createGate,
  DEFAULT_PATIENCE,
  type Gate,
  OutgoingError,
  type Patience,
  parseJson,
  REAL_SURROUNDINGS,
  retryAfterMs,
  StoreError,
  type Surroundings,
} from "@upline/core";

// The default export of this CommonJS package is one thing to Node and another to bundlers; required, it is the same to all.
const library: typeof import("@woocommerce/woocommerce-rest-api") = createRequire(import.meta.url)(
  "@woocommerce/woocommerce-rest-api",
);

/**
 * WooCommerce's REST API, asked politely: few requests at a time, every one with a time limit,
 * bounded attempts with jitter, and patience where the store asks for it. Signing is the library's:
 * Basic over https, OAuth 1.0a over http, where WooCommerce accepts nothing else.
 */

export interface StoreAccess {
  /** The store's home address. */
  readonly url: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

export type Params = Readonly<Record<string, string>>;

export interface Answer {
  readonly body: unknown;
  /** Rows of the whole list (X-WP-Total); null where the answer is no list. */
  readonly total: number | null;
  readonly totalPages: number | null;
  /** The store's own clock when it answered, in whole seconds. */
  readonly storeTime: Date;
}

export interface WooClient {
  readonly get: (path: string, params?: Params) => Promise<Answer>;
  readonly post: (path: string, body: object) => Promise<Answer>;
  readonly put: (path: string, body: object) => Promise<Answer>;
  readonly delete: (path: string, params?: Params) => Promise<Answer>;
  readonly now: () => Date;
}

export interface ClientOptions {
  readonly access: StoreAccess;
  readonly callOut: CallOut;
  readonly patience?: Partial<Patience>;
  readonly surroundings?: Surroundings;
  /** Ends everything that is under way, for a graceful shutdown. */
  readonly signal?: AbortSignal;
}

export function createClient({ access, callOut, patience, surroundings = REAL_SURROUNDINGS, signal }: ClientOptions): WooClient {
  const limits = { ...DEFAULT_PATIENCE, ...patience };
  const line: Line = {
    access,
    callOut,
    limits,
    surroundings,
    signal,
    gate: createGate(limits.concurrency, surroundings, signal),
  };
  return {
    get: (path, params = {}) => ask(line, { method: "get", path, params }),
    post: (path, body) => ask(line, { method: "post", path, body }),
    put: (path, body) => ask(line, { method: "put", path, body }),
    delete: (path, params = {}) => ask(line, { method: "delete", path, params }),
    now: surroundings.now,
  };
}

interface Line {
  readonly access: StoreAccess;
  readonly callOut: CallOut;
  readonly limits: Patience;
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal | undefined;
  readonly gate: Gate;
}

interface Question {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly params?: Params;
  readonly body?: object;
}

/** What came back, or that nothing did. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Why nothing did. */
interface Silence {
  readonly failure: string;
  /** The store cannot have begun. */
  readonly untouched: boolean;
}

const LONGEST_ANSWER_BYTES = 64 << 20;

/** A POST that the store may have begun is not repeated. */
const ask = (line: Line, question: Question): Promise<Answer> =>
  askPatiently(
    line,
    async () => judge(await send(line, question), line.surroundings.now()),
    ({ untouched }) => question.method !== "post" || untouched,
  );

/** One attempt. Throws nothing but an abort: what the library throws holds the request, and with it the keys. */
async function send(line: Line, { method, path, params, body }: Question): Promise<Reply | Silence> {
  const { access, signal } = line;
  let silence: Silence = { failure: "no answer", untouched: false };
  const api = new library.default({
    url: access.url,
    consumerKey: access.consumerKey,
    consumerSecret: access.consumerSecret,
    version: "wc/v3",
    axiosConfig: {
      // The library only signs; the call is made by the one client for other people's servers.
      adapter: async (config: Signed) => {
        try {
          return { ...(await callSigned(line, config)), statusText: "", config, request: null };
        } catch (error) {
          if (error instanceof OutgoingError) silence = { failure: error.message, untouched: !error.mayHaveBegun };
          throw error;
        }
      },
      // The text is parsed here, where long ids keep their digits.
      transformResponse: (text: unknown) => text,
    },
  });
  try {
    const reply = await (body === undefined ? api[method as "get"](path, params) : api[method as "post"](path, body));
    return { status: reply.status, headers: reply.headers, text: reply.data };
  } catch {
    signal?.throwIfAborted();
    return silence;
  }
}

/** A request as the library has signed it: by parameters over http, by user name and password over https. */
interface Signed {
  readonly method?: string;
  readonly url?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly auth?: { readonly username: string; readonly password: string };
  readonly headers: { readonly toJSON: () => Readonly<Record<string, unknown>> };
  readonly data?: string;
}

async function callSigned(
  { callOut, limits, signal }: Line,
  { method = "get", url = "", params = {}, auth, headers, data }: Signed,
) {
  const query = Object.entries(params).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  const join = query.length === 0 ? "" : url.includes("?") ? "&" : "?";
  const basic = auth && { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` };
  const given = Object.entries(headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const { text, ...answer } = await callOut({
    method: method.toUpperCase(),
    url: `${url}${join}${query.join("&")}`,
    headers: { ...Object.fromEntries(given), ...basic },
    body: data,
    timeoutMs: limits.timeoutMs,
    maxBytes: LONGEST_ANSWER_BYTES,
    signal,
  });
  return { ...answer, data: text };
}

type Outcome = Attempt<Answer>;

function judge(reply: Reply | Silence, now: Date): Outcome {
  if ("failure" in reply) return trouble(`The store could not be asked. ${reply.failure}`, { untouched: reply.untouched });
  const { status, text } = reply;
  const header = (name: string): string | undefined => reply.headers[name];
  const body = parsed(text);
  if (status >= 200 && status < 300) {
    // A firewall's page or a PHP notice before the JSON.
    if (body === undefined) return trouble("The store answered with something that is not JSON.", { status });
    const date = Date.parse(header("date") ?? "");
    const storeTime = Number.isNaN(date) ? now : new Date(date);
    return {
      kind: "answer",
      answer: { body, total: count(header("x-wp-total")), totalPages: count(header("x-wp-totalpages")), storeTime },
    };
  }
  const code = codeOf(body);
  if (status >= 300 && status < 400) {
    return refusal("refused", "The store's address redirects elsewhere: use the address that it redirects to.", { status, code });
  }
  if (status === 401 || status === 403) {
    return refusal("unauthorised", "The store does not accept this key, or the key lacks a permission.", { status, code });
  }
  if (status === 404) return refusal("not-found", `The store knows no such thing (${code ?? "no code"}).`, { status, code });
  // WooCommerce answers 500 to refusals too, such as a refund that is too large: its own code tells them from breakdowns.
  const isRefusal = status >= 500 ? (code ?? "").startsWith("woocommerce_rest_") : status !== 408 && status !== 429;
  if (isRefusal) return refusal("refused", `The store refused (${code ?? status}).`, { status, code });
  return trouble(`The store is not available (${status}).`, { status, code, pauseMs: retryAfterMs(header("retry-after"), now) });
}

function refusal(kind: StoreError["kind"], message: string, details: { status: number; code: string | null }): Outcome {
  return { kind: "refusal", error: new StoreError(kind, message, details) };
}

interface TroubleDetails {
  readonly status?: number;
  readonly code?: string | null;
  readonly pauseMs?: number | null;
  readonly untouched?: boolean;
}

function trouble(message: string, { status, code, pauseMs = null, untouched }: TroubleDetails): Outcome {
  const error = new StoreError("unavailable", message, { status: status ?? null, code: code ?? null });
  return { kind: "trouble", error, pauseMs, untouched: untouched ?? (status === 429 || status === 503) };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function codeOf(body: unknown): string | null {
  const code = body !== null && typeof body === "object" ? (body as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code.slice(0, 100) : null;
}

const count = (text: string | undefined): number | null => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null);
