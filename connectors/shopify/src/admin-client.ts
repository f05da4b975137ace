import {
  backoffMs,
  type CallOut,
  isObject,
  OutgoingError,
  parseJson,
  REAL_SURROUNDINGS,
  retryAfterMs,
  StoreError,
  type Surroundings,
} from "@upline/core";
import { API_VERSION, type Document } from "./documents.ts";
import { Bucket, type Cost } from "./throttle.ts";

/** Shopify's Admin API, asked politely: one question at a time, within what the shop's bucket holds, and patient where it asks for it. */

/** Gives a token for the shop; `refused` is one that the shop did not take. Throws StoreError where there is none. */
export type TokenOf = (refused?: string) => Promise<AdminToken>;

export interface AdminToken {
  readonly accessToken: string;
  /** Such as `read_orders`. */
  readonly scopes: readonly string[];
}

export interface AdminClient {
  /** Throws StoreError. */
  readonly ask: <Result, Variables>(document: Document<Result, Variables>, variables: Variables) => Promise<Result>;
  /** Another server's file that the shop names, such as the result of a bulk operation. Throws StoreError. */
  readonly download: (url: string) => Promise<string>;
  readonly scopes: () => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface AdminAccess {
  /** The shop's own address, `https://….myshopify.com`. */
  readonly url: string;
  readonly tokenOf: TokenOf;
  readonly callOut: CallOut;
  readonly impatient?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly surroundings?: Surroundings;
}

const PATIENT = { attempts: 6, timeoutMs: 30_000 };
/** Somebody waits at a screen: one attempt, and not for long. */
const IMPATIENT = { attempts: 1, timeoutMs: 15_000 };
/** A shop that wants to be left alone for longer, at once or in all, is asked again by the next run, not by this one. */
const LONGEST_PAUSE_MS = 120_000;
const LONGEST_ANSWER_BYTES = 64 << 20;
/** A bulk operation is asked for in windows whose files stay well below this. */
const LONGEST_FILE_BYTES = 256 << 20;

/** One query asks for more than the API answers at once: a smaller page will do. */
export class TooCostly extends StoreError {}

type Outcome =
  | { readonly kind: "answer"; readonly data: unknown }
  | { readonly kind: "refusal"; readonly error: StoreError }
  | { readonly kind: "token"; readonly error: StoreError }
  | Trouble;

interface Trouble {
  readonly kind: "trouble";
  readonly error: StoreError;
  readonly pauseMs: number | null;
}

/** What is borne at one query. */
class Patience {
  readonly #attempts: number;
  readonly #random: () => number;
  #failures = 0;
  #throttledMs = 0;

  constructor(attempts: number, random: () => number) {
    this.#attempts = attempts;
    this.#random = random;
  }

  /** How long to rest before the next attempt. Throws what it was about where there is none. */
  restMs({ error, pauseMs }: Trouble): number {
    // That the bucket is empty is no failure: a query that fails now and then may wait for it as often as it has to.
    const isWait = error.code === "THROTTLED" && this.#attempts > 1;
    if (!isWait) this.#failures += 1;
    const restMs = Math.max(pauseMs ?? 0, backoffMs(Math.max(this.#failures, 1), this.#random()));
    if (isWait) this.#throttledMs += restMs;
    const longestMs = Math.max(pauseMs ?? 0, this.#throttledMs);
    if (this.#failures >= this.#attempts || longestMs > LONGEST_PAUSE_MS) throw error;
    return restMs;
  }
}

export function adminClient(access: AdminAccess): AdminClient {
  const { callOut, signal, tokenOf, impatient = false, surroundings = REAL_SURROUNDINGS } = access;
  const { attempts, timeoutMs } = impatient ? IMPATIENT : PATIENT;
  const bucket = new Bucket(surroundings.now);
  const sleep = (ms: number) => (ms > 0 ? surroundings.sleep(ms, signal) : Promise.resolve());
  const call = (request: { method: string; url: string; headers: Record<string, string>; body?: string; maxBytes: number }) =>
    callOut({ ...request, timeoutMs, signal });

  async function once(text: string, variables: unknown, token: AdminToken): Promise<Outcome> {
    try {
      const answer = await call({
        method: "POST",
        url: `${access.url}/admin/api/${API_VERSION}/graphql.json`,
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "x-shopify-access-token": token.accessToken,
        },
        body: JSON.stringify({ query: text, variables }),
        maxBytes: LONGEST_ANSWER_BYTES,
      });
      return judge(answer, { query: text, bucket, now: surroundings.now() });
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof OutgoingError)) throw error;
      return trouble(`The shop could not be asked. ${error.message}`, {});
    }
  }

  async function patiently(text: string, variables: unknown): Promise<unknown> {
    let token = await tokenOf();
    let renewed = false;
    const patience = new Patience(attempts, surroundings.random);
    for (;;) {
      const pauseMs = bucket.waitMs(text);
      if (pauseMs > LONGEST_PAUSE_MS) throw new StoreError("unavailable", "The shop's limit of queries is used up for minutes.");
      await sleep(pauseMs);
      const outcome = await once(text, variables, token);
      if (outcome.kind === "answer") return outcome.data;
      if (outcome.kind === "refusal") throw outcome.error;
      if (outcome.kind === "token") {
        // It may have run out on the way, or been replaced.
        if (renewed) throw outcome.error;
        renewed = true;
        token = await tokenOf(token.accessToken);
        continue;
      }
      signal?.throwIfAborted();
      await sleep(patience.restMs(outcome));
    }
  }

  return {
    ask: async (document, variables) => (await patiently(document.text, variables)) as never,
    async download(url) {
      try {
        const { status, text } = await call({ method: "GET", url, headers: {}, maxBytes: LONGEST_FILE_BYTES });
        if (status === 200) return text;
        throw new StoreError("unavailable", `The result of a bulk operation could not be fetched (${status}).`, { status });
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof OutgoingError)) throw error;
        throw new StoreError("unavailable", `The result of a bulk operation could not be fetched. ${error.message}`);
      }
    },
    scopes: async () => (await tokenOf()).scopes,
    now: surroundings.now,
    sleep,
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

function judge({ status, headers, text }: Reply, { query, bucket, now }: { query: string; bucket: Bucket; now: Date }): Outcome {
  const pauseMs = retryAfterMs(headers["retry-after"], now);
  if (status === 401) return { kind: "token", error: unauthorised("The shop does not take the app's token.", status) };
  if (status === 403)
    return refusal(unauthorised("The shop refuses the app: a permission is missing, or the shop is closed.", status));
  if (status === 402 || status === 423)
    return refusal(
      new StoreError("refused", "The shop is frozen or locked: its owner has to settle that with Shopify.", { status }),
    );
  if (status === 404) return refusal(new StoreError("not-found", "There is no such shop.", { status }));
  if (status === 429 || status === 408 || status >= 500)
    return trouble(`The shop is not available (${status}).`, { status, pauseMs });
  const body = parsed(text);
  if (status !== 200 || !isObject(body)) {
    if (status >= 300 && status < 400)
      return refusal(new StoreError("refused", "The shop's address redirects elsewhere.", { status }));
    if (status >= 400) return refusal(new StoreError("refused", `The shop refused (${status}).`, { status }));
    return trouble("The shop answered with something that is not JSON.", { status });
  }
  const cost = costIn(body);
  if (cost !== null) bucket.note(query, cost);
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  const [first] = errors;
  if (first === undefined)
    return isObject(body.data) ? { kind: "answer", data: body.data } : trouble("The shop answered nothing.", { status });
  return judgeError(errors, { query, cost, bucket });
}

/** What GraphQL says is wrong comes with 200. Half an answer is none: a field that was refused would look like one that is empty. */
function judgeError(
  errors: readonly Readonly<Record<string, unknown>>[],
  { query, cost, bucket }: { query: string; cost: Cost | null; bucket: Bucket },
): Outcome {
  const codes = errors.map(({ extensions }) => (isObject(extensions) ? extensions.code : undefined));
  if (codes.includes("THROTTLED"))
    return trouble("The shop's limit of queries is used up.", {
      code: "THROTTLED",
      pauseMs: cost === null ? 1000 : bucket.waitMs(query, cost.requestedQueryCost),
    });
  if (codes.includes("MAX_COST_EXCEEDED"))
    return refusal(
      new TooCostly("refused", "A query asks the shop for more than it answers at once.", { code: "MAX_COST_EXCEEDED" }),
    );
  if (codes.includes("ACCESS_DENIED"))
    return refusal(
      new StoreError("unauthorised", `The app lacks a permission: ${sentenceOf(errors)}`, { status: 200, code: "ACCESS_DENIED" }),
    );
  if (codes.includes("INTERNAL_SERVER_ERROR")) return trouble("The shop failed at a query.", { code: "INTERNAL_SERVER_ERROR" });
  const code = codes.find((one) => typeof one === "string");
  return refusal(
    new StoreError("refused", `The shop refused a query: ${sentenceOf(errors)}`, {
      status: 200,
      code: code === undefined ? null : String(code),
    }),
  );
}

/** Shopify's own words about a query; they hold no data. */
function sentenceOf(errors: readonly Readonly<Record<string, unknown>>[]): string {
  const message = errors[0]?.message;
  return typeof message === "string" ? message.slice(0, 300) : "without a reason";
}

const unauthorised = (sentence: string, status: number): StoreError =>
  new StoreError("unauthorised", `${sentence} Open the Upline app in the shop's admin once.`, { status });

const refusal = (error: StoreError): Outcome => ({ kind: "refusal", error });

function trouble(
  message: string,
  { status, code, pauseMs = null }: { status?: number; code?: string; pauseMs?: number | null },
): Outcome {
  return {
    kind: "trouble",
    error: new StoreError("unavailable", message, { status: status ?? null, code: code ?? null }),
    pauseMs,
  };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function costIn(body: Readonly<Record<string, unknown>>): Cost | null {
  const cost = isObject(body.extensions) ? body.extensions.cost : undefined;
  const status = isObject(cost) ? cost.throttleStatus : undefined;
  if (!isObject(cost) || !isObject(status)) return null;
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);
  return {
    requestedQueryCost: number(cost.requestedQueryCost),
    throttleStatus: {
      maximumAvailable: number(status.maximumAvailable),
      currentlyAvailable: number(status.currentlyAvailable),
      restoreRate: number(status.restoreRate),
    },
  };
}
