import { uint8At } from "./typed.ts";
/**
 * The Standard Webhooks scheme (standardwebhooks.com), in which the WooCommerce plugin and the
 * Magento module sign: HMAC-SHA256 over `id.timestamp.body`. Unlike the platforms' own schemes it
 * signs the delivery's id and time, so that an old delivery cannot be sent again much later.
 * Pure: the HMAC is passed in, so that it runs wherever core runs.
 */

/** HMAC-SHA256 over the parts, one after the other. */
export type Hmac = (key: Uint8Array, ...parts: Uint8Array[]) => Uint8Array;

/** A sender signs anew for every attempt, so that this is about clocks and transit only. */
export const TIMESTAMP_TOLERANCE_S = 300;

/** A sender in rotation signs with two secrets; more values than this are an attempt to make us compute. */
const MAX_SIGNATURES = 10;

/**
 * No full stop: it separates the signed parts. And no braces: a store's built-in scheme may sign bare
 * bodies with the same secret, and no such body may ever read as `id.timestamp.body` of another.
 */
const DELIVERY_ID = /^[\w:-]{1,255}$/;

export interface StandardWebhook {
  /** A header's value by lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly rawBody: Uint8Array;
  /** `whsec_<base64>`, or any other text, which is taken as its UTF-8 bytes. Any one may match. */
  readonly secrets: readonly string[];
  readonly now: Date;
  readonly hmac: Hmac;
}

export type StandardVerdict =
  | { readonly kind: "signed"; readonly deliveryId: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Whether a request claims this scheme, rather than a platform's own. */
export function usesStandardWebhooks(header: (name: string) => string | undefined): boolean {
  return header("webhook-signature") !== undefined || header("webhook-id") !== undefined;
}

/** Checks id, time and signature over the raw bytes. Never throws; the reason names no secret and no body. */
export function verifyStandardWebhook({ header, rawBody, secrets, now, hmac }: StandardWebhook): StandardVerdict {
  const id = header("webhook-id") ?? "";
  const timestamp = header("webhook-timestamp") ?? "";
  if (!DELIVERY_ID.test(id)) return refused("webhook-id is missing or malformed");
  if (!/^\d{1,12}$/.test(timestamp)) return refused("webhook-timestamp is missing or malformed");
  const ageS = Math.floor(now.getTime() / 1000) - Number(timestamp);
  if (Math.abs(ageS) > TIMESTAMP_TOLERANCE_S) return refused("webhook-timestamp is more than five minutes off");

  const given = (header("webhook-signature") ?? "")
    .split(" ")
    .filter((value) => value.startsWith("v1,"))
    .slice(0, MAX_SIGNATURES)
    .map((value) => decodeBase64(value.slice(3)));
  let matches = false;
  for (const secret of secrets) {
    const expected = hmac(secretBytes(secret), utf8(`${id}.${timestamp}.`), rawBody);
    for (const signature of given) matches = (signature !== null && constantTimeEqual(signature, expected)) || matches;
  }
  return matches ? { kind: "signed", deliveryId: id } : refused("webhook-signature matches no secret of this store");
}

/** The headers that sign a body: for the demo, for tests, and as the pattern of what the PHP parts send. */
export function signStandardWebhook(delivery: {
  readonly id: string;
  readonly at: Date;
  readonly rawBody: Uint8Array;
  readonly secret: string;
  readonly hmac: Hmac;
}): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  if (!DELIVERY_ID.test(delivery.id)) throw new TypeError("a delivery id has 1 to 255 letters, digits, '_', ':' or '-'");
  const timestamp = String(Math.floor(delivery.at.getTime() / 1000));
  const mac = delivery.hmac(secretBytes(delivery.secret), utf8(`${delivery.id}.${timestamp}.`), delivery.rawBody);
  return {
    "webhook-id": delivery.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...mac))}`,
  };
}

/**
 * What the delivery calls itself, `order.updated` for example, read from the first bytes without
 * parsing the body. A hint for logs and counters: nothing is decided by it.
 */
export function typeHint(rawBody: Uint8Array): string | null {
  const start = new TextDecoder().decode(rawBody.subarray(0, 256));
  return /^\s*\{\s*"type"\s*:\s*"([\w.:-]{1,100})"/.exec(start)?.[1] ?? null;
}

/**
 * The body's own `timestamp` as text that sorts as the time does, whatever its precision and zone:
 * nanoseconds, UTC. Null for what is no time with a zone.
 */
export function sortableTimestamp(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(text);
  const date = match ? new Date(`${match[1]}${match[3]}`) : null;
  if (!match || date === null || Number.isNaN(date.getTime())) return null;
  return `${date.toISOString().slice(0, 19)}.${(match[2] ?? "").padEnd(9, "0")}Z`;
}

/** Compares every byte whatever the difference, so that the time taken tells nothing about it. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= uint8At(a, index) ^ uint8At(b, index);
  return difference === 0;
}

function secretBytes(secret: string): Uint8Array {
  const encoded = secret.startsWith("whsec_") ? decodeBase64(secret.slice("whsec_".length)) : null;
  return encoded !== null && encoded.length > 0 ? encoded : utf8(secret);
}

function decodeBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const refused = (reason: string): StandardVerdict => ({ kind: "refused", reason });
