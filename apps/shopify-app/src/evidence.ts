import { parseJson } from "@upline/core";
import { z } from "zod";
import type { Database } from "./database.ts";
import { keepDelivery } from "./deliveries.ts";
import { problem } from "./problem.ts";
import { readBody } from "./request-body.ts";
import { shopOfToken } from "./session-token.ts";
import { findShop, shopDomain } from "./shops.ts";

export interface EvidenceParts {
  readonly db: Database;
  readonly apiKey: string;
  readonly apiSecrets: readonly string[];
  readonly wake: () => void;
}

const BODY_LIMIT = 4_096;
/** The order's number, also out of `gid://shopify/OrderIdentity/…`. */
const orderId = z
  .union([z.string(), z.number()])
  .transform((id) => /(\d{1,20})$/.exec(String(id))?.[1])
  .nullish();
const code = z.string().trim().min(1).max(64);
const token = z.string().max(200).nullish();
const claim = z.object({ order_id: orderId, checkout_token: token, code });
const pixel = z.object({ shop: z.string(), order_id: orderId, checkout_token: token, client_id: token, code });

/** Extensions run on other origins, at the checkout even on none. What is read here carries no cookie. */
const ANY_ORIGIN = { "access-control-allow-origin": "*" };
const PREFLIGHT = {
  ...ANY_ORIGIN,
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "86400",
};

/**
 * `POST /evidence/claim` and `/evidence/pixel`: what a buyer names on the thank-you page, by its session token, and what the
 * pixel saw. Kept and passed on; the hub weighs it, and pays for neither by itself.
 */
export async function receiveEvidence(parts: EvidenceParts, kind: "claim" | "pixel", request: Request): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  const answer = request.method === "POST" ? await take(parts, kind, request) : problem(405, "method-not-allowed", "Send POST.");
  for (const [name, value] of Object.entries(ANY_ORIGIN)) answer.headers.set(name, value);
  return answer;
}

async function take(parts: EvidenceParts, kind: "claim" | "pixel", request: Request): Promise<Response> {
  const now = new Date();
  const bearer = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const tokenShop = kind === "claim" ? shopOfToken(bearer, { ...parts, now }) : null;
  if (kind === "claim" && tokenShop === null)
    return problem(401, "unauthorized", "Send the extension's session token as a bearer.");
  const raw = await readBody(request, BODY_LIMIT);
  if (raw === null) return problem(413, "too-large", `The body has more than ${BODY_LIMIT} bytes.`);
  const read = (kind === "claim" ? claim.extend({ shop: z.string().optional() }) : pixel).safeParse(jsonIn(raw));
  if (!read.success) {
    const [issue] = read.error.issues;
    return problem(400, "bad-request", `Check ${issue?.path.join(".") || "the body"}.`);
  }
  const said = read.data;
  const shop = tokenShop ?? shopDomain(said.shop);
  if (shop === null) return problem(400, "bad-request", "Check shop.");
  if (!said.order_id && !said.checkout_token) return problem(400, "bad-request", "Name the order_id or the checkout_token.");
  const known = await findShop(parts.db, shop);
  // Anybody can post as a pixel: what is of no connected shop is not kept, and is not told apart.
  if (known?.storeId && known.uninstalledAt === null && isWithinPace(shop, now)) {
    const clientId = "client_id" in said ? said.client_id : undefined;
    const body = {
      ...{ kind, code: said.code, at: now.toISOString() },
      ...(said.order_id ? { order_id: said.order_id } : {}),
      ...(said.checkout_token ? { checkout_token: said.checkout_token } : {}),
      ...(clientId ? { client_id: clientId } : {}),
    };
    const webhookId = `${said.checkout_token ?? said.order_id} ${said.code}`;
    await keepDelivery(parts.db, {
      shop,
      topic: kind,
      webhookId,
      triggeredAt: now,
      outcome: "waiting",
      address: "evidence",
      body,
    });
    parts.wake();
  }
  return new Response(null, { status: 202 });
}

function jsonIn(raw: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder().decode(raw));
  } catch {
    return null;
  }
}

/** So many a minute and shop are kept: more than a shop sells, less than fills a disk. */
const PER_MINUTE = 600;
const pace = new Map<string, { minute: number; count: number }>();

function isWithinPace(shop: string, now: Date): boolean {
  const minute = Math.floor(now.getTime() / 60_000);
  const held = pace.get(shop);
  if (held === undefined || held.minute !== minute) {
    if (pace.size > 10_000) pace.clear();
    pace.set(shop, { minute, count: 1 });
    return true;
  }
  held.count += 1;
  return held.count <= PER_MINUTE;
}
