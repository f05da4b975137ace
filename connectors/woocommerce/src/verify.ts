import { createHmac, timingSafeEqual } from "node:crypto";
import { type Hmac, type SignedRequest, typeHint, usesStandardWebhooks, type Verdict, verifyStandardWebhook } from "@upline/core";

/** HMAC-SHA256 as Node has it. */
export const hmacSha256: Hmac = (key, ...parts) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/**
 * Two senders: the Upline plugin signs after Standard Webhooks, WooCommerce's built-in webhooks sign
 * the body alone. A request that claims the first is judged by it only, so that nothing can choose
 * the weaker scheme for a body of the stronger one.
 */
export function verify(request: SignedRequest): Verdict {
  if (usesStandardWebhooks(request.header)) {
    const verdict = verifyStandardWebhook({ ...request, hmac: hmacSha256 });
    return verdict.kind === "signed" ? { ...verdict, topic: typeHint(request.rawBody) ?? "order" } : verdict;
  }
  if (isPing(request)) return { kind: "ping" };
  return verifyBuiltIn(request);
}

/**
 * WooCommerce's own signature: base64 HMAC-SHA256 over the body. X-WC-Webhook-Delivery-ID is not
 * passed on: it is a hash of webhook and second, shared by every delivery of that second.
 */
function verifyBuiltIn({ header, rawBody, secrets }: SignedRequest): Verdict {
  const text = header("x-wc-webhook-signature") ?? "";
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return { kind: "refused", reason: "x-wc-webhook-signature is missing or malformed" };
  const given = Buffer.from(text, "base64");
  const matches = secrets.filter((secret) => timingSafeEqual(hmacSha256(Buffer.from(secret, "utf8"), rawBody), given));
  if (matches.length === 0) return { kind: "refused", reason: "x-wc-webhook-signature matches no secret of this store" };
  return { kind: "signed", topic: header("x-wc-webhook-topic") ?? "", deliveryId: null };
}

/**
 * Creating or re-activating a webhook sends `webhook_id=1` as a form, unsigned and without any
 * X-WC header; a webhook whose endpoint failed once is pinged again beside every later delivery.
 */
function isPing({ header, rawBody }: SignedRequest): boolean {
  if (rawBody.length > 40 || header("x-wc-webhook-signature") !== undefined || header("x-wc-webhook-topic") !== undefined)
    return false;
  if (!(header("content-type") ?? "").toLowerCase().startsWith("application/x-www-form-urlencoded")) return false;
  return /^webhook_id=\d+$/.test(Buffer.from(rawBody).toString("latin1"));
}
