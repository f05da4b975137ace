import { type LookupAddress, lookup } from "node:dns";
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type CallOut, type OutgoingAnswer, OutgoingError, type OutgoingRequest } from "@upline/core";
import { isPublicAddress } from "./public-address.ts";

export interface OutgoingOptions {
  /** Allows http and addresses of this machine and its networks: for development and for shops in the same house. */
  readonly allowPrivate: boolean;
  /** PEM certificates of an authority that only these servers use, such as a staging shop's. */
  readonly ca?: string | undefined;
}

const IDLE_MS = 5_000;

/** Makes the one client for servers that are somebody else's. Its connections are kept for a moment and hold no process up. */
export function openOutgoing({ allowPrivate, ca }: OutgoingOptions): CallOut {
  const options = { keepAlive: true, timeout: IDLE_MS, ...(allowPrivate ? {} : { lookup: publicLookup }) };
  const agents = { http: new HttpAgent(options), https: new HttpsAgent({ ...options, ...(ca === undefined ? {} : { ca }) }) };
  return async (request) => {
    const url = URL.parse(request.url);
    if (url === null || !mayCall(url, allowPrivate)) throw unusableAddress();
    const isTls = url.protocol === "https:";
    const { method, headers, body, signal, timeoutMs, maxBytes } = request;
    const limit = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const common = { method, headers: { ...headers, ...length }, signal: ends };
    const sent = isTls
      ? httpsRequest(url, { ...common, agent: agents.https })
      : httpRequest(url, { ...common, agent: agents.http });
    try {
      return await exchange(sent, { body, maxBytes });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw limit.aborted ? new OutgoingError("time", "There was no answer in time.") : asOutgoing(error);
    }
  };
}

function mayCall(url: URL, allowPrivate: boolean): boolean {
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return false;
  if (allowPrivate) return true;
  // The parser has turned every way to write an IPv4 address (decimal, octal, hexadecimal, short) into the one with dots.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return url.protocol === "https:" && (isIP(host) === 0 || isPublicAddress(host));
}

/**
 * Resolves a name and answers only addresses of the open internet. It is asked when a connection is made and by nobody
 * else, so the address that was checked is the one that is called, whatever the name means a moment later.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error || first === undefined || addresses.some(({ address }) => !isPublicAddress(address)))
      callback(unusableAddress(), "", 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** The same for what does not exist, leads into a private network, or is not https: asking must not show what is there. */
function unusableAddress(): OutgoingError {
  return new OutgoingError(
    "address",
    "The address cannot be called: it has to begin with https:// and be one of the open internet.",
  );
}

function asOutgoing(error: unknown): OutgoingError {
  if (error instanceof OutgoingError) return error;
  const code = (error as { code?: unknown }).code;
  const reason = typeof code === "string" ? code : "no answer";
  return new OutgoingError("network", `The server could not be reached (${reason}).`, {
    mayHaveBegun: reason !== "ECONNREFUSED",
  });
}

function exchange(sent: ClientRequest, { body, maxBytes }: Pick<OutgoingRequest, "body" | "maxBytes">): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on("error", reject);
      answer.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > maxBytes) answer.destroy(new OutgoingError("size", `The answer is longer than ${maxBytes} bytes.`));
      });
      answer.on("end", () => {
        const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(headers), text });
      });
    });
    sent.end(body);
  });
}
