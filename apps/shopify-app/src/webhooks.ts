import { isObject, type JsonObject, parseJson } from "@upline/core";
import { shopify } from "@upline/shopify";
import { eq } from "drizzle-orm";
import { type Database, lockShop } from "./database.ts";
import { keepDelivery } from "./deliveries.ts";
import type { Logger } from "./log.ts";
import { problem } from "./problem.ts";
import { readBody } from "./request-body.ts";
import { shops } from "./schema.ts";
import { findShop, forgetInstallation, shopDomain } from "./shops.ts";
import type { TokenKeeper } from "./token-keeper.ts";
import { hintOf, redactionsFrom } from "./webhook-body.ts";

/** The three addresses of shopify.app.toml. */
export type WebhookRoom = "resources" | "app" | "compliance";

export interface WebhookParts {
  readonly db: Database;
  readonly keeper: TokenKeeper;
  readonly apiSecrets: readonly string[];
  readonly log: Logger;
  /** Something waits for the hub. */
  readonly wake: () => void;
}

/** No body of these topics is near it: orders go to the hub. */
const BODY_LIMIT = 4_000_000;

interface Webhook {
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  readonly triggeredAt: Date | null;
  readonly body: JsonObject;
}

/**
 * Takes a webhook: verified, kept, answered, in this order and with nothing else. No token is looked at and Shopify is not
 * called, so that an uninstalled shop, an expired token or a dead Admin API cannot make one fail; the hub is told afterwards
 * (`pass-on.ts`). Shopify's own `authenticate.webhook` would renew the token first, and answer 500 where that is refused.
 */
export async function receiveWebhook(parts: WebhookParts, room: WebhookRoom, request: Request): Promise<Response> {
  if (request.method !== "POST") return problem(405, "method-not-allowed", "Shopify posts to this address.");
  const rawBody = await readBody(request, BODY_LIMIT);
  if (rawBody === null) return problem(413, "too-large", `The body has more than ${BODY_LIMIT} bytes.`);
  const header = (name: string) => request.headers.get(name) ?? undefined;
  const verdict = shopify.verify({ header, rawBody, secrets: parts.apiSecrets, now: new Date() });
  if (verdict.kind === "refused") return problem(401, "bad-signature", `Not taken: ${verdict.reason}.`);
  const shop = shopDomain(header("x-shopify-shop-domain"));
  if (shop === null) return problem(400, "bad-request", "X-Shopify-Shop-Domain: the permanent domain of a shop.");
  const text = new TextDecoder().decode(rawBody);
  const body = objectIn(text);
  if (body === null) return problem(400, "bad-request", "The body is no JSON object.");
  const topic = header("x-shopify-topic") ?? "";
  const named = shopify.shopOfBody?.(text, topic) ?? null;
  // A body of this topic may name no shop, and does no more than have a token renewed.
  const mayBeNobodys = room === "resources" || topic === "app/scopes_update";
  if (!(await isShops(parts.db, { shop, named, mayBeNobodys }))) {
    parts.log.warn({ shop, topic }, "a webhook's body is another shop's");
    return problem(401, "foreign-shop", "The signed body does not name the shop of the header.");
  }
  const triggered = new Date(header("x-shopify-triggered-at") ?? "");
  await take(parts, room, {
    shop,
    topic,
    webhookId: header("x-shopify-webhook-id") ?? crypto.randomUUID(),
    triggeredAt: Number.isNaN(triggered.getTime()) ? null : triggered,
    body,
  });
  return new Response(null, { status: 200 });
}

/**
 * All shops share one secret and the header is not signed: the signed body has to name the shop that the header names.
 * Only refunds, edits, deletions and products name none; they become hints, of which the hub asks the named shop, so that
 * a foreign one finds nothing there.
 */
async function isShops(
  db: Database,
  { shop, named, mayBeNobodys }: { shop: string; named: string | null; mayBeNobodys: boolean },
): Promise<boolean> {
  if (named === null) return mayBeNobodys;
  if (named.includes(".")) return named === shop;
  const known = (await findShop(db, shop))?.shopId;
  return known === null || known === undefined || known === named;
}

async function take(parts: WebhookParts, room: WebhookRoom, webhook: Webhook): Promise<void> {
  if (room === "resources") await takeHint(parts, webhook);
  else if (room === "compliance") await takeRedaction(parts, webhook);
  else await takeAppTopic(parts, webhook);
  parts.wake();
}

async function takeHint({ db }: WebhookParts, { body, ...webhook }: Webhook): Promise<void> {
  const hint = hintOf(webhook.topic, body);
  if (hint === null) {
    await keepDelivery(db, { ...webhook, outcome: "nothing", said: "It names nothing that the hub could look at." });
    return;
  }
  const { topic, webhookId, triggeredAt } = webhook;
  const said = { topic, webhook_id: webhookId, triggered_at: (triggeredAt ?? new Date()).toISOString(), ...hint };
  await keepDelivery(db, { ...webhook, outcome: "waiting", address: "hints", body: said });
}

async function takeRedaction({ db, log }: WebhookParts, { body, ...webhook }: Webhook): Promise<void> {
  const redactions = redactionsFrom(webhook.topic, body);
  if (redactions.length === 0) {
    await keepDelivery(db, { ...webhook, outcome: "nothing", said: "Its body does not ask for what its topic says." });
    return;
  }
  const isShop = webhook.topic === "shop/redact";
  await db.transaction(async (tx) => {
    await lockShop(tx, webhook.shop);
    const known = await findShop(tx, webhook.shop);
    if (isShop && known !== null && known.uninstalledAt === null) {
      // Sent 48 hours after an uninstallation. A shop that has the app is not erased by a late one, nor by a repeat.
      log.warn({ shop: webhook.shop }, "shop/redact for a shop that has the app installed");
      await keepDelivery(tx, { ...webhook, outcome: "nothing", said: "The shop has the app installed again." });
      return;
    }
    for (const [index, redaction] of redactions.entries()) {
      const webhookId = index === 0 ? webhook.webhookId : `${webhook.webhookId} part ${index + 1}`;
      await keepDelivery(tx, { ...webhook, webhookId, outcome: "waiting", address: "redactions", body: redaction });
    }
    if (isShop) await tx.delete(shops).where(eq(shops.shop, webhook.shop));
  });
}

async function takeAppTopic({ db, keeper, log }: WebhookParts, { body, ...webhook }: Webhook): Promise<void> {
  const { shop, topic, triggeredAt } = webhook;
  if (topic === "app/uninstalled" && "myshopify_domain" in body) {
    await db.transaction(async (tx) => {
      await lockShop(tx, shop);
      const isGone = triggeredAt !== null && (await forgetInstallation(tx, shop, triggeredAt));
      if (!isGone) {
        log.info({ shop }, "a late app/uninstalled: the shop has installed the app again");
        await keepDelivery(tx, { ...webhook, outcome: "nothing", said: "Late: the shop has installed the app again." });
        return;
      }
      const said = { triggered_at: triggeredAt.toISOString() };
      await keepDelivery(tx, { ...webhook, outcome: "waiting", address: "uninstalled", body: said });
    });
    return;
  }
  // A token carries the scopes it was given with: the next asking takes one with today's.
  if (topic === "app/scopes_update") await keeper.distrust(shop);
  if (topic === "shop/update" && typeof body.name === "string")
    await db.update(shops).set({ name: body.name }).where(eq(shops.shop, shop));
  await keepDelivery(db, { ...webhook, outcome: "nothing" });
}

function objectIn(text: string): JsonObject | null {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
