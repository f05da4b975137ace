import { createHmac, randomBytes } from "node:crypto";
import {
  type Attempt,
  askPatiently,
  type CallOut,
  createGate,
  DEFAULT_PATIENCE,
  type Gate,
  isObject,
  OutgoingError,
  type Patience,
  parseJson,
  REAL_SURROUNDINGS,
  retryAfterMs,
  StoreError,
  type Surroundings,
} from "@upline/core";
import OAuth from "oauth-1.0a";

/**
 * Magento's REST API, asked politely and only for reading. Signed by OAuth 1.0a with HMAC-SHA256: HMAC-SHA1 is refused,
 * and an integration's token alone is since 2.4.4.
 */

/** What an integration shows in the shop's admin. */
export interface RestKeys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

export interface Answer {
  readonly body: unknown;
  /** The store's own clock when it answered, in whole seconds. */
  readonly storeTime: Date;
}

export interface MagentoClient {
  /** By the path behind `/rest/all/V1/`. Throws StoreError. */
  readonly get: (path: string, params?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly now: () => Date;
}

export interface ClientOptions {
  /** The shop's home address. */
  readonly url: string;
  readonly keys: RestKeys;
  readonly callOut: CallOut;
  readonly patience?: Partial<Patience>;
  readonly surroundings?: Surroundings;
  /** Ends everything that is under way, for a graceful shutdown. */
  readonly signal?: AbortSignal | undefined;
}

const LONGEST_ANSWER_BYTES = 64 << 20;

export function createClient(options: ClientOptions): MagentoClient {
  const { surroundings = REAL_SURROUNDINGS, signal, patience } = options;
  const limits = { ...DEFAULT_PATIENCE, ...patience };
  const gate: Gate = createGate(limits.concurrency, surroundings, signal);
  return {
    // Of all store views: an order belongs to one, and a view's own address lists all the same.
    get: (path, params = {}) => {
      const question = { url: `${options.url}/rest/all/V1/${path}`, params };
      return askPatiently({ limits, surroundings, gate, signal }, () => ask({ ...options, ...question, limits, surroundings }));
    },
    now: surroundings.now,
  };
}

interface Question extends ClientOptions {
  readonly params: Readonly<Record<string, string>>;
  readonly limits: Patience;
  readonly surroundings: Surroundings;
}

/** One attempt, with a nonce of its own: Magento takes each only once. */
async function ask({ url, params, keys, callOut, limits, surroundings, signal }: Question): Promise<Attempt<Answer>> {
  const query = Object.entries(params).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  try {
    const answer = await callOut({
      method: "GET",
      url: query.length === 0 ? url : `${url}?${query.join("&")}`,
      headers: { accept: "application/json", authorization: authorisation({ url, params, keys }) },
      timeoutMs: limits.timeoutMs,
      maxBytes: LONGEST_ANSWER_BYTES,
      signal,
    });
    return judge(answer, surroundings.now());
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OutgoingError)) throw error;
    return trouble(`The store could not be asked. ${error.message}`, { status: null, pauseMs: null });
  }
}

/** The parameters are given by themselves: from an address the library would sign their names as they are written in it. */
function authorisation({ url, params, keys }: Pick<Question, "url" | "params" | "keys">): string {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = keys;
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: "HMAC-SHA256",
    hash_function: (text, key) => createHmac("sha256", key).update(text).digest("base64"),
  });
  oauth.getNonce = () => randomBytes(16).toString("hex");
  const signed = oauth.authorize({ url, method: "GET", data: params }, { key: accessToken, secret: accessTokenSecret });
  return oauth.toHeader(signed).Authorization;
}

function judge(reply: Awaited<ReturnType<CallOut>>, now: Date): Attempt<Answer> {
  const { status, headers } = reply;
  const body = parsed(reply.text);
  if (status >= 200 && status < 300) {
    // A firewall's page, or a PHP notice before the JSON.
    if (body === undefined) return trouble("The store answered with something that is not JSON.", { status, pauseMs: null });
    const date = Date.parse(headers.date ?? "");
    return { kind: "answer", answer: { body, storeTime: Number.isNaN(date) ? now : new Date(date) } };
  }
  const said = saidBy(body);
  if (status >= 300 && status < 400)
    return refusal("refused", "The store's address redirects elsewhere: use the address that it redirects to.", { status });
  if (status === 401 || status === 403) return refusal("unauthorised", whyNot(said), { status });
  if (status === 404)
    return refusal(
      "not-found",
      `The store knows no such thing${said.isMissingEntity ? "" : ": is this a Magento shop's address?"}`,
      {
        status,
        code: said.isMissingEntity ? MISSING : null,
      },
    );
  // A field that the shop does not have, and whatever else Magento finds wrong with the question.
  const isRefusal = (status < 500 && status !== 408 && status !== 429) || said.isUnknownField;
  if (isRefusal)
    return refusal(
      "refused",
      `The store refused (${said.isUnknownField ? "it does not know a field that was asked for" : status}).`,
      {
        status,
      },
    );
  return trouble(`The store is not available (${status}).`, { status, pauseMs: retryAfterMs(headers["retry-after"], now) });
}

/** Magento's answers have no codes: this one stands for "the entity that was requested doesn't exist". */
export const MISSING = "no-such-entity";

interface Said {
  readonly message: string;
  /** The permissions that are missing. */
  readonly resources: string | null;
  readonly isMissingEntity: boolean;
  readonly isUnknownField: boolean;
}

function saidBy(body: unknown): Said {
  const message = isObject(body) && typeof body.message === "string" ? body.message : "";
  const parameters = isObject(body) && isObject(body.parameters) ? body.parameters : {};
  const { resources } = parameters;
  return {
    message,
    resources: typeof resources === "string" && /^[A-Za-z0-9_:, ]{1,300}$/.test(resources) ? resources : null,
    isMissingEntity: /^(The entity that was requested doesn't exist|No such entity)/.test(message),
    isUnknownField: /^SQLSTATE\[42S22\]/.test(message),
  };
}

/** Magento answers 401 to whatever is wrong with keys and permissions; it says which in words only. */
function whyNot({ message, resources }: Said): string {
  if (message.includes("signature is invalid") || message.includes("Signature method"))
    return "The store does not accept the signature: a consumer secret or an access token secret is wrong.";
  if (message.includes("nonce") || message.includes("timestamp"))
    return "The store does not accept the time of the request: its clock and the hub's are far apart.";
  if (message.includes("consumer") && message.includes("expired"))
    return "The integration's keys have expired: activate it again and give the new keys.";
  if (resources !== null && resources !== "self")
    return `The integration may not read ${resources}: in the shop's admin open System, Integrations, Upline, API, and give it that resource; or the keys are of an integration that is not active.`;
  return "The store does not accept these keys: is the integration active, and are all four keys of it?";
}

interface Details {
  readonly status: number | null;
  readonly code?: string | null;
}

function refusal(kind: StoreError["kind"], message: string, details: Details): Attempt<Answer> {
  return { kind: "refusal", error: new StoreError(kind, message, details) };
}

function trouble(message: string, { status, pauseMs }: Details & { readonly pauseMs: number | null }): Attempt<Answer> {
  return { kind: "trouble", error: new StoreError("unavailable", message, { status }), pauseMs, untouched: true };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
