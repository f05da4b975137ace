import { BulkOperations } from "./bulk.ts";
import { type Caller, OPTIONAL_SCOPES, REQUIRED_SCOPES } from "./caller.ts";
import { productBody } from "./catalogue-node.ts";
import { Purse } from "./cost.ts";
import { decimal, minorOf } from "./money.ts";
import { financialStatus, type Order, paid, paidBack } from "./order.ts";
import { editBody, orderBody, refundBody } from "./order-body.ts";
import { queryRoot } from "./query-root.ts";
import { makeOrder, type OrderDraft, takeMoney } from "./sell.ts";
import { Clock, Shop, type ShopSettings } from "./shop.ts";
import { type EditDraft, editOrder, giveBack, type RefundDraft, touch } from "./take-back.ts";
import { Tokens } from "./tokens.ts";
import { type Subscription, usualSubscriptions, Webhooks } from "./webhooks.ts";
import { gid, number, shopTime } from "./wire.ts";

export interface SiteOptions {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly appUrl: string;
  readonly hubUrl: string;
  readonly shops?: readonly ShopSettings[];
  readonly subscriptions?: readonly Subscription[];
  /** The first pause before a delivery that was not taken is repeated. */
  readonly retryMs?: number;
}

/** An answer that the next requests get instead of the true one. */
export interface Fault {
  readonly on: "graphql" | "token";
  readonly kind: "THROTTLED" | "401" | "402" | "403" | "423" | "429" | "500" | "503" | "hang-up";
  count: number;
}

/** The theme's embed is on, as after a merchant has switched it on in the theme editor. */
const EXTENSIONS = [
  {
    handle: "upline-referrals",
    type: "theme_app_extension",
    activations: [
      {
        handle: "referral",
        name: "Referral links",
        target: "body",
        status: "active",
        activations: [{ target: "body", themeId: "gid://shopify/OnlineStoreTheme/1" }],
      },
    ],
  },
];

/** All that Shopify is to an app: its shops, its tokens and what it sends. Each act changes a shop and sends what follows. */
export class Site {
  readonly clock = new Clock();
  readonly shops = new Map<string, Shop>();
  readonly bulk = new BulkOperations(queryRoot);
  readonly webhooks: Webhooks;
  readonly faults = new Map<string, Fault[]>();
  readonly #purses = new Map<string, Purse>();
  readonly #options: SiteOptions;
  tokens: Tokens;
  appUrl: string;
  /** What `shopify.app.extensions()` says: a shop's theme has the embed, or not. */
  extensions: readonly unknown[] = EXTENSIONS;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.appUrl = options.appUrl;
    this.tokens = new Tokens(options, this.clock);
    const subscriptions = options.subscriptions ?? usualSubscriptions(options.appUrl, options.hubUrl);
    this.webhooks = new Webhooks({ secret: options.apiSecret, subscriptions, retryMs: options.retryMs ?? 100 });
    this.reset();
  }

  get apiKey(): string {
    return this.#options.apiKey;
  }

  /** What an app sends with each request for a token. */
  get credentials(): { client_id: string; client_secret: string } {
    return { client_id: this.#options.apiKey, client_secret: this.#options.apiSecret };
  }

  /** As on the first day: the given shops, nothing sold, nothing installed. */
  reset(): void {
    this.clock.reset();
    this.shops.clear();
    this.faults.clear();
    this.#purses.clear();
    this.tokens = new Tokens(this.#options, this.clock);
    this.webhooks.reset();
    for (const settings of this.#options.shops ?? []) this.addShop(settings);
  }

  addShop(settings: ShopSettings): Shop {
    const shop = new Shop(settings, this.shops.size, this.clock);
    this.shops.set(shop.domain, shop);
    return shop;
  }

  shopOf(domain: string): Shop {
    const shop = this.shops.get(domain);
    if (!shop) throw new Error(`the stand-in has no shop ${domain}`);
    return shop;
  }

  purseOf(shop: Shop): Purse {
    const purse = this.#purses.get(shop.domain) ?? new Purse(() => this.clock.now());
    this.#purses.set(shop.domain, purse);
    return purse;
  }

  /** The fault that the next request meets, counted down. */
  nextFault(shop: Shop, on: Fault["on"]): Fault["kind"] | null {
    const fault = this.faults.get(shop.domain)?.find((one) => one.on === on && one.count > 0);
    if (!fault) return null;
    fault.count -= 1;
    return fault.kind;
  }

  /** Who asks with a token; null where the token opens nothing of this shop. */
  callerOf(shop: Shop, token: string | null | undefined): Caller | null {
    const scopes = this.tokens.scopesOf(shop, token);
    const app = { apiKey: this.apiKey, appUrl: this.appUrl };
    const revoke = (gone: readonly string[]) =>
      this.grantScopes(
        shop.domain,
        (scopes ?? []).filter((scope) => !gone.includes(scope)),
      );
    return scopes && { shop, scopes, app, bulkOperations: this.bulk, revoke, bulk: false };
  }

  addFault(domain: string, fault: Fault): void {
    this.faults.set(domain, [...(this.faults.get(domain) ?? []), fault]);
  }

  install(domain: string, scopes: readonly string[] = REQUIRED_SCOPES): void {
    this.tokens.install(this.shopOf(domain), scopes);
  }

  /** Tokens are dead before the webhook is sent. */
  uninstall(domain: string): void {
    const shop = this.shopOf(domain);
    this.tokens.uninstall(shop);
    this.webhooks.send(shop, [{ topic: "app/uninstalled", body: shopBody(shop) }]);
  }

  grantScopes(domain: string, scopes: readonly string[]): void {
    const shop = this.shopOf(domain);
    const previous = this.tokens.installation(shop)?.scopes ?? [];
    this.tokens.install(shop, scopes);
    const at = shopTime(shop.now(), shop.timeZone);
    const body = { id: number(shop.newId()), previous, current: scopes, updated_at: at, shop_id: gid("Shop", shop.id) };
    this.webhooks.send(shop, [{ topic: "app/scopes_update", body }]);
  }

  scopesOf(domain: string): { granted: readonly string[]; required: readonly string[]; optional: readonly string[] } {
    const granted = this.tokens.installation(this.shopOf(domain))?.scopes ?? [];
    return { granted, required: REQUIRED_SCOPES, optional: OPTIONAL_SCOPES };
  }

  order(domain: string, draft: OrderDraft): Order {
    const shop = this.shopOf(domain);
    const order = makeOrder(shop, draft);
    const topics = financialStatus(order) === "paid" ? ["orders/create", "orders/paid"] : ["orders/create"];
    this.#tell(shop, order, topics);
    return order;
  }

  pay(domain: string, orderId: string): Order {
    const { shop, order } = this.#find(domain, orderId);
    takeMoney(shop, order, touch(shop, order));
    this.#tell(shop, order, ["orders/paid", "orders/updated"]);
    return order;
  }

  refund(domain: string, orderId: string, draft: RefundDraft): Order {
    const { shop, order } = this.#find(domain, orderId);
    const refund = giveBack(shop, order, draft);
    this.webhooks.send(shop, [
      { topic: "refunds/create", body: refundBody(shop, order, refund) },
      { topic: "orders/updated", body: orderBody(shop, order) },
    ]);
    return order;
  }

  /** Money that was on its way arrives. */
  settleRefunds(domain: string, orderId: string, status: "success" | "failure" = "success"): Order {
    const { shop, order } = this.#find(domain, orderId);
    touch(shop, order);
    for (const one of order.refunds.flatMap(({ transactions }) => transactions))
      if (one.status === "pending") one.status = status;
    this.#tell(shop, order, ["orders/updated"]);
    return order;
  }

  edit(domain: string, orderId: string, draft: EditDraft): Order {
    const { shop, order } = this.#find(domain, orderId);
    const edit = editOrder(shop, order, draft);
    this.webhooks.send(shop, [
      { topic: "orders/edited", body: editBody(shop, order, edit) },
      { topic: "orders/updated", body: orderBody(shop, order) },
    ]);
    return order;
  }

  /** A paid order is refunded whole, as staff usually choose; one that was not is voided. */
  cancel(domain: string, orderId: string, reason = "customer"): Order {
    const { shop, order } = this.#find(domain, orderId);
    const at = touch(shop, order);
    order.cancelledAt = at;
    order.cancelReason = reason;
    const left = paid(order) - paidBack(order);
    const lines = order.lines
      .filter(({ tip }) => !tip)
      .map((line) => ({
        line: line.id,
        quantity: left > 0n ? line.quantity - refundedOf(order, line.id) : 0,
        restock: "cancel" as const,
      }))
      .filter(({ quantity }) => quantity > 0);
    const refund =
      left > 0n
        ? giveBack(shop, order, { lines, shipping: order.shipping !== null, money: decimal(left, order.currency) })
        : null;
    if (!refund) order.transactions.push({ id: shop.newId(), kind: "void", status: "success", amount: 0n, at, parentId: null });
    this.webhooks.send(shop, [
      { topic: "orders/cancelled", body: orderBody(shop, order) },
      ...(refund ? [{ topic: "refunds/create", body: refundBody(shop, order, refund) }] : []),
      { topic: "orders/updated", body: orderBody(shop, order) },
    ]);
    return order;
  }

  delete(domain: string, orderId: string): void {
    const { shop, order } = this.#find(domain, orderId);
    shop.orders.delete(order.id);
    this.webhooks.send(shop, [{ topic: "orders/delete", body: { id: number(order.id) } }]);
  }

  /** Something that changes no money, such as a note of staff. */
  update(domain: string, orderId: string): Order {
    const { shop, order } = this.#find(domain, orderId);
    touch(shop, order);
    this.#tell(shop, order, ["orders/updated"]);
    return order;
  }

  changeProduct(domain: string, variantId: string, change: { sku?: string; price?: string; title?: string }): void {
    const shop = this.shopOf(domain);
    const variant = shop.variantOf(variantId);
    const product = shop.productOf(variant.productId);
    const now = shop.now();
    if (change.sku !== undefined) variant.sku = change.sku;
    if (change.price !== undefined) variant.price = minorOf(change.price, shop.currency);
    if (change.title !== undefined) product.title = change.title;
    variant.updatedAt = now;
    product.updatedAt = now;
    this.webhooks.send(shop, [{ topic: "products/update", body: productBody(shop, product) }]);
  }

  /** What Shopify asks of every app by law: `shop/redact` comes 48 hours after the app was removed. */
  compliance(domain: string, topic: "customers/data_request" | "customers/redact" | "shop/redact", customerId?: string): void {
    const shop = this.shopOf(domain);
    const orders = [...shop.orders.values()].filter((order) => order.customerId === customerId).map(({ id }) => number(id));
    const customer = { id: number(customerId ?? "0"), email: "buyer@example.com", phone: null };
    const who = { shop_id: number(shop.id), shop_domain: shop.domain };
    const body =
      topic === "shop/redact"
        ? who
        : topic === "customers/redact"
          ? { ...who, customer, orders_to_redact: orders }
          : { ...who, orders_requested: orders, customer, data_request: { id: number(shop.newId()) } };
    this.webhooks.send(shop, [{ topic, body }]);
  }

  #tell(shop: Shop, order: Order, topics: readonly string[]): void {
    const body = orderBody(shop, order);
    this.webhooks.send(
      shop,
      topics.map((topic) => ({ topic, body })),
    );
  }

  #find(domain: string, orderId: string): { shop: Shop; order: Order } {
    const shop = this.shopOf(domain);
    return { shop, order: shop.orderOf(orderId) };
  }
}

const refundedOf = (order: Order, lineId: string): number =>
  order.refunds
    .flatMap(({ lines }) => lines)
    .reduce((sum, one) => sum + (one.lineId === lineId ? one.quantity : 0), order.removed.get(lineId) ?? 0);

export function shopBody(shop: Shop): Record<string, unknown> {
  return {
    id: number(shop.id),
    name: shop.name,
    email: "owner@example.com",
    domain: shop.domain,
    country: "DE",
    source: null,
    phone: null,
    primary_locale: "en",
    created_at: shopTime(shop.createdAt, shop.timeZone),
    updated_at: shopTime(shop.now(), shop.timeZone),
    currency: shop.currency,
    iana_timezone: shop.timeZone,
    shop_owner: "Olga Owner",
    taxes_included: shop.taxesIncluded,
    plan_name: "basic",
    myshopify_domain: shop.domain,
  };
}
