import type { JsonObject, WantedWebhooks, WebhookOutcome } from "@upline/core";

import type { WooClient } from "./client.ts";
import { numberedPages, rowsOf } from "./walk.ts";

/**
 * Built-in webhooks, for stores without the plugin. WooCommerce never retries, and disables a webhook
 * with its seventh failure in a row without a word, so that they are looked after with every reconciliation.
 */

export const TOPICS = [
  "order.created",
  "order.updated",
  "order.deleted",
  "order.restored",
  // Deleting for good has no topic of its own; the body is the order's id.
  "action.woocommerce_before_delete_order",
  "product.created",
  "product.updated",
  "product.deleted",
] as const;

/** Brings the store's webhooks to what is wanted, and says what was done. Running it again changes nothing. */
export async function ensureWebhooks(
  client: WooClient,
  { topics = TOPICS, ...wanted }: WantedWebhooks & { readonly topics?: readonly string[] },
): Promise<WebhookOutcome[]> {
  const ours = (await allWebhooks(client)).filter(({ delivery_url }) => delivery_url === wanted.deliveryUrl);
  const outcomes: WebhookOutcome[] = [];
  for (const topic of topics) {
    const [first, ...surplus] = ours.filter((webhook) => webhook.topic === topic).sort(byUsefulness);
    outcomes.push(first ? await lookAfter(client, first, wanted) : await create(client, topic, wanted, "created"));
    for (const webhook of surplus) {
      await remove(client, webhook);
      outcomes.push({ topic, webhookId: String(webhook.id), outcome: "removed" });
    }
  }
  return outcomes;
}

/** Takes away every webhook that delivers to the hub, when a store is disconnected or gets the plugin. */
export async function removeWebhooks(client: WooClient, deliveryUrl: string): Promise<number> {
  const ours = (await allWebhooks(client)).filter((webhook) => webhook.delivery_url === deliveryUrl);
  for (const webhook of ours) await remove(client, webhook);
  return ours.length;
}

async function allWebhooks(client: WooClient): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const { rows } of numberedPages(client, "webhooks", { status: "all" })) all.push(...rows);
  return all;
}

/** Active ones first, then paused, then disabled; the oldest of equals. */
function byUsefulness(a: JsonObject, b: JsonObject): number {
  const rank = ({ status }: JsonObject) => (status === "active" ? 0 : status === "paused" ? 1 : 2);
  return rank(a) - rank(b) || Number(a.id) - Number(b.id);
}

async function lookAfter(client: WooClient, webhook: JsonObject, wanted: WantedWebhooks): Promise<WebhookOutcome> {
  const topic = String(webhook.topic);
  if (webhook.status === "disabled") {
    // Activating it again would leave its failure counter at six: one more failure and it is off again.
    await remove(client, webhook);
    return create(client, topic, wanted, "re-created");
  }
  if (wanted.renewSecret) await client.put(`webhooks/${String(webhook.id)}`, { secret: wanted.secret });
  return { topic, webhookId: String(webhook.id), outcome: webhook.status === "paused" ? "paused" : "kept" };
}

async function create(
  client: WooClient,
  topic: string,
  { deliveryUrl, secret }: WantedWebhooks,
  outcome: "created" | "re-created",
): Promise<WebhookOutcome> {
  const answer = await client.post("webhooks", {
    name: `Upline ${topic}`,
    topic,
    delivery_url: deliveryUrl,
    secret,
    status: "active",
  });
  const [made] = rowsOf([answer.body]);
  return { topic, webhookId: String(made?.id), outcome };
}

const remove = (client: WooClient, { id }: JsonObject) => client.delete(`webhooks/${String(id)}`, { force: "true" });

/** WordPress calls these ports, and its own; others it refuses without a word. */
const PORTS = ["80", "443", "8080"];

/**
 * Why WordPress would silently never call an address, in words for the person who sets it; null where
 * it would. A name that does not resolve from the store fails silently as well, which only the store can tell.
 */
export function deliveryUrlProblem(deliveryUrl: string, storeUrl: string): string | null {
  if (!URL.canParse(deliveryUrl)) return "This is no address.";
  const hub = new URL(deliveryUrl);
  const store = new URL(storeUrl);
  if (hub.protocol !== "http:" && hub.protocol !== "https:") return "The address must begin with https://.";
  if (hub.username !== "" || hub.password !== "") return "WordPress does not call addresses with a user name in them.";
  if (hub.port !== "" && hub.port !== store.port && !PORTS.includes(hub.port)) {
    return `WordPress does not call port ${hub.port}: use 443, 80 or 8080, or allow the port in the store by the filter http_allowed_safe_ports.`;
  }
  if (hub.hostname === store.hostname) return null;
  if (/^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|\[)/.test(hub.hostname)) {
    return "WordPress does not call local addresses, unless the store allows it by the filter http_request_host_is_external.";
  }
  return null;
}
