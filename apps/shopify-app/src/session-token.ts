import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { shopDomain } from "./shops.ts";

/** Clocks differ by so much. */
const LEEWAY_SECONDS = 10;

const claims = z.object({ aud: z.string(), dest: z.string(), exp: z.number(), nbf: z.number().optional() });

/**
 * The shop that a session token of an extension speaks for, or null for a token that is not good. It is a JWT that Shopify
 * signs with the app's secret (HS256); at the checkout its `dest` is the bare domain, in the admin an address.
 */
export function shopOfToken(
  token: string,
  app: { readonly apiKey: string; readonly apiSecrets: readonly string[]; readonly now: Date },
): string | null {
  const [head = "", body = "", signature = ""] = token.split(".");
  if (!isSigned(`${head}.${body}`, signature, app.apiSecrets) || partOf(head).alg !== "HS256") return null;
  const read = claims.safeParse(partOf(body));
  if (!read.success || read.data.aud !== app.apiKey) return null;
  const now = app.now.getTime() / 1000;
  if (read.data.exp < now - LEEWAY_SECONDS || (read.data.nbf ?? 0) > now + LEEWAY_SECONDS) return null;
  return shopDomain(read.data.dest.replace(/^https:\/\//, ""));
}

function isSigned(text: string, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64url");
  return secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(text).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function partOf(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
