import { createHmac } from "node:crypto";
import { type Hmac, type SignedRequest, typeHint, type Verdict, verifyStandardWebhook } from "@upline/core";

/** HMAC-SHA256 as Node has it. */
export const hmacSha256: Hmac = (key, ...parts) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** Magento Open Source has no webhooks of its own: everything comes from the Upline module, signed after Standard Webhooks. */
export function verify(request: SignedRequest): Verdict {
  const verdict = verifyStandardWebhook({ ...request, hmac: hmacSha256 });
  return verdict.kind === "signed" ? { ...verdict, topic: typeHint(request.rawBody) ?? "order" } : verdict;
}
