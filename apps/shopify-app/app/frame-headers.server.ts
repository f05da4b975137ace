import { SHOPIFYS_APP_BRIDGE } from "../src/env.ts";
import type { AppParts } from "../src/parts.ts";
import { shopifyOf } from "./framework/shopify.ts";

/** Lets Shopify's admin, and nobody else, frame the page; in development the stand-in's admin too. */
export function frameHeaders(parts: AppParts, request: Request, headers: Headers): void {
  shopifyOf(parts).addDocumentResponseHeaders(request, headers);
  const policy = headers.get("content-security-policy") ?? "frame-ancestors https://admin.shopify.com https://*.myshopify.com;";
  const standin =
    parts.env.standinUrl === null ? "" : ` ${new URL(parts.env.standinUrl).origin} http://localhost:* http://127.0.0.1:*`;
  headers.set("content-security-policy", policy.replace(/frame-ancestors ([^;]*)/, `frame-ancestors $1${standin}`));
  // The library names Shopify's App Bridge, whatever is set.
  if (parts.env.appBridgeUrl !== SHOPIFYS_APP_BRIDGE) headers.delete("link");
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
}
