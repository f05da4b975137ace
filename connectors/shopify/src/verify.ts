import { createHmac, timingSafeEqual } from "node:crypto";
import type { SignedRequest, Verdict } from "@upline/core";

/** The only place that knows how Shopify names its headers; none of them is signed. */
const HEADER = {
  signature: "x-shopify-hmac-sha256",
  topic: "x-shopify-topic",
  deliveryId: "x-shopify-webhook-id",
} as const;

const BASE64_SHA256 = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Base64 HMAC-SHA256 of the raw bytes. Every active secret is tried, because Shopify signs with the
 * old one for a while after an app's secret was rotated. The body is never parsed here.
 */
export function verify({ header, rawBody, secrets }: SignedRequest): Verdict {
  const given = header(HEADER.signature);
  if (!given) return { kind: "refused", reason: "no signature header" };
  if (!BASE64_SHA256.test(given)) return { kind: "refused", reason: "the signature is not a base64 SHA-256" };
  if (!secrets.some((secret) => secret !== "")) return { kind: "refused", reason: "the store has no active secret" };
  // Texts are compared, not decoded bytes: base64 decoders accept several spellings of the same bytes.
  const expected = (secret: string) => createHmac("sha256", secret).update(rawBody).digest("base64");
  // All are computed, whichever matches, so that the time says nothing about which secret it was.
  const matches = secrets.filter((secret) => secret !== "" && timingSafeEqual(Buffer.from(expected(secret)), Buffer.from(given)));
  if (matches.length === 0) return { kind: "refused", reason: "the signature does not match" };
  return { kind: "signed", topic: header(HEADER.topic) ?? "", deliveryId: header(HEADER.deliveryId) ?? null };
}
