import { createHmac } from "node:crypto";
import type { Shop } from "./shop.ts";
import { restText } from "./wire.ts";

/** The webhooks of an app: signed, with Shopify's headers, repeated with the ORIGINAL body until they are taken, in no certain order. */

export interface Subscription {
  readonly topic: string;
  readonly uri: string;
  /** Paths with dots; without it the whole body is sent. */
  readonly includeFields?: readonly string[];
}

export interface Delivery {
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly triggeredAt: string;
  readonly uri: string;
  readonly body: string;
  /** The answers so far: a status, or 0 where nobody answered. */
  readonly statuses: number[];
  state: "waiting" | "taken" | "lost" | "given up";
}

/** How deliveries of a shop travel; a test sets it, `reset` makes it kind again. */
export interface Weather {
  /** Nothing arrives and nothing is repeated, as in an outage of which nobody knows. */
  lose: boolean;
  /** So many copies of each, under the same ids. */
  copies: number;
  delayMs: number;
  /** Holds deliveries back and sends them newest first once as many wait. */
  holdUntil: number;
  /** Topics to which the above is done; all where empty. */
  topics: readonly string[];
}

const FAIR: Weather = { lose: false, copies: 1, delayMs: 0, holdUntil: 0, topics: [] };
const RETRIES = 8;

export class Webhooks {
  readonly deliveries: Delivery[] = [];
  readonly #secret: string;
  readonly #weather = new Map<string, Weather>();
  readonly #held = new Map<string, Delivery[]>();
  readonly #underWay = new Set<Promise<void>>();
  #subscriptions: readonly Subscription[];
  #sent = 0;
  #closed = false;
  /** Shopify waits up to hours; tests do not. */
  retryMs: number;

  constructor(options: { secret: string; subscriptions: readonly Subscription[]; retryMs: number }) {
    this.#secret = options.secret;
    this.#subscriptions = options.subscriptions;
    this.retryMs = options.retryMs;
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    this.#subscriptions = subscriptions;
  }

  /** Changes how a shop's deliveries travel; what was held back and is no more is sent. */
  setWeather(domain: string, change: Partial<Weather>): void {
    const weather = { ...(this.#weather.get(domain) ?? FAIR), ...change };
    this.#weather.set(domain, weather);
    if (weather.holdUntil === 0) this.release(domain);
  }

  /** Sends what was held back, newest first. */
  release(domain: string): void {
    const held = this.#held.get(domain) ?? [];
    this.#held.delete(domain);
    for (const delivery of held.reverse()) this.#start(delivery, 0);
  }

  /** What one act of staff or a buyer sets off; all of it shares one event id. */
  send(shop: Shop, events: readonly { topic: string; body: unknown }[], at: Date = shop.clock.now()): Delivery[] {
    this.#sent += 1;
    const eventId = uuid("e", this.#sent);
    return events.flatMap(({ topic, body }) =>
      this.#subscriptions
        .filter((one) => one.topic === topic)
        .map((subscription) => {
          this.#sent += 1;
          return this.#travel({
            shop: shop.domain,
            topic,
            webhookId: uuid("b", this.#sent),
            eventId,
            triggeredAt: at.toISOString(),
            uri: subscription.uri,
            body: restText(reduce(body, subscription.includeFields)),
            statuses: [],
            state: "waiting",
          });
        }),
    );
  }

  /** Sends a delivery once more, as it was. */
  repeat(delivery: Delivery): void {
    this.#start(delivery, 0);
  }

  headers(delivery: Pick<Delivery, "shop" | "topic" | "webhookId" | "eventId" | "triggeredAt" | "body">): Record<string, string> {
    return {
      "content-type": "application/json",
      "user-agent": "Shopify-Captain-Hook",
      "x-shopify-topic": delivery.topic,
      "x-shopify-hmac-sha256": createHmac("sha256", this.#secret).update(delivery.body).digest("base64"),
      "x-shopify-shop-domain": delivery.shop,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": delivery.webhookId,
      "x-shopify-event-id": delivery.eventId,
      "x-shopify-triggered-at": delivery.triggeredAt,
      "x-shopify-name": "upline",
    };
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  reset(): void {
    this.#weather.clear();
    this.#held.clear();
    this.deliveries.length = 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
  }

  #travel(delivery: Delivery): Delivery {
    this.deliveries.push(delivery);
    const set = this.#weather.get(delivery.shop) ?? FAIR;
    const weather = set.topics.length === 0 || set.topics.includes(delivery.topic) ? set : FAIR;
    if (weather.lose) {
      delivery.state = "lost";
      return delivery;
    }
    if (weather.holdUntil > 0) {
      const held = [...(this.#held.get(delivery.shop) ?? []), delivery];
      this.#held.set(delivery.shop, held);
      if (held.length >= weather.holdUntil) this.release(delivery.shop);
      return delivery;
    }
    for (let copy = 0; copy < weather.copies; copy += 1) this.#start(delivery, weather.delayMs);
    return delivery;
  }

  #start(delivery: Delivery, delayMs: number): void {
    const way = this.#deliver(delivery, delayMs).finally(() => this.#underWay.delete(way));
    this.#underWay.add(way);
  }

  async #deliver(delivery: Delivery, delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    for (let attempt = 0; attempt <= RETRIES && !this.#closed; attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, this.retryMs * attempt));
      const status = await this.#post(delivery);
      delivery.statuses.push(status);
      if (status >= 200 && status < 300) {
        delivery.state = "taken";
        return;
      }
    }
    if (delivery.state === "waiting") delivery.state = "given up";
  }

  async #post(delivery: Delivery): Promise<number> {
    try {
      const response = await fetch(delivery.uri, {
        method: "POST",
        headers: this.headers(delivery),
        body: delivery.body,
        redirect: "manual",
        signal: AbortSignal.timeout(5000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}

/** The same in every run. */
function uuid(letter: string, count: number): string {
  return `${letter.repeat(8)}-0000-4000-8000-${String(count).padStart(12, "0")}`;
}

/** The part of a body that a subscription asks for; a path that leads through a list is followed in each entry. */
function reduce(body: unknown, paths: readonly string[] | undefined): unknown {
  if (!paths) return body;
  return pick(
    body,
    paths.map((path) => path.split(".")),
  );
}

function pick(value: unknown, paths: readonly string[][]): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, paths));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const rests = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
      if (rests.length === 0) return [];
      return [[name, rests.some((rest) => rest.length === 0) ? inner : pick(inner, rests)]];
    }),
  );
}

/** Where the app's `shopify.app.toml` sends what: orders straight to the hub, all else to the app. */
export function usualSubscriptions(appUrl: string, hubUrl: string): Subscription[] {
  const to = (uri: string, topics: readonly string[]) => topics.map((topic) => ({ topic, uri }));
  return [
    ...to(`${hubUrl}/ingest/shopify`, ["orders/create", "orders/paid", "orders/updated", "orders/cancelled"]),
    ...to(`${appUrl}/webhooks/resources`, [
      "refunds/create",
      "orders/edited",
      "orders/delete",
      "products/update",
      "products/delete",
    ]),
    ...to(`${appUrl}/webhooks/app`, ["app/uninstalled", "app/scopes_update", "shop/update"]),
    ...to(`${appUrl}/webhooks/compliance`, ["customers/data_request", "customers/redact", "shop/redact"]),
  ];
}
